"""Lines go to standard error; where that takes none, everything else goes on."""

import subprocess
import sys
from pathlib import Path

LOUD = """
import resource, sys
import structlog, logging
from pulseboard.logs import configure
from pulseboard.settings import Server
configure(Server())
structlog.get_logger("a").error("before")
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
structlog.get_logger("a").error("lost")
logging.getLogger("b").error("lost")
print("went on")
"""


def test_a_log_on_a_full_disk_stops_nobody(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log:
        done = subprocess.run([sys.executable, "-c", LOUD], stdout=subprocess.PIPE, stderr=log, check=False)
    assert done.stdout == b"went on\n"
    assert b"before" in (tmp_path / "log").read_bytes()

"""``pulseboard verify`` works on the data folder itself."""

from pathlib import Path

import pytest
from tests.summaries import killed

from pulseboard import cli


def test_the_command_prints_differences_and_repairs_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    killed.fill(folder)
    killed.keep(folder, 0)
    monkeypatch.setenv("PULSEBOARD_SELF_MONITOR", "off")
    with killed.open_folder(folder, killed.LATER) as parts:
        parts.figures._writes.execute(
            "UPDATE figures SET value = 1000 WHERE metric = 'event_count' AND type = 'monthly'"
        )
        parts.figures._writes.commit()
    project = ["--project", (folder / "project").read_text(), "--data-dir", str(folder)]
    asked = ["verify", *project, "--from", "2026-02-01", "--to", "2026-03-01"]
    with pytest.raises(SystemExit) as ended:
        cli.app(asked)
    assert ended.value.code == 1
    told = capsys.readouterr().out
    assert "monthly 2026-02-01 event_count: kept 1,000, counted 3" in told
    assert "1 figures differ; --fix repairs them." in told
    cli.app([*asked, "--fix"], result_action="return_value")
    assert "1 figures were repaired." in capsys.readouterr().out

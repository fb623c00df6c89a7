"""Events from files: what happened before Pulseboard was there."""

from pulseboard.importers.load import Put, Summary, import_access_log
from pulseboard.importers.show import show_access_log

__all__ = ["Put", "Summary", "import_access_log", "show_access_log"]

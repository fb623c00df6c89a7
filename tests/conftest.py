"""What holds for every test."""

import os

from hypothesis import settings

# A busy machine is slow, and no test fails by a time.
# Where a change is judged, the same examples each time; everywhere else new ones.
settings.register_profile("calm", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("calm")

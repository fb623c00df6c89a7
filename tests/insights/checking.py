"""How many random examples a test against the oracle runs.

ORACLE_EXAMPLES says so: few by default, so that ``make test`` stays quick; ``make oracle`` runs 500 of each test in a
file that is called ``test_*against_oracle.py``.
"""

import os

from hypothesis import HealthCheck, settings

EXAMPLES = int(os.environ.get("ORACLE_EXAMPLES", "25"))
# The store is shared, and every example has a project of its own in it: a fixture that lasts may be used again.
CHECKED = settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=[HealthCheck.function_scoped_fixture])

"""What several tests need and is dear to make: the sample, audited once."""

from pathlib import Path

import pytest
from hypothesis import settings

from auditor.audit import Request, audit
from auditor.core.result import Run

# No test is timed: a slow machine is no fault of the program.
settings.register_profile("untimed", settings(), deadline=None)
settings.load_profile("untimed")

SAMPLE = Path(__file__).parents[1] / "data" / "sample"


@pytest.fixture(scope="session")
def sample_run() -> Run:
    """The canonical sample, audited as `auditor run data/sample` does."""
    return audit(Request(data=SAMPLE))


@pytest.fixture(scope="session")
def office_run() -> Run:
    """The same agency from its offices' files."""
    return audit(Request(data=SAMPLE / "office"))

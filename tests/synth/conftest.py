from pathlib import Path

import pytest

from auditor.core.progress import Silent
from auditor.synth import make
from tests.synth import county


@pytest.fixture(scope="session", params=[(500, 11), (4000, 4)], ids=["500 cases", "4,000 cases"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A county of either size, in both forms."""
    cases, seed = request.param
    out = tmp_path_factory.mktemp("synth") / "county"
    make(out, cases=cases, seed=seed, progress=Silent())
    return out


@pytest.fixture(scope="session")
def made(folder: Path) -> county.County:
    return county.read(folder)


@pytest.fixture(scope="session")
def peers(tmp_path_factory: pytest.TempPathFactory) -> county.County:
    """A county large enough for its officers to be compared."""
    out = tmp_path_factory.mktemp("peers") / "county"
    make(out, cases=12000, seed=4, progress=Silent())
    return county.read(out)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("small") / "county"
    make(out, cases=500, seed=11, progress=Silent())
    return out

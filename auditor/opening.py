"""What every look at the data begins with: the county's settings, the profile by its name, open data, the period."""

import tempfile
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from auditor import config as configuration
from auditor.core.data_place import DataPlace
from auditor.core.errors import InputError, OutputError, UsageError
from auditor.core.period import last_complete_month, parse_period
from auditor.core.places import shipped
from auditor.core.problem import Location, Problem, did_you_mean
from auditor.core.progress import Progress
from auditor.core.result import Period
from auditor.engines.base import Session
from auditor.engines.duckdb import NO_ROOM, open_store
from auditor.engines.facts import latest_day
from auditor.intake import Loaded
from auditor.intake import load as load_data
from auditor.intake.project import is_project, load_project


def county_settings(data: DataPlace, config: Path | None) -> configuration.Config:
    """What the county set in the file named, or in `auditor.yaml` beside the data; nothing where there is neither."""
    if config is not None:
        return configuration.read_config(config)
    if not isinstance(data, Path):
        return configuration.Config()
    beside = data / configuration.NAME
    return configuration.read_config(beside) if beside.is_file() else configuration.Config()


def profile_named(asked: Path | None) -> Path | None:
    """The profile as named: a file, or by its bare name one of those that come with the program."""
    if asked is None or asked.exists() or asked.suffix or asked.parent != Path():
        return asked
    ready = shipped("data", "profiles")
    path = ready / f"{asked}.yaml"
    if not path.is_file():
        hint = did_you_mean(str(asked), [found.stem for found in ready.glob("*.yaml")])
        raise UsageError(Problem(f"there is no profile {str(asked)!r}", Location("--profile"), hint))
    return path


@contextmanager
def opened(data: DataPlace, profile: Path | None, progress: Progress) -> Generator[tuple[Session, Loaded]]:
    """A session over the data, loaded into a temporary store of which nothing is left afterwards; a project keeps what
    it read for the next time."""
    with ExitStack() as scratch:
        folder = Path(scratch.enter_context(tempfile.TemporaryDirectory(prefix="auditor-")))
        store, loaded = _load(data, profile, folder / "store.duckdb", scratch, progress)
        with open_store(store, spill=folder / "spill") as session:
            yield session, loaded


def asked_period(written: str | None) -> Period | None:
    """The period as a person wrote it; None where nobody asked for one."""
    if written is None:
        return None
    period = parse_period(written)
    if period is None:
        hint = "a month (2024-05), a quarter (2024Q2), a year (2024) or a span (2023-07-01..2024-06-30)"
        raise UsageError(Problem(f"{written!r} is not a period", Location("--period"), hint))
    return period


def last_month_of(session: Session, loaded: Loaded) -> Period:
    """The last month whose last day the data reaches; the latest month where it reaches none."""
    days = latest_day(session, loaded.columns)
    if days is None:
        raise InputError("no row of the data has a date, so there is no period to audit; name one with --period")
    return last_complete_month(*days)


def _load(
    data: DataPlace, profile: Path | None, store: Path, scratch: ExitStack, progress: Progress
) -> tuple[Path, Loaded]:
    try:
        if isinstance(data, Path) and is_project(data):
            return load_project(data, profile=profile, scratch=scratch, progress=progress)
        return store, load_data(data, profile=profile, store=store, progress=progress)
    except NO_ROOM as error:
        raise OutputError(f"there is no room to load the data: {str(error).splitlines()[0]}") from error

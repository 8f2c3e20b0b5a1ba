"""Small profiles over one file each, for the tests of the profile language."""

from pathlib import Path

import pytest

from auditor.core.errors import ProfileError
from auditor.core.problem import Problem
from auditor.intake.loaded import Loaded
from auditor.intake.profile.file import read_profile
from tests.intake.office import Store, loaded, write_csv

LOTS = """profile: p
tables:
  lots:
    - files: [a.csv]
      columns: {lot_id: 编号, name: 名称}
"""
"""The file stands in line 4, the columns in line 5."""
PAYMENTS = """profile: p
tables:
  payments:
    files: [a.csv]
    columns: {payment_id: 号, case_id: 号, amount: 额, paid_at: 日}
"""


def profile_of(data: Path, text: str) -> Path:
    """The text as a profile beside the data folder."""
    path = data.parent / "p.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def load_with(data: Path, text: str, *rows: list[str]) -> tuple[Loaded, Store]:
    """Those rows as `a.csv`, loaded with the profile."""
    write_csv(data / "a.csv", rows)
    return loaded(data, profile_of(data, text))


def mistakes(data: Path, text: str) -> list[Problem]:
    """What is wrong with a profile by itself."""
    with pytest.raises(ProfileError) as caught:
        read_profile(profile_of(data, text))
    return list(caught.value.problems)


def misfits(data: Path, text: str, *rows: list[str]) -> list[Problem]:
    """What is wrong with a profile for those rows."""
    with pytest.raises(ProfileError) as caught:
        load_with(data, text, *rows)
    return list(caught.value.problems)


def line_of(problem: Problem) -> int | None:
    return None if problem.location is None else problem.location.line

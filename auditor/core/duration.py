"""A length of time as law writes it: 30 days, 7 working days, 3 months, 24 hours.

"Working days" follow the State Council's calendar, "days" are natural days and end at 24:00, "months" are calendar
months, "hours" run from the exact moment.
"""

import re
from dataclasses import dataclass
from typing import Literal

from auditor.core.text import Text

Unit = Literal["minutes", "hours", "days", "working days", "months"]

_WRITTEN: dict[str, Unit] = {
    "minute": "minutes",
    "minutes": "minutes",
    "hour": "hours",
    "hours": "hours",
    "day": "days",
    "days": "days",
    "working day": "working days",
    "working days": "working days",
    "month": "months",
    "months": "months",
}
_MINUTES: dict[Unit, int] = {"minutes": 1, "hours": 60, "days": 24 * 60}
_ZH: dict[Unit, str] = {"minutes": "分钟", "hours": "小时", "days": "日", "working days": "个工作日", "months": "个月"}
_FORM = re.compile(r"(\d{1,5})\s+([a-z]+(?: [a-z]+)?)")


@dataclass(frozen=True, slots=True)
class Duration:
    """`count` is 0 or more."""

    count: int
    unit: Unit

    @property
    def is_exact(self) -> bool:
        """True where the length runs from a moment (hours, minutes), false where it runs in whole days."""
        return self.unit in ("hours", "minutes")

    @property
    def minutes(self) -> int | None:
        """None where the length in minutes is not the same everywhere: months, working days."""
        each = _MINUTES.get(self.unit)
        return None if each is None else self.count * each

    def __str__(self) -> str:
        return f"{self.count} {self.unit.removesuffix('s') if self.count == 1 else self.unit}"

    @property
    def text(self) -> Text:
        return Text(zh=f"{self.count}{_ZH[self.unit]}", en=str(self))


def parse_duration(written: str) -> Duration | None:
    """The duration that the text says, or None; the form is a whole number, a space, a unit."""
    match = _FORM.fullmatch(written.strip().lower())
    if match is None or match[2] not in _WRITTEN:
        return None
    return Duration(int(match[1]), _WRITTEN[match[2]])

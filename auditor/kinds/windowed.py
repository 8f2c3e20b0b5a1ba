"""A group kind that may look further back than the period: one month of one officer is seldom enough to judge by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from auditor.core.duration import Duration
from auditor.core.period import day_before
from auditor.core.text import Text
from auditor.kinds.base import GroupKind, reads


@dataclass(frozen=True, kw_only=True)
class WindowedKind(GroupKind):
    """Counts the rows of `window` up to the period's end, or without it those of the period."""

    window: Duration | None = reads(
        "duration",
        Text(zh="回看多久", en="how far back from the period's end; the period itself, if left out"),
        default=None,
    )

    def faults(self) -> Sequence[tuple[str, str]]:
        if self.window is not None and self.window.unit not in ("days", "months"):
            return [("window", "must be in days or months")]
        return []

    def reaches_back_to(self, first: date, last: date) -> date | None:
        return None if self.window is None else day_before(last + timedelta(days=1), self.window)

"""How long work reports on itself; what is shown, and whether, is the caller's business."""

from typing import Protocol

from auditor.core.text import Text


class Progress(Protocol):
    """One task at a time: `start` names it and its size where known, `advance` counts, `finish` closes it."""

    def start(self, what: Text, total: int | None = None) -> None: ...
    def advance(self, by: int = 1) -> None: ...
    def finish(self) -> None: ...


class Silent:
    """Says nothing."""

    def start(self, what: Text, total: int | None = None) -> None: ...
    def advance(self, by: int = 1) -> None: ...
    def finish(self) -> None: ...

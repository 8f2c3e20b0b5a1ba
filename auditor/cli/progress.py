"""Progress on stderr: bars where someone watches at a terminal, silence everywhere else."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from auditor.core.progress import Progress, Silent
from auditor.core.text import Language, Text

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import TaskID


@contextmanager
def watched(language: Language) -> Generator[Progress]:
    """What to report progress to while the block runs."""
    if not sys.stderr.isatty():
        yield Silent()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        yield Watched(bars, language)


class Watched:
    """One bar at a time, as `auditor.core.progress.Progress` asks."""

    def __init__(self, bars: "Bars", language: Language) -> None:
        self._bars = bars
        self._language: Language = language
        self._task: TaskID | None = None

    def start(self, what: Text, total: int | None = None) -> None:
        self.finish()
        self._task = self._bars.add_task(what.in_(self._language), total=total)

    def advance(self, by: int = 1) -> None:
        if self._task is not None:
            self._bars.advance(self._task, by)

    def finish(self) -> None:
        if self._task is not None:
            self._bars.remove_task(self._task)
            self._task = None

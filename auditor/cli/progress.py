"""Progress on stderr: bars where someone watches at a terminal, silence everywhere else."""

import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from auditor.core.progress import Progress, Silent
from auditor.core.text import Language, Text

if TYPE_CHECKING:
    from rich.progress import Progress as Bars
    from rich.progress import ProgressColumn, TaskID

_LEFT = Text(zh="约剩 {}", en="about {} left")


@contextmanager
def watched(language: Language) -> Generator[Progress]:
    """What to report progress to while the block runs."""
    if not sys.stderr.isatty():
        yield Silent()
        return
    from rich.console import Console
    from rich.progress import Progress as Bars

    with Bars(*columns(language), console=Console(stderr=True), transient=True) as bars:
        yield Watched(bars, language)


def columns(language: Language) -> Sequence["ProgressColumn"]:
    """What a bar says: the task, how far it is, how much of how much is done, how long it has taken and how long the
    rest may take. Nothing is said of what is not known."""
    from rich.progress import BarColumn, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
    from rich.text import Text as Styled

    class Count(ProgressColumn):
        def render(self, task: Task) -> Styled:
            if task.total is not None:
                return Styled(f"{task.completed:,.0f}/{task.total:,.0f}", style="progress.download")
            return Styled(f"{task.completed:,.0f}" if task.completed else "", style="progress.download")

    class Left(ProgressColumn):
        max_refresh = 0.5

        def render(self, task: Task) -> Styled:
            seconds = task.time_remaining
            if seconds is None or task.finished:
                return Styled("")
            return Styled(_LEFT.in_(language).format(timedelta(seconds=int(seconds))), style="progress.remaining")

    named = TextColumn("{task.description}", markup=False)
    return SpinnerColumn(), named, BarColumn(), Count(), TimeElapsedColumn(), Left()


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

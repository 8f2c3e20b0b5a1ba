"""What a terminal shows while work is under way: how many rows of how many, and how long the rest may take."""

import io

from rich.console import Console
from rich.progress import Progress as Bars

from auditor.cli.progress import Watched, columns
from auditor.core.text import Language, Text

READING = Text(zh="读取 [a].csv", en="reading [a].csv")


class Screen:
    """Bars over a clock that goes when it is told to."""

    def __init__(self, language: Language) -> None:
        self.now = 0.0
        console = Console(file=io.StringIO(), width=120)
        self.bars = Bars(*columns(language), console=console, get_time=lambda: self.now, auto_refresh=False)
        self.progress = Watched(self.bars, language)

    def said(self) -> str:
        console = Console(file=(out := io.StringIO()), width=120)
        console.print(self.bars.get_renderable())
        return " ".join(out.getvalue().split())


def test_rows_and_the_time_that_the_rest_may_take() -> None:
    screen = Screen("en")
    screen.progress.start(READING, 4_000_000)
    for _ in range(10):  # a hundred thousand rows a second
        screen.now += 1
        screen.progress.advance(100_000)
    said = screen.said()
    assert "reading [a].csv" in said
    assert "1,000,000/4,000,000" in said
    assert "0:00:10" in said
    assert "about 0:00:30 left" in said


def test_the_same_in_chinese() -> None:
    screen = Screen("zh")
    screen.progress.start(READING, 300)
    for _ in range(2):
        screen.now += 20
        screen.progress.advance(100)
    assert "读取 [a].csv" in screen.said()
    assert "约剩 0:00:20" in screen.said()


def test_of_a_size_that_is_not_known_nothing_is_promised() -> None:
    screen = Screen("en")
    screen.progress.start(READING)
    screen.now += 5
    screen.progress.advance(1200)
    assert "1,200" in screen.said()
    assert "/" not in screen.said()
    assert "left" not in screen.said()


def test_an_estimate_that_was_too_low_promises_nothing_either() -> None:
    screen = Screen("en")
    screen.progress.start(READING, 1000)
    for _ in range(3):
        screen.now += 1
        screen.progress.advance(400)
    assert "1,200/1,000" in screen.said()
    assert "left" not in screen.said()


def test_one_bar_at_a_time() -> None:
    screen = Screen("en")
    screen.progress.start(READING, 10)
    screen.progress.start(Text(zh="核对", en="checking"), 20)
    assert "reading" not in screen.said()
    screen.progress.finish()
    assert screen.said() == ""

"""Where results are printed: stdout, as wide as the terminal, and wide enough for anything where there is none."""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_WIDE = 200


def console() -> "Console":
    """No markup and no guessing at numbers or paths: what is printed is data."""
    from rich.console import Console

    return Console(
        width=None if sys.stdout.isatty() else _WIDE, markup=False, highlight=False, emoji=False, soft_wrap=False
    )


def table(*headers: str, numbers: tuple[int, ...] = (), indent: int = 0) -> "Table":
    """A table without lines; `numbers` are the columns set to the right."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=any(headers), header_style="bold")
    for place, header in enumerate(headers):
        made.add_column(
            " " * indent + header if place == 0 else header, justify="right" if place in numbers else "left"
        )
    return made

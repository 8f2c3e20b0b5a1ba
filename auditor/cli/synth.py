"""`auditor synth`: a made-up agency with planted problems and the list of what was planted."""

from pathlib import Path
from typing import Annotated

import typer

from auditor.cli.options import Debug
from auditor.cli.progress import watched


def synth(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the agency's files go.")],
    cases: Annotated[int, typer.Option("--cases", metavar="N", help="How many cases.")] = 20_000,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="The same seed gives the same agency.")] = 1,
    debug: Debug = False,
) -> None:
    """Makes up an agency with planted problems.

    Writes canonical files, the same as office files, and planted.json with every planted problem and decoy.

    Example: auditor synth --out /tmp/agency --cases 5000 --seed 7
    """
    from auditor.synth import make

    with watched("en") as progress:
        make(out, cases=cases, seed=seed, progress=progress)
    typer.echo(out.as_posix())

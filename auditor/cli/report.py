"""`auditor report`: a report made anew from a saved run, with no rules, engine or data; and the circulation edition."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from auditor.cli.options import Config, Debug, Lang, Pdf, Personal
from auditor.cli.progress import watched

Edition = Annotated[
    Literal["inspector", "circulation"],
    typer.Option("--edition", help="Complete, for those who verify; or counts alone, for publication."),
]


def report(
    run_dir: Annotated[Path, typer.Argument(metavar="RUN_DIR", help="The folder that `auditor run` wrote.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the report goes.")],
    edition: Edition = "inspector",
    config: Config = None,
    lang: Lang = "zh",
    show_personal_data: Personal = False,
    pdf: Pdf = False,
    debug: Debug = False,
) -> None:
    """Makes a report anew from the working papers of a run.

    The inspector edition has the pages, letters and ledger; the circulation edition has counts and pseudonyms alone.

    Example: auditor report reports/2024-05 --out public/2024-05 --edition circulation
    """
    from auditor.circulation import circulate, planned
    from auditor.config import read_config
    from auditor.core.errors import UsageError
    from auditor.ledger import papers
    from auditor.pdf import print_pages
    from auditor.reissue import check_apart, reissue

    county = read_config(config) if config else None
    if edition == "circulation" and show_personal_data:
        raise UsageError("--show-personal-data: the circulation edition holds no personal data")
    plan = None
    if edition == "circulation":
        key, least = (county.pseudonym_key, county.least_count) if county else (None, None)
        plan = planned(out, papers=run_dir, key=key, least=least)
    else:
        check_apart(out, run_dir)
    with watched(lang) as progress:
        run = papers.read(run_dir)
        if plan is not None:
            made = circulate(run, plan, language=lang, progress=progress)
        else:
            reissue(run, out, language=lang, personal=show_personal_data, progress=progress)
            made = False
        typer.echo((out / "index.html").as_posix())
        if plan is not None:
            told_key(plan.key, lang, made=made)
        if pdf:
            print_pages(out, as_of=run.as_of, progress=progress)


def told_key(key: Path, lang: Literal["zh", "en"], *, made: bool) -> None:
    """Says where the key lies, and what follows from it where it was made just now."""
    if lang == "zh":
        said = f"代号密钥：{key.as_posix()}" + ("（新生成；请妥善保存，不得公布；遗失后代号无法延续）" if made else "")
    else:
        new = " (made now: keep it and never publish it; without it pseudonyms change)" if made else ""
        said = f"Key of the pseudonyms: {key.as_posix()}{new}"
    typer.echo(said, err=True)

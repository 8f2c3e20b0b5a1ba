"""A saved run issued anew as a report: pages, letters and ledger; the working papers stay where they are."""

import json
from pathlib import Path

from auditor.audit import edition
from auditor.core.errors import UsageError
from auditor.core.problem import Location, Problem
from auditor.core.progress import Progress, Silent
from auditor.core.result import Run
from auditor.core.text import Language
from auditor.output import check_place, whole_or_nothing
from auditor.report.circulation import SIGN

FORM = "auditor-report/1"


def check_apart(out: Path, papers: Path) -> None:
    """Raises UsageError where the report would take the place of the run, or that of something else."""
    if papers.resolve().is_relative_to(out.resolve()):
        what = "holds the run itself; the report would take its place"
        raise UsageError(Problem(what, Location(str(out)), "choose another folder"))
    check_place(out, SIGN)


def reissue(
    run: Run, out: Path, *, language: Language = "zh", personal: bool = False, progress: Progress | None = None
) -> Path:
    """Writes the inspector's edition into `out`, whole or not at all; an earlier report there is replaced.

    Raises UsageError where `out` holds something else than a report, OutputError where it can't be written.
    """
    from auditor.export import quarantine

    with whole_or_nothing(out, SIGN) as folder:
        quarantine.write(run, folder / quarantine.FILE, language=language, personal=personal)
        edition(run, folder, language=language, personal=personal, progress=progress or Silent())
        about = {
            "form": FORM,
            "edition": "inspector",
            "period": run.period.label,
            "as_of": run.as_of.isoformat(),
            "masked": not personal,
            "rulebook_sha256": run.rulebook_sha256,
        }
        (folder / SIGN).write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8", newline="\n")
    return out

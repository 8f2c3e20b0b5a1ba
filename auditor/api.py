"""The library as a program or a notebook uses it: whatever the command line does, these few names do too."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from auditor.audit import Request, audit, write
from auditor.core.data_place import data_place
from auditor.core.errors import UsageError
from auditor.core.finding import Evidence, Finding
from auditor.core.progress import Progress
from auditor.core.result import Run
from auditor.core.text import Language


@dataclass(frozen=True, kw_only=True)
class FindingView:
    """A finding with the source rows that it rests on."""

    finding: Finding
    evidence: tuple[Evidence, ...]


class RunView:
    """One audit: `result` holds everything; the properties are the ways in that are used most."""

    def __init__(self, result: Run) -> None:
        self.result = result

    @cached_property
    def findings(self) -> Any:
        """A pandas DataFrame, one row a finding, with the columns of findings.parquet."""
        from auditor.ledger.frames import findings_frame

        return findings_frame(self.result)

    def finding(self, prefix: str) -> FindingView:
        """The finding whose id starts so. Raises UsageError where none or several do."""
        found = [finding for finding in self.result.findings if finding.finding_id.startswith(prefix)]
        if len(found) != 1:
            raise UsageError(f"{len(found)} findings have an id that starts with {prefix!r}")
        evidence = tuple(row for row in self.result.evidence if row.finding_id == found[0].finding_id)
        return FindingView(finding=found[0], evidence=evidence)

    def report(self, out: str | Path, *, language: Language = "zh", personal: bool = False) -> Path:
        """Writes the report and the working papers into a folder, whole or not at all."""
        return write(self.result, Path(out), language=language, personal=personal)

    def circulation(
        self, out: str | Path, *, key: str | Path, least: int | None = None, language: Language = "zh"
    ) -> Path:
        """Writes the edition for publication into a folder of its own. `key` is the file of the pseudonyms' key, made
        where there is none; `least` the least count that is shown, 5 unless it is to be higher."""
        from auditor.circulation import circulate, planned

        plan = planned(Path(out), papers=None, key=Path(key), least=least)
        circulate(self.result, plan, language=language)
        return plan.out


def run(
    data: str | Path,
    *,
    period: str | None = None,
    as_of: date | None = None,
    profile: str | Path | None = None,
    config: str | Path | None = None,
    rules: tuple[str | Path, ...] = (),
    overrides: Mapping[str, str] | None = None,
    baseline: str | Path | None = None,
    progress: Progress | None = None,
) -> RunView:
    """Audits a folder or file of exports, or a database by its URL. `overrides` maps `rule id.parameter` to a value;
    `baseline` is the folder of an earlier run, whose findings are followed.

    Raises a subclass of AuditorError for whatever a person has to put right.
    """
    request = Request(
        data=data_place(data),
        profile=None if profile is None else Path(profile),
        config=None if config is None else Path(config),
        rules=tuple(Path(rule) for rule in rules),
        period=period,
        as_of=as_of,
        overrides=dict(overrides or {}),
        baseline=None if baseline is None else Path(baseline),
    )
    return RunView(audit(request, progress))

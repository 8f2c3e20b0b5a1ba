"""Findings followed from run to run: what is new, what recurs, what came back, and what became of the others.

A finding is known by its id alone. What an earlier run of the chain left open and this one does not find is resolved
only where the rule was asked again and judged it in order; else it is carried on as not retested, however long that
lasts. What is resolved is shown once, in the run that resolved it, and then stays in the history.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from auditor.core.errors import UsageError
from auditor.core.finding import Evidence, Finding, Record, State
from auditor.core.followed import EarlierRun, HistoryEntry, Retested
from auditor.core.problem import Location, Problem
from auditor.core.result import Period, RuleCard, Run
from auditor.core.text import Text


def state_of(last: State | None, *, is_found: bool, in_order: bool = False) -> State | None:
    """The state of a finding, from the one that the run before left it in (None: never found), whether it is found now,
    and whether it was tested again and judged in order; None where there is nothing to say of it any more."""
    if is_found:
        return "new" if last is None else "reopened" if last == "resolved" else "recurring"
    if last is None or last == "resolved":
        return None
    return "resolved" if in_order else "not_retested"


def must_precede(baseline: Run, period: Period, agencies: tuple[str, ...], place: str) -> None:
    """Raises UsageError where the run cannot be what one of `period` over these agencies follows on from."""
    where = Location(place)
    if baseline.period.last >= period.last:
        raise UsageError(
            Problem(
                f"the baseline is of {baseline.period.label}, which does not end before {period.label} does",
                where,
                "name the run of an earlier period",
            )
        )
    if baseline.agencies and agencies and not set(baseline.agencies) & set(agencies):
        theirs, ours = ", ".join(baseline.agencies), ", ".join(agencies)
        raise UsageError(Problem(f"the baseline is of other agencies: {theirs}; these data are of {ours}", where))


def last_states(run: Run) -> dict[str, State]:
    """How the run and those before it left each finding that any of them knew."""
    place = {earlier.period: number for number, earlier in enumerate(run.chain)}
    place[run.period.label] = len(run.chain)
    return {entry.finding_id: entry.state for entry in sorted(run.history, key=lambda entry: place[entry.period])}


def missing(run: Run, baseline: Run) -> tuple[Finding, ...]:
    """The findings that the baseline left open and this run has not made."""
    now = {finding.finding_id for finding in run.findings}
    return tuple(one for one in baseline.findings if one.state != "resolved" and one.finding_id not in now)


def begin(run: Run) -> Run:
    """A run that follows on from none: all is new, and its history is its own."""
    return replace(run, history=_entries(run))


def follow(run: Run, baseline: Run, retested: Mapping[str, Retested]) -> Run:
    """The run with the state of each finding, those carried from the baseline with all that their pages need, and the
    history. `retested` has an answer for each of `missing`."""
    before = last_states(baseline)
    found = tuple(_with_state(one, before.get(one.finding_id)) for one in run.findings)
    gone = missing(run, baseline)
    carried = tuple(_carried(one, retested[one.finding_id]) for one in gone)
    evidence, records = _kept(gone, baseline, run)
    known = {card.rule_id for card in run.cards}
    wanted = {one.rule_id for one in carried} - known
    former: dict[str, RuleCard] = {
        card.rule_id: card for card in (*baseline.former_cards, *baseline.cards) if card.rule_id in wanted
    }
    followed = replace(
        run,
        findings=(*found, *carried),
        evidence=(*run.evidence, *evidence),
        records=_merged(run.records, records),
        chain=(*baseline.chain, _earlier(baseline)),
        former_cards=tuple(former[rule_id] for rule_id in sorted(former)),
        chain_notes=tuple(_notes(run, baseline)),
    )
    return replace(followed, history=(*baseline.history, *_entries(followed)))


def _with_state(finding: Finding, last: State | None) -> Finding:
    state = state_of(last, is_found=True)
    return finding if state is None else replace(finding, state=state)


def _carried(finding: Finding, retested: Retested) -> Finding:
    state: State = "resolved" if retested.in_order else "not_retested"
    return replace(finding, state=state, state_reason=retested.reason)


def _entries(run: Run) -> tuple[HistoryEntry, ...]:
    trial = {card.rule_id for card in (*run.former_cards, *run.cards) if card.status != "active"}
    return tuple(
        HistoryEntry(
            finding_id=one.finding_id,
            period=run.period.label,
            as_of=run.as_of,
            state=one.state,
            rule_id=one.rule_id,
            subject_type=one.subject_type,
            subject_id=one.subject_id,
            unit_id=one.unit_id,
            level=one.level,
            certainty=one.certainty,
            trial=one.rule_id in trial,
        )
        for one in run.findings
    )


def _earlier(run: Run) -> EarlierRun:
    return EarlierRun(
        period=run.period.label,
        first=run.period.first,
        last=run.period.last,
        as_of=run.as_of,
        rulebook_sha256=run.rulebook_sha256,
    )


def _kept(carried: Iterable[Finding], baseline: Run, run: Run) -> tuple[list[Evidence], list[Record]]:
    """The rows that carried findings rest on, as the run that made them saw them.

    Row 17 of this month's file is not row 17 of last month's: unless the file is the very same, its name is given the
    period in which it was read, and keeps it from then on.
    """
    then, now = _contents(baseline), _contents(run)
    period = {one.finding_id: one.period for one in carried}
    at = {(row.table_name, row.source_file, row.source_row): row for row in baseline.records}
    evidence: list[Evidence] = []
    records: dict[tuple[str, str, int], Record] = {}
    for row in baseline.evidence:
        if row.finding_id not in period:
            continue
        file = row.source_file
        if file in then and then[file] != now.get(file):
            file = f"{file} ({period[row.finding_id]})"
        evidence.append(replace(row, source_file=file))
        record = at.get((row.table_name, row.source_file, row.source_row))
        if record is not None:
            records[row.table_name, file, row.source_row] = replace(record, source_file=file)
    return evidence, list(records.values())


def _contents(run: Run) -> dict[str, frozenset[str]]:
    """What each file held, by its name; a workbook's sheets and an archive's members have names of their own."""
    found: dict[str, set[str]] = {}
    for file in run.inputs:
        found.setdefault(file.file, set()).add(file.sha256)
    return {name: frozenset(hashes) for name, hashes in found.items()}


def _merged(records: Iterable[Record], carried: Iterable[Record]) -> tuple[Record, ...]:
    """Each row once; a row of a file that both runs read is this run's."""
    found = {(row.table_name, row.source_file, row.source_row): row for row in (*carried, *records)}
    return tuple(found.values())


def _notes(run: Run, baseline: Run) -> Iterable[Text]:
    before = baseline.period
    if before.last >= run.period.first:
        yield Text(
            zh=f"基准运行的期间 {before.label} 与本期 {run.period.label} 有重叠",
            en=f"the baseline's period {before.label} overlaps with {run.period.label}",
        )
    elif (first := before.last + timedelta(days=1)) != run.period.first:
        last = run.period.first - timedelta(days=1)
        yield Text(
            zh=f"基准运行的期间止于 {before.last}，{first} 至 {last} 未经比对",
            en=f"the baseline ends on {before.last}: {first} to {last} was compared with nothing",
        )
    if set(baseline.agencies) != set(run.agencies):
        yield Text(
            zh=f"基准运行的系统为 {'、'.join(baseline.agencies)}，本次为 {'、'.join(run.agencies)}",
            en=f"the baseline is of {', '.join(baseline.agencies)}, this run of {', '.join(run.agencies)}",
        )
    if baseline.rulebook_sha256 != run.rulebook_sha256:
        yield Text(
            zh="基准运行使用的规则库与本次不同：新增或修改的规则的发现都会显示为新发现",
            en="the baseline was made with another rulebook: what a new or changed rule finds is shown as new",
        )
    if baseline.overrides != run.overrides:
        yield Text(zh="基准运行使用的参数与本次不同", en="the baseline was made with other parameters than this run")

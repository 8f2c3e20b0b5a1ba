"""Findings from rows: rows of one key are one finding, with its facts, its identity and its evidence."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, cast

from auditor.core.duration import parse_duration
from auditor.core.fact import Fact
from auditor.core.finding import LEVELS, Evidence, Finding, Level, RowPlace, finding_id, fingerprint
from auditor.core.result import Period
from auditor.core.words import fill
from auditor.engines.base import Row
from auditor.engines.identity import FINDING_ID, FINGERPRINT
from auditor.engines.query import Query
from auditor.kinds.base import GroupKind, Verdict
from auditor.rulebook import Rule


def as_text(value: Any) -> str | None:
    """A value from the engine in the ISO text that facts and fingerprints use, the same on every engine."""
    match value:
        case None:
            return None
        case bool():
            return "true" if value else "false"
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case date():
            return value.isoformat()
        case float():
            return format(value, ".15g")
        case Decimal():
            return format(value, "f")
        case _:
            return str(value)


def by_group(
    rule: Rule,
    query: Query,
    reported: Sequence[Row],
    linked: Mapping[str, list[Row]],
    met: Mapping[tuple[str, int], tuple[bool | None, ...]],
    period: Period,
) -> tuple[list[Finding], list[Evidence]]:
    """Findings of a row kind: one for each key (and anchor). `reported` comes sorted by key, then by moment; `met` says
    of each row, by file and row, which conditions it meets."""
    findings: list[Finding] = []
    evidence: list[Evidence] = []
    links = _by_row(linked)

    def identity(row: Row) -> tuple[str, str]:
        return row[FINGERPRINT], row[FINDING_ID]

    # Grouped by the fingerprint itself, so no two findings of a run can be alike.
    for (clear, id_), rows_ in groupby(sorted(reported, key=identity), key=identity):
        rows = sorted(rows_, key=_moment)
        first = rows[0]
        moments = [row["moment"] for row in rows if row["moment"] is not None]
        facts = [*_facts(query, first), *_always(rule, rows, moments)]
        values = [row["value"] for row in rows if row.get("value") is not None]
        judgement = query.judgement
        found = Finding(
            finding_id=id_,
            fingerprint=clear,
            rule_id=rule.rule_id,
            covers=rule.covers,
            certainty=rule.certainty,
            level=_gravest(rule, rows),
            subject_type=rule.subject.type,
            subject_id=first["subject_id"] or first["row_key"],
            unit_id=_unit(rows),
            period=period.label,
            metric=judgement.metric if judgement else None,
            value=max(values) if values else None,
            threshold=judgement.threshold if judgement else None,
            n_cases=len(rows),
            first_at=min(moments) if moments else None,
            last_at=max(moments) if moments else None,
            message=fill(rule.message, facts, masked=False),
            facts=tuple(facts),
            first_row=RowPlace(source_file=first["source_file"], source_row=first["source_row"]),
            conditions=met[first["source_file"], first["source_row"]],
        )
        findings.append(found)
        evidence += _evidence(rule, query, found.finding_id, rows, links)
    return findings, evidence


def by_subject(
    rule: Rule, kind: GroupKind, query: Query, flagged: Iterable[Verdict], members: Sequence[Row], period: Period
) -> tuple[list[Finding], list[Evidence]]:
    """Findings of a group kind: one for each flagged subject. `members` are the rows counted, by subject."""
    rows_of = {subject: list(rows) for subject, rows in groupby(members, key=lambda row: row["subject"])}
    findings: list[Finding] = []
    evidence: list[Evidence] = []
    for verdict in flagged:
        rows = rows_of[verdict.subject]
        moments = [row["moment"] for row in rows if row["moment"] is not None]
        parts = verdict.parts or (verdict.subject,)
        clear = fingerprint(rule.rule_id, parts)
        specs = rule.kind.fact_specs
        own = [
            Fact(name=name, type=specs[name].type, value=value, column=verdict.columns.get(name))
            for name, value in verdict.facts.items()
        ]
        facts = [*own, *_facts(query, rows[0]), *_always(rule, rows, moments)]
        found = Finding(
            finding_id=finding_id(clear),
            fingerprint=clear,
            rule_id=rule.rule_id,
            covers=rule.covers,
            certainty=rule.certainty,
            level=rule.level,
            subject_type=rule.subject.type,
            subject_id=parts[0],
            unit_id=_unit(rows),
            period=period.label,
            metric=kind.metric,
            value=verdict.value,
            threshold=kind.threshold if verdict.threshold is None else verdict.threshold,
            expected=verdict.expected,
            lower=verdict.lower,
            upper=verdict.upper,
            p_value=verdict.p_value,
            q_value=verdict.q_value,
            n_cases=verdict.n,
            first_at=min(moments) if moments else None,
            last_at=max(moments) if moments else None,
            message=fill(rule.message, facts, masked=False),
            facts=tuple(facts),
        )
        findings.append(found)
        evidence += _evidence(rule, query, found.finding_id, rows, {})
    return sorted(findings, key=lambda found: found.fingerprint), evidence


def _moment(row: Row) -> tuple[str, str, str, int]:
    return (as_text(row["moment"]) or "", row["row_key"], row["source_file"], row["source_row"])


def _facts(query: Query, row: Row) -> list[Fact]:
    return [
        Fact(
            name=fact.name,
            type=fact.type,
            value=as_text(row.get(fact.output)),
            personal=fact.personal,
            column=fact.column,
        )
        for fact in query.facts
        if fact.output in row
    ]


def _always(rule: Rule, rows: Sequence[Row], moments: Sequence[datetime]) -> list[Fact]:
    """What every finding can say: the rule's parameters, how many rows, from when to when."""
    named = {*rule.kind.fact_specs, *rule.scope.table.columns}
    parameters = [
        Fact(name=set_.name, type="duration" if parse_duration(set_.value) else "string", value=set_.value)
        for set_ in rule.parameters
        if set_.name not in named
    ]
    return [
        *parameters,
        Fact(name="n_cases", type="int", value=str(len(rows))),
        Fact(name="first_at", type="timestamp", value=as_text(min(moments)) if moments else None),
        Fact(name="last_at", type="timestamp", value=as_text(max(moments)) if moments else None),
    ]


def _unit(rows: Sequence[Row]) -> str | None:
    """The unit of most of the rows; of equals the first by name."""
    counted = Counter(row["unit_id"] for row in rows if row["unit_id"] is not None)
    return min(counted, key=lambda unit: (-counted[unit], unit)) if counted else None


def _gravest(rule: Rule, rows: Sequence[Row]) -> Level:
    said = {row.get("level") or rule.level for row in rows}
    return next(level for level in LEVELS if level in said)


_Links = Mapping[tuple[str, int], list[tuple[str, Row]]]


def _by_row(linked: Mapping[str, list[Row]]) -> _Links:
    found: dict[tuple[str, int], list[tuple[str, Row]]] = {}
    for name, rows in linked.items():
        for row in rows:
            found.setdefault((row["for_file"], row["for_row"]), []).append((name, row))
    return found


def _evidence(rule: Rule, query: Query, id_: str, rows: Sequence[Row], links: _Links) -> list[Evidence]:
    found: dict[Evidence, None] = {}
    for row in rows:
        own = Evidence(
            finding_id=id_,
            table_name=rule.scope.table.name,
            row_key=row["row_key"],
            role="subject",
            source_file=row["source_file"],
            source_row=row["source_row"],
        )
        found[own] = None
        for register in query.registers:
            key, file, number = (cast(Any, row.get(output)) for output in register.outputs)
            if number is not None:
                joined = Evidence(
                    finding_id=id_,
                    table_name=register.table.name,
                    row_key=key,
                    role=register.role,
                    source_file=file,
                    source_row=number,
                )
                found[joined] = None
        for name, link in links.get((row["source_file"], row["source_row"]), ()):
            beside = Evidence(
                finding_id=id_,
                table_name=name,
                row_key=link["row_key"],
                role="register",
                source_file=link["source_file"],
                source_row=link["source_row"],
            )
            found[beside] = None
    return list(found)

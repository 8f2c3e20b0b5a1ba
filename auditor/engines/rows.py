"""A row kind judged: the rows that it reports, with what they are tied to, and the findings made of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlglot import exp

from auditor.core.finding import Evidence, Finding
from auditor.core.picture import Picture
from auditor.core.result import Period
from auditor.core.schema import SOURCE_FILE, SOURCE_ROW, tables
from auditor.engines import conditions, picture
from auditor.engines import slices as counts
from auditor.engines.asked import Asked
from auditor.engines.base import Answer, Row, Session
from auditor.engines.compiler import row_key
from auditor.engines.gather import by_group
from auditor.engines.identity import FINDING_ID, FINGERPRINT, identity
from auditor.engines.judged import Judged, Told
from auditor.engines.outcome import outcome
from auditor.engines.query import Part, Query
from auditor.engines.slices import Slices
from auditor.kinds import sql
from auditor.kinds.company import Beside, Listed

REPORTED = "reported_rows"
MANY = 10_000
"""Reported rows from which on a question to the engine costs less than counting them in one thread."""


@dataclass(frozen=True, kw_only=True)
class Reported:
    """The rows that findings rest on, by key and moment, the register rows that each was held against, and which of the
    rule's conditions each meets."""

    query: Query
    rows: Answer
    findings: int
    linked: Mapping[str, list[Row]]
    met: Answer


@dataclass(frozen=True, kw_only=True)
class Looked:
    """The verdicts of the rows that were looked at closer, those of them to be told of, and what can be drawn."""

    slices: Slices
    reported: Reported | None
    drawn: Picture | None = None


def look_closer(asked: Asked, part: Part, session: Session) -> Looked:
    """A kind with windows over the rows in company alone."""
    query = asked.compiled(part)
    if asked.query.judgement is not None and isinstance(asked.query.judgement.company, Listed):
        _ask_no_more(query, part)
    found = counts.count(query.judged, session)
    return Looked(slices=found, reported=report(asked, query, session, part) if _any_violation(found) else None)


def look_alone(asked: Asked, session: Session) -> Looked:
    """The rule by itself over the whole table: once for the counts, once for the rows to be told of."""
    judged, judgement = asked.query.judged, asked.query.judgement
    drawn: Picture | None = None
    if judgement is not None and judgement.measured:
        found, values = counts.count_measured(judged, picture.near(sql.column("value")), session)
        drawn = picture.of_counts(judgement, values)
    else:
        found = counts.count(judged, session)
    reported = report(asked, asked.query, session) if _any_violation(found) else None
    return Looked(slices=found, reported=reported, drawn=drawn)


def look_at_part(asked: Asked, part: Part, session: Session) -> Reported:
    """The rule over the rows that a reading for many rules has picked for it."""
    return report(asked, asked.compiled(part), session, part)


def report(asked: Asked, query: Query, session: Session, part: Part | None = None) -> Reported:
    rule, judgement = asked.rule, query.judgement
    keys = [sql.column(f"key_{number}") for number in range(1, len(rule.key) + 1)]
    anchored = judgement is not None and judgement.anchor is not None
    clear, digest = identity(rule.rule_id, keys, sql.column("anchor") if anchored else None)
    rows = sql.select_named({FINGERPRINT: clear, FINDING_ID: digest}, exp.Star())
    rows = rows.from_(query.judged.subquery("j", copy=False), copy=False).where(sql.column("reported"), copy=False)
    session.keep(REPORTED, rows)
    answer = session.answer(exp.select(exp.Star()).from_(REPORTED))
    return Reported(
        query=query,
        rows=answer,
        findings=_different(answer, session),
        linked={} if judgement is None else _linked(asked, judgement.registers, session, part),
        met=session.answer(conditions.question(rule, asked.setting, REPORTED, part)),
    )


def _different(reported: Answer, session: Session) -> int:
    """How many findings the reported rows make. Of many, the engine counts that on all of its threads."""
    if len(reported) < MANY:
        return reported.distinct(FINGERPRINT)
    different = exp.Count(this=exp.Distinct(expressions=[sql.column(FINGERPRINT)]))
    return int(session.rows(exp.select(exp.alias_(different, "n")).from_(REPORTED))[0]["n"])


def _ask_no_more(query: Query, part: Part) -> None:
    """Puts the rows that were picked in place of the query that picked them."""
    for node in list(query.judged.find_all(exp.Subquery)):
        if node.alias == "returned":
            node.replace(exp.select(exp.Star()).from_(part.rows.copy()).subquery("returned"))


def judged_rows(
    asked: Asked, found: Slices, reported: Reported | None, period: Period, drawn: Picture | None = None
) -> Judged:
    """The rule's result from its counts, and the findings to be told from the reported rows."""
    findings = 0 if reported is None else reported.findings
    result = replace(outcome(asked.rule, counts.totals(found), findings), slices=counts.told(found), picture=drawn)
    if reported is None:
        return Judged(result=result)

    def tell() -> tuple[list[Finding], list[Evidence]]:
        met = conditions.outcomes(reported.met.rows())
        return by_group(asked.rule, reported.query, reported.rows.rows(), reported.linked, met, period)

    return Judged(result=result, told=Told(tell))


def _any_violation(found: Slices) -> bool:
    return any(verdicts["violation"] for verdicts in found.values())


def _linked(
    asked: Asked, registers: Mapping[str, sql.Expr], session: Session, part: Part | None
) -> Mapping[str, list[Row]]:
    """The register rows that a kind looked at for each reported row, by the reported row's file and row. A kind that
    judges by the row beside has that row among those picked."""
    found: dict[str, list[Row]] = {}
    base = asked.rule.scope.table.name
    own = exp.to_table(base) if part is None else part.rows
    company = None if asked.query.judgement is None else asked.query.judgement.company
    for name, condition in registers.items():
        table = tables()[name]
        register: sql.Expr = sql.relation(name, "register")
        if part is not None and name == base and isinstance(company, Beside):
            register = exp.select(exp.Star()).from_(part.rows.copy()).subquery("register")
        same = sql.both(
            sql.equal(sql.column("source_file", "f"), sql.column(SOURCE_FILE, base)),
            sql.equal(sql.column("source_row", "f"), sql.column(SOURCE_ROW, base)),
        )
        question = (
            exp.select(
                exp.alias_(sql.column("source_file", "f"), "for_file"),
                exp.alias_(sql.column("source_row", "f"), "for_row"),
                exp.alias_(row_key(table, "register"), "row_key"),
                exp.alias_(sql.column(SOURCE_FILE, "register"), "source_file"),
                exp.alias_(sql.column(SOURCE_ROW, "register"), "source_row"),
            )
            .from_(sql.relation(REPORTED, "f"))
            .join(own.copy(), on=same, join_type="inner")
            .join(register, on=condition, join_type="inner")
            .order_by(*(sql.column(column) for column in ("for_file", "for_row", "source_file", "source_row")))
        )
        found[name] = session.rows(question)
    return found

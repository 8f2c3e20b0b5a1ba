"""One rule over the data: counts of every verdict, and the findings with the rows that they rest on.

A rule that breaks is a result of its own, `error`, and stops nobody else. A rule whose table or column is missing is
`not_applicable`, and so is one that found nothing it could test: clean is only said of something tested.
"""

import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot import exp

from auditor.core.finding import Evidence, Finding
from auditor.core.result import ContractFinding, Period, RuleResult, Slice
from auditor.core.schema import SOURCE_FILE, SOURCE_ROW, tables
from auditor.core.text import Text
from auditor.engines import picture
from auditor.engines.base import Row, Session
from auditor.engines.compiler import Query, compile_rule, row_key
from auditor.engines.counts import read_counts
from auditor.engines.gather import by_group, by_subject
from auditor.engines.history import short_history
from auditor.kinds import sql
from auditor.kinds.base import GroupKind
from auditor.kinds.scope import Clock, Setting
from auditor.rulebook import Rule

REPORTED = "reported_rows"
_VERDICTS: tuple[str, ...] = ("ok", "violation", "unknown", "skipped")


@dataclass(frozen=True, kw_only=True)
class Judged:
    """All that one rule came to. `statement` is the SQL that was run, None where it could not be compiled."""

    result: RuleResult
    findings: tuple[Finding, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    contract: tuple[ContractFinding, ...] = ()
    statement: str | None = None
    seconds: float = 0.0
    trace: str | None = None


@dataclass(frozen=True, kw_only=True)
class Data:
    """What the engine knows of the loaded data: provided columns by table, and moments known to the day only."""

    columns: Mapping[str, frozenset[str]]
    date_precision: frozenset[str] = frozenset()


def judge(rule: Rule, session: Session, data: Data, clock: Clock, period: Period) -> Judged:
    """Runs one rule; never raises for what lies in the rule or the data."""
    started = time.perf_counter()
    setting = Setting(scope=rule.scope, clock=clock, date_precision=data.date_precision, provided=data.columns)
    statement: str | None = None
    try:
        query = compile_rule(rule, setting)
        statement = query.statement()
        missing = waiting(rule) or lacking(query, data)
        if missing is not None:
            lacks = tuple(lacked(query, data))
            judged = Judged(
                result=RuleResult(rule_id=rule.rule_id, result="not_applicable", reason=missing, lacks=lacks)
            )
        elif isinstance(rule.kind, GroupKind):
            judged = _groups(rule, rule.kind, query, session, period)
        else:
            judged = _rows(rule, query, session, setting, period)
        short = short_history(rule, session, setting)
        judged = replace(judged, result=_noted(judged.result, short and short.note))
        contract = (
            tuple(_clash(rule, alias, clash, session) for alias, clash in query.clashes.items()) if not missing else ()
        )
    except Exception as error:  # noqa: BLE001 - whatever breaks one rule is that rule's result, with its trace kept
        first = str(error).strip().split("\n")[0]
        reason = Text(zh=f"规则运行出错：{first}", en=f"the rule failed: {first}")
        return Judged(
            result=RuleResult(rule_id=rule.rule_id, result="error", reason=reason),
            statement=statement,
            seconds=time.perf_counter() - started,
            trace=traceback.format_exc(),
        )
    return replace(
        judged,
        contract=tuple(found for found in contract if found is not None),
        statement=statement,
        seconds=time.perf_counter() - started,
    )


def _noted(result: RuleResult, note: Text | None) -> RuleResult:
    return result if note is None else replace(result, notes=(*result.notes, note))


def waiting(rule: Rule) -> Text | None:
    """Which figures of the law the rule waits for; None where it has all."""
    open_ = [parameter for parameter in rule.parameters if parameter.waits]
    if not open_:
        return None
    zh = "、".join(
        f"“{parameter.doc.zh if parameter.doc else parameter.name}”（{parameter.figure}）" for parameter in open_
    )
    en = "; ".join(
        f"{parameter.doc.en if parameter.doc else parameter.name} ({parameter.figure})" for parameter in open_
    )
    return Text(
        zh=f"本地尚未填写数额：{zh}；在 auditor.yaml 的 figures 中填写后才运行",
        en=f"waits for a figure that the county has not given: {en}; name a table of it under figures in auditor.yaml",
    )


def lacked(query: Query, data: Data) -> Iterator[str]:
    """The tables (`captures`) and columns (`cases.speed_kmh`) that the rule needs and the data do not have."""
    for name in sorted(query.needs):
        if name == "workdays":
            continue
        if name not in data.columns:
            yield name
        else:
            yield from (f"{name}.{column}" for column in sorted(query.needs[name] - data.columns[name]))


def lacking(query: Query, data: Data) -> Text | None:
    """Which table or column the rule cannot do without and the data does not have."""
    zh: list[str] = []
    en: list[str] = []
    for name in sorted(query.needs):
        label = tables()[name].label
        if name == "workdays":
            continue
        if name not in data.columns:
            zh.append(f"缺少表“{label.zh}”（{name}）")
            en.append(f"table {name} is missing")
            continue
        columns = sorted(query.needs[name] - data.columns[name])
        if columns:
            words = "、".join(f"{tables()[name].columns[column].zh}（{column}）" for column in columns)
            zh.append(f"表“{label.zh}”缺少字段 {words}")
            en.append(f"table {name} lacks {', '.join(columns)}")
    return Text(zh="；".join(zh), en="; ".join(en)) if zh else None


def _rows(rule: Rule, query: Query, session: Session, setting: Setting, period: Period) -> Judged:
    slices = _slices(query, session)
    counts = {verdict: sum(found[verdict] for found in slices.values()) for verdict in _VERDICTS}
    findings: list[Finding] = []
    evidence: list[Evidence] = []
    if counts["violation"]:
        session.keep(REPORTED, exp.select("*").from_(query.judged.subquery("j")).where(sql.column("reported")))
        keys = [sql.column(f"key_{number}") for number in range(1, len(rule.key) + 1)]
        order = [*keys, sql.column("at"), sql.column("row_key"), sql.column("source_file"), sql.column("source_row")]
        reported = session.rows(exp.select("*").from_(REPORTED).order_by(*order))
        linked = _linked(rule, query, session, setting)
        findings, evidence = by_group(rule, query, reported, linked, period)
    drawn = picture.of_rows(query, session)
    result = replace(_result(rule, counts, len(findings)), slices=_told(slices), picture=drawn)
    return Judged(result=result, findings=tuple(findings), evidence=tuple(evidence))


_Slices = dict[tuple[str | None, str | None], dict[str, int]]


def _slices(query: Query, session: Session) -> _Slices:
    """How many rows of each verdict, by unit and month; whatever a rule counts in all is the sum of these."""
    unit, verdict = sql.column("unit_id"), sql.column("verdict")
    month = exp.cast(exp.TimestampTrunc(this=sql.column("at"), unit=exp.Var(this="MONTH")), "date")
    counted = (
        exp.select(unit, exp.alias_(month, "month"), verdict, exp.alias_(exp.Count(this=exp.Star()), "n"))
        .from_(query.judged.subquery("j"))
        .where(sql.column("in_period"))
        .group_by(unit, month, verdict)
    )
    found: _Slices = {}
    for row in session.rows(counted):
        label = None if row["month"] is None else f"{row['month']:%Y-%m}"
        counts = found.setdefault((row["unit_id"], label), dict.fromkeys(_VERDICTS, 0))
        counts[row["verdict"]] += row["n"]
    return found


def _told(slices: _Slices) -> tuple[Slice, ...]:
    return tuple(
        Slice(
            unit_id=unit,
            month=month,
            tested=counts["ok"] + counts["violation"],
            violation=counts["violation"],
            unknown=counts["unknown"],
        )
        for (unit, month), counts in sorted(slices.items(), key=lambda item: tuple(part or "" for part in item[0]))
    )


def _linked(rule: Rule, query: Query, session: Session, setting: Setting) -> Mapping[str, list[Row]]:
    """The register rows that a kind looked at for each reported row, by the reported row's file and row."""
    found: dict[str, list[Row]] = {}
    registers: Mapping[str, sql.Expr] = query.judgement.registers if query.judgement else {}
    base = rule.scope.table.name
    for name, condition in registers.items():
        table = tables()[name]
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
            .join(exp.to_table(base), on=same, join_type="inner")
            .join(sql.relation(name, "register"), on=condition, join_type="inner")
            .order_by(*(sql.column(column) for column in ("for_file", "for_row", "source_file", "source_row")))
        )
        found[name] = session.rows(question)
    return found


def _groups(rule: Rule, kind: GroupKind, query: Query, session: Session, period: Period) -> Judged:
    counts = read_counts(query, session)
    conclusion = kind.conclude(counts)
    flagged = [verdict for verdict in conclusion.verdicts if verdict.flagged]
    members: Sequence[Row] = ()
    if flagged:
        names = [sql.text(verdict.subject) for verdict in flagged]
        wanted = sql.both(sql.column("told"), exp.In(this=sql.column("subject"), expressions=names))
        order = [sql.column(name) for name in ("subject", "at", "row_key", "source_file", "source_row")]
        members = session.rows(exp.select("*").from_(query.judged.subquery("j")).where(wanted).order_by(*order))
    findings, evidence = by_subject(rule, kind, query, flagged, members, period)
    left_out = sql.both(sql.coalesce(sql.column("in_scope"), exp.true()), sql.negate(sql.column("counted")))
    uncounted = session.rows(
        exp.select(exp.alias_(exp.Count(this=exp.Star()), "n")).from_(query.judged.subquery("j")).where(left_out)
    )[0]["n"]
    numbers = {
        "ok": len(conclusion.verdicts) - len(flagged),
        "violation": len(flagged),
        "unknown": len(conclusion.not_judged),
        "skipped": 0,
    }
    notes = list(conclusion.notes)
    if uncounted:
        notes.append(
            Text(
                zh=f"{uncounted} 行缺少比较所需的内容，未计入",
                en=f"{uncounted} rows lack what is compared and were not counted",
            )
        )
    result = replace(
        _result(rule, numbers, len(findings), grain=kind.compares or rule.subject.id),
        not_judged=conclusion.not_judged,
        notes=tuple(notes),
        picture=picture.of_groups(kind, counts, conclusion),
    )
    return Judged(result=result, findings=tuple(findings), evidence=tuple(evidence))


def _result(rule: Rule, counts: Mapping[str, int], findings: int, grain: str = "row") -> RuleResult:
    tested = counts["ok"] + counts["violation"]
    reason = None
    if tested == 0:
        unknown, skipped = counts["unknown"], counts["skipped"]
        reason = Text(
            zh=f"没有可检查的记录（无法判断 {unknown}，不适用 {skipped}）",
            en=f"nothing could be tested ({unknown} unknown, {skipped} skipped)",
        )
    return RuleResult(
        rule_id=rule.rule_id,
        result="flagged" if findings else "clean" if tested else "not_applicable",
        reason=reason,
        tested=tested,
        ok=counts["ok"],
        violation=counts["violation"],
        unknown=counts["unknown"],
        skipped=counts["skipped"],
        findings=findings,
        grain=grain,
    )


def _clash(rule: Rule, alias: str, clash: exp.Select, session: Session) -> ContractFinding | None:
    rows = [f"{row[SOURCE_FILE]}:{row[SOURCE_ROW]}" for row in session.rows(clash)]
    if not rows:
        return None
    with_ = rule.scope.joined[alias]
    names = ", ".join(theirs for _, theirs in with_.match)
    label = with_.table.label
    return ContractFinding(
        table_name=with_.table.name,
        check="two_in_force",
        text=Text(
            zh=f"“{label.zh}”中有 {len(rows)} 行在同一天对同一 {names} 同时有效，规则未采用这些行",
            en=f"{len(rows)} rows of {label.en} are in force on one day for one {names}; no rule used them",
        ),
        rows=tuple(sorted(rows)),
    )

"""What became of the findings of an earlier run that are not found now: the rule is asked for its verdict on exactly
those subjects, and whoever was not looked at, or not by the same rule, is not tested again.

Not being found is no proof: the record may be of another month, gone from the extract, outside the rule's scope, or
lack what the verdict needs. In order is only what was in scope, could be judged and was judged ok. It is one query a
rule for all its former findings, and none for a rule that found them all anew. A record of an earlier month that is
among the data still is asked about in that month: so a case of May that was corrected in June is seen to be in order,
and one that was not, to be as it was.
"""

import traceback
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlglot import exp

from auditor.core.finding import Evidence, Finding, read_fingerprint
from auditor.core.followed import Retested
from auditor.core.result import RuleCard, RuleResult, Run
from auditor.core.text import Text
from auditor.engines import found
from auditor.engines.base import Session
from auditor.engines.compiler import compile_rule
from auditor.engines.counts import read_counts
from auditor.engines.judged import Data
from auditor.engines.query import Query
from auditor.engines.together import Time
from auditor.kinds import sql
from auditor.kinds.base import GroupKind, RowKind
from auditor.kinds.scope import Clock, Setting
from auditor.rulebook import Rule

_ASKED = "asked_again"
_IN_ORDER = Text(zh="本次重新检查，判定正常", en="tested again and judged in order")
_GONE_RULE = Text(zh="本次运行的规则中没有这条规则", en="the rule is not among those of this run")
_TESTED_NOTHING = Text(
    zh="规则本次没有检查任何记录（原因见规则）", en="the rule tested nothing this time (why: see the rule)"
)
_NOT_COMBINED = Text(
    zh="所合并的规则中有本次没有检查的", en="a rule whose findings are combined tested nothing this time"
)
_OTHER_KEY = Text(
    zh="规则识别对象的方式已改变，无法对应", en="the rule tells its subjects apart in another way than it did"
)
_CHANGED = Text(
    zh="规则或其参数自上次运行后已改变，未再发现不能说明已经改正",
    en="the rule or a parameter was changed since: that it is not found any more proves nothing",
)
_STILL = Text(
    zh="其记录仍被判为有问题，但归入了另一项发现", en="its rows are flagged still, as part of another finding"
)
_UNKNOWN = Text(zh="本次缺少判断所需的内容，无法判断", en="it could not be judged this time: something needed is blank")
_OUT_OF_SCOPE = Text(zh="本次不在规则的检查范围之内", en="it is no longer in the scope of the rule")
_ANOTHER_TIME = Text(
    zh="其记录不属于本次审计期间，没有重新检查", en="its rows are not of the audited period and were not looked at"
)
_THEN = {
    True: (
        "已按其所属期间（{period}）用本次数据重新检查，判定正常",
        "asked about in its own period ({period}), with the data of today, and judged in order",
    ),
    False: (
        "已按其所属期间（{period}）用本次数据重新检查，仍有问题",
        "asked about in its own period ({period}), with the data of today, and flagged still",
    ),
}
_ABSENT = Text(
    zh="本次装载的数据中没有其记录（未提供，或已隔离）",
    en="its rows are not among those loaded this time (not given, or in quarantine)",
)
_NAMELESS = Text(
    zh="所依据的记录没有编号，无法在本次数据中找到", en="its rows have no id by which to find them in these data"
)
_NOT_AMONG = Text(
    zh="本次没有足以判断的记录，不在受检对象之中", en="it is not among those judged this time: no rows, or too few"
)


def retest(
    missing: Sequence[Finding], baseline: Run, judged: Sequence[tuple[Rule, RuleResult]], session: Session,
    data: Data, time: Time, traces: dict[str, str],
) -> dict[str, Retested]:  # fmt: skip
    """By the id of each finding of the baseline that is missing now: how it stands today. Never raises for what lies in
    a rule or the data; where the question itself breaks, the finding was not tested again and says so, and `traces`
    keeps the trace under the rule's id."""
    rules = {rule.rule_id: rule for rule, _ in judged}
    results = {result.rule_id: result for _, result in judged}
    former = {card.rule_id: card for card in (*baseline.former_cards, *baseline.cards)}
    rows: dict[str, list[Evidence]] = defaultdict(list)
    wanted = {finding.finding_id for finding in missing}
    for row in baseline.evidence:
        if row.role == found.SUBJECT and row.finding_id in wanted:
            rows[row.finding_id].append(row)
    of_rule: dict[str, list[Finding]] = defaultdict(list)
    for finding in missing:
        of_rule[finding.rule_id].append(finding)
    told: dict[str, Retested] = {}
    for rule_id in sorted(of_rule):
        findings, rule = of_rule[rule_id], rules.get(rule_id)
        untested = _GONE_RULE if rule is None else _untested(rule, former[rule_id], results, baseline)
        if rule is None or untested is not None:
            told |= {one.finding_id: Retested(in_order=False, reason=untested or _GONE_RULE) for one in findings}
            continue
        try:
            answers = _asked(rule, findings, rows, session, data, time.clock)
            told |= answers
            if isinstance(rule.kind, RowKind) and not rule.combines:
                elsewhen = [one for one in findings if answers[one.finding_id].reason == _ANOTHER_TIME]
                told |= _in_their_periods(rule, elsewhen, rows, session, data, time.clock, _periods(baseline))
        except Exception as error:  # noqa: BLE001 - as in judge: what breaks one question is its own answer
            traces[rule_id] = traceback.format_exc()
            # What the error says may hold a value of the data; its trace stays with the working papers.
            name = type(error).__name__
            reason = Text(zh=f"复检时出错（{name}）", en=f"asking the rule again failed ({name})")
            told |= {one.finding_id: Retested(in_order=False, reason=reason) for one in findings}
    return told


def _untested(rule: Rule, before: RuleCard, results: Mapping[str, RuleResult], baseline: Run) -> Text | None:
    """Why nothing that the rule says today can clear what it found before; None where it can."""
    if results[rule.rule_id].result not in ("flagged", "clean"):
        return _TESTED_NOTHING
    if (before.key, before.table, before.kind) != (rule.key, rule.scope.table.name, rule.kind.name):
        return _OTHER_KEY
    now = {parameter.name: parameter.value for parameter in rule.parameters}
    if before.logic != rule.logic or {parameter.name: parameter.value for parameter in before.parameters} != now:
        return _CHANGED
    if not rule.combines:
        return None
    named: tuple[str, ...] = () if rule.kind.takes_all else rule.kind.rests_on
    ran = [result.rule_id for result in baseline.results if result.result in ("flagged", "clean")]
    wanted = set(named) or set(ran) - {rule.rule_id}
    silent = any(name not in results or results[name].result not in ("flagged", "clean") for name in wanted)
    return _NOT_COMBINED if silent else None


def _asked(
    rule: Rule,
    findings: Sequence[Finding],
    rows: Mapping[str, list[Evidence]],
    session: Session,
    data: Data,
    clock: Clock,
) -> dict[str, Retested]:
    columns = {**data.columns, found.FINDINGS: found.provided()} if rule.combines else data.columns
    setting = Setting(scope=rule.scope, clock=clock, date_precision=data.date_precision, provided=columns)
    query = compile_rule(rule, setting)
    if isinstance(rule.kind, GroupKind):
        return _of_groups(rule.kind, findings, query, session)
    if query.judgement is not None and query.judgement.anchor is not None:
        return _of_windows(rule, findings, rows, query, session)
    return _of_keys(rule, findings, query, session)


def _periods(baseline: Run) -> dict[str, tuple[date, date]]:
    """The first and the last day of the runs so far, by their labels."""
    known = {earlier.period: (earlier.first, earlier.last) for earlier in baseline.chain}
    return {**known, baseline.period.label: (baseline.period.first, baseline.period.last)}


def _in_their_periods(
    rule: Rule, findings: Sequence[Finding], rows: Mapping[str, list[Evidence]], session: Session, data: Data,
    clock: Clock, periods: Mapping[str, tuple[date, date]],
) -> dict[str, Retested]:  # fmt: skip
    """What the rule says of findings of earlier periods when these are audited once more, with the data of today and
    up to the present; those of which it says nothing more then are left out."""
    told: dict[str, Retested] = {}
    of_period: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        of_period[finding.period].append(finding)
    for period in sorted(of_period.keys() & periods.keys()):
        first, last = periods[period]
        then = replace(clock, first=first, last=last)
        for finding_id, answer in _asked(rule, of_period[period], rows, session, data, then).items():
            if answer.reason in (_IN_ORDER, _STILL):
                zh, en = (said.format(period=period) for said in _THEN[answer.in_order])
                told[finding_id] = replace(answer, reason=Text(zh=zh, en=en))
            elif answer.reason != _ANOTHER_TIME:
                told[finding_id] = answer
    return told


def _of_groups(kind: GroupKind, findings: Sequence[Finding], query: Query, session: Session) -> dict[str, Retested]:
    """A subject is in order where the statistics judged it and did not flag it; one with too few rows is told so, even
    among so many that they are not named otherwise."""
    asked = {finding.finding_id: _known(finding) for finding in findings}
    always = sorted({parts[0] for parts in asked.values() if len(parts) == 1})
    conclusion = read_counts(query, session, always=always).concluded(kind)
    flagged = {verdict.parts or (verdict.subject,): verdict.flagged for verdict in conclusion.verdicts}
    passed_over = {one.subject_id: one.reason for one in conclusion.not_judged}
    told: dict[str, Retested] = {}
    for finding in findings:
        known = asked[finding.finding_id]
        match flagged.get(known):
            case False:
                told[finding.finding_id] = Retested(in_order=True, reason=_IN_ORDER)
            case True:
                told[finding.finding_id] = Retested(in_order=False, reason=_STILL)
            case None:
                why = passed_over.get("/".join(known), _NOT_AMONG)
                told[finding.finding_id] = Retested(in_order=False, reason=why)
    return told


def _known(finding: Finding) -> tuple[str, ...]:
    """The subject that a finding of a statistical rule is about, or the parts of a compound one."""
    _, parts, _ = read_fingerprint(finding.fingerprint)
    return tuple(part for part in parts if part is not None)


@dataclass(kw_only=True)
class _Tally:
    """How many rows of a former finding have which verdict, in the period and outside it; `present` count all."""

    within: dict[str, int] = field(default_factory=lambda: defaultdict[str, int](int))
    without: dict[str, int] = field(default_factory=lambda: defaultdict[str, int](int))
    present: int = 0

    def answer(self) -> Retested:
        """All that was judged in the period must be ok, and something must have been."""
        if self.within.get("violation"):
            return Retested(in_order=False, reason=_STILL)
        if self.within.get("unknown"):
            return Retested(in_order=False, reason=_UNKNOWN)
        if self.within.get("ok"):
            return Retested(in_order=True, reason=_IN_ORDER)
        if self.within:
            return Retested(in_order=False, reason=_OUT_OF_SCOPE)
        return Retested(in_order=False, reason=_ANOTHER_TIME if self.without or self.present else _ABSENT)


def _of_keys(rule: Rule, findings: Sequence[Finding], query: Query, session: Session) -> dict[str, Retested]:
    """The rows of today that bear the key of each finding."""
    numbers = range(1, len(rule.key) + 1)
    keys = [read_fingerprint(finding.fingerprint)[1] for finding in findings]
    if any(len(key) != len(rule.key) for key in keys):
        return {finding.finding_id: Retested(in_order=False, reason=_OTHER_KEY) for finding in findings}
    names = ("number", *(f"value_{n}" for n in numbers), *(f"missing_{n}" for n in numbers))
    session.keep_rows(
        _ASKED,
        names,
        [
            (number, *(part or "" for part in key), *(int(part is None) for part in key))
            for number, key in enumerate(keys)
        ],
    )
    table = rule.scope.table.name
    verdicts = _tallied(query, [sql.column(f"key_{n}", "j") for n in numbers])
    own = [sql.cast_to(sql.column(name, table), "text") for name in rule.key]
    present = (
        exp.select(
            sql.column("number", "a"),
            exp.alias_(sql.text("present"), "verdict"),
            exp.alias_(exp.false(), "in_period"),
            exp.alias_(exp.Count(this=exp.Star()), "n"),
        )
        .from_(sql.relation(_ASKED, "a"))
        .join(exp.to_table(table), on=_alike(own), join_type="inner")
        .group_by(sql.column("number", "a"))
    )
    tallies = _read(session, exp.union(verdicts, present, distinct=False))
    return {finding.finding_id: tallies[number].answer() for number, finding in enumerate(findings)}


def _of_windows(
    rule: Rule, findings: Sequence[Finding], rows: Mapping[str, list[Evidence]], query: Query, session: Session
) -> dict[str, Retested]:
    """A finding of one stretch of time, or one group of rows, is told by its own rows: other rows of the same key are
    another matter. Each must be there and in order, wherever it lies, and one of them in the period."""
    if not rule.scope.table.key:
        return {finding.finding_id: Retested(in_order=False, reason=_NAMELESS) for finding in findings}
    asked = [
        (number, key, 0)
        for number, finding in enumerate(findings)
        for key in sorted({row.row_key for row in rows.get(finding.finding_id, ())})
    ]
    wanted: dict[int, int] = defaultdict(int)
    for number, _, _ in asked:
        wanted[number] += 1
    session.keep_rows(_ASKED, ("number", "value_1", "missing_1"), asked)
    tallies = _read(session, _tallied(query, [sql.column("row_key", "j")]))
    told: dict[str, Retested] = {}
    for number, finding in enumerate(findings):
        tally = tallies[number]
        seen = sum(tally.within.values()) + sum(tally.without.values())
        answer = tally.answer()
        if seen < wanted[number]:
            answer = Retested(in_order=False, reason=_ABSENT)
        elif answer.in_order and set(tally.without) - {"ok"}:
            answer = replace(answer, in_order=False, reason=_STILL if "violation" in tally.without else _UNKNOWN)
        told[finding.finding_id] = answer
    return told


def _tallied(query: Query, values: Sequence[sql.Expr]) -> exp.Select:
    """How many of the judged rows that were asked for have which verdict."""
    by = [sql.column("number", "a"), sql.column("verdict", "j"), sql.column("in_period", "j")]
    return (
        exp.select(*by, exp.alias_(exp.Count(this=exp.Star()), "n"))
        .from_(sql.relation(_ASKED, "a"))
        .join(query.judged.subquery("j"), on=_alike(values), join_type="inner")
        .group_by(*by)
    )


def _alike(values: Sequence[sql.Expr]) -> sql.Expr:
    """A missing part of a key is like another missing one; as two equalities, so that the join is by hash."""
    tests: list[sql.Expr] = []
    for number, value in enumerate(values, 1):
        blank = sql.case((sql.is_null(value), sql.number(1)), otherwise=sql.number(0))
        tests.append(sql.equal(sql.coalesce(value.copy(), sql.text("")), sql.column(f"value_{number}", "a")))
        tests.append(sql.equal(blank, sql.column(f"missing_{number}", "a")))
    return sql.both(*tests)


def _read(session: Session, question: sql.Expr) -> dict[int, _Tally]:
    tallies: dict[int, _Tally] = defaultdict(_Tally)
    for row in session.rows(question):
        tally = tallies[row["number"]]
        if row["verdict"] == "present":
            tally.present += row["n"]
        else:
            (tally.within if row["in_period"] else tally.without)[row["verdict"]] += row["n"]
    return tallies

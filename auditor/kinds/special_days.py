"""The special days on which counts may surge: a month's last, days off, a campaign's; and what a surge on them says."""

from collections.abc import Mapping, Sequence
from typing import Literal, cast

from sqlglot import exp

from auditor.core.result import NotJudged
from auditor.core.text import Text
from auditor.kinds import sql
from auditor.kinds.base import Conclusion, Count, FactSpec, Verdict
from auditor.kinds.population import Days, Joined
from auditor.kinds.scope import Setting

_ENDS = {"month_end": "MONTH", "quarter_end": "QUARTER", "year_end": "YEAR"}
CALENDARS = (*_ENDS, "holiday", "campaign")
AGAINST = ("own", "peers")
LAST_DAYS = 5
"""How many last days make a month's end, where the rule doesn't say."""

_DAYS, _CAMPAIGNS = "workdays", "campaigns"
_REASONS = {
    "no_special_days": Text(zh="期间内特殊日太少，不作判断", en="too few special days in the period to judge"),
    "short_history": Text(zh="基线月份太少，不作判断", en="too few months before to judge"),
    "too_few_days": Text(zh="可比的平日太少，不作判断", en="too few ordinary days to compare with"),
    "too_few_rows": Text(zh="平日数量太少，不作判断", en="too few rows on its ordinary days to judge"),
    "too_few_peers": Text(zh="可比同行太少，不作判断", en="too few peers to compare with"),
}
FACTS: Mapping[str, FactSpec] = {
    "special_days": FactSpec(type="int", doc=Text(zh="特殊日天数", en="special days in the period")),
    "ordinary_days": FactSpec(type="int", doc=Text(zh="平日天数", en="ordinary days it is compared with")),
    "ordinary": FactSpec(type="int", doc=Text(zh="平日合计数量", en="its rows on those ordinary days")),
    "own_expected": FactSpec(type="double", doc=Text(zh="按自身平日推算", en="what its own ordinary days would give")),
    "peers_times": FactSpec(
        type="double", doc=Text(zh="同行特殊日为平日推算的倍数", en="how peers' special days moved")
    ),
}


def arithmetic(against: str) -> tuple[Text, ...]:
    """How a verdict on special days is worked out."""
    moved = (
        (
            "，同行特殊日为其平日推算的 {peers_times} 倍 → 预期 {expected}",
            "; peers moved {peers_times} times → {expected}",
        )
        if against == "peers"
        else ("", "")
    )
    return (
        Text(
            zh=f"特殊日 {{special_days}} 天共 {{count}}；自身平日 {{ordinary_days}} 天共 {{ordinary}}，"
            f"同类日折算为 {{own_expected}}{moved[0]}",
            en=f"{{count}} on {{special_days}} special days; {{ordinary}} on its own {{ordinary_days}} ordinary days "
            f"give {{own_expected}} on as many alike{moved[1]}",
        ),
        Text(
            zh="为预期的 {times} 倍，超出 {excess}（95% 区间 {lower} 至 {upper}），q = {q_value}，参与判断 {of} 个",
            en="{times} times as many, excess {excess} (95 % interval {lower} to {upper}), q = {q_value}, {of} judged",
        ),
    )


def special(calendar: str, last: int, setting: Setting) -> Days:
    """The days of a calendar. Days off are compared with worked days; else like is compared with like."""
    day, worked = sql.column("day", _DAYS), sql.column("is_workday", _DAYS)
    like = sql.case((worked, sql.text("worked")), otherwise=sql.text("off"))
    if calendar == "holiday":
        return Days(special=sql.negate(worked), like=sql.text("any"))
    if calendar == "campaign":
        running = sql.both(
            sql.at_most(sql.column("from_on", _CAMPAIGNS), day), sql.at_most(day, sql.column("to_on", _CAMPAIGNS))
        )
        table, unit = setting.scope.table, None
        if setting.has(_CAMPAIGNS, "unit_id"):
            theirs = sql.column("unit_id", _CAMPAIGNS)
            everybody = sql.is_null(theirs)
            if "unit_id" in table.columns and setting.has(table.name, "unit_id"):
                unit = setting.own("unit_id")
                everybody = sql.either(everybody, sql.equal(theirs, sql.column("day_unit", "subjects")))
            running = sql.both(running, everybody)
        register = Joined(alias=_CAMPAIGNS, relation=_CAMPAIGNS, on=running)
        return Days(special=exp.true(), like=like, register=register, unit=unit)
    begins = sql.less(_begin(day, calendar), _begin(sql.days_later(day, sql.number(last)), calendar))
    return Days(special=begins, like=like)


def _begin(day: sql.Expr, calendar: str) -> sql.Expr:
    """The first day of the month, quarter or year in which a day lies."""
    return sql.day(exp.TimestampTrunc(this=sql.moment(day), unit=exp.Var(this=_ENDS[calendar])))


def conclude(
    counts: Sequence[Count],
    *,
    against: str,
    min_months: int,
    min_special: int,
    min_ordinary: int,
    min_n: int,
    q: float,
    min_excess: float,
) -> Conclusion:
    """Who surges on special days, from the counts by subject, month, special or ordinary, and class of day."""
    from auditor.stats.special_days import DayCell, special_days

    cells = [
        DayCell(
            subject=count.subject,
            month=count.month,
            audited=count.audited,
            special=count.stratum[0] == "special",
            like=count.stratum[1] or "",
            days=count.days,
            n=count.n,
            squares=count.squares,
        )
        for count in counts
        if count.month is not None
    ]
    found = special_days(
        cells,
        against=cast(Literal["own", "peers"], against),
        min_months=min_months,
        min_special=min_special,
        min_ordinary=min_ordinary,
        min_n=min_n,
        q=q,
        min_excess=min_excess,
    )
    judged = [one for one in found if one.reason is None]
    verdicts = tuple(
        Verdict(
            subject=one.subject,
            flagged=one.flagged,
            facts={
                "count": str(one.count),
                "expected": f"{one.expected:.1f}",
                "times": f"{one.count / one.expected:.1f}",
                "excess": f"{one.count - one.expected:.1f}",
                "lower": f"{one.lower:.1f}",
                "upper": f"{one.upper:.1f}",
                "q_value": f"{one.q_value:.2g}",
                "of": str(len(judged)),
                "special_days": str(one.special_days),
                "ordinary_days": str(one.ordinary_days),
                "ordinary": str(one.ordinary),
                "own_expected": f"{one.own:.1f}",
                "peers_times": f"{one.moved:.2f}" if against == "peers" else None,
            },
            value=float(one.count),
            expected=one.expected,
            lower=one.lower,
            upper=one.upper,
            p_value=one.p_value,
            q_value=one.q_value,
            n=one.count,
            threshold=round((1 + min_excess) * one.expected, 6),
        )
        for one in judged
    )
    not_judged = tuple(
        NotJudged(subject_id=one.subject, reason=_REASONS[one.reason], n=one.ordinary)
        for one in found
        if one.reason is not None
    )
    return Conclusion(verdicts=verdicts, not_judged=not_judged)


def named(calendar: str, last: int) -> Text:
    """The special days in words."""
    match calendar:
        case "holiday":
            return Text(zh="休息日和节假日", en="days off")
        case "campaign":
            return Text(zh="专项行动期间", en="the days of a campaign")
        case _:
            zh = {"month_end": "月", "quarter_end": "季", "year_end": "年"}[calendar]
            return Text(zh=f"{zh}末 {last} 天", en=f"the last {last} days of the {calendar.removesuffix('_end')}")


def compared(calendar: str, against: str) -> Text:
    """With what the special days are compared, in words."""
    alike = (
        ("自身工作日", "worked days") if calendar == "holiday" else ("自身同类平日", "ordinary days of the same class")
    )
    if against == "peers":
        return Text(
            zh=f"与按{alike[0]}推算、再随同行特殊日变化调整的数量相比",
            en=f"with what its own {alike[1]} lead to expect, moved as peers' special days moved",
        )
    return Text(
        zh=f"与按{alike[0]}推算的数量相比（不与同行比较）",
        en=f"with what its own {alike[1]} lead to expect, whatever its peers do",
    )

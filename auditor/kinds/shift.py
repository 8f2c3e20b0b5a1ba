"""The control chart: a subject whose count jumps beside its own past, in a month or on special days.

Months and special days are one question, whether a count lies above what the subject's own other days lead to expect;
they differ in which days are set apart, and the statistics of each stand in a module of their own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlglot import exp

from auditor.core.duration import Duration
from auditor.core.period import day_before
from auditor.core.result import NotJudged
from auditor.core.text import Text
from auditor.kinds import special_days, sql
from auditor.kinds.base import Conclusion, Count, FactSpec, GroupKind, Verdict, kind, reads
from auditor.kinds.conditions import Limit
from auditor.kinds.population import Population
from auditor.kinds.scope import Setting
from auditor.kinds.spoken import Speaker
from auditor.kinds.standings import rarely_false

_REASONS = {
    "short_history": Text(zh="基线月份太少，不作判断", en="too few months before to judge"),
    "too_few_rows": Text(zh="基线期数量太少，不作判断", en="too few rows in the months before to judge"),
    "too_few_peers": Text(zh="可比同行太少，不作判断", en="too few peers to know the season"),
}


_BY_DAY = Text(
    zh="按{subject}统计期间内{which}的{rows}，{beside}；平日取期间内及此前{length}，"
    "至少{least}、{min_n} 件，超出预期 {floor} 以上且错误发现率不超过 {q} 的列为线索",
    en="counts {rows} by {subject} on {which} and compares them {beside}; ordinary days are "
    "those of the period and of {length} before, at least {least} and {min_n} rows; {floor} or more above the "
    "expected count and a false discovery rate of at most {q} make a lead",
)
_BY_MONTH = Text(
    zh="按{subject}统计每月{rows}，与自身此前{length}并按同行当月变化推算的数量相比；"
    "至少{least}、{min_n} 件基线，超出预期 {floor} 以上且错误发现率不超过 {q} 的列为线索",
    en="counts {rows} by {subject} and month and compares them with its own {length} before, "
    "moved as peers moved; at least {least} and {min_n} rows of baseline, {floor} or more above the expected count "
    "and a false discovery rate of at most {q} make a lead",
)


@kind("shift")
@dataclass(frozen=True, kw_only=True)
class Shift(GroupKind):
    """Flags a subject (`by`) whose count in an audited month lies far above its own months before, once moved by as
    much as its peers' counts moved in the same month.

    The baseline is the `baseline` months before the month in which the audited period begins, as many as the subject
    has from its first full month on; with fewer than `min_baseline`, fewer than `min_n` rows in them, or fewer than
    three peers with as long a history it is listed as not judged. Limits are those of a count with a log-normal rate,
    as wide as the baseline's own ups and downs demand. Every audited month of every judged subject is a test; the false
    discovery rate is held at `q`, and the count must be at least 1 + `min_excess` times the expected one. A
    rise that all share (a campaign, a holiday, a new law) flags nobody, and neither does a fall. Without a
    period the last month is the audited one.

    With `calendar` not months but days are compared: the audited period's special days, taken together, with the
    subject's own ordinary days in it and in the `baseline` months before, worked days with worked days and days off
    with days off, each month at its own level. Special are the last `days` days of a month, quarter or year
    (`month_end`, `quarter_end`, `year_end`); the days that the working calendar calls days off (`holiday`, compared
    with worked days); or those of a `campaign`, from its first to its last day, of the row's unit or of no unit (for
    all). `against: own` asks whether it surges at all, also where everybody does; `against: peers` whether by more than
    its peers, which is the question for campaigns that are ordered and days off that some must work. Every subject is
    one test. With fewer than `min_special` special days, `min_ordinary` ordinary ones, or five of them of a class that
    has special ones, it is listed as not judged.

    NULL: a row without its moment, or for which `count` or `by` is NULL, isn't counted. A month without rows is a month
    with a count of 0, and so is a day.
    """

    example = """\
by: officer_id
count: outcome = 'fine'
"""

    metric = "count"
    fact_specs = {
        **special_days.FACTS,
        "month": FactSpec(type="string", doc=Text(zh="月份", en="the month that stands out most")),
        "months": FactSpec(type="list", doc=Text(zh="异常月份", en="every month that stands out")),
        "count": FactSpec(
            type="int", doc=Text(zh="当月或特殊日数量", en="count in that month, or on the special days")
        ),
        "expected": FactSpec(type="double", doc=Text(zh="预期数量", en="expected count")),
        "times": FactSpec(type="double", doc=Text(zh="为预期的倍数", en="times the expected count")),
        "excess": FactSpec(type="double", doc=Text(zh="超出数量", en="excess over the expected count")),
        "lower": FactSpec(type="double", doc=Text(zh="超出的下限（95%）", en="lower end of the excess (95 %)")),
        "upper": FactSpec(type="double", doc=Text(zh="超出的上限（95%）", en="upper end of the excess (95 %)")),
        "q_value": FactSpec(type="double", doc=Text(zh="错误发现率", en="false discovery rate (q)")),
        "of": FactSpec(type="int", doc=Text(zh="参与比较的对象数", en="how many were judged")),
        "usual": FactSpec(type="double", doc=Text(zh="基线月均", en="mean of its months before")),
        "baseline_months": FactSpec(type="int", doc=Text(zh="基线月数", en="months in its baseline")),
    }
    monthly_steps = (
        Text(
            zh="{month} 共 {count} 件；此前 {baseline_months} 个月月均 {usual} 件，按同行当月变化应约 {expected} 件",
            en="{count} in {month}; {usual} a month over the {baseline_months} before, about {expected} as peers moved",
        ),
        Text(
            zh="为预期的 {times} 倍，超出 {excess}（95% 区间 {lower} 至 {upper}），q = {q_value}，可比对象 {of} 个",
            en="{times} times as many, excess {excess} (95 % interval {lower} to {upper}), q = {q_value}, {of} judged",
        ),
    )

    @property
    def arithmetic(self) -> tuple[Text, ...]:
        return self.monthly_steps if self.calendar is None else special_days.arithmetic(self.against)

    by: sql.Expr = reads("expression", Text(zh="比较的对象", en="the subject: device, officer, unit, site"))
    count: sql.Expr | None = reads(
        "condition", Text(zh="计数的记录", en="which rows are counted; all, if left out"), default=None
    )
    baseline: Duration = reads(
        "duration", Text(zh="基线长度", en="how many months before are the baseline"), default=Duration(12, "months")
    )
    min_baseline: Duration = reads(
        "duration", Text(zh="最短基线", en="fewest months of its own to judge"), default=Duration(6, "months")
    )
    min_n: int = reads("count", Text(zh="基线最少数量", en="fewest rows in its baseline to judge"), default=30)
    q: float = reads("share", Text(zh="错误发现率", en="the false discovery rate"), default=0.05)
    min_excess: Decimal = reads(
        "number", Text(zh="最小超出幅度", en="the least excess, as a multiple of the expected"), default=Decimal("0.5")
    )
    calendar: str | None = reads(
        "choice",
        Text(zh="哪些是特殊日；不写则按月比较", en="which days are special; months are compared, if left out"),
        default=None,
        choices=special_days.CALENDARS,
    )
    days: int | None = reads(
        "count",
        Text(zh="月末、季末、年末的天数，默认 5", en="last days of the month, quarter or year; 5"),
        default=None,
    )
    against: str = reads(
        "choice",
        Text(zh="特殊日与自身平日比，还是再与同行比", en="special days against its own others, or peers' surge too"),
        default="own",
        choices=special_days.AGAINST,
    )
    min_special: int = reads("count", Text(zh="最少特殊日", en="fewest special days to judge"), default=3)
    min_ordinary: int = reads("count", Text(zh="最少平日", en="fewest ordinary days to judge"), default=60)

    def faults(self) -> Sequence[tuple[str, str]]:
        found = [
            (name, "must be in months")
            for name, length in (("baseline", self.baseline), ("min_baseline", self.min_baseline))
            if length.unit != "months"
        ]
        if self.min_baseline.count < 3:
            found.append(("min_baseline", "must be 3 months or more, to know the ups and downs"))
        if self.baseline.count < self.min_baseline.count:
            found.append(("baseline", f"is shorter than min_baseline ({self.min_baseline})"))
        if not self.q:
            found.append(("q", "must be more than 0"))
        if self.min_excess < 0:
            found.append(("min_excess", "must be 0 or more"))
        if self.calendar is None and self.against != "own":
            found.append(("against", "goes with `calendar`; months are always compared as peers moved"))
        if self.days is not None:
            if not (self.calendar or "").endswith("_end"):
                found.append(("days", "goes with the end of a month, quarter or year"))
            elif not 1 <= self.days <= 20:
                found.append(("days", "must be 1 to 20, so that ordinary days remain"))
        return found

    def reaches_back_to(self, first: date, last: date) -> date | None:
        return day_before(first.replace(day=1), self.baseline)

    @property
    def threshold(self) -> float:
        return float(self.min_excess)

    def population(self, setting: Setting) -> Population:
        days = None if self.calendar is None else special_days.special(self.calendar, self._last, setting)
        return Population(
            of=exp.true(), by=self.by, strata=(), window=None, within=self.count, months=self.baseline.count, days=days
        )

    @property
    def _last(self) -> int:
        return special_days.LAST_DAYS if self.days is None else self.days

    def conclude(self, counts: Sequence[Count]) -> Conclusion:
        if self.calendar is None:
            return self._by_month(counts)
        return special_days.conclude(
            counts,
            against=self.against,
            min_months=self.min_baseline.count,
            min_special=self.min_special,
            min_ordinary=self.min_ordinary,
            min_n=self.min_n,
            q=self.q,
            min_excess=float(self.min_excess),
        )

    def _by_month(self, counts: Sequence[Count]) -> Conclusion:
        from auditor.stats.surge import Monthly, surges

        charts = surges(
            [
                Monthly(subject=count.subject, month=count.month, audited=count.audited, n=count.n)
                for count in counts
                if count.month is not None
            ],
            months=self.baseline.count,
            min_months=self.min_baseline.count,
            min_n=self.min_n,
            q=self.q,
            min_excess=float(self.min_excess),
        )
        judged = [chart for chart in charts if chart.reason is None]
        verdicts: list[Verdict] = []
        for chart in judged:
            most = chart.audited[0]
            facts = {
                "month": f"{most.month:%Y-%m}",
                "months": ", ".join(sorted(f"{one.month:%Y-%m}" for one in chart.audited if one.flagged)) or None,
                "count": str(most.count),
                "expected": f"{most.expected:.1f}",
                "times": f"{most.count / most.expected:.1f}",
                "excess": f"{most.count - most.expected:.1f}",
                "lower": f"{most.lower:.1f}",
                "upper": f"{most.upper:.1f}",
                "q_value": f"{most.q_value:.2g}",
                "of": str(len(judged)),
                "usual": f"{chart.baseline / chart.months:.1f}",
                "baseline_months": str(chart.months),
            }
            verdicts.append(
                Verdict(
                    subject=chart.subject,
                    flagged=most.flagged,
                    facts=facts,
                    value=float(most.count),
                    expected=most.expected,
                    lower=most.lower,
                    upper=most.upper,
                    p_value=most.p_value,
                    q_value=most.q_value,
                    n=sum(one.count for one in chart.audited),
                    threshold=round((1 + self.threshold) * most.expected, 6),
                )
            )
        not_judged = tuple(
            NotJudged(subject_id=chart.subject, reason=_REASONS[chart.reason], n=chart.baseline)
            for chart in charts
            if chart.reason is not None
        )
        return Conclusion(verdicts=tuple(verdicts), not_judged=not_judged)

    def limits(self, say: Speaker) -> Sequence[Limit]:
        enough = {"baseline_months": self.min_baseline.count}
        if self.calendar is not None:
            enough = {"special_days": self.min_special, "ordinary_days": self.min_ordinary, "ordinary": self.min_n}
        above = Text(zh="超出预期 {floor} 以上", en="it is {floor} or more above the expected count")
        return [
            *(_at_least(fact, least) for fact, least in enough.items()),
            Limit(
                text=above.filled(floor=f"{self.min_excess:.0%}"),
                met=lambda one: None if one.threshold is None else one.value >= one.threshold,
            ),
            rarely_false(self.q),
        ]

    def sentence(self, say: Speaker) -> Text:
        rows = Text(zh="记录数", en="the rows")
        if self.count is not None:
            rows = Text(zh="记录数（只计：{condition}）", en="the rows (only those: {condition})").filled(
                condition=say.condition(self.count)
            )
        parts: dict[str, Text | str | int] = {
            "rows": rows,
            "subject": say.value(self.by),
            "length": self.baseline.text,
            "least": self.min_baseline.text,
            "min_n": self.min_n,
            "floor": f"{self.min_excess:.0%}",
            "q": f"{self.q:g}",
        }
        if self.calendar is None:
            return _BY_MONTH.filled(**parts)
        parts["which"] = special_days.named(self.calendar, self._last)
        parts["beside"] = special_days.compared(self.calendar, self.against)
        return _BY_DAY.filled(**parts)


_LEAST = {
    "baseline_months": Text(zh="基线至少有 {least} 个月", en="there are at least {least} months of baseline"),
    "special_days": Text(zh="至少有 {least} 个特殊日", en="there are at least {least} special days"),
    "ordinary_days": Text(zh="至少有 {least} 个平日", en="there are at least {least} ordinary days"),
    "ordinary": Text(zh="平日至少有 {least} 件", en="there are at least {least} rows on ordinary days"),
}


def _at_least(fact: str, least: int) -> Limit:
    return Limit(text=_LEAST[fact].filled(least=least), met=lambda one: int(one.facts[fact] or 0) >= least)

"""Heaping: measured values piled up just under a legal threshold, by the hand that took them."""

from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from decimal import Decimal

from auditor.core.picture import Bin
from auditor.core.text import Text
from auditor.kinds import sql
from auditor.kinds.base import Conclusion, Count, FactSpec, kind, reads
from auditor.kinds.conditions import Limit
from auditor.kinds.population import Population
from auditor.kinds.scope import Setting
from auditor.kinds.spoken import Speaker
from auditor.kinds.standings import SPECS, concluded, limits
from auditor.kinds.windowed import WindowedKind


@kind("bunching")
@dataclass(frozen=True, kw_only=True)
class Bunching(WindowedKind):
    """Flags a subject (`by`) more of whose values lie just under a threshold than the peers' values near it foretell.

    Looked at are the values from `at` - `reach` × `width` up to, but not including, `at` + `reach` × `width`. Of these,
    "just under" are the ones from `at` - `width` (included) up to the threshold itself (not included: a value equal to
    it has reached it). A subject's share of values just under is compared with that of its peers, the subject left out
    and in the same `strata`; limits are widened by the spread among peers, the false discovery rate is held at `q`,
    and the excess must be `min_excess` or more. Fewer than `min_n` values near the threshold: not judged.

    Peers who all do it hide each other. So a note says how many values of the whole population lie just under beyond
    what a smooth curve through the steps further off expects; that flags nobody.

    Values recorded in steps that are wider than `width`, or rounded to a number in it, heap of themselves: choose
    `width` as a multiple of the recording's step.

    NULL: a row for which `value`, `by` or a stratum is NULL isn't counted on either side.
    """

    example = """\
value: bac_mg_100ml
at: 80
width: 5
by: officer_id
"""

    fact_specs = SPECS | {
        "n": FactSpec(type="int", doc=Text(zh="临界值附近的数值个数", en="values near the threshold")),
        "k": FactSpec(type="int", doc=Text(zh="其中略低于临界值的个数", en="of which just under it")),
        "expected": FactSpec(type="share", doc=Text(zh="同行的比例", en="share of peers' values just under")),
        "threshold": FactSpec(type="double", doc=Text(zh="临界值", en="the threshold")),
        "from": FactSpec(type="double", doc=Text(zh="略低于临界值的起点", en="where just under begins")),
    }
    arithmetic_steps = (
        Text(
            zh="临界值 {threshold} 附近的数值 {n} 个，其中 {k} 个在 {from} 至 {threshold} 之间（{observed}）；"
            "同行为 {expected}",
            en="{n} values near {threshold}, {k} of them from {from} to under it ({observed}); peers: {expected}",
        ),
        Text(
            zh="高出 {excess}（95% 区间 {lower} 至 {upper}），q = {q_value}，在 {of} 名可比对象中排第 {rank}",
            en="excess {excess} (95 % interval {lower} to {upper}), q = {q_value}, rank {rank} of {of} judged",
        ),
    )

    value: sql.Expr = reads("expression", Text(zh="测量值", en="the measured value"))
    at: Decimal = reads("number", Text(zh="法定临界值", en="the legal threshold; a value equal to it has reached it"))
    width: Decimal = reads("number", Text(zh="略低于的宽度", en="how far under it still is just under"))
    by: sql.Expr = reads("expression", Text(zh="比较的对象", en="the subject: officer, device, site"))
    reach: int = reads("count", Text(zh="两侧各看几个宽度", en="how many widths on either side are near"), default=5)
    strata: tuple[sql.Expr, ...] = reads("expressions", Text(zh="分层", en="what makes values alike"), default=())
    min_n: int = reads("count", Text(zh="最少数值个数", en="fewest values near the threshold to judge"), default=30)
    q: float = reads("share", Text(zh="错误发现率", en="the false discovery rate"), default=0.05)
    min_excess: float = reads("share", Text(zh="最小超出幅度", en="the least excess that counts"), default=0.1)

    def faults(self) -> Sequence[tuple[str, str]]:
        found = [*super().faults()]
        if self.width <= 0:
            found.append(("width", "must be more than 0"))
        if self.reach < 3:
            found.append(("reach", "must be 3 or more, to see what lies further off"))
        if not self.q:
            found.append(("q", "must be more than 0"))
        return found

    @property
    def threshold(self) -> float:
        return self.min_excess

    def population(self, setting: Setting) -> Population:
        edges = [self.at + step * self.width for step in range(-self.reach, self.reach + 1)]
        steps = [(sql.less(self.value, sql.number(edge)), sql.number(i)) for i, edge in enumerate(edges[1:])]
        near = sql.both(sql.at_most(sql.number(edges[0]), self.value), sql.less(self.value, sql.number(edges[-1])))
        under = sql.both(
            sql.at_most(sql.number(edges[self.reach - 1]), self.value), sql.less(self.value, sql.number(self.at))
        )
        return Population(
            of=under, by=self.by, strata=(sql.case(*steps), *self.strata), window=self.window, within=near
        )

    def conclude(self, counts: Sequence[Count]) -> Conclusion:
        from auditor.stats import Cell, stand_out

        cells = [
            Cell(subject=count.subject, stratum=tuple(part or "" for part in count.stratum[1:]), n=count.n, k=count.k)
            for count in counts
        ]
        found = concluded(stand_out(cells, min_n=self.min_n, q=self.q, min_excess=self.min_excess))
        own: dict[str, str | None] = {"threshold": str(self.at), "from": str(self.at - self.width)}
        if not self.strata:
            own["strata"] = None
        return replace(
            found,
            verdicts=tuple(replace(verdict, facts={**verdict.facts, **own}) for verdict in found.verdicts),
            notes=(*found.notes, *self._everybody(counts)),
        )

    def histogram(self, counts: Sequence[Count], flagged: Set[str]) -> tuple[float, tuple[Bin, ...]]:
        """A bin from each edge, included, to under the next."""
        held = [[0, 0] for _ in range(2 * self.reach)]
        for count in counts:
            held[int(count.stratum[0] or 0)][count.subject in flagged] += count.n
        first = self.at - self.reach * self.width
        return float(self.at), tuple(
            Bin(
                low=float(first + step * self.width),
                high=float(first + (step + 1) * self.width),
                ok=others,
                violation=own,
            )
            for step, (others, own) in enumerate(held)
        )

    def _everybody(self, counts: Sequence[Count]) -> list[Text]:
        """The heap in the whole population, where there is enough around it to tell."""
        from auditor.stats.heaping import heap

        steps: defaultdict[int, int] = defaultdict(int)
        for count in counts:
            steps[int(count.stratum[0] or 0)] += count.n
        found = heap([steps[step] for step in range(2 * self.reach)], self.reach - 1)
        if found is None:
            return []
        place = f"{self.at - self.width}–{self.at}"
        return [
            Text(
                zh=f"全体在 {place} 之间有 {found.seen} 个数值，按两侧分布应约 {found.expected:.0f} 个，"
                f"相差 {found.excess:+.0f} 个（95% 区间 {found.lower:+.0f} 至 {found.upper:+.0f}）",
                en=f"of all values {found.seen} lie in {place}, where those on either side lead to expect about "
                f"{found.expected:.0f}: {found.excess:+.0f} (95 % interval {found.lower:+.0f} to {found.upper:+.0f})",
            )
        ]

    def limits(self, say: Speaker) -> Sequence[Limit]:
        return limits(self.min_n, self.q, self.min_excess)

    def sentence(self, say: Speaker) -> Text:
        low, first, last = self.at - self.width, self.at - self.reach * self.width, self.at + self.reach * self.width
        alike = Text(zh="", en="")
        if self.strata:
            alike = Text(zh="、{strata}相同", en=", alike in {strata}").filled(strata=say.values(self.strata))
        return Text(
            zh="按{subject}统计{value}在 {first} 至 {last} 之间{alike}的数值中略低于 {at}（自 {low} 起）的比例，"
            "与同行相比；至少 {min_n} 个数值，高出 {floor} 以上且错误发现率不超过 {q} 的列为线索",
            en="of the values of {value} from {first} to under {last}{alike}, compares the share from {low} to under "
            "{at} by {subject} with that of peers; at least {min_n} values, an excess of {floor} or more "
            "and a false discovery rate of at most {q} make a lead",
        ).filled(
            value=say.value(self.value),
            subject=say.value(self.by),
            alike=alike,
            **{"low": str(low), "first": str(first), "last": str(last), "at": str(self.at)},
            min_n=self.min_n,
            floor=f"{self.min_excess:.0%}",
            q=f"{self.q:g}",
        )

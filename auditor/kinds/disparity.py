"""The matched comparison: like cases treated unlike, by units, officers or classes of party, in either direction."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from auditor.core.text import Text
from auditor.kinds import sql
from auditor.kinds.base import Conclusion, Count, FactSpec, kind, reads
from auditor.kinds.conditions import Limit
from auditor.kinds.population import Population
from auditor.kinds.scope import Setting
from auditor.kinds.spoken import Speaker
from auditor.kinds.standings import SPECS, cell, concluded, limits
from auditor.kinds.windowed import WindowedKind

if TYPE_CHECKING:
    from auditor.stats import Crowd

FEW = 3
"""So few groups cannot show how much honest ones differ."""

SPREAD = 0.05
"""The standard deviation of honest groups' rates that is laid down for them instead; a default of this project."""


@kind("disparity")
@dataclass(frozen=True, kw_only=True)
class Disparity(WindowedKind):
    """Flags a group (`groups`) whose cases have the `outcome` more often, or less often, than the other groups' cases
    of the same `strata`.

    The others' rates on this group's mix of cases are what is expected of it (indirect standardisation, the group left
    out); cases in strata that no other group has are compared with nobody and left out. Both directions count: p is
    two-sided, the false discovery rate is held at `q`, and the difference must be `min_difference` or more either way.
    Of two groups that differ both are flagged, one above and one below. A group with fewer than `min_n` comparable
    cases is listed as not judged.

    How much honest groups differ is estimated where there are four or more. Two or three, such as local and other
    plates, cannot show it: a standard deviation of 5 points is laid down then, and the notes say so; the strata should
    name the unit or officer too, so that each compares within one hand.

    NULL: a row for which `outcome`, `groups` or a stratum is NULL isn't counted on either side.
    """

    example = """\
outcome: outcome = 'warning'
groups: unit_id
strata: [violation_code, grade]
"""

    both_ways = True
    fact_specs = SPECS | {
        "expected": FactSpec(type="share", doc=Text(zh="其他各组同类案件的比例", en="rate of others on like cases")),
        "excess": FactSpec(type="share", doc=Text(zh="相差（正为高出）", en="difference (above 0: more often)")),
        "lower": FactSpec(type="share", doc=Text(zh="相差的下限（95%）", en="lower end of the difference (95 %)")),
        "upper": FactSpec(type="share", doc=Text(zh="相差的上限（95%）", en="upper end of the difference (95 %)")),
        "rank": FactSpec(type="int", doc=Text(zh="排名", en="rank, the most conspicuous first")),
    }
    arithmetic_steps = (
        Text(
            zh="可比案件 {n} 件，其中 {k} 件（{observed}）；其他各组同类案件的比例为 {expected}",
            en="{k} of {n} comparable cases ({observed}); the others on like cases: {expected}",
        ),
        Text(
            zh="相差 {excess}（95% 区间 {lower} 至 {upper}），q = {q_value}，在 {of} 个可比组中排第 {rank}",
            en="difference {excess} (95 % interval {lower} to {upper}), q = {q_value}, rank {rank} of {of} judged",
        ),
        Text(zh="影响最大的类别：{strata}", en="driven most by: {strata}"),
    )

    outcome: sql.Expr = reads("condition", Text(zh="所考察的结果", en="the outcome whose rate is compared"))
    groups: sql.Expr = reads("expression", Text(zh="比较的各组", en="the groups: unit, officer, class of party"))
    strata: tuple[sql.Expr, ...] = reads("expressions", Text(zh="分层", en="what makes cases alike"))
    min_n: int = reads("count", Text(zh="最少可比案件数", en="fewest comparable cases to judge"), default=30)
    q: float = reads("share", Text(zh="错误发现率", en="the false discovery rate"), default=0.05)
    min_difference: float = reads("share", Text(zh="最小差异", en="the least difference that counts"), default=0.2)

    def faults(self) -> Sequence[tuple[str, str]]:
        found = [*super().faults()]
        if not self.q:
            found.append(("q", "must be more than 0"))
        return found

    @property
    def threshold(self) -> float:
        return self.min_difference

    def population(self, setting: Setting) -> Population:
        return Population(of=self.outcome, by=self.groups, strata=self.strata, window=self.window, fewest=self.min_n)

    def conclude(self, counts: Sequence[Count]) -> Conclusion:
        return self._concluded(counts, None)

    def conclude_beside(self, counts: Sequence[Count], crowd: "Crowd") -> Conclusion:
        return self._concluded(counts, crowd)

    def _concluded(self, counts: Sequence[Count], crowd: "Crowd | None") -> Conclusion:
        from auditor.stats import stand_out

        few = len({count.subject for count in counts}) + (crowd.subjects if crowd else 0) <= FEW
        result = stand_out(
            [cell(count) for count in counts],
            min_n=self.min_n,
            q=self.q,
            min_excess=self.min_difference,
            min_peers=1 if few else FEW,
            direction="either",
            spread=SPREAD if few else None,
            crowd=crowd,
        )
        laid_down = Text(
            zh=f"仅有 {len(result.standings)} 个组，无法估计正常差异；按标准差 {SPREAD:.0%} 假定（项目默认值）",
            en=f"with {len(result.standings)} groups the spread among honest ones cannot be estimated; a standard "
            f"deviation of {SPREAD:.0%} is assumed (project default)",
        )
        found = concluded(result, crowd)
        return replace(found, notes=(*found.notes, laid_down)) if few and result.judged else found

    def limits(self, say: Speaker) -> Sequence[Limit]:
        return limits(self.min_n, self.q, self.min_difference, either=True)

    def sentence(self, say: Speaker) -> Text:
        return Text(
            zh="按{groups}比较符合下列条件的比例：{outcome}；只与{strata}相同的其他各组案件相比；"
            "至少 {min_n} 件可比案件，高出或低于 {floor} 以上且错误发现率不超过 {q} 的列为线索",
            en="compares, by {groups}, how often this holds: {outcome}; on cases alike in {strata}; "
            "at least {min_n} comparable cases, a difference of {floor} or more either way "
            "and a false discovery rate of at most {q} make a lead",
        ).filled(
            outcome=say.among(self.outcome),
            groups=say.value(self.groups),
            strata=say.values(self.strata),
            min_n=self.min_n,
            floor=f"{self.min_difference:.0%}",
            q=f"{self.q:g}",
        )

"""The funnel plot: a subject whose rate stands out from peers with the same case mix."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from auditor.core.text import Text
from auditor.kinds import sql
from auditor.kinds.base import Conclusion, Count, kind, reads
from auditor.kinds.conditions import Limit
from auditor.kinds.population import Population
from auditor.kinds.scope import Setting
from auditor.kinds.spoken import Speaker
from auditor.kinds.standings import SPECS, cell, concluded, limits
from auditor.kinds.windowed import WindowedKind

if TYPE_CHECKING:
    from auditor.stats import Crowd


@kind("peer")
@dataclass(frozen=True, kw_only=True)
class Peer(WindowedKind):
    """Flags a subject (`by`) for whom `of` holds far more often than for peers on cases of the same `strata`.

    Expected counts come from the peers' rates in each stratum (indirect standardisation, the subject left out). Limits
    are widened by the spread among honest peers; many subjects are many tests, so the false discovery rate is held at
    `q`, beside a floor on the excess. A subject with fewer than `min_n` comparable cases is listed as not judged; of
    more than 2,000 with fewer cases than that only the number is told.

    NULL: a row for which `of`, `by` or a stratum is NULL isn't counted on either side.
    """

    example = """\
of: fine_amount >= 200
by: officer_id
strata: [violation_code, grade]
"""

    fact_specs = SPECS
    arithmetic_steps = (
        Text(
            zh="可比案件 {n} 件，其中 {k} 件（{observed}）；按同类案件同行的比例应为 {expected}",
            en="{k} of {n} comparable cases ({observed}); peers on like cases: {expected}",
        ),
        Text(
            zh="高出 {excess}（95% 区间 {lower} 至 {upper}），q = {q_value}，在 {of} 名可比对象中排第 {rank}",
            en="excess {excess} (95 % interval {lower} to {upper}), q = {q_value}, rank {rank} of {of} judged",
        ),
        Text(zh="影响最大的类别：{strata}", en="driven most by: {strata}"),
    )

    of: sql.Expr = reads("condition", Text(zh="所考察的结果", en="the outcome whose rate is compared"))
    by: sql.Expr = reads("expression", Text(zh="比较的对象", en="the subject: officer, unit, site"))
    strata: tuple[sql.Expr, ...] = reads("expressions", Text(zh="分层", en="what makes cases alike"))
    min_n: int = reads("count", Text(zh="最少可比案件数", en="fewest comparable cases to judge"), default=30)
    q: float = reads("share", Text(zh="错误发现率", en="the false discovery rate"), default=0.05)
    min_excess: float = reads("share", Text(zh="最小超出幅度", en="the least excess that counts"), default=0.2)

    @property
    def threshold(self) -> float:
        return self.min_excess

    def population(self, setting: Setting) -> Population:
        return Population(of=self.of, by=self.by, strata=self.strata, window=self.window, fewest=self.min_n)

    def conclude(self, counts: Sequence[Count]) -> Conclusion:
        return self._concluded(counts, None)

    def conclude_beside(self, counts: Sequence[Count], crowd: "Crowd") -> Conclusion:
        return self._concluded(counts, crowd)

    def _concluded(self, counts: Sequence[Count], crowd: "Crowd | None") -> Conclusion:
        from auditor.stats import stand_out

        cells = [cell(count) for count in counts]
        found = stand_out(cells, min_n=self.min_n, q=self.q, min_excess=self.min_excess, crowd=crowd)
        return concluded(found, crowd)

    def limits(self, say: Speaker) -> Sequence[Limit]:
        return limits(self.min_n, self.q, self.min_excess)

    def sentence(self, say: Speaker) -> Text:
        return Text(
            zh="按{subject}统计符合下列条件的比例：{outcome}；只与{strata}相同的案件的同行相比；"
            "至少 {min_n} 件可比案件，高出 {floor} 以上且错误发现率不超过 {q} 的列为线索",
            en="compares how often this holds, by {subject}: {outcome}; with peers on cases alike in {strata}; "
            "at least {min_n} comparable cases, an excess of {floor} or more "
            "and a false discovery rate of at most {q} make a lead",
        ).filled(
            outcome=say.among(self.of),
            subject=say.value(self.by),
            strata=say.values(self.strata),
            floor=f"{self.min_excess:.0%}",
            min_n=self.min_n,
            q=f"{self.q:g}",
        )

"""The funnel plot: a subject whose rate stands out from peers with the same case mix."""

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.core.duration import Duration
from auditor.core.result import NotJudged
from auditor.core.text import Text
from auditor.kinds import sql
from auditor.kinds.base import Conclusion, Count, FactSpec, GroupKind, Population, Verdict, kind, reads
from auditor.kinds.scope import Setting

_REASONS = {
    "too_few_cases": Text(zh="可比案件太少，不作判断", en="too few comparable cases to judge"),
    "too_few_peers": Text(zh="同类案件的同行太少，不作判断", en="too few peers with like cases to judge"),
}


@kind("peer")
@dataclass(frozen=True, kw_only=True)
class Peer(GroupKind):
    """Flags a subject (`by`) for whom `of` holds far more often than for peers on cases of the same `strata`.

    Expected counts come from the peers' rates in each stratum (indirect standardisation, the subject left out). Limits
    are widened by the spread among honest peers; many subjects are many tests, so the false discovery rate is held at
    `q`, beside a floor on the excess. A subject with fewer than `min_n` comparable cases is listed as not judged.

    NULL: a row for which `of`, `by` or a stratum is NULL isn't counted on either side.
    """

    fact_specs = {
        "n": FactSpec(type="int", doc=Text(zh="可比案件数", en="comparable cases")),
        "k": FactSpec(type="int", doc=Text(zh="其中符合的件数", en="of which with the outcome")),
        "observed": FactSpec(type="share", doc=Text(zh="实际比例", en="observed rate")),
        "expected": FactSpec(type="share", doc=Text(zh="同类案件同行的比例", en="rate of peers on like cases")),
        "excess": FactSpec(type="share", doc=Text(zh="高出", en="excess over the expected rate")),
        "lower": FactSpec(type="share", doc=Text(zh="高出的下限（95%）", en="lower end of the excess (95 %)")),
        "upper": FactSpec(type="share", doc=Text(zh="高出的上限（95%）", en="upper end of the excess (95 %)")),
        "q_value": FactSpec(type="double", doc=Text(zh="错误发现率", en="false discovery rate (q)")),
        "rank": FactSpec(type="int", doc=Text(zh="排名", en="rank by excess")),
        "of": FactSpec(type="int", doc=Text(zh="参与比较的对象数", en="how many were judged")),
        "strata": FactSpec(type="list", doc=Text(zh="影响最大的类别", en="the strata that drive it most")),
    }
    arithmetic = (
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
    window: Duration | None = reads(
        "duration",
        Text(zh="回看多久", en="how far back from the period's end; the period itself, if left out"),
        default=None,
    )

    def faults(self) -> Sequence[tuple[str, str]]:
        if self.window is not None and self.window.unit not in ("days", "months"):
            return [("window", "must be in days or months")]
        return []

    @property
    def threshold(self) -> float:
        return self.min_excess

    def population(self, setting: Setting) -> Population:
        return Population(of=self.of, by=self.by, strata=self.strata, window=self.window)

    def conclude(self, counts: Sequence[Count]) -> Conclusion:
        from auditor.stats import Cell, stand_out

        cells = [
            Cell(subject=count.subject, stratum=tuple(part or "" for part in count.stratum), n=count.n, k=count.k)
            for count in counts
        ]
        result = stand_out(cells, min_n=self.min_n, q=self.q, min_excess=self.min_excess)
        verdicts: list[Verdict] = []
        not_judged: list[NotJudged] = []
        for standing in result.standings:
            if not standing.judged:
                reason = _REASONS[standing.reason or "too_few_cases"]
                not_judged.append(NotJudged(subject_id=standing.subject, reason=reason, n=standing.n_all))
                continue
            driving = [share for share in standing.strata if share.contribution > 0][:3]
            facts = {
                "n": str(standing.n),
                "k": str(standing.k),
                "observed": f"{standing.observed:.6f}",
                "expected": f"{standing.expected:.6f}",
                "excess": f"{standing.excess:.6f}",
                "lower": f"{standing.lower:.6f}",
                "upper": f"{standing.upper:.6f}",
                "q_value": f"{standing.q_value:.2g}",
                "rank": str(standing.rank),
                "of": str(standing.of),
                "strata": "; ".join(
                    f"{' · '.join(share.stratum)}: {share.k}/{share.n} ({share.peer_rate:.0%} of {share.peer_n})"
                    for share in driving
                ),
            }
            verdicts.append(
                Verdict(
                    subject=standing.subject,
                    flagged=standing.flagged,
                    facts=facts,
                    value=standing.observed,
                    expected=standing.expected,
                    lower=standing.lower,
                    upper=standing.upper,
                    p_value=standing.p_value,
                    q_value=standing.q_value,
                    n=standing.n,
                )
            )
        return Conclusion(verdicts=tuple(verdicts), not_judged=tuple(not_judged), notes=result.notes)

    def sentence(self) -> Text:
        outcome, subject = sql.words(self.of), sql.words(self.by)
        strata = ", ".join(sql.words(part) for part in self.strata)
        floor = f"{self.min_excess:.0%}"
        return Text(
            zh=f"按 {subject} 统计 {outcome} 的比例，与 {strata} 相同的同类案件的同行相比；"
            f"至少 {self.min_n} 件可比案件，高出 {floor} 以上且错误发现率不超过 {self.q:g} 的列为线索",
            en=f"compares the rate of {outcome} by {subject} with peers on cases alike in {strata}; "
            f"at least {self.min_n} comparable cases, an excess of {floor} or more "
            f"and a false discovery rate of at most {self.q:g} make a lead",
        )

"""The ratio limit: a subject's share of something above a limit that is fixed beforehand."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from auditor.core.result import NotJudged
from auditor.core.text import Text
from auditor.kinds import sql
from auditor.kinds.base import Conclusion, Count, FactSpec, Verdict, kind, reads
from auditor.kinds.conditions import Limit
from auditor.kinds.population import Population
from auditor.kinds.scope import Setting
from auditor.kinds.spoken import Speaker
from auditor.kinds.standings import counted
from auditor.kinds.windowed import WindowedKind

if TYPE_CHECKING:
    from auditor.stats import Crowd

_TOO_FEW = Text(zh="数量太少，不作判断", en="too few cases to judge")


@kind("share")
@dataclass(frozen=True, kw_only=True)
class Share(WindowedKind):
    """Flags a subject (`by`) whose share lies above `limit` beyond what chance explains.

    With `of` it is a ratio: of the subject's own rows, those for which `of` holds. Without, it is a concentration: of
    all rows in scope, or of those alike in `among`, the ones that fall to the subject; with `among` the group in which
    the subject's share is most surely above the limit speaks for it.

    The limit is a fixed one, so there is no comparison with peers and no correction for many of them. A share counts as
    above it when the lower end of its exact 95 % interval is: at the limit itself, or just over it among a few
    rows, is no finding. A subject whose whole (its own rows, or those of the group) has fewer than `min_n` rows is
    listed as not judged; exactly `min_n` is enough.

    NULL: a row for which `of`, `by` or `among` is NULL isn't counted on either side.
    """

    example = """\
of: outcome = 'no_penalty'
by: unit_id
limit: 0.2
"""

    metric = "share"
    fact_specs = {
        "n": FactSpec(type="int", doc=Text(zh="总数", en="rows in the whole")),
        "k": FactSpec(type="int", doc=Text(zh="其中计入的件数", en="of which counted")),
        "observed": FactSpec(type="share", doc=Text(zh="实际比例", en="observed share")),
        "limit": FactSpec(type="share", doc=Text(zh="上限", en="the limit")),
        "lower": FactSpec(type="share", doc=Text(zh="比例的下限（95%）", en="lower end of the share (95 %)")),
        "upper": FactSpec(type="share", doc=Text(zh="比例的上限（95%）", en="upper end of the share (95 %)")),
        "group": FactSpec(type="string", doc=Text(zh="所在范围", en="the group whose rows are the whole")),
    }
    arithmetic_steps = (
        Text(
            zh="{n} 件中有 {k} 件，占 {observed}（95% 精确区间 {lower} 至 {upper}）；上限 {limit}",
            en="{k} of {n}: {observed} (exact 95 % interval {lower} to {upper}); the limit is {limit}",
        ),
    )

    by: sql.Expr = reads("expression", Text(zh="考察的对象", en="the subject: lot, agent, account, unit, site"))
    limit: float = reads("share", Text(zh="比例上限", en="the limit; a share must lie above it"))
    of: sql.Expr | None = reads(
        "condition",
        Text(
            zh="计入的情形；不写则看对象占全部的比例", en="what is counted; the subject's part of all rows, if left out"
        ),
        default=None,
    )
    among: tuple[sql.Expr, ...] = reads(
        "expressions",
        Text(zh="在何种范围内占比", en="whose rows are the whole, where the subject's part is asked for"),
        default=(),
    )
    min_n: int = reads("count", Text(zh="最少件数", en="fewest rows in the whole to judge"), default=20)

    def faults(self) -> Sequence[tuple[str, str]]:
        found = [*super().faults()]
        if self.of is not None and self.among:
            found.append(("among", "says whose part of the whole is asked for, and goes without `of`"))
        if self.limit >= 1:
            found.append(("limit", "no share lies above 1"))
        return found

    @property
    def threshold(self) -> float:
        return self.limit

    def population(self, setting: Setting) -> Population:
        """Of a subject's part of a whole the subject's own rows don't say whether it is judged."""
        of, fewest = (exp.true(), None) if self.of is None else (self.of, self.min_n)
        return Population(of=of, by=self.by, strata=self.among, window=self.window, fewest=fewest)

    def conclude_beside(self, counts: Sequence[Count], crowd: "Crowd") -> Conclusion:
        """Nobody's share of its own rows has to do with anybody else's."""
        return replace(self.conclude(counts), too_few=counted(crowd))

    def conclude(self, counts: Sequence[Count]) -> Conclusion:
        from auditor.stats.limit import against_limit

        whole: defaultdict[tuple[str | None, ...], int] = defaultdict(int)
        for count in counts:
            whole[count.stratum] += count.n
        cells: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
        for count in counts:
            n = count.n if self.of is not None else whole[count.stratum]
            k = count.k if self.of is not None else count.n
            cells[count.subject].append((n, k, " · ".join(part or "" for part in count.stratum)))
        verdicts: list[Verdict] = []
        not_judged: list[NotJudged] = []
        for subject, groups in sorted(cells.items()):
            enough = [group for group in groups if group[0] >= self.min_n]
            if not enough:
                not_judged.append(NotJudged(subject_id=subject, reason=_TOO_FEW, n=max(n for n, _, _ in groups)))
                continue
            judged = [(against_limit(k, n, self.limit), n, k, group) for n, k, group in enough]
            against, n, k, group = min(judged, key=lambda one: (-one[0].lower, one[0].p_value, one[3]))
            facts = {
                "n": str(n),
                "k": str(k),
                "observed": f"{against.share:.6f}",
                "limit": f"{self.limit:.6f}",
                "lower": f"{against.lower:.6f}",
                "upper": f"{against.upper:.6f}",
                "group": group or None,
            }
            verdicts.append(
                Verdict(
                    subject=subject,
                    flagged=against.exceeded,
                    facts=facts,
                    value=against.share,
                    expected=None,
                    lower=None,
                    upper=None,
                    p_value=against.p_value,
                    q_value=None,
                    n=n if self.of is not None else k,
                )
            )
        return Conclusion(verdicts=tuple(verdicts), not_judged=tuple(not_judged))

    def _exceeds(self, verdict: Verdict) -> bool:
        from auditor.stats.limit import against_limit

        return against_limit(int(verdict.facts["k"] or 0), int(verdict.facts["n"] or 0), self.limit).exceeded

    def limits(self, say: Speaker) -> Sequence[Limit]:
        whole = Text(zh="所在整体至少有 {min_n} 件", en="there are at least {min_n} rows in the whole")
        above = Text(
            zh="比例的 95% 精确区间的下限高于 {limit}", en="the lower end of the exact 95 % interval is above {limit}"
        )
        return [
            Limit(text=whole.filled(min_n=self.min_n), met=lambda one: int(one.facts["n"] or 0) >= self.min_n),
            Limit(
                text=above.filled(limit=f"{self.limit:.0%}"),
                met=self._exceeds,
            ),
        ]

    def sentence(self, say: Speaker) -> Text:
        if self.of is not None:
            said = Text(
                zh="按{subject}统计符合下列条件的比例：{outcome}",
                en="takes, by {subject}, the share of rows for which this holds: {outcome}",
            ).filled(outcome=say.among(self.of), subject=say.value(self.by))
        elif self.among:
            said = Text(
                zh="在{groups}相同的记录中，统计各{subject}所占比例",
                en="takes the part that each {subject} has of the rows of one {groups}",
            ).filled(groups=say.values(self.among), subject=say.value(self.by))
        else:
            said = Text(
                zh="统计各{subject}占全部记录的比例", en="takes the part that each {subject} has of all rows"
            ).filled(subject=say.value(self.by))
        return Text(
            zh="{said}；至少 {min_n} 件，95% 精确区间的下限仍高于 {limit} 的，即予列出",
            en="{said}; at least {min_n} in the whole, and the lower end of the exact 95 % interval above {limit}, "
            "make a finding",
        ).filled(said=said, min_n=self.min_n, limit=f"{self.limit:.0%}")

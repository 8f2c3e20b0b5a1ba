"""What a comparison with peers came to, in the words of a finding; the kinds that compare share it."""

from typing import TYPE_CHECKING

from auditor.core.result import NotJudged, TooFew
from auditor.core.text import Text
from auditor.kinds.base import Conclusion, Count, FactSpec, Verdict
from auditor.kinds.conditions import Limit

if TYPE_CHECKING:
    from auditor.stats import Cell, Crowd, PeerResult

SPECS = {
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
"""The facts that `concluded` gives of every judged subject."""

_REASONS = {
    "too_few_cases": Text(zh="可比案件太少，不作判断", en="too few comparable cases to judge"),
    "too_few_peers": Text(zh="同类案件的同行太少，不作判断", en="too few peers with like cases to judge"),
}


def limits(min_n: int, q: float, floor: float, *, either: bool = False) -> list[Limit]:
    """What is asked: enough cases, a difference that matters, and little chance of a false alarm."""
    size = Text(zh="与同行相差 {floor} 以上", en="it differs from peers by {floor} or more")
    if not either:
        size = Text(zh="比同行高出 {floor} 以上", en="it exceeds peers by {floor} or more")
    return [
        Limit(
            text=Text(zh="至少有 {min_n} 件可比案件", en="there are at least {min_n} comparable cases").filled(
                min_n=min_n
            ),
            met=lambda verdict: verdict.n >= min_n,
        ),
        Limit(text=size.filled(floor=f"{floor:.0%}"), met=lambda verdict: _differs(verdict, floor, either=either)),
        rarely_false(q),
    ]


def rarely_false(q: float) -> Limit:
    """That of all who are flagged at most a share of `q` is expected to be so by chance."""
    return Limit(
        text=Text(zh="错误发现率不超过 {q}", en="the false discovery rate is at most {q}").filled(q=f"{q:g}"),
        met=lambda verdict: None if verdict.q_value is None else verdict.q_value <= q,
    )


def _differs(verdict: Verdict, floor: float, *, either: bool) -> bool | None:
    if verdict.expected is None:
        return None
    excess = verdict.value - verdict.expected
    # Nine digits: what the comparison itself computed may differ in the last bits.
    return round(abs(excess) if either else excess, 9) >= round(floor, 9)


def cell(count: Count) -> "Cell":
    from auditor.stats import Cell

    return Cell(subject=count.subject, stratum=tuple(part or "" for part in count.stratum), n=count.n, k=count.k)


def counted(crowd: "Crowd | None") -> TooFew | None:
    """What a run keeps of a crowd: how many they are."""
    return None if crowd is None else TooFew(subjects=crowd.subjects, n=crowd.n, fewest=crowd.fewest)


def concluded(result: "PeerResult", crowd: "Crowd | None" = None) -> Conclusion:
    """The verdicts on the judged, the others with the reason, and the notes; a `crowd` among them is counted.

    `strata` names up to three strata that pull the subject's rate the way in which it differs.
    """
    verdicts: list[Verdict] = []
    not_judged: list[NotJudged] = []
    for standing in result.standings:
        if not standing.judged:
            reason = _REASONS[standing.reason or "too_few_cases"]
            not_judged.append(NotJudged(subject_id=standing.subject, reason=reason, n=standing.n_all))
            continue
        sign = -1 if standing.flagged and standing.excess < 0 else 1
        driving = [share for share in standing.strata if sign * share.contribution > 0][:3]
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
    return Conclusion(
        verdicts=tuple(verdicts),
        not_judged=tuple(not_judged),
        too_few=counted(crowd),
        notes=result.notes,
        spread=result.tau_used,
    )

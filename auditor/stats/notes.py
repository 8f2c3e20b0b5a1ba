"""What a reader must know about a comparison besides its numbers: who and what was compared with nobody, and why."""

from collections.abc import Sequence

from auditor.core.text import Text
from auditor.stats.standing import LeftOut, Standing


def notes(
    standings: Sequence[Standing], left_out: Sequence[LeftOut], *, enough: int, min_peers: int, unnamed: int = 0
) -> tuple[Text, ...]:
    """`enough` subjects have enough comparable cases; each needs `min_peers` others among them. `unnamed` more have too
    few cases and no standing."""
    said: list[Text] = []
    if 0 < enough <= min_peers:
        said.append(
            Text(
                zh=f"案件数足够的对象仅 {enough} 个，至少需要 {min_peers + 1} 个才能估计正常差异，因此均未评判",
                en=f"subjects with enough cases: {enough}; it takes {min_peers + 1} to know how much honest "
                "ones differ, so none was judged",
            )
        )
    few_cases = unnamed + sum(standing.reason == "too_few_cases" for standing in standings)
    if few_cases:
        said.append(
            Text(zh=f"因案件过少未评判的对象：{few_cases} 个", en=f"subjects not judged, too few cases: {few_cases}")
        )
    few_peers = sum(standing.reason == "too_few_peers" for standing in standings)
    if few_peers:
        said.append(
            Text(
                zh=f"因可比同行过少未评判的对象：{few_peers} 个", en=f"subjects not judged, too few peers: {few_peers}"
            )
        )
    if left_out:
        cases = sum(stratum.n for stratum in left_out)
        said.append(
            Text(
                zh=f"因可比同行过少未参与比较的案件：{cases} 件（分层 {len(left_out)} 个）",
                en=f"cases left out of the comparison, too few peers: {cases} (strata: {len(left_out)})",
            )
        )
    return tuple(said)

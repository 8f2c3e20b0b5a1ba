"""What goes into a comparison with peers (cells) and what comes out of it (standings).

Rates are shares from 0 to 1. Floating-point values are rounded to ten digits when a standing is made: the
last digits differ between processors, and a report has to come out the same on each; every decision is taken on the
rounded values, so a reader who recomputes it from the report reaches the same one.
"""

from dataclasses import dataclass
from typing import Literal

from auditor.core.text import Text

Direction = Literal["above", "below", "either"]
NotJudgedReason = Literal["too_few_cases", "too_few_peers"]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """`n` cases of one subject in one stratum, `k` of which have the outcome. Cells of one place add up."""

    subject: str
    stratum: tuple[str, ...]
    n: int
    k: int


@dataclass(frozen=True, kw_only=True)
class StratumShare:
    """One stratum of one subject beside the peers in it.

    `peer_n` cases of all other subjects, `peer_rate` of which have the outcome; `contribution` is the part of the
    subject's excess that this stratum makes: (k - n * peer_rate) / comparable cases. The parts add up to the excess.
    """

    stratum: tuple[str, ...]
    n: int
    k: int
    peer_n: int
    peer_rate: float
    contribution: float


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where one subject stands among its peers.

    `n` and `k` count the comparable cases (in strata with enough peers), `n_all` all of them. `expected` is the rate
    that the peers would have on this subject's mix of cases, `excess` = observed - expected, `lower` and `upper` its
    95 % interval. `z` is the excess in standard deviations of an honest subject with as many cases. `rank` 1 is the
    most conspicuous `of` all the judged (equals share the better rank).

    A subject that is not judged has a `reason`, z 0, p and q 1 and rank 0; its rates are still given, for what they are
    worth (0, with the interval -1 to 1, where it has no comparable case).
    """

    subject: str
    judged: bool
    reason: NotJudgedReason | None
    n: int
    n_all: int
    k: int
    observed: float
    expected: float
    excess: float
    lower: float
    upper: float
    z: float
    p_value: float
    q_value: float
    flagged: bool
    rank: int
    of: int
    strata: tuple[StratumShare, ...]


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A stratum in which `subjects` subjects had too few peers, so `n` of their cases were compared with nobody."""

    stratum: tuple[str, ...]
    subjects: int
    n: int


@dataclass(frozen=True, kw_only=True)
class PeerResult:
    """The standings of all subjects, sorted by subject.

    `tau` is the estimated standard deviation of the rates of honest subjects beyond chance and case mix; `tau_used` is
    its upper confidence limit, with which the subjects were judged. Both are the one laid down beforehand, if any, and
    0 where nobody is judged.
    """

    standings: tuple[Standing, ...]
    tau: float
    tau_used: float
    judged: int
    not_judged: int
    flagged: int
    left_out: tuple[LeftOut, ...]
    notes: tuple[Text, ...]

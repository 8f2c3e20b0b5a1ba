"""What a run keeps to be drawn: every judged subject, how judged values lie about their limit, and where things are."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A subject that a statistical rule judged, flagged or not, as a point of its picture.

    `n` is the whole that the rate `value` is of. `value` and `expected` are rates from 0 to 1; `lower` to `upper` is
    the interval of their difference. A rule that compares with a fixed limit and nobody else has none of the three.
    """

    subject_id: str
    n: int
    value: float
    expected: float | None
    lower: float | None
    upper: float | None
    flagged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """How many judged values lie between `low` and `high` (None: without end), by what became of them; to which of two
    bins an edge belongs, `Picture.line` says."""

    low: float | None
    high: float | None
    ok: int
    violation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What of a rule can be drawn and no finding tells: every judged subject, or how the judged values are distributed.

    `metric` names the values. `limit` is the least excess that counts, the greatest share or the value at which the law
    draws the line among the bins; `both_ways` says whether falling short of what is expected counts, too. `spread` is
    the standard deviation of honest subjects' rates by which limits were widened. `left_out` are judged subjects, none
    of them flagged, that are not among the `peers`.
    """

    metric: str
    limit: float
    peers: tuple[Peer, ...] = ()
    left_out: int = 0
    spread: float | None = None
    both_ways: bool = False
    line: float | None = None
    """Where the law draws the line among the `bins` of measured values, each from its lower edge to under the upper
    one. None where bins are of what is overdue against `limit`, each above its lower edge and up to the upper one."""
    bins: tuple[Bin, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A device or a place as recorded: degrees east and north, in whichever of the usual systems the data are."""

    site_id: str
    name: str | None
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sites:
    """The sites of one table, by id: those of a register, or the places that rows name.

    `unplaced` have no coordinates that can be; `left_out` have some and are not among the `sites`, for there are many.
    """

    table_name: str
    sites: tuple[Site, ...]
    unplaced: int = 0
    left_out: int = 0

"""What of a rule can be drawn and no finding tells: every subject judged beside its peers, every value by its limit.

Values are counted in the engine in whole units of their metric and put into few bins here, so that a picture stays
small however many rows were judged. The limit is always an edge between two bins.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import ceil

from sqlglot import exp

from auditor.core.picture import Bin, Peer, Picture
from auditor.engines.base import Row
from auditor.kinds import sql
from auditor.kinds.base import Conclusion, Count, GroupKind, Judgement, Verdict

PEERS = 3000
"""Subjects that are not flagged, in one picture; more would not be told apart."""

FURTHEST = 20_000
"""Whole units (days, minutes) either side of the limit; a value beyond is counted as just so far."""

BINS = 60
"""At most so many bins, the two open-ended ones among them."""

TAIL = 0.01
"""The part of the values at either end that may lie in an open-ended bin."""

FIRST_LATE = 5
"""Closed bins beyond the limit, at least, where anything lies there: what is a little late is told apart."""

LATE = 30
"""Whole units beyond the limit that may be told apart for a few late values' sake."""

_WIDTHS: Mapping[str, Sequence[int]] = {
    "minutes_overdue": (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880),
}
_OTHERWISE = (1, 2, 5, 10, 15, 30, 60, 90, 180, 365, 730)

Values = Mapping[int, tuple[int, int]]
"""How many are ok and how many are violations, by the value in whole units."""


def near(value: sql.Expr) -> sql.Expr:
    """A value in whole units, as far as it is counted; NULL where it is not known."""
    up, furthest = sql.cast_to(exp.Ceil(this=value.copy()), "bigint"), sql.number(FURTHEST)
    nearest = sql.number(-FURTHEST)
    return sql.case((sql.less(furthest, up), furthest), (sql.less(up, nearest), nearest), otherwise=up)


def of_counts(judgement: Judgement, counted: Iterable[Row]) -> Picture | None:
    """How the values of the period's judged rows lie about the limit, from the number `n` of them by `units` and
    `late`; None for a kind that does not measure, and where nothing was judged."""
    if not judgement.measured or judgement.metric is None:
        return None
    values: dict[int, tuple[int, int]] = {}
    for row in counted:
        ok, late = values.get(row["units"], (0, 0))
        values[row["units"]] = (ok, late + row["n"]) if row["late"] else (ok + row["n"], late)
    if not values:
        return None
    limit = judgement.threshold or 0.0
    return Picture(metric=judgement.metric, limit=limit, bins=bins(values, _WIDTHS.get(judgement.metric, _OTHERWISE)))


def bins(values: Values, widths: Sequence[int] = _OTHERWISE) -> tuple[Bin, ...]:
    """The values in bins of the least width that keeps within `BINS`; 0 is an edge, a value on an edge lies below it.

    What lies outside the middle 98 % may fall into an open-ended bin; of what is late half at the most, unless that
    half reaches further than both the early side and `LATE`.
    """
    total = sum(ok + late for ok, late in values.values())
    late_ones = {value: (0, late) for value, (_, late) in values.items() if late}
    half = _quantile(late_ones, sum(late for _, late in late_ones.values()) / 2) if late_ones else 0
    low, high = min(0, _quantile(values, total * TAIL)), max(0, _quantile(values, total * (1 - TAIL)))
    high = max(high, min(half, max(-low, LATE)))
    width = next((one for one in widths if ceil(-low / one) + ceil(high / one) + FIRST_LATE + 4 <= BINS), 0)
    if not width:
        width = ceil((high - low) / (BINS - FIRST_LATE - 4))
    first, last = min(-1, ceil(low / width) - 1), max(FIRST_LATE if late_ones else 1, ceil(high / width))
    found = {step: [0, 0] for step in range(first, last)}
    outer: dict[bool, list[int]] = {False: [0, 0], True: [0, 0]}
    for value, (ok, late) in values.items():
        step = ceil(value / width) - 1
        held = found[step] if first <= step < last else outer[step >= last]
        held[0], held[1] = held[0] + ok, held[1] + late
    edges = [(step * width, (step + 1) * width, counts) for step, counts in found.items()]
    below, above = (None, first * width, outer[False]), (last * width, None, outer[True])
    return tuple(
        Bin(low=start, high=end, ok=ok, violation=late)
        for start, end, (ok, late) in (below, *edges, above)
        if (start is not None and end is not None) or ok + late
    )


def _quantile(values: Values, rank: float) -> int:
    """The value up to which at least `rank` of them lie."""
    seen = 0
    for value in sorted(values):
        seen += sum(values[value])
        if seen >= rank:
            return value
    return max(values)


def of_groups(kind: GroupKind, counts: Sequence[Count], conclusion: Conclusion) -> Picture | None:
    """Every judged subject as a point, where rates are compared with peers' or with a fixed limit; and the values
    about the legal threshold, where a kind counts by value."""
    if not conclusion.verdicts or (conclusion.spread is None and kind.metric != "share"):
        return None
    chosen = _some(conclusion.verdicts)
    flagged = frozenset(verdict.subject for verdict in conclusion.verdicts if verdict.flagged)
    histogram = kind.histogram(counts, flagged)
    return Picture(
        metric=kind.metric,
        limit=kind.threshold,
        peers=tuple(
            Peer(
                subject_id=verdict.subject,
                n=int(verdict.facts.get("n") or verdict.n),
                value=verdict.value,
                expected=verdict.expected,
                lower=verdict.lower,
                upper=verdict.upper,
                flagged=verdict.flagged,
            )
            for verdict in chosen
        ),
        left_out=len(conclusion.verdicts) - len(chosen),
        spread=conclusion.spread,
        both_ways=kind.both_ways,
        line=None if histogram is None else histogram[0],
        bins=() if histogram is None else histogram[1],
    )


def _some(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """All that are flagged, and of too many others every so-manieth in the order of their cases: the shape stays."""
    others = sorted((one for one in verdicts if not one.flagged), key=lambda one: (one.n, one.subject))
    step = -(-len(others) // PEERS) or 1
    kept = [*(one for one in verdicts if one.flagged), *others[::step]]
    return sorted(kept, key=lambda one: one.subject)

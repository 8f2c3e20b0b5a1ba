"""Which counts to withhold, so that no small one can be read or worked out of the others.

A count from 1 to one under the least is small and withheld. Others are withheld beside it until, for whoever knows all
that is published, every small count may be anything up to the least, and as little as the zeros allow, and no withheld
count can be told exactly. Small counts and those withheld beside them look the same. Zeros are always shown.

Which others: for each count that is still pinned down, the way round it that costs least, the cost of a count being
itself times its worth, so that little is lost and totals last; the way is a cycle of the network (`flows`). Withholding
more only widens ranges, so a count once safe stays so. Where no way is left, everything but the zeros is withheld.
"""

import heapq
from collections import defaultdict
from collections.abc import Set as AbstractSet

from auditor.core.privacy import LEAST_COUNT
from auditor.report.circulation.flows import UNLIMITED, Arcs, Bounds, bounds, check, push, room_of


def withheld(arcs: Arcs, least: int = LEAST_COUNT) -> frozenset[str]:
    """The names of the counts to withhold. Raises ValueError where the parts do not add up, or `least` is under 2."""
    if least < 2:
        raise ValueError(f"a least count of {least} withholds nothing")
    check(arcs)
    small = {name for name, arc in arcs.items() if 0 < arc.count < least}
    hidden, waiting = set(small), sorted(small, key=lambda name: (arcs[name].count, name))
    while waiting:
        name = waiting[0]
        range_ = bounds(arcs, hidden, name, enough=least)
        if is_safe(arcs, name, range_, least):
            del waiting[0]
            continue
        up = range_.most < least if name in small else True
        opened = _way_round(arcs, hidden, name, least, up=up) or _way_round(arcs, hidden, name, least, up=not up)
        if not opened:
            return _nonzero(arcs)
        hidden |= opened
        waiting += sorted(opened)
    return frozenset(hidden)


def is_safe(arcs: Arcs, name: str, range_: Bounds, least: int) -> bool:
    """Whether a withheld count may show this range: more than one number, and a small one up to the least. No range has
    to be wider than it would be if nothing but zeros were known."""
    if arcs[name].count >= least and range_.least < range_.most:
        return True
    widest = bounds(arcs, _nonzero(arcs), name)
    if arcs[name].count >= least:
        return widest.least == widest.most
    return range_.most >= min(least, widest.most) and range_.least <= widest.least


def _nonzero(arcs: Arcs) -> frozenset[str]:
    return frozenset(name for name, arc in arcs.items() if arc.count)


def _way_round(arcs: Arcs, hidden: AbstractSet[str], name: str, least: int, *, up: bool) -> frozenset[str]:
    """The published counts to withhold so that `name` gets more room upwards (or downwards); none where there is no
    way. Dijkstra's search over what the withheld counts still leave room for, and what the published ones would."""
    arc = arcs[name]
    start, goal = (arc.head, arc.tail) if up else (arc.tail, arc.head)
    room = room_of(arcs, hidden - {name})
    push(room, start, goal, least)
    steps: dict[str, list[tuple[str, int, str]]] = defaultdict(list)
    for node, onwards in room.items():
        steps[node] += [(after, 0, "") for after, free in onwards.items() if free > 0]
    for other, one in arcs.items():
        if one.count and other not in hidden:
            if one.count < one.most:
                steps[one.tail].append((one.head, one.count * one.worth, other))
            if one.count > 1:
                steps[one.head].append((one.tail, one.count * one.worth, other))
    return frozenset(_cheapest(steps, start, goal)) - {""}


def _cheapest(steps: dict[str, list[tuple[str, int, str]]], start: str, goal: str) -> list[str]:
    """The names along the cheapest path; none where there is no path."""
    reached: dict[str, int] = {start: 0}
    came: dict[str, tuple[str, str]] = {}
    waiting: list[tuple[int, str]] = [(0, start)]
    while waiting:
        cost, node = heapq.heappop(waiting)
        if cost > reached[node]:
            continue
        for after, more, over in sorted(steps[node]):
            if cost + more < reached.get(after, UNLIMITED):
                reached[after] = cost + more
                came[after] = (node, over)
                heapq.heappush(waiting, (cost + more, after))
    over_all: list[str] = []
    node = goal
    while node != start:
        if node not in came:
            return []
        node, over = came[node]
        over_all.append(over)
    return over_all

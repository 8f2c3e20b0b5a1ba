"""Published counts as flows: what anybody who knows some of them can work out about the others.

A count that is split into parts flows on into these parts: of a table, every row passes its total on to its cells, and
the cells of a column flow together into that column's total. So all figures that are published of one thing (the table,
its margins, the same total split by month or by rule) are the arcs of one network, and into every node flows what flows
out of it. Whoever reads the publication knows the published arcs exactly, and of a withheld one that it is at least 1,
since zeros are shown, and no more than anybody knows it to be at most.

How far a withheld count can be pinned down by this knowledge is the range that its arc can take while all published
arcs stay as they are: its value, and the most by which others can make way for more of it or take its place. That most
is a maximum flow; networks have whole-numbered solutions, so the range is exact, not an estimate.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

UNLIMITED = 10**12
"""More than any count."""


@dataclass(frozen=True, slots=True)
class Arc:
    """A count that flows from one node to another; `most` is what it cannot exceed as far as readers know, such as the
    number of rows that were tested; `worth` is how many times dearer than a cell's its loss is to readers."""

    tail: str
    head: str
    count: int
    most: int = UNLIMITED
    worth: int = 1


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most that a withheld count can be for who knows all that is published."""

    least: int
    most: int


Arcs = Mapping[str, Arc]
"""The counts by their names. Into every node flows what flows out."""

Room = dict[str, dict[str, int]]
"""How much more can flow from one node to another."""


def check(arcs: Arcs) -> None:
    """Raises ValueError where counts are negative or parts do not add up to their total."""
    balance: dict[str, int] = defaultdict(int)
    for name, arc in arcs.items():
        if not 0 <= arc.count <= arc.most:
            raise ValueError(f"{name}: a count of {arc.count}, at most {arc.most}")
        balance[arc.tail] -= arc.count
        balance[arc.head] += arc.count
    unequal = sorted(node for node, sum_ in balance.items() if sum_)
    if unequal:
        raise ValueError(f"the parts do not add up at {', '.join(unequal)}")


def bounds(arcs: Arcs, withheld: Iterable[str], name: str, *, enough: int = UNLIMITED) -> Bounds:
    """The range of the withheld count `name`. Neither way is followed further than by `enough`."""
    others = [one for one in withheld if one != name]
    arc = arcs[name]
    more = push(room_of(arcs, others), arc.head, arc.tail, enough)
    fewer = push(room_of(arcs, others), arc.tail, arc.head, min(enough, arc.count - 1))
    return Bounds(least=arc.count - fewer, most=arc.count + more)


def room_of(arcs: Arcs, withheld: Iterable[str]) -> Room:
    """What withheld counts leave room for: each can grow up to the most it can be, and shrink to 1."""
    room: Room = defaultdict(lambda: defaultdict(int))
    for name in withheld:
        arc = arcs[name]
        room[arc.tail][arc.head] += arc.most - arc.count
        room[arc.head][arc.tail] += arc.count - 1
    return room


def push(room: Room, source: str, sink: str, enough: int) -> int:
    """How much can flow from `source` to `sink`, not followed beyond `enough`; `room` becomes what is left of it."""
    if source == sink:
        return enough
    total = 0
    while total < enough and (came := _shortest(room, source, sink)) is not None:
        path = [sink]
        while path[-1] != source:
            path.append(came[path[-1]])
        steps = [(before, after) for after, before in pairwise(path)]
        pushed = min(enough - total, *(room[before][after] for before, after in steps))
        for before, after in steps:
            room[before][after] -= pushed
            room[after][before] += pushed
        total += pushed
    return total


def _shortest(room: Room, source: str, sink: str) -> dict[str, str] | None:
    """From where each node is reached on a path with room for more; None where the sink is not."""
    came = {source: source}
    waiting = deque([source])
    while waiting:
        node = waiting.popleft()
        for after in sorted(room.get(node, {})):
            if room[node][after] > 0 and after not in came:
                came[after] = node
                if after == sink:
                    return came
                waiting.append(after)
    return None

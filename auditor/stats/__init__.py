"""Who stands out from peers on like cases, by how much, and how sure that is: pure functions on small aggregates.

The engine counts, this package judges the counts. Nothing here knows of rules, tables or files; the same numbers in
always give the same numbers out, in whatever order they come.
"""

from auditor.stats.crowd import Crowd, CrowdCell, CrowdPair
from auditor.stats.stand_out import stand_out
from auditor.stats.standing import Cell, Direction, LeftOut, PeerResult, Standing, StratumShare

__all__ = [
    "Cell",
    "Crowd",
    "CrowdCell",
    "CrowdPair",
    "Direction",
    "LeftOut",
    "PeerResult",
    "Standing",
    "StratumShare",
    "stand_out",
]

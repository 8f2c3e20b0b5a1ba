"""The chapters about the registers that the police and the hotlines keep."""

from collections.abc import Callable

from auditor.synth.plant import captures, counter, drink, offsystem, presence, roads, voices
from auditor.synth.planting import Planting

POLICE_CHAPTERS: tuple[tuple[str, Callable[[Planting], None]], ...] = (
    ("captures", captures.plant),
    ("drink", drink.plant),
    ("counter", counter.plant),
    ("roads", roads.plant),
    ("voices", voices.plant),
    ("presence", presence.plant),
    ("offsystem", offsystem.plant),
)

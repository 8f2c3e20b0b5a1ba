"""All plants, chapter by chapter; each chapter draws from its own generator, so that one can grow without another."""

from collections.abc import Callable
from random import Random

from auditor.synth.agency import Agency
from auditor.synth.plant import (
    again,
    changed,
    custody,
    dealings,
    devices,
    fines,
    holds,
    impounds,
    jumps,
    loads,
    misfits,
    money,
    officers,
    posts,
    procedure,
    rates,
    repeats,
    rights,
    slips,
    spared,
    targets,
    tickets,
)  # fmt: skip
from auditor.synth.plant.police import POLICE_CHAPTERS
from auditor.synth.planting import Planting

_CHAPTERS: tuple[tuple[str, Callable[[Planting], None]], ...] = (
    ("fines", fines.plant),
    ("rates", rates.plant),
    ("repeats", repeats.plant),
    ("impounds", impounds.plant),
    ("devices", devices.plant),
    ("procedure", procedure.plant),
    ("officers", officers.plant),
    *POLICE_CHAPTERS,
    ("money", money.plant),
    ("spared", spared.plant),
    ("loads", loads.plant),
    ("rights", rights.plant),
    ("holds", holds.plant),
    ("dealings", dealings.plant),
    ("misfits", misfits.plant),
    ("targets", targets.plant),
    ("tickets", tickets.plant),
    ("jumps", jumps.plant),
    ("slips", slips.plant),
    ("again", again.plant),
    ("changed", changed.plant),
    ("custody", custody.plant),
    ("posts", posts.plant),
)


def planted(agency: Agency, seed: int, size: int) -> list[Planting]:
    """Every chapter's plants for a county of `size` cases."""
    chapters: list[Planting] = []
    used = 0
    for name, plant in _CHAPTERS:
        chapter = Planting(rng=Random(f"{seed}:{name}"), agency=agency, size=size, used=used)
        plant(chapter)
        used = chapter.used
        chapters.append(chapter)
    return chapters

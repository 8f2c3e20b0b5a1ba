"""What the made-up run has to draw besides its findings: peers, bins, sites."""

from collections.abc import Callable
from random import Random

from auditor.core.finding import Finding
from auditor.core.picture import Bin, Peer, Picture, Site, Sites

Word = Callable[[str], str]

BINS = Picture(
    metric="days_overdue",
    limit=0,
    bins=(
        Bin(low=None, high=-10, ok=3, violation=0),
        *(Bin(low=low, high=low + 5, ok=40 + low, violation=0) for low in (-10, -5)),
        Bin(low=0, high=5, ok=0, violation=4),
        Bin(low=5, high=10, ok=0, violation=0),
        Bin(low=10, high=None, ok=0, violation=2),
    ),
)


def peers(findings: list[Finding], *, word: Word = str) -> Picture:
    """The flagged officers, and 25 who are not."""
    random = Random(3)
    flagged = [
        Peer(
            subject_id=one.subject_id,
            n=one.n_cases,
            value=one.value or 0,
            expected=one.expected,
            lower=one.lower,
            upper=one.upper,
            flagged=True,
        )
        for one in findings
    ]
    others = [
        Peer(
            subject_id=word(f"Q{number:05}"),
            n=random.randint(30, 400),
            value=0.3 + random.uniform(-0.1, 0.1),
            expected=0.3,
            lower=-0.1,
            upper=0.1,
            flagged=False,
        )
        for number in range(25)
    ]
    return Picture(metric="rate", limit=0.2, peers=(*flagged, *others), spread=0.05)


def sites(flagged: list[str], *, word: Word = str) -> tuple[Sites, ...]:
    """The flagged cameras and 12 others, two without coordinates; places of cases without any finding."""
    random = Random(5)

    def site(name: str) -> Site:
        lon, lat = 123 + random.uniform(0, 0.1), 38 + random.uniform(0, 0.1)
        return Site(site_id=name, name=word("人民路与新华街路口"), lon=lon, lat=lat)

    cameras = tuple(site(name) for name in (*flagged, *(word(f"OK-{number:03}") for number in range(12))))
    places = tuple(site(word(f"L{number:03}")) for number in range(1, 9))
    return (
        Sites(table_name="cameras", sites=cameras, unplaced=2),
        Sites(table_name="cases", sites=places),
    )

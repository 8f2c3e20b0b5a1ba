"""The map of sites: points drawn to scale about their middle, without any map beneath, flagged ones marked and named.

Within a county the earth is flat enough: longitudes are shrunk by the cosine of the middle's latitude (equirectangular
projection, mean earth radius 6,371.0088 km), which keeps distances to well under one in a thousand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians
from statistics import median

from auditor.core.finding import Finding
from auditor.core.picture import Site, Sites
from auditor.core.result import RuleCard
from auditor.core.text import Text
from auditor.report.book import Book, counts_now
from auditor.report.charts.chart import Chart, Row
from auditor.report.labels import table_word
from auditor.report.numbers import count

EARTH_M = 6_371_008.8
FURTHEST_M = 200_000.0
"""From the middle: no county is so wide, so what lies beyond has the wrong coordinates, and would shrink the rest."""

DRAWN = 2000
"""Sites that are not flagged."""

LISTED = 60

_BARS = tuple(digit * 10**power for power in range(1, 6) for digit in (1, 2, 5))
_PLACES = ("place", "site")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A site in metres east and north of the middle."""

    site: Site
    x: int
    y: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Projected:
    """`far` is how many lie too far off to be there."""

    places: tuple[Place, ...]
    bar: int
    far: int


def projected(sites: Sequence[Site]) -> Projected:
    """In the order given; the bar is the longest round length, in metres, that is a quarter of the width or less."""
    if not sites:
        return Projected(places=(), bar=_BARS[0], far=0)
    lon, lat = median(one.lon for one in sites), median(one.lat for one in sites)
    metre = radians(1) * EARTH_M
    all_ = [(one, (one.lon - lon) * metre * cos(radians(lat)), (one.lat - lat) * metre) for one in sites]
    near = [Place(site=one, x=round(x), y=round(y)) for one, x, y in all_ if hypot(x, y) <= FURTHEST_M]
    width = max((one.x for one in near), default=0) - min((one.x for one in near), default=0)
    bar = max((one for one in _BARS if one <= width / 4), default=_BARS[0])
    return Projected(places=tuple(near), bar=bar, far=len(all_) - len(near))


def site_maps(book: Book) -> list[Chart]:
    """Every table's sites, with all that is open about them; for the overview."""
    findings = [one for one in book.findings if counts_now(one) and not book.on_trial(one)]
    return [chart for sites in book.run.sites if (chart := site_map(book, sites, findings, tone="")) is not None]


def rule_map(book: Book, card: RuleCard, findings: Sequence[Finding]) -> Chart | None:
    """The sites that the rule is about: of the register that it judges or looks at, or the places of its findings."""
    needed = {card.table, *(need.partition(".")[0] for need in card.needs)}
    for sites in book.run.sites:
        about = _about(sites, findings)
        if about or (sites.table_name in needed and sites.table_name != "cases"):
            return site_map(book, sites, findings, tone=card.certainty)
    return None


def site_map(book: Book, sites: Sites, findings: Iterable[Finding], *, tone: str) -> Chart | None:
    if not sites.sites:
        return None
    findings = list(findings)
    about = _about(sites, findings)
    drawn = projected(sites.sites)
    flagged = [place for place in drawn.places if place.site.site_id in about]
    quiet = [place for place in drawn.places if place.site.site_id not in about]
    step = -(-len(quiet) // DRAWN) or 1
    label = table_word(sites.table_name)
    total = count(len(sites.sites) + sites.unplaced + sites.left_out)
    listed = sorted(flagged, key=lambda one: (-len(about[one.site.site_id]), one.site.site_id))
    return Chart(
        name="sites",
        title=Text(
            zh=f"点位图：{label.zh if sites.table_name != 'cases' else '案件地点'}",
            en=f"Sites: {label.en if sites.table_name != 'cases' else 'places of cases'}",
        ),
        caption=_how_to_read(
            sites, drawn, total, marked=len(flagged), shown=len(quiet[::step]), absent=_absent(sites, findings, flagged)
        ),
        tone=tone,
        data={
            "bar": drawn.bar,
            "sites": [
                *(_quiet(place) for place in quiet[::step]),
                *(_marked(book, place, about[place.site.site_id]) for place in flagged),
            ],
        },
        heads=(
            Text(zh="标出的点位", en="Flagged site"),
            Text(zh="违规发现", en="Violations"),
            Text(zh="线索", en="Leads"),
            Text(zh="经度", en="Longitude"),
            Text(zh="纬度", en="Latitude"),
        ),
        rows=tuple(_row(book, place, about[place.site.site_id]) for place in listed[:LISTED]),
        cut=max(0, len(listed) - LISTED),
    )


def _about(sites: Sites, findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """The findings about each site: about a place, or about what the register is of."""
    known = {one.site_id for one in sites.sites}
    kinds = _kinds(sites)
    found: dict[str, list[Finding]] = {}
    for one in findings:
        if one.subject_type in kinds and one.subject_id in known:
            found.setdefault(one.subject_id, []).append(one)
    return found


def _named(book: Book, place: Place, about: Sequence[Finding]) -> str:
    """Its name as free text goes, without what the findings' rows say of people."""
    name = place.site.name or ""
    for finding in about:
        name = book.masks.scrub(name, book.secrets(finding))
    return f"{place.site.site_id} {name}".strip()


def _quiet(place: Place) -> dict[str, object]:
    return {"x": place.x, "y": place.y, "id": place.site.site_id}


def _marked(book: Book, place: Place, about: Sequence[Finding]) -> dict[str, object]:
    violations, named = sum(one.certainty == "violation" for one in about), _named(book, place, about)
    return {
        "x": place.x,
        "y": place.y,
        "id": named,
        "name": named.removeprefix(place.site.site_id).strip() or named,
        "violations": violations,
        "leads": len(about) - violations,
        "href": book.finding_href(about[0]),
    }


def _row(book: Book, place: Place, about: Sequence[Finding]) -> Row:
    violations = sum(one.certainty == "violation" for one in about)
    return Row(
        cells=(
            _named(book, place, about),
            count(violations),
            count(len(about) - violations),
            f"{place.site.lon:.5f}",
            f"{place.site.lat:.5f}",
        ),
        href=book.finding_href(about[0]),
    )


def _absent(sites: Sites, findings: Iterable[Finding], flagged: Sequence[Place]) -> int:
    """Flagged devices, or places, that are in no register or have no position."""
    shown = {place.site.site_id for place in flagged}
    return len({one.subject_id for one in findings if one.subject_type in _kinds(sites)} - shown)


def _kinds(sites: Sites) -> tuple[str, ...]:
    """The types of subject that a table's sites are."""
    return _PLACES if sites.table_name == "cases" else (sites.table_name.removesuffix("s"),)


def _how_to_read(sites: Sites, drawn: Projected, total: str, *, marked: int, shown: int, absent: int) -> Text:
    drawn_ = count(marked + shown)
    zh = [
        f"共 {total} 个，图中 {drawn_} 个，标出 {count(marked)} 个：实心圆有违规发现，空心菱形只有线索，小空心圆未标出"
    ]
    en = [
        f"{total} in all, {drawn_} drawn, {count(marked)} flagged: filled circles have violations, hollow diamonds "
        "leads alone, small hollow circles are not flagged"
    ]
    if sites.unplaced:
        zh.append(f"{count(sites.unplaced)} 个没有可用的坐标，不在图中")
        en.append(f"{count(sites.unplaced)} without usable coordinates are not in it")
    if absent:
        zh.append(f"另有 {count(absent)} 个标出的对象不在台账或没有坐标，图中没有，见发现列表")
        en.append(f"{count(absent)} more that are flagged have no place here and stand in the lists of findings alone")
    if drawn.far:
        zh.append(f"{count(drawn.far)} 个离其余各点 200 公里以上，坐标可能有误，未画")
        en.append(f"{count(drawn.far)} lie more than 200 km off, their coordinates may be wrong, and are not drawn")
    left_out = len(drawn.places) - marked - shown + sites.left_out
    if left_out:
        zh.append(f"另有 {count(left_out)} 个未标出的没有画出")
        en.append(f"{count(left_out)} more that are not flagged are not drawn")
    return Text(
        zh="按所记坐标绘制，北在上，不含底图。" + "；".join(zh) + "。",
        en="Drawn from the coordinates as recorded, north up, with no map beneath. " + "; ".join(en) + ".",
    )

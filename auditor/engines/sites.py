"""Where things are: the devices of a register, and the places that rows name, with their coordinates as recorded."""

from collections.abc import Iterator, Mapping

from sqlglot import exp

from auditor.core.picture import Site, Sites
from auditor.core.schema import Table, tables
from auditor.engines.base import Session
from auditor.kinds import sql

MOST = 5000
"""Sites kept of one table."""

_PLACE, _PLACE_NAME = "place_id", "place_name"


def sites(session: Session, columns: Mapping[str, frozenset[str]]) -> tuple[Sites, ...]:
    """Of every provided table with coordinates: one site a device, or one a place; sorted by table and id.

    Where the rows of a site differ, it lies at the median of their longitudes and of their latitudes.
    """
    return tuple(_of(session, table, key, columns[table.name]) for table, key in _with_places(columns))


def _with_places(columns: Mapping[str, frozenset[str]]) -> Iterator[tuple[Table, str]]:
    for name in sorted(columns.keys() & tables().keys()):
        table = tables()[name]
        key = table.key[0] if table.valid is not None and table.key else _PLACE
        if {"lon", "lat", key} <= columns[name]:
            yield table, key


def _of(session: Session, table: Table, key: str, provided: frozenset[str]) -> Sites:
    lon, lat, known = sql.column("lon"), sql.column("lat"), sql.is_known(sql.column(key))
    name = exp.Max(this=sql.column(_PLACE_NAME)) if _PLACE_NAME in provided else exp.null()
    usable = sql.both(_within(lon, 180), _within(lat, 90), sql.either(_is_set(lon), _is_set(lat)))
    by_site = (
        exp.select(
            exp.alias_(sql.cast_to(sql.column(key), "text"), "site_id"),
            exp.alias_(sql.cast_to(name, "text"), "name"),
            exp.alias_(exp.Median(this=sql.case((usable, sql.cast_to(lon, "double")))), "lon"),
            exp.alias_(exp.Median(this=sql.case((usable, sql.cast_to(lat, "double")))), "lat"),
        )
        .from_(exp.to_table(table.name))
        .where(known)
        .group_by(sql.column(key))
    )
    rows = session.rows(by_site)
    found = sorted(
        (
            Site(site_id=row["site_id"], name=row["name"], lon=round(row["lon"], 6), lat=round(row["lat"], 6))
            for row in rows
            if row["lon"] is not None and row["lat"] is not None
        ),
        key=lambda site: site.site_id,
    )
    return Sites(
        table_name=table.name,
        sites=tuple(found[:MOST]),
        unplaced=len(rows) - len(found),
        left_out=max(0, len(found) - MOST),
    )


def _within(value: sql.Expr, most: int) -> sql.Expr:
    return sql.both(sql.at_most(sql.number(-most), value), sql.at_most(value, sql.number(most)))


def _is_set(value: sql.Expr) -> sql.Expr:
    """0, 0 is what a device without a position writes."""
    return sql.negate(sql.equal(value, sql.number(0)))

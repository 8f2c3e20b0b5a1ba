"""What a report needs from the data besides findings: the rows cited, names, agencies, the days covered."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlglot import exp

from auditor.core.finding import Evidence, Record, Values
from auditor.core.schema import SOURCE_FILE, SOURCE_ROW, tables
from auditor.engines.base import Session
from auditor.engines.gather import as_text
from auditor.kinds import sql

_Columns = Mapping[str, frozenset[str]]
_CITED = "cited_rows"


def records(session: Session, columns: _Columns, evidence: Iterable[Evidence]) -> tuple[Record, ...]:
    """Every row that a finding rests on, once, as it was loaded; sorted by table, file and row."""
    cited: dict[str, dict[tuple[str, int], str]] = {}
    for row in evidence:
        cited.setdefault(row.table_name, {})[row.source_file, row.source_row] = row.row_key
    found: list[Record] = []
    for name in sorted(cited):
        places = sorted(cited[name])
        session.keep_rows(_CITED, ("cited_file", "cited_row"), places)
        provided = [column for column in tables()[name].columns if column in columns[name]]
        wanted = [sql.column(column, name) for column in (*provided, SOURCE_FILE, SOURCE_ROW)]
        same = sql.both(
            sql.equal(sql.column(SOURCE_FILE, name), sql.column("cited_file", _CITED)),
            sql.equal(sql.column(SOURCE_ROW, name), sql.column("cited_row", _CITED)),
        )
        order = [sql.column(SOURCE_FILE, name), sql.column(SOURCE_ROW, name)]
        query = exp.select(*wanted).from_(exp.to_table(name)).join(exp.to_table(_CITED), on=same, join_type="inner")
        for row in session.each(query.order_by(*order)):
            place = (row[SOURCE_FILE], row[SOURCE_ROW])
            values = Values((column, text) for column in provided if (text := as_text(row[column])) is not None)
            found.append(
                Record(
                    table_name=name,
                    row_key=cited[name][place],
                    source_file=place[0],
                    source_row=place[1],
                    values=values,
                )
            )
    return tuple(found)


def names(session: Session, columns: _Columns, table: str) -> dict[str, str]:
    """Names by id from a register of units or officers; of several the last by name's order. Empty without one."""
    key = tables()[table].key[0]
    if not {key, "name"} <= columns.get(table, frozenset()):
        return {}
    query = exp.select(sql.column(key), sql.column("name")).distinct().from_(exp.to_table(table))
    rows = session.rows(query.order_by(sql.column(key), sql.column("name")))
    return {row[key]: row["name"] for row in rows if row[key] is not None and row["name"] is not None}


def agencies(session: Session, columns: _Columns) -> tuple[str, ...]:
    """The domains that the cases, units or measures belong to, sorted."""
    found: set[str] = set()
    for table in ("cases", "units", "measures"):
        if "domain" in columns.get(table, frozenset()):
            query = exp.select(sql.column("domain")).distinct().from_(exp.to_table(table))
            found |= {row["domain"] for row in session.rows(query) if row["domain"] is not None}
    return tuple(sorted(found))


def latest_day(session: Session, columns: _Columns) -> tuple[date, date] | None:
    """The first and the last day on which anything happened: in the cases, or without cases in any table."""
    spans: list[tuple[date, date]] = []
    for name in ("cases",) if "cases" in columns else sorted(columns):
        usable = [column for column in tables()[name].at if column in columns[name]]
        if not usable:
            continue
        at = sql.day(sql.coalesce(*(sql.moment(sql.column(column)) for column in usable)))
        query = exp.select(exp.alias_(exp.Min(this=at), "first"), exp.alias_(exp.Max(this=at), "last"))
        row = session.rows(query.from_(exp.to_table(name)))[0]
        if row["first"] is not None:
            spans.append((row["first"], row["last"]))
    return (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None

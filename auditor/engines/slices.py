"""How many rows of each verdict a rule met, by unit and month; whatever it counts in all is the sum of these."""

from collections.abc import Iterable, Sequence

from sqlglot import exp

from auditor.core.result import Slice
from auditor.engines.base import Row, Session
from auditor.kinds import sql

VERDICTS: tuple[str, ...] = ("ok", "violation", "unknown", "skipped")
READ = "read_rows"
Slices = dict[tuple[str | None, str | None], dict[str, int]]


def month_of(at: sql.Expr) -> sql.Expr:
    """The months from the year 0 to a moment's, which cost half of what its first day does."""
    return sql.plus(sql.times(exp.Year(this=sql.part(at)), 12), exp.Month(this=at.copy()))


def place(row: Row) -> tuple[str | None, str | None]:
    """The unit and the month of a counted row, as a slice names them."""
    if row["month"] is None:
        return row["unit_id"], None
    year, month = divmod(row["month"] - 1, 12)
    return row["unit_id"], f"{year:04}-{month + 1:02}"


def count(judged: exp.Select, session: Session) -> Slices:
    """The verdicts of a judged relation, which names them in words."""
    unit, verdict, month = sql.column("unit_id"), sql.column("verdict"), month_of(sql.column("at"))
    counted = (
        exp.select(unit, exp.alias_(month, "month"), verdict, exp.alias_(exp.Count(this=exp.Star()), "n"))
        .from_(judged.subquery("j", copy=False), copy=False)
        .where(sql.column("in_period"), copy=False)
        .group_by(unit, month, verdict, copy=False)
    )
    return of_rows(session.rows(counted))


def count_measured(judged: exp.Select, units: sql.Expr, session: Session) -> tuple[Slices, list[Row]]:
    """The same, and in one reading with it how many of those in order and of the violations (`late`) there are by
    `units`, an expression over the judged relation."""
    unit, month, verdict = sql.column("unit_id"), sql.column("month"), sql.column("verdict")
    values = sql.select_named({"month": month_of(sql.column("at")), "units": units}, unit, verdict)
    values = values.from_(judged.subquery("j", copy=False), copy=False).where(sql.column("in_period"), copy=False)
    asked = [grouped([unit, month, verdict], lump=False), grouped([verdict, sql.column("units")], lump=True)]
    rows = session.rows(from_one_reading(values, asked))
    return of_rows(row for row in rows if not row["lump"]), values_of(rows)


def grouped(keys: Sequence[sql.Expr], *, lump: bool) -> exp.Select:
    """How many of the rows `READ` are alike in the keys, as `n`; `lump` marks those not told apart by unit."""
    counted = {"n": exp.Count(this=exp.Star()), "lump": exp.Boolean(this=lump)}
    return sql.select_named(counted, *keys).from_(READ, copy=False).group_by(*keys, copy=False)


def listing(value: sql.Expr, name: str, where: sql.Expr, keys: Sequence[sql.Expr]) -> exp.Select:
    """All values of those of the rows `READ` of which a condition holds, as one list for all that are alike in the
    keys; there has to be a key, or the engine would hold all rows for the sake of the list."""
    few = sql.select_named({name: exp.ArrayAgg(this=value.copy())}, *keys).from_(READ, copy=False)
    return few.where(where, copy=False).group_by(*keys, copy=False)


def from_one_reading(rows: exp.Select, asked: Sequence[exp.Select]) -> exp.Query:
    """All that is asked of the rows, which go by the name of `READ`, in one answer with the columns of each. The engine
    reads them once and hands them on, holding none, as every question gathers before it gives anything."""
    return sql.stacked(asked).with_(READ, as_=rows, materialized=True if len(asked) > 1 else None, copy=False)


def values_of(rows: Iterable[Row]) -> list[Row]:
    """Of rows by `verdict` and `units`, which are marked as a `lump`, those in order and the violations (`late`)."""
    return [
        {**row, "late": row["verdict"] == "violation"}
        for row in rows
        if row["lump"] and row["units"] is not None and row["verdict"] in ("ok", "violation")
    ]


def of_rows(rows: Iterable[Row]) -> Slices:
    """The counts from rows with `unit_id`, `month`, `verdict` and `n`."""
    found: Slices = {}
    for row in rows:
        counts = found.setdefault(place(row), dict.fromkeys(VERDICTS, 0))
        counts[row["verdict"]] += row["n"]
    return found


def corrected(slices: Slices, looked_at: Slices) -> Slices:
    """The counts in which all usable rows stand as in order, with the verdicts of those that were looked at closer."""
    for where, counts in looked_at.items():
        mine = slices[where]
        mine["ok"] -= sum(counts.values())
        for verdict, n in counts.items():
            mine[verdict] += n
    return slices


def totals(slices: Slices) -> dict[str, int]:
    return {verdict: sum(found[verdict] for found in slices.values()) for verdict in VERDICTS}


def told(slices: Slices) -> tuple[Slice, ...]:
    return tuple(
        Slice(
            unit_id=unit,
            month=month,
            tested=counts["ok"] + counts["violation"],
            violation=counts["violation"],
            unknown=counts["unknown"],
        )
        for (unit, month), counts in sorted(slices.items(), key=lambda item: (item[0][0] or "", item[0][1] or ""))
    )

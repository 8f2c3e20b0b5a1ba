"""What the rules have found so far as a table, `findings`, so that a rule can combine it: by officer, unit, site, case.

A row is a source row that a finding rests on: it carries whom that row names, and file and row lead back to it. Only
the judged rows count, not those of a register that was looked up for them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sqlglot import exp

from auditor.core.finding import Evidence, Finding
from auditor.core.schema import SOURCE_FILE, SOURCE_ROW, Column, tables
from auditor.engines.base import Session
from auditor.engines.gather import as_text
from auditor.kinds import sql

FINDINGS = "findings"
SUBJECT = "subject"
_TYPES = {"string": "text", "code": "text", "timestamp": "timestamp"}
_OWN = ("finding_id", "rule_id", "certainty", "level", "first_at", "last_at", "finding_unit")
_BLANK = ""
"""A missing moment or unit, as the rows are handed over."""

_Columns = Mapping[str, frozenset[str]]


def provided() -> frozenset[str]:
    return frozenset(tables()[FINDINGS].columns)


def keep(session: Session, columns: _Columns, findings: Iterable[Finding], evidence: Iterable[Evidence]) -> None:
    """Holds the table in the session, replacing that of an earlier month; without findings it has no row."""
    by_id = {found.finding_id: found for found in findings}
    cited: dict[str, set[tuple[str, str, int]]] = {}
    for row in evidence:
        if row.role == SUBJECT and row.finding_id in by_id:
            cited.setdefault(row.table_name, set()).add((row.finding_id, row.source_file, row.source_row))
    parts = [_none()]
    for name in sorted(cited):
        rows = [(*_own(by_id[id_]), file, number) for id_, file, number in sorted(cited[name])]
        handed = f"found_in_{name}"
        session.keep_rows(handed, (*_OWN, "cited_file", "cited_row"), rows)
        parts.append(_rows_of(name, handed, columns[name]))
    query = parts[0]
    for part in parts[1:]:
        query = exp.Union(this=query, expression=part, distinct=False)
    session.keep(FINDINGS, query)


def grounded(evidence: Sequence[Evidence], earlier: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """The evidence of a rule over `findings`, with the source rows in place of those of the table."""
    rows: dict[tuple[str, str, int], list[Evidence]] = {
        (row.row_key, row.source_file, row.source_row): [] for row in evidence if row.table_name == FINDINGS
    }
    for row in earlier:
        place = row.finding_id, row.source_file, row.source_row
        if row.role == SUBJECT and place in rows:
            rows[place].append(row)
    told: dict[Evidence, None] = {}
    for row in evidence:
        if row.table_name != FINDINGS:
            told[row] = None
            continue
        for ground in rows[row.row_key, row.source_file, row.source_row]:
            told[replace(ground, finding_id=row.finding_id)] = None
    return tuple(told)


def _own(found: Finding) -> tuple[str, ...]:
    moments = (as_text(found.first_at), as_text(found.last_at))
    texts = (found.finding_id, found.rule_id, found.certainty, found.level, *moments, found.unit_id)
    return tuple(text or _BLANK for text in texts)


def _none() -> exp.Select:
    """The table's columns and no row: their names and types whatever follows."""
    own = [_typed(exp.null(), column) for column in tables()[FINDINGS].columns.values()]
    file, row = sql.cast_to(exp.null(), "text"), sql.cast_to(exp.null(), "bigint")
    return exp.select(*own, exp.alias_(file, SOURCE_FILE), exp.alias_(row, SOURCE_ROW)).where(exp.false())


def _rows_of(name: str, handed: str, columns: frozenset[str]) -> exp.Select:
    same = sql.both(
        sql.equal(sql.column(SOURCE_FILE, name), sql.column("cited_file", handed)),
        sql.equal(sql.column(SOURCE_ROW, name), sql.column("cited_row", handed)),
    )
    values = [
        _typed(_value(column.name, name, handed, columns), column) for column in tables()[FINDINGS].columns.values()
    ]
    place = [sql.column(SOURCE_FILE, name), sql.column(SOURCE_ROW, name)]
    return exp.select(*values, *place).from_(exp.to_table(handed)).join(exp.to_table(name), on=same, join_type="inner")


def _value(column: str, name: str, handed: str, columns: frozenset[str]) -> sql.Expr:
    """From the finding what is the finding's, from the row whom it names; the finding's unit where the row has none."""
    if column == "table_name":
        return sql.text(name)
    if column in _OWN:
        return _known(column, handed)
    theirs: sql.Expr = sql.column(column, name) if column in columns else exp.null()
    return sql.coalesce(theirs, _known("finding_unit", handed)) if column == "unit_id" else theirs


def _known(column: str, handed: str) -> sql.Expr:
    return exp.Nullif(this=sql.column(column, handed), expression=sql.text(_BLANK))


def _typed(value: sql.Expr, column: Column) -> sql.Expr:
    return exp.alias_(sql.cast_to(value, _TYPES[column.type]), column.name)

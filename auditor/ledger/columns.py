"""The columns of the working papers: findings, evidence, quarantine, rules and records.

Names, order and types of the first columns are what outside programs rely on; columns of our own come after them.
Rows stand in an order that depends on nothing but what they say.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from sys import intern
from typing import Any, Generic, TypeVar, cast

from auditor.core.codec import decode, dumps
from auditor.core.fact import Fact, FactType
from auditor.core.finding import Evidence, Finding, Record, RowPlace, Values
from auditor.core.followed import HistoryEntry
from auditor.core.picture import Picture
from auditor.core.result import HeldRow, NotJudged, QuarantineEntry, RuleResult, Slice, TooFew
from auditor.core.schema import Personal, tables
from auditor.core.text import Text
from auditor.ledger.parquet import pa

T = TypeVar("T")
Row = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Paper(Generic[T]):
    """One parquet file: its schema, the order of its rows, and how a value becomes a row and comes back."""

    file: str
    schema: Any
    order: Callable[[T], tuple[Any, ...]]
    to_row: Callable[[T], Row]
    from_row: Callable[[Row], T]


def _schema(*columns: tuple[str, Any]) -> Any:
    return pa.schema([pa.field(name, type_) for name, type_ in columns])


_TEXT, _WHOLE, _REAL, _FLAG, _MOMENT = pa.string(), pa.int64(), pa.float64(), pa.bool_(), pa.timestamp("us")
_DAY = pa.date32()


def _of(row: Row, *names: str) -> Row:
    return {name: row[name] for name in names}


_FINDING_PLAIN = (
    *("finding_id", "rule_id", "certainty", "level", "subject_type", "subject_id", "unit_id", "period", "state"),
    *("waived", "metric", "value", "threshold", "expected", "lower", "upper", "p_value", "q_value", "n_cases"),
    *("first_at", "last_at", "fingerprint"),
)


def _finding_row(finding: Finding) -> Row:
    return {
        **{name: getattr(finding, name) for name in _FINDING_PLAIN},
        "covers": list(finding.covers),
        "message_zh": finding.message.zh,
        "message_en": finding.message.en,
        "facts": dumps(finding.facts),
        "conditions": dumps({"row": finding.first_row, "met": finding.conditions}),
        "state_reason_zh": finding.state_reason.zh if finding.state_reason else None,
        "state_reason_en": finding.state_reason.en if finding.state_reason else None,
    }


def _finding(row: Row) -> Finding:
    asked = json.loads(row["conditions"])
    return Finding(
        **_of(row, *_FINDING_PLAIN),
        covers=tuple(row["covers"]),
        message=Text(zh=row["message_zh"], en=row["message_en"]),
        facts=tuple(_fact(fact) for fact in json.loads(row["facts"])),
        conditions=tuple(asked["met"]),
        first_row=None if asked["row"] is None else decode(RowPlace, asked["row"]),
        state_reason=(
            None if row["state_reason_en"] is None else Text(zh=row["state_reason_zh"], en=row["state_reason_en"])
        ),
    )


def _fact(kept: dict[str, Any]) -> Fact:
    """By hand and not by `decode`: a run has a million of them. Names, types and columns are few and shared."""
    value, personal, column = kept["value"], kept["personal"], kept["column"]
    if not (value is None or isinstance(value, str)):
        raise TypeError(f"{value!r} is no value of a fact")
    return Fact(
        name=intern(kept["name"]),
        type=cast(FactType, intern(kept["type"])),
        value=value,
        personal=None if personal is None else cast(Personal, intern(personal)),
        column=None if column is None else intern(column),
    )


FINDINGS = Paper[Finding](
    file="findings.parquet",
    schema=_schema(
        ("finding_id", _TEXT),
        ("rule_id", _TEXT),
        ("covers", pa.list_(_TEXT)),
        ("certainty", _TEXT),
        ("level", _TEXT),
        ("subject_type", _TEXT),
        ("subject_id", _TEXT),
        ("unit_id", _TEXT),
        ("period", _TEXT),
        ("state", _TEXT),
        ("waived", _FLAG),
        ("metric", _TEXT),
        ("value", _REAL),
        ("threshold", _REAL),
        ("expected", _REAL),
        ("lower", _REAL),
        ("upper", _REAL),
        ("p_value", _REAL),
        ("q_value", _REAL),
        ("n_cases", _WHOLE),
        ("first_at", _MOMENT),
        ("last_at", _MOMENT),
        ("message_zh", _TEXT),
        ("message_en", _TEXT),
        ("fingerprint", _TEXT),
        ("facts", _TEXT),
        ("conditions", _TEXT),
        ("state_reason_zh", _TEXT),
        ("state_reason_en", _TEXT),
    ),
    order=lambda finding: (finding.rule_id, finding.fingerprint, finding.finding_id),
    to_row=_finding_row,
    from_row=_finding,
)

_EVIDENCE_PLAIN = ("finding_id", "table_name", "row_key", "role", "source_file", "source_row")

EVIDENCE = Paper[Evidence](
    file="evidence.parquet",
    schema=_schema(*((name, _WHOLE if name == "source_row" else _TEXT) for name in _EVIDENCE_PLAIN)),
    order=lambda row: (row.finding_id, row.table_name, row.role, row.source_file, row.source_row, row.row_key),
    to_row=lambda row: {name: getattr(row, name) for name in _EVIDENCE_PLAIN},
    from_row=lambda row: Evidence(**row),
)

_QUARANTINE_PLAIN = ("source_file", "source_row", "column", "raw_value", "reason", "table_name")

QUARANTINE = Paper[QuarantineEntry](
    file="quarantine.parquet",
    schema=_schema(
        *((name, _WHOLE if name == "source_row" else _TEXT) for name in (*_QUARANTINE_PLAIN, "text_zh", "text_en"))
    ),
    order=lambda entry: (
        *(entry.source_file, entry.source_row, entry.table_name, entry.column or "", entry.reason),
        entry.raw_value or "",
    ),
    to_row=lambda entry: {
        **{name: getattr(entry, name) for name in _QUARANTINE_PLAIN},
        "text_zh": entry.text.zh,
        "text_en": entry.text.en,
    },
    from_row=lambda row: QuarantineEntry(
        **_of(row, *_QUARANTINE_PLAIN), text=Text(zh=row["text_zh"], en=row["text_en"])
    ),
)

_HELD_PLAIN = ("table_name", "source_file", "source_row", "ragged")

HELD = Paper[HeldRow](
    file="held.parquet",
    schema=_schema(
        *(("table_name", _TEXT), ("source_file", _TEXT), ("source_row", _WHOLE)),
        *(("ragged", _FLAG), ("cells", pa.list_(_TEXT)), ("faulty", pa.list_(_WHOLE))),
    ),
    order=lambda row: (row.source_file, row.source_row, row.table_name),
    to_row=lambda row: {
        **{name: getattr(row, name) for name in _HELD_PLAIN},
        **{"cells": list(row.cells), "faulty": list(row.faulty)},
    },
    from_row=lambda row: HeldRow(**_of(row, *_HELD_PLAIN), cells=tuple(row["cells"]), faulty=tuple(row["faulty"])),
)

_COUNTS = ("tested", "ok", "violation", "unknown", "skipped", "findings")
_RULE_PLAIN = ("rule_id", "result", *_COUNTS, "grain")


def _rule_row(result: RuleResult) -> Row:
    return {
        **{name: getattr(result, name) for name in _RULE_PLAIN},
        "reason": result.reason.en if result.reason else None,
        "reason_zh": result.reason.zh if result.reason else None,
        "not_judged": _not_judged_text(result),
        "notes": dumps(result.notes),
        "slices": dumps(result.slices),
        "lacks": list(result.lacks),
        "picture": None if result.picture is None else dumps(result.picture),
    }


def _not_judged_text(result: RuleResult) -> str:
    """A list of the named; of a rule that counted others without naming them, both, told apart."""
    if result.too_few is None:
        return dumps(result.not_judged)
    return dumps({"named": result.not_judged, "too_few": result.too_few})


def _rule(row: Row) -> RuleResult:
    kept = json.loads(row["not_judged"])
    both: dict[str, Any] = {"named": kept, "too_few": None} if isinstance(kept, list) else kept
    return RuleResult(
        **_of(row, *_RULE_PLAIN),
        reason=None if row["reason"] is None else Text(zh=row["reason_zh"], en=row["reason"]),
        not_judged=tuple(decode(NotJudged, item) for item in both["named"]),
        too_few=None if both["too_few"] is None else decode(TooFew, both["too_few"]),
        notes=tuple(decode(Text, note) for note in json.loads(row["notes"])),
        slices=tuple(decode(Slice, part) for part in json.loads(row["slices"])),
        lacks=tuple(row["lacks"]),
        picture=None if row["picture"] is None else decode(Picture, json.loads(row["picture"])),
    )


RULES = Paper[RuleResult](
    file="rules.parquet",
    schema=_schema(
        *((name, _TEXT) for name in ("rule_id", "result", "reason")),
        *((name, _WHOLE) for name in _COUNTS),
        *((name, _TEXT) for name in ("grain", "reason_zh", "not_judged", "notes", "slices")),
        ("lacks", pa.list_(_TEXT)),
        ("picture", _TEXT),
    ),
    order=lambda result: (result.rule_id,),
    to_row=_rule_row,
    from_row=_rule,
)


def in_column_order(record: Record) -> Mapping[str, str]:
    """The values of a record in the order of its canonical table; columns of the source's own follow, by name."""
    order = _order(record.table_name, tuple(record.values))
    if order is None:
        return record.values
    pairs = list(record.values.items())
    return Values([pairs[place] for place in order])


@cache
def _order(table_name: str, names: tuple[str, ...]) -> tuple[int, ...] | None:
    """The places of these columns in order; None where they stand so already."""
    known = _places(table_name)
    order = sorted(range(len(names)), key=lambda place: (known.get(names[place], len(known)), names[place]))
    return None if order == list(range(len(names))) else tuple(order)


@cache
def _places(table_name: str) -> dict[str, int]:
    table = tables().get(table_name)
    return {name: place for place, name in enumerate(table.columns)} if table else {}


_RECORD_PLAIN = ("table_name", "row_key", "source_file", "source_row")

RECORDS = Paper[Record](
    file="records.parquet",
    schema=_schema(*((name, _WHOLE if name == "source_row" else _TEXT) for name in (*_RECORD_PLAIN, "values"))),
    order=lambda record: (record.table_name, record.row_key, record.source_file, record.source_row),
    to_row=lambda record: {
        **{name: getattr(record, name) for name in _RECORD_PLAIN},
        "values": json.dumps(dict(in_column_order(record).items()), ensure_ascii=False),
    },
    from_row=lambda row: Record(**_of(row, *_RECORD_PLAIN), values=Values(json.loads(row["values"]).items())),
)

_HISTORY = {
    "finding_id": _TEXT,
    "period": _TEXT,
    "as_of": _DAY,
    "state": _TEXT,
    "rule_id": _TEXT,
    "subject_type": _TEXT,
    "subject_id": _TEXT,
    "unit_id": _TEXT,
    "level": _TEXT,
    "certainty": _TEXT,
    "trial": _FLAG,
}

HISTORY = Paper[HistoryEntry](
    file="history.parquet",
    schema=_schema(*_HISTORY.items()),
    order=lambda entry: (entry.as_of, entry.period, entry.rule_id, entry.finding_id),
    to_row=lambda entry: {name: getattr(entry, name) for name in _HISTORY},
    from_row=lambda row: HistoryEntry(**row),
)

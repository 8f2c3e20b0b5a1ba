"""Columns of which most values are of another unit than the one they are read in: yuan for 万元, tonnes for kilograms.

Only plain numbers are looked at, as they stand in the file: a value that names its unit is read with that one. Nothing
is mended: the profile has to say what is meant.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from auditor.core.result import ContractFinding
from auditor.core.schema import SOURCE_ROW, Column, Table
from auditor.core.text import Text
from auditor.intake.checks.thresholds import FEWEST_AMOUNTS, LEAST_KG, LEAST_YUAN, MOST_AMOUNTS, MOST_WAN
from auditor.intake.columns.amounts import is_plain
from auditor.intake.columns.cast import half_width
from auditor.intake.columns.mapping import SOURCE
from auditor.intake.profile.model import ColumnMapping
from auditor.intake.store.database import ibis
from auditor.intake.store.staging import Staged

_Doubt = Literal["yuan", "wan", "tonnes", "tonnes_of_load"]
"""What the values of a column may really be."""
_Doubts = dict[str, tuple[ColumnMapping, _Doubt]]

_PLAIN = "_plain_"

_WAN = Decimal(10_000)
_FINES = frozenset({"fine_amount", "proposed_fine", "fine_min", "fine_max", "statutory_min", "statutory_max"})
"""Fines, which are whole yuan; late fees and costs among payments are not."""
_WHOLE_VEHICLES = frozenset({"gross_kg", "limit_kg", "gross_limit_kg", "before_kg", "after_kg"})
"""Weights of whole vehicles; a load may well be light."""

_SENTENCES: Mapping[_Doubt, tuple[str, str]] = {
    "yuan": (
        f"按万元读取，但 {{looks}}/{{of}} 个数是大于 {MOST_WAN} 的整数，疑为元",
        f"is read in units of ten thousand yuan, but {{looks}} of {{of}} numbers are whole and over {MOST_WAN}, which "
        "looks like yuan",
    ),
    "wan": (
        f"按元读取，但 {{looks}}/{{of}} 个数小于 {LEAST_YUAN} 且带小数，疑为万元",
        f"is read in yuan, but {{looks}} of {{of}} numbers are below {LEAST_YUAN} and have decimals, which looks like "
        "units of ten thousand yuan",
    ),
    "tonnes": (
        f"按千克读取，但 {{looks}}/{{of}} 个数小于 {LEAST_KG}，疑为吨",
        f"is read in kilograms, but {{looks}} of {{of}} numbers are below {LEAST_KG}, which looks like tonnes",
    ),
    "tonnes_of_load": (
        f"按千克读取，但 {{looks}}/{{of}} 个数小于 {LEAST_KG} 且带小数，疑为吨",
        f"is read in kilograms, but {{looks}} of {{of}} numbers are below {LEAST_KG} and have decimals, which looks "
        "like tonnes",
    ),
}


def implausible(con: Any, rows: Any, staged: Sequence[Staged], table: Table) -> list[ContractFinding]:
    """A finding for every column of every source of which most values look like another unit, in their order."""
    findings: list[ContractFinding] = []
    for number, each in enumerate(staged):
        doubts: _Doubts = {}
        for mapping in each.fitted.columns:
            doubt = _doubt(table.columns[mapping.column], mapping)
            if doubt and each.fitted.places[mapping.column]:
                doubts[mapping.column] = (mapping, doubt)
        mine = rows.filter(rows[SOURCE] == number)
        # The texts are only read again where there are numbers enough that look wrong, whatever they were written as.
        loose = _counted(con, mine, doubts)
        doubts = {name: doubts[name] for name, (looks, _) in loose.items() if looks > MOST_AMOUNTS * FEWEST_AMOUNTS}
        for name, (looks, of) in _counted(con, _with_plain(con, mine, each, doubts), doubts).items():
            if of >= FEWEST_AMOUNTS and looks > MOST_AMOUNTS * of:
                findings.append(_finding(table, table.columns[name], each.source.name, doubts[name][1], looks, of))
    return findings


def _doubt(column: Column, mapping: ColumnMapping) -> _Doubt | None:
    if column.type == "money" and mapping.times == _WAN:
        return "yuan"
    if mapping.times not in (None, Decimal(1)):
        return None
    if column.type == "money" and column.name in _FINES:
        return "wan"
    if column.name.endswith("_kg"):
        return "tonnes" if column.name in _WHOLE_VEHICLES else "tonnes_of_load"
    return None


def _with_plain(con: Any, rows: Any, staged: Staged, doubts: _Doubts) -> Any:
    """The rows with a mark for each column: whether its value stands in the file as a number without a unit."""
    raw = con.table(staged.name)
    plain: dict[str, Any] = {}
    for name in doubts:
        texts = [raw[f"c{place}"] for place in staged.fitted.places[name]]
        plain[_PLAIN + name] = ibis.and_(*((text.isnull() | is_plain(half_width(text))) for text in texts))
    return rows.join(raw.select(SOURCE_ROW, **plain), SOURCE_ROW)


def _counted(con: Any, rows: Any, doubts: _Doubts) -> dict[str, tuple[int, int]]:
    """Of each column how many values look wrong, of how many: no noughts, and plain ones alone where marks stand."""
    if not doubts:
        return {}
    counts: dict[str, Any] = {}
    for name, (mapping, doubt) in doubts.items():
        value = rows[name].cast("float64") / float(mapping.times or 1)
        counted = (value != 0) & rows[_PLAIN + name] if _PLAIN + name in rows.columns else value != 0
        counts[f"{name} of"] = counted.fill_null(False).sum()
        counts[f"{name} looks"] = (counted & _looks(value.abs(), doubt)).fill_null(False).sum()
    [found] = con.to_pyarrow(rows.aggregate(**counts)).to_pylist()
    return {name: (int(found[f"{name} looks"] or 0), int(found[f"{name} of"] or 0)) for name in doubts}


def _looks(value: Any, doubt: _Doubt) -> Any:
    whole = value == value.round()
    match doubt:
        case "yuan":
            return whole & (value > MOST_WAN)
        case "wan":
            return ~whole & (value < LEAST_YUAN)
        case "tonnes":
            return value < LEAST_KG
        case "tonnes_of_load":
            return ~whole & (value < LEAST_KG)


def _finding(table: Table, column: Column, name: str, doubt: _Doubt, looks: int, of: int) -> ContractFinding:
    zh, en = (sentence.format(looks=looks, of=of) for sentence in _SENTENCES[doubt])
    return ContractFinding(
        table_name=table.name,
        check="amounts_implausible",
        text=Text(
            zh=f"{name}：{column.zh}{zh}（空值、零和自带单位的值不计），请核对对接配置中的单位",
            en=f"{name}: {column.label.en} {en} (empty cells, noughts and values that name their unit do not count); "
            "check the unit in the profile",
        ),
        rows=(name,),
    )

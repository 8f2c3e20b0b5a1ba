"""Total rows that do not agree with the rows above them: one of the two was altered, or rows are missing.

Nothing is said where it is not plain what a row sums: a running total (累计) counts what is not in the file, a total
that stands above its rows or below none cannot be told from another, and a column in which any value of the block is no
plain number, or is said by a merged cell, has no sum to hold it against.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Any

from auditor.core.result import ContractFinding
from auditor.core.schema import SOURCE_ROW, Column, Table
from auditor.core.text import Text
from auditor.intake.readers.base import Total
from auditor.intake.readers.heading import clean, header_key
from auditor.intake.store.staging import Staged

_CENT = Decimal("0.005")
"""So much each summand, and the total, may be off by rounding."""
_MOST = 5
"""So many total rows of a column are told one by one, the others counted."""

_BLOCK = re.compile(r"^(小[计計]|本[页頁]|subtotal)")
"""A sub-total, which covers the rows since the last total alone."""
_RUNNING = re.compile(r"累[计計]")
_PLAIN = re.compile(r"[-+]?\d+(?:\.\d+)?|[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Difference:
    row: int
    said: Decimal
    summed: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class _Values:
    """A column's amounts with the rows they stand in, in order; `sums` and `unclear` count up to each, from none on."""

    rows: Sequence[int]
    sums: Sequence[Decimal]
    unclear: Sequence[int]
    decimals: int

    def between(self, after: int, before: int) -> tuple[Decimal, int] | None:
        """The sum of the rows between two others and how many have an amount; None where some is no plain number."""
        first, last = bisect_right(self.rows, after), bisect_right(self.rows, before)
        if self.unclear[first] != self.unclear[last]:
            return None
        return self.sums[last] - self.sums[first], last - first


def totals_that_differ(con: Any, staged: Sequence[Staged], table: Table) -> list[ContractFinding]:
    """A finding for every total row of a column of amounts that differs from its rows by more than rounding."""
    findings: list[ContractFinding] = []
    for each in staged:
        if each.ragged or not each.totals:
            continue
        for column in table.columns.values():
            places = each.fitted.places.get(column.name, ())
            if column.type == "money" and len(places) == 1 and _said(each.totals, places[0]):
                differences = _differences(each.totals, places[0], _values(con, each, places[0]))
                findings += _findings(table, column, each.source.name, differences)
    return findings


def _said(totals: Sequence[Total], place: int) -> bool:
    return any(place < len(total.cells) and _number(total.cells[place]) is not None for total in totals)


def _number(cell: str | None) -> Decimal | None:
    text = clean(cell or "").lstrip("¥￥").removesuffix("元")
    return Decimal(text.replace(",", "")) if _PLAIN.fullmatch(text) else None


def _values(con: Any, staged: Staged, place: int) -> _Values:
    rows = con.table(staged.name).select(SOURCE_ROW, said=f"c{place}")
    rows = rows.filter(rows.said.notnull() & (rows.said != "")).order_by(SOURCE_ROW)
    found: dict[str, list[Any]] = con.to_pyarrow(rows).to_pydict()
    numbers = [_number(said) for said in found["said"]]
    return _Values(
        rows=found[SOURCE_ROW],
        sums=list(accumulate((number or Decimal(0) for number in numbers), initial=Decimal(0))),
        unclear=list(accumulate((int(number is None) for number in numbers), initial=0)),
        decimals=max((_decimals(number) for number in numbers if number is not None), default=0),
    )


def _differences(totals: Sequence[Total], place: int, values: _Values) -> list[_Difference]:
    found: list[_Difference] = []
    last = last_whole = 0
    for number, total in enumerate(totals):
        block = values.between(last, total.row)
        if number == 0 and block is not None and not block[1]:
            # The totals of this table stand above what they sum.
            return []
        word = header_key(next((said for cell in total.cells if (said := clean(cell or ""))), ""))
        said = _number(total.cells[place]) if place < len(total.cells) else None
        is_block = bool(_BLOCK.search(word.lower()))
        spans = [last] if is_block else sorted({last, last_whole, 0})
        sums = [each for after in spans if (each := values.between(after, total.row)) is not None]
        known = len(sums) == len(spans) and not _RUNNING.search(word)
        if said is not None and known and sums[0][1] and not any(_agree(said, *each, values.decimals) for each in sums):
            # Of several that it may sum, the most rows: all since the last total that is no sub-total.
            summed = sums[0] if is_block else sums[spans.index(last_whole)]
            found.append(_Difference(row=total.row, said=said, summed=summed[0]))
        last = total.row
        if not is_block:
            last_whole = total.row
    return found


def _agree(said: Decimal, summed: Decimal, count: int, decimals: int) -> bool:
    # A total may be written in whole yuan above amounts with fen.
    rounded = Decimal(5).scaleb(-_decimals(said) - 1) if _decimals(said) < decimals else Decimal(0)
    return abs(said - summed) <= max(_CENT * count, rounded)


def _decimals(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _findings(table: Table, column: Column, name: str, found: Sequence[_Difference]) -> list[ContractFinding]:
    findings: list[ContractFinding] = []
    for place, each in enumerate(found[:_MOST]):
        more = len(found) - _MOST if place == _MOST - 1 else 0
        zh = (
            f"{name} 第 {each.row} 行的合计：{column.zh}写明 {each.said:,.2f}，其上各行相加为 {each.summed:,.2f}，"
            "请核对有无缺行或改动"
        )
        en = (
            f"{name}, row {each.row}: the total of {column.label.en} says {each.said:,.2f}, and the rows above add up "
            f"to {each.summed:,.2f}; check whether rows are missing or were altered"
        )
        findings.append(
            ContractFinding(
                table_name=table.name,
                check="total_differs",
                text=Text(
                    zh=zh + (f"；另有 {more} 个合计行不符" if more > 0 else ""),
                    en=en + (f" (and {more} more total rows differ)" if more > 0 else ""),
                ),
                rows=(name,),
            )
        )
    return findings

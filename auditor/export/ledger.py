"""`ledger.xlsx` and the CSV files beside it: the office ledger written as it streams past, each line once.

Whatever a cell says stays text: no formula, number or link is made of it. Dates are dates and numbers numbers, so that
an office can sort, filter and count. Equal ledgers give equal bytes.
"""

from contextlib import ExitStack
from pathlib import Path

from auditor.core.office_ledger import OfficeLedger
from auditor.core.text import Language
from auditor.export.csv_ import CsvFile, plain
from auditor.export.ledger_book import LedgerBook

FILE = "ledger.xlsx"
FINDINGS_CSV = "findings.csv"
RULES_FOLDER = "rules"


def write(ledger: OfficeLedger, folder: Path, *, language: Language) -> None:
    """Writes ledger.xlsx and, where the ledger is to have them, findings.csv and rules/<rule>.csv for each rule with
    findings.

    Raises OSError where they cannot be written.
    """
    heads = [column.head.in_(language) for column in ledger.told]
    book = LedgerBook(folder / FILE, ledger, language)
    if ledger.with_csv:
        _with_csv(ledger, book, folder, heads)
    else:
        for entry in ledger.entries:
            book.entry(entry)
    book.close()


def _with_csv(ledger: OfficeLedger, book: LedgerBook, folder: Path, heads: list[str]) -> None:
    (folder / RULES_FOLDER).mkdir(parents=True, exist_ok=True)
    begun: set[str] = set()
    with CsvFile(folder / FINDINGS_CSV, heads) as every, ExitStack() as open_rule:
        current: CsvFile | None = None
        last = ""
        for entry in ledger.entries:
            if entry.rule != last or current is None:
                open_rule.close()
                path = folder / RULES_FOLDER / f"{entry.rule}.csv"
                current = open_rule.enter_context(CsvFile(path, heads, more=entry.rule in begun))
                begun.add(entry.rule)
                last = entry.rule
            cells = plain(entry.cells)
            every.plain_row(cells)
            current.plain_row(cells)
            book.entry(entry)

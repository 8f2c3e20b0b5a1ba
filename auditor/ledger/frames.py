"""Findings as a pandas table, for notebooks: the columns of findings.parquet, in its order."""

from typing import Any

from auditor.core.result import Run
from auditor.ledger.columns import FINDINGS
from auditor.ledger.papers import in_order
from auditor.ledger.parquet import to_table


def findings_frame(run: Run) -> Any:
    """A pandas DataFrame; facts stay JSON text, as in the file."""
    return to_table(FINDINGS.schema, [FINDINGS.to_row(finding) for finding in in_order(run).findings]).to_pandas()

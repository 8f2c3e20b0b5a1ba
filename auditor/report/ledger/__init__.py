"""The office ledger of a run: every finding as a line that an office can act on, and the tables that belong to it."""

from auditor.report.ledger.compose import office_ledger

__all__ = ["office_ledger"]

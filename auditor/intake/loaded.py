"""What intake hands on: the store's tables, and everything that did not get into them, with reasons."""

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.core.result import ContractFinding, HeldRow, InputFile, QuarantineEntry, Unread


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """`columns` and `rows` are by table, for the tables that were provided; the calendar `workdays`, which the store
    always has, is among them only where the agency gave its own. `date_precision` names, as `table.column`, the
    timestamps of which some source had only the day. Per input, read = loaded + quarantined."""

    columns: Mapping[str, frozenset[str]]
    rows: Mapping[str, int]
    date_precision: frozenset[str]
    inputs: tuple[InputFile, ...]
    unread: tuple[Unread, ...]
    quarantine: tuple[QuarantineEntry, ...]
    contract: tuple[ContractFinding, ...]
    held: tuple[HeldRow, ...] = ()

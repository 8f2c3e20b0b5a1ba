"""Whether a constant of a profile says anything, and is a value of its column: else every row would be set aside."""

from collections.abc import Sequence
from decimal import Decimal

from auditor.core.document import Scalar
from auditor.core.problem import Problem, did_you_mean
from auditor.core.schema import Column
from auditor.intake.columns.cast import FALSE, TRUE, half_width, typed
from auditor.intake.store.database import ibis


def problem_of(written: Scalar, column: Column, formats: Sequence[str], times: Decimal | None) -> Problem | None:
    """What is wrong with it; None where nothing is."""
    value, place = written.value, written.location
    if written.is_blank or not value.strip():
        hint = "leave the column out, or name it under `lacks` if it is required"
        return Problem(f"the constant of {column.name} says nothing", place, hint)
    if column.codes:
        known = value in column.codes
        return (
            None
            if known
            else Problem(f"{value!r} is not a code of {column.name}", place, did_you_mean(value, column.codes))
        )
    if column.type == "bool" and value.lower() not in (*TRUE, *FALSE):
        return Problem(f"{value!r} does not say whether {column.name} is true or false", place, "write true or false")
    if column.type in ("string", "code", "bool") or _is_read(value, column, formats, times):
        return None
    what = "a date" if column.type in ("date", "timestamp") else "such a number"
    return Problem(f"{value!r} cannot be read as {column.name}", place, f"the column needs {what}: {column.type}")


def _is_read(value: str, column: Column, formats: Sequence[str], times: Decimal | None) -> bool:
    """Asked of the very function that would read it in every row."""
    con = ibis.duckdb.connect(autoinstall_known_extensions=False, autoload_known_extensions=False)
    try:
        text = half_width(ibis.literal(value, "string"))
        read = typed(text, column, formats=formats, times=times, from_cells=False, workbook=False)
        return con.to_pyarrow(read.notnull()).as_py()
    finally:
        con.disconnect()

"""Counts and shares as they are printed: a share always names what it is a share of, and never rounds to nothing."""

from auditor.core.words import MISSING


def count(value: int) -> str:
    return f"{value:,}"


def share(part: int, whole: int) -> str:
    """Per cent of a known whole. A part that exists never prints as 0 %, and one that is not all never as 100 %."""
    if whole == 0:
        return MISSING
    if part == 0:
        return "0 %"
    if part == whole:
        return "100 %"
    value = 100 * part / whole
    if value < 0.01:
        return "< 0.01 %"
    if value > 99.9:
        return "> 99.9 %"
    return f"{value:.2f} %" if value < 10 else f"{value:.1f} %"


def quantity(value: float | None) -> str:
    """A measured value without trailing zeros, at most four significant decimals."""
    if value is None:
        return MISSING
    if 0 < abs(value) < 0.0001:
        return "< 0.0001" if value > 0 else "> -0.0001"
    return f"{value:,.4f}".rstrip("0").rstrip(".")

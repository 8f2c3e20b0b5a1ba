"""A count as published: a number, or the sign that it is withheld."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is None where the count is withheld."""

    value: int | None

    @property
    def shown(self) -> str:
        return "∗" if self.value is None else f"{self.value:,}"


def alone(count: int, least: int) -> Figure:
    """A count that belongs to no total."""
    return Figure(None if 0 < count < least else count)

"""What a group kind counted, out of the engine and into its own words."""

from auditor.engines.base import Session
from auditor.engines.query import Query
from auditor.kinds.base import Count


def read_counts(query: Query, session: Session) -> list[Count]:
    """One count for each subject, stratum and, where the kind asked for it, month."""
    if query.counts is None:
        raise TypeError("a group kind has counts")
    strata = range(1, query.strata + 1)
    return [
        Count(
            subject=row["subject"],
            stratum=tuple(row[f"stratum_{number}"] for number in strata),
            n=row["n"],
            k=row["k"],
            month=row.get("month"),
            audited=row.get("audited", True),
            days=row.get("days", 0),
            squares=row.get("squares", 0),
        )
        for row in session.rows(query.counts)
    ]

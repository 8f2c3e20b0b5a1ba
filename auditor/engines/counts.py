"""What a group kind counted, out of the engine and into its own words.

Of a million cases half may be of parties that have one or two each. To read a count for each of them, only to learn
that it has too few rows to be judged, takes minutes and hundreds of megabytes; so where they are very many the engine
sums them up, and what comes back is how many they are and what they are to the judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlglot import exp

from auditor.engines.base import Row, Session
from auditor.engines.query import Query
from auditor.kinds import sql
from auditor.kinds.base import Conclusion, Count, GroupKind

if TYPE_CHECKING:
    from auditor.stats import Crowd

NAMED = 2000
"""Up to so many subjects with too few rows are read one by one, and named; a reader goes through no more."""

_COUNTS, _SMALL = "subject_counts", "small_subjects"


@dataclass(frozen=True, kw_only=True)
class Counted:
    """One count for each subject, stratum and, where the kind asked for it, month; without those in the crowd."""

    counts: Sequence[Count]
    crowd: "Crowd | None" = None

    def concluded(self, kind: GroupKind) -> Conclusion:
        return kind.conclude(self.counts) if self.crowd is None else kind.conclude_beside(self.counts, self.crowd)


def read_counts(query: Query, session: Session, *, named: int = NAMED, always: Sequence[str] = ()) -> Counted:
    """The counts; where more than `named` subjects have too few rows to be judged, these are a crowd, all but those
    that are to be told of one by one in any case (`always`)."""
    if query.counts is None:
        raise TypeError("a group kind has counts")
    if query.fewest is None or query.fewest <= 1:
        return Counted(counts=_counts(query, session.rows(query.counts)))
    session.keep(_COUNTS, query.counts.copy())
    try:
        return _beside_the_many(query, session, query.fewest, named, always)
    finally:
        nothing = exp.select(exp.alias_(sql.number(0), "n")).limit(0)
        session.keep(_COUNTS, nothing)
        session.keep(_SMALL, nothing.copy())


def _beside_the_many(query: Query, session: Session, fewest: int, named: int, always: Sequence[str]) -> Counted:
    rows = exp.Sum(this=sql.column("n"))
    small = exp.select(sql.column("subject"), exp.alias_(sql.cast_to(rows, "bigint"), "n")).from_(_COUNTS)
    if always:
        listed = exp.In(this=sql.column("subject"), expressions=[sql.text(one) for one in always])
        small = small.where(sql.negate(listed))
    session.keep(_SMALL, small.group_by(sql.column("subject")).having(sql.less(rows.copy(), sql.number(fewest))))
    total = sql.coalesce(sql.cast_to(exp.Sum(this=sql.column("n")), "bigint"), sql.number(0))
    asked = exp.select(exp.alias_(exp.Count(this=exp.Star()), "subjects"), exp.alias_(total, "n")).from_(_SMALL)
    (many,) = session.rows(asked)
    every = exp.select(exp.Column(this=exp.Star(), table=exp.to_identifier("c"))).from_(sql.relation(_COUNTS, "c"))
    same = sql.equal(sql.column("subject", "s"), sql.column("subject", "c"))
    if many["subjects"] <= named:
        return Counted(counts=_counts(query, session.rows(_in_order(query, every))))
    others = every.join(sql.relation(_SMALL, "s"), on=same, join_type="left").where(
        sql.is_null(sql.column("subject", "s"))
    )
    theirs = every.join(sql.relation(_SMALL, "s"), on=same.copy(), join_type="inner")
    counts = _counts(query, session.rows(_in_order(query, others)))
    return Counted(counts=counts, crowd=_crowd(query, session, fewest, many, theirs))


def _crowd(query: Query, session: Session, fewest: int, many: Row, theirs: exp.Select) -> "Crowd":
    from auditor.stats import Crowd, CrowdCell, CrowdPair

    strata = [f"stratum_{number}" for number in range(1, query.strata + 1)]
    subjects, k = exp.Count(this=exp.Star()), sql.cast_to(exp.Sum(this=sql.column("k")), "bigint")
    cells = [*(sql.column(name) for name in strata), sql.column("n")]
    by_size = exp.select(*cells, exp.alias_(subjects, "subjects"), exp.alias_(k, "k")).from_(theirs.subquery("t"))
    return Crowd(
        fewest=fewest,
        subjects=many["subjects"],
        n=many["n"],
        cells=tuple(
            CrowdCell(stratum=tuple(row[name] for name in strata), n=row["n"], subjects=row["subjects"], k=row["k"])
            for row in session.rows(by_size.group_by(*cells).order_by(*cells))
        ),
        pairs=tuple(
            CrowdPair(
                one=tuple(row[f"one_{name}"] for name in strata),
                other=tuple(row[f"other_{name}"] for name in strata),
                product=row["product"],
            )
            for row in (session.rows(_pairs(strata, theirs)) if strata else ())
        ),
    )


def _pairs(strata: Sequence[str], theirs: exp.Select) -> exp.Select:
    """Every two strata in which any of them has rows, with the sum of the products of each one's rows."""
    sides = ("one", "other")
    named = [exp.alias_(sql.column(name, side), f"{side}_{name}") for side in sides for name in strata]
    keys = [sql.column(f"{side}_{name}") for side in sides for name in strata]
    alike = sql.both(*(sql.equal(sql.column(name, "one"), sql.column(name, "other")) for name in strata))
    same = sql.equal(sql.column("subject", "one"), sql.column("subject", "other"))
    times = sql.product(sql.column("n", "one"), sql.column("n", "other"))
    every = (
        exp.select(*named, exp.alias_(times, "times"))
        .from_(theirs.subquery("one"))
        .join(theirs.subquery("other"), on=sql.both(same, sql.negate(alike)), join_type="inner")
    )
    product = sql.cast_to(exp.Sum(this=sql.column("times")), "bigint")
    return (
        exp.select(*keys, exp.alias_(product, "product"))
        .from_(every.subquery("p"))
        .group_by(*(key.copy() for key in keys))
        .order_by(*(key.copy() for key in keys))
    )


def _in_order(query: Query, counts: exp.Select) -> exp.Select:
    names = ["subject", *(f"stratum_{number}" for number in range(1, query.strata + 1))]
    return counts.order_by(*(sql.column(name, "c") for name in names))


def _counts(query: Query, rows: Sequence[Row]) -> list[Count]:
    strata = [f"stratum_{number}" for number in range(1, query.strata + 1)]
    return [
        Count(
            subject=row["subject"],
            stratum=tuple([row[name] for name in strata]),
            n=row["n"],
            k=row["k"],
            month=row.get("month"),
            audited=row.get("audited", True),
            days=row.get("days", 0),
            squares=row.get("squares", 0),
        )
        for row in rows
    ]

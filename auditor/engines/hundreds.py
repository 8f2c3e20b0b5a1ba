"""Which hundreds of a numbering are broken, so that their rows alone need be put in order.

Rows whose numbers differ in the last two digits alone are a hundred. One with a hundred rows and each ending once is
whole: in it nothing is missing and nothing is there twice. That is learnt by counting, without taking any number apart;
only one text of each hundred is read as a number. Whether each ending is there once is told by the hashes of the
endings laid over one another (XOR, 64 bits); two that are there twice would have to have hashes that come to the same
as those of two that are missing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from auditor.engines.base import Session
from auditor.engines.places import hashed
from auditor.kinds import sql
from auditor.kinds.company import Beside, Numbered

BROKEN, HUNDRED, OWN = "broken_hundreds", "hundred", "own"

FEWEST = 100_000
"""A table of fewer rows is put in order as it is."""

_ENDINGS = [f"{ending:02}" for ending in range(100)]
_COUNTED, _PLACED, _SERIES = "counted_hundreds", "placed_hundreds", "series_hash"
SELDOM = 20
"""Of how many rows one may be in a broken hundred, for those to be found by their whole texts."""


@dataclass(frozen=True, kw_only=True)
class Way:
    """How the rows of broken hundreds are found: `told` says of a row, over the names of `Numbered`, what stands for it
    in `listed`, a query of `HUNDRED` and `OWN`."""

    told: sql.Expr
    listed: exp.Select


@dataclass(frozen=True, kw_only=True)
class Broken:
    """Hundreds in which a row can be suspect, or can be the one before such a row, each with whether its rows are their
    `OWN` or only there for the sake of others; so many `rows` are in them.

    A row is found by what its hundred is called, or, which costs half, by its whole text (`quickly`): if its ending is
    two digits. Whether all are so, tells their number.
    """

    rows: int
    by_hundred: Way
    quickly: Way | None


def broken(
    company: Beside,
    numbered: Numbered,
    rows: exp.Select,
    session: Session,
    steps: Callable[[exp.Select], exp.Subquery],
) -> Broken | None:
    """The broken hundreds among the rows, None where leaving out the others would leave out less than half.

    `rows` are those that stand in the order and are not blank, with the names of `numbered`; `steps` works out what is
    compared of rows.
    """
    text = numbered.text.name
    first = session.rows(exp.select(sql.column(text)).from_(rows.copy().subquery("r")).limit(1))
    if not first:
        return None
    behind = _letters_behind(first[0][text])
    hundred = _hundred(numbered, behind)
    ending = _ending(numbered.text, behind)
    counted = sql.select_named(
        {
            HUNDRED: hundred,
            text: exp.AnyValue(this=numbered.text.copy()),
            **{value.name: exp.AnyValue(this=value.copy()) for value in numbered.series},
            "n": exp.Count(this=exp.Star()),
            "endings": exp.BitwiseXorAgg(this=hashed([ending])),
        }
    )
    counted = counted.from_(rows.subquery("r", copy=False), copy=False)
    session.keep(_COUNTED, counted.group_by(hundred.copy(), copy=False))
    session.keep(_PLACED, _placed(company, numbered, behind, _each_once(session), steps))
    share = exp.Sum(this=sql.case((sql.column("asked"), sql.column("n")), otherwise=sql.number(0)))
    [found] = session.rows(
        exp.select(exp.alias_(share, "asked"), exp.alias_(exp.Sum(this=sql.column("n")), "n")).from_(_PLACED)
    )
    if found["n"] is None or found["n"] < 2 * found["asked"]:
        return None
    listed = exp.select(HUNDRED, OWN).from_(_PLACED).where(sql.column("asked"))
    quickly = Way(told=hashed([*numbered.series, numbered.text]), listed=_written_out(numbered, behind))
    return Broken(
        rows=int(found["asked"]),
        by_hundred=Way(told=hundred, listed=listed),
        quickly=quickly if found["n"] >= SELDOM * found["asked"] else None,
    )


def _letters_behind(text: str) -> int:
    """How many characters stand behind the last digit; what other rows have there need not be as long."""
    return next((place for place, letter in enumerate(reversed(text)) if letter in "0123456789"), 0)


def _hundred(numbered: Numbered, behind: int) -> sql.Expr:
    parts = [*numbered.series, _front(numbered.text, behind)]
    if behind:
        parts.append(_last(numbered.text, behind))
    return hashed(parts)


def _ending(text: sql.Expr, behind: int) -> sql.Expr:
    last = _last(text, 2 + behind)
    return exp.Left(this=last, expression=sql.number(2)) if behind else last


def _front(text: sql.Expr, behind: int) -> sql.Expr:
    """All but the ending and what stands behind it; LEFT and RIGHT come to the same and cost half as much again."""
    length = sql.minus(exp.Length(this=text.copy()), sql.number(2 + behind))
    return exp.Substring(this=text.copy(), start=sql.number(1), length=length)


def _last(text: sql.Expr, characters: int) -> sql.Expr:
    return exp.Substring(this=text.copy(), start=sql.number(-characters))


def _each_once(session: Session) -> int:
    """What the hashes of all endings come to."""
    listed = exp.values([(ending,) for ending in _ENDINGS], alias="e", columns=["ending"])
    laid = exp.alias_(exp.BitwiseXorAgg(this=hashed([sql.column("ending")])), "endings")
    return int(session.rows(exp.select(laid).from_(listed))[0]["endings"])


def _written_out(numbered: Numbered, behind: int) -> exp.Select:
    """What stands for each text that the rows of broken hundreds can have, if their endings are two digits."""
    written = sql.run_together(*_around(numbered.text, behind, sql.column("ending", "e")))
    hundreds = sql.relation(_COUNTED, "c")
    same = sql.equal(sql.column(HUNDRED, "c"), sql.column(HUNDRED, _PLACED))
    endings = exp.values([(ending,) for ending in _ENDINGS], alias="e", columns=["ending"])
    listed = sql.select_named({HUNDRED: hashed([*numbered.series, written])}, sql.column(OWN)).from_(_PLACED)
    return listed.join(hundreds, on=same).join(endings, join_type="cross").where(sql.column("asked"))


def _around(text: sql.Expr, behind: int, ending: sql.Expr) -> list[sql.Expr]:
    """The parts of a text with another ending."""
    return [_front(text, behind), ending, *([_last(text, behind)] if behind else [])]


def _placed(
    company: Beside, numbered: Numbered, behind: int, once: int, steps: Callable[[exp.Select], exp.Subquery]
) -> exp.Select:
    """Each hundred with its first number, and whether it is asked about.

    A hundred is sound if it is whole and no other has the same numbers. Of the rows of one that is not, nobody knows
    what their numbers are before each is looked at: those that end in two digits are of the place that the text in
    front says, and those that don't have a number of one digit if they are of this series at all. So the hundreds
    beside one that is not sound are asked about, and the first two of each series.
    """
    text = numbered.text.name
    whole = [
        sql.equal(sql.column("n"), sql.number(len(_ENDINGS))),
        sql.equal(sql.column("endings"), sql.number(once)),
    ]
    if behind:
        digits = exp.RegexpLike(this=_last(numbered.text, behind), expression=sql.text("[0-9]"))
        whole.append(sql.negate(digits))
    written = _around(numbered.text, behind, sql.text(_ENDINGS[0]))
    hundreds = sql.select_named(
        {text: sql.run_together(*written), "in_scope": exp.true(), "whole": sql.both(*whole)},
        sql.column(HUNDRED),
        sql.column("n"),
        *(value.copy() for value in numbered.series),
    ).from_(_COUNTED)
    first = company.order
    read = sql.select_named(
        {_SERIES: hashed(list(company.by)), "first": first, "whole": sql.both(sql.column("whole"), company.usable)},
        sql.column(HUNDRED),
        sql.column("n"),
    ).from_(steps(hundreds), copy=False)
    alone = sql.equal(sql.among(exp.Count(this=exp.Star()), [sql.column(_SERIES), sql.column("first")]), sql.number(1))
    sound = sql.coalesce(sql.both(sql.column("whole"), alone), exp.false())
    judged = sql.select_named({"sound": sound}, exp.Star()).from_(read.subquery("r", copy=False), copy=False)
    around = {
        f"{name}_{side}": sql.in_order(function(this=sql.column(name)), [sql.column(_SERIES)], [sql.column("first")])
        for side, function in (("before", exp.Lag), ("after", exp.Lead))
        for name in ("sound", "first")
    }
    beside = sql.select_named(around, exp.Star()).from_(judged.subquery("j", copy=False), copy=False)
    hundred = sql.number(len(_ENDINGS))
    follows = _joins("before", sql.minus(sql.column("first"), hundred))
    goes_on = _joins("after", sql.plus(sql.column("first"), hundred))
    own = sql.negate(sql.both(sql.column("sound"), follows))
    early = sql.coalesce(sql.less(sql.column("first"), sql.number(2 * len(_ENDINGS))), exp.true())
    asked = sql.either(own, sql.negate(goes_on), early)
    values = {OWN: own, "asked": asked}
    return sql.select_named(values, sql.column(HUNDRED), sql.column("n")).from_(beside.subquery("b", copy=False))


def _joins(side: str, first: sql.Expr) -> sql.Expr:
    """Whether the hundred on that side is sound and begins there."""
    there = sql.equal(sql.column(f"first_{side}"), first)
    return sql.coalesce(sql.both(sql.column(f"sound_{side}"), there), exp.false())

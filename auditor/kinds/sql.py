"""SQL as trees: the few words from which every kind builds its query, each safe to nest.

sqlglot doesn't parenthesise what is built by hand: `NOT a IN (…) IS NULL` came out for `(NOT …) IS NULL` and turned
every verdict round without an error. So each word here wraps its operands, and kinds build conditions from these words
alone. Nothing in the program glues SQL from strings.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import cast

from sqlglot import Expr as Expr
from sqlglot import exp

from auditor.core.duration import Duration
from auditor.core.schema import tables

_INTERVAL = {"minutes": "MINUTE", "hours": "HOUR", "days": "DAY", "months": "MONTH"}


def column(name: str, table: str | None = None) -> Expr:
    return exp.Column(this=exp.to_identifier(name, quoted=True), table=exp.to_identifier(table) if table else None)


def part(expression: Expr) -> Expr:
    """The expression as part of a new tree: itself where it is of none yet, else a copy.

    A tree grows from its leaves, so that copying at each word would copy every leaf as often as it lies deep. What has
    become part of a tree is not to be changed in place any more, by whoever holds it.
    """
    return expression if expression.parent is None else expression.copy()


def parts(expressions: Iterable[Expr]) -> list[Expr]:
    """Each as part of one new tree, one that is named twice as two."""
    found: list[Expr] = []
    for expression in expressions:
        taken = any(expression is other for other in found)
        found.append(expression.copy() if taken else part(expression))
    return found


def above(node: Expr, tree: Expr) -> Expr | None:
    """What a node of a tree stands in; None for the tree itself, whatever that has become part of."""
    return None if node is tree else node.parent


def wrap(expression: Expr) -> Expr:
    """The expression in parentheses unless it is a single word already."""
    if isinstance(expression, exp.Paren):
        return part(expression)
    simple = (exp.Column, exp.Literal, exp.Func, exp.Null, exp.Boolean, exp.Window, exp.Subquery)
    # AND and OR are functions too in sqlglot's eyes; they are the very ones that need the parentheses.
    if isinstance(expression, simple) and not isinstance(expression, (exp.Binary, exp.Unary, exp.Predicate)):
        return part(expression)
    return exp.Paren(this=part(expression))


def both(*conditions: Expr) -> Expr:
    """AND over all of them but those that are always so; TRUE where none is left."""
    return _chain(exp.And, conditions, empty=exp.true())


def either(*conditions: Expr) -> Expr:
    """OR over all of them but those that never are so; FALSE where none is left."""
    return _chain(exp.Or, conditions, empty=exp.false())


def _chain(join: type[exp.And] | type[exp.Or], conditions: Iterable[Expr], empty: Expr) -> Expr:
    asked = [wrap(condition) for condition in parts(one for one in conditions if one != empty)]
    if not asked:
        return empty
    result = asked[0]
    for condition in asked[1:]:
        result = join(this=result, expression=condition)
    return result


def negate(condition: Expr) -> Expr:
    """NOT of it; of what is negated already, what was negated."""
    plain = condition.unnest()
    return part(plain.this) if isinstance(plain, exp.Not) else exp.Not(this=wrap(condition))


def is_null(value: Expr) -> Expr:
    return exp.Is(this=wrap(value), expression=exp.null())


def is_known(value: Expr) -> Expr:
    return exp.Not(this=exp.Paren(this=is_null(value)))


def _with_sign(sign: type[exp.Binary], left: Expr, right: Expr) -> Expr:
    one, other = parts((left, right))
    return sign(this=wrap(one), expression=wrap(other))


def equal(left: Expr, right: Expr) -> Expr:
    return _with_sign(exp.EQ, left, right)


def less(left: Expr, right: Expr) -> Expr:
    return _with_sign(exp.LT, left, right)


def at_most(left: Expr, right: Expr) -> Expr:
    return _with_sign(exp.LTE, left, right)


def plus(left: Expr, right: Expr) -> Expr:
    return _with_sign(exp.Add, left, right)


def minus(left: Expr, right: Expr) -> Expr:
    return _with_sign(exp.Sub, left, right)


def times(value: Expr, count: int) -> Expr:
    return exp.Mul(this=wrap(value), expression=number(count))


def case(*branches: tuple[Expr, Expr], otherwise: Expr | None = None) -> Expr:
    """CASE WHEN … THEN … ELSE …; without `otherwise`, NULL."""
    pairs = (parts(branch) for branch in branches)
    return exp.Case(
        ifs=[exp.If(this=condition, true=value) for condition, value in pairs],
        default=None if otherwise is None else part(otherwise),
    )


def latest(first: Expr, *others: Expr) -> Expr:
    """The greatest of those that are known; NULL where none is."""
    one, *more = parts((first, *others))
    return exp.Greatest(this=one, expressions=more, ignore_nulls=True) if more else one


def earliest(first: Expr, *others: Expr) -> Expr:
    """The least of those that are known; NULL where none is."""
    one, *more = parts((first, *others))
    return exp.Least(this=one, expressions=more, ignore_nulls=True) if more else one


def coalesce(first: Expr, *others: Expr) -> Expr:
    value, *otherwise = parts((first, *others))
    return exp.Coalesce(this=value, expressions=otherwise) if otherwise else value


def cast_to(value: Expr, type_: str) -> Expr:
    if isinstance(value, exp.Cast):
        return cast(Expr, exp.cast(part(value), _type(type_).copy(), copy=False))
    return exp.Cast(this=part(value), to=_type(type_).copy())


@cache
def _type(name: str) -> exp.DataType:
    """Parsed once; whoever makes it part of a tree takes a copy."""
    return exp.DataType.build(name)


def unsigned(value: Expr) -> Expr:
    """As a whole number of 64 bits without a sign; that type sqlglot knows by no name that all engines share."""
    return cast(Expr, exp.cast(part(value), exp.DataType.Type.UBIGINT, copy=False))


def day(value: Expr) -> Expr:
    """The calendar day of a moment."""
    return cast_to(value, "date")


def moment(value: Expr) -> Expr:
    return cast_to(value, "timestamp")


def to_the_second(value: Expr) -> Expr:
    """A moment as ISO text, whatever lies below the second cut off."""
    shown = cast_to(moment(value), "text")
    return exp.Substring(this=shown, start=number(1), length=number(len("2024-05-31 23:59:59")))


def text(value: str) -> Expr:
    return exp.Literal.string(value)


def number(value: int | float | Decimal) -> Expr:
    return exp.Literal.number(format(value, "f") if isinstance(value, Decimal) else value)


def timestamp(value: datetime) -> Expr:
    return cast_to(text(value.isoformat(sep=" ")), "timestamp")


def date_(value: date) -> Expr:
    return cast_to(text(value.isoformat()), "date")


def interval(length: Duration) -> Expr:
    """An interval of minutes, hours, natural days or months; working days need the calendar and have none."""
    return exp.Interval(this=text(str(length.count)), unit=exp.Var(this=_INTERVAL[length.unit]))


def later(start: Expr, length: Duration) -> Expr:
    """The moment `length` after `start`; always a TIMESTAMP, since engines differ on what date + interval is."""
    return moment(plus(moment(start), interval(length)))


def days_later(start: Expr, count: Expr) -> Expr:
    """The day `count` natural days after a day."""
    return day(exp.DateAdd(this=day(start), expression=wrap(count), unit=exp.Var(this="DAY")))


def minutes_between(earlier: Expr, later_: Expr) -> Expr:
    """Whole minutes elapsed from one moment to another, counted from the epoch and not by boundaries crossed."""
    seconds = minus(exp.UnixSeconds(this=moment(later_)), exp.UnixSeconds(this=moment(earlier)))
    return cast_to(exp.Floor(this=exp.Div(this=exp.Paren(this=seconds), expression=number(60))), "bigint")


def days_between(earlier: Expr, later_: Expr) -> Expr:
    """Whole calendar days from one day to another. Day minus day is an integer; moments are cut to their day first."""
    return exp.DateDiff(this=day(later_), expression=day(earlier), unit=exp.Var(this="DAY"))


def over(function: Expr, *, by: Iterable[Expr], order: Expr, spec: exp.WindowSpec | None = None) -> Expr:
    return in_order(function, by, [order], spec)


def frame(
    kind: str, start: Expr | str, start_side: str | None, end: Expr | str, end_side: str | None
) -> exp.WindowSpec:
    """A window frame: `kind` is RANGE or ROWS, a bound is an interval, UNBOUNDED or CURRENT ROW."""
    return exp.WindowSpec(kind=kind, start=start, start_side=start_side, end=end, end_side=end_side)


def render(tree: Expr, *, pretty: bool = True) -> str:
    """The SQL as DuckDB reads it."""
    return tree.sql(dialect="duckdb", pretty=pretty)


def words(tree: Expr) -> str:
    """An expression as a reader meets it in a sentence: one line, names without quotes or the rule's own table."""
    plain = tree.copy()
    for found in plain.find_all(exp.Column):
        found.this.set("quoted", False)
        if found.table in tables():
            found.set("table", None)
    return plain.sql(dialect="duckdb", normalize_functions="lower")


def select_named(values: Mapping[str, Expr], *first: Expr) -> exp.Select:
    """SELECT with each value under its name, `first` in front of them; no value is copied twice."""
    named = [exp.Alias(this=part(value), alias=exp.to_identifier(name)) for name, value in values.items()]
    return exp.Select(expressions=[*first, *named])


def stacked(queries: Sequence[exp.Select]) -> exp.Query:
    """The rows of all of them, with every column that any has; where a query has it not, it is NULL."""
    together: exp.Query = queries[0]
    for query in queries[1:]:
        together = exp.Union(this=together, expression=query, distinct=False, by_name=True)
    return together


def relation(name: str, alias: str) -> exp.Table:
    return exp.Table(this=exp.to_identifier(name), alias=exp.TableAlias(this=exp.to_identifier(alias)))


def joined(values: Expr, separator: str) -> Expr:
    """The texts of an array in one, NULLs left out."""
    return exp.ArrayToString(this=part(values), expression=text(separator))


def among(function: Expr, by: Iterable[Expr]) -> Expr:
    """A function over all rows alike in `by`."""
    return exp.Window(this=function, partition_by=parts(by))


def in_order(function: Expr, by: Iterable[Expr], order: Iterable[Expr], spec: exp.WindowSpec | None = None) -> Expr:
    """A function over the rows alike in `by`, in the order of several values."""
    ordered = [exp.Ordered(this=part(value), nulls_first=False) for value in order]
    return exp.Window(this=function, partition_by=parts(by), order=exp.Order(expressions=ordered), spec=spec)


def previous(value: Expr, by: Iterable[Expr], order: Iterable[Expr]) -> Expr:
    """The value of the row before, among the rows alike in `by`; NULL for the first."""
    return in_order(exp.Lag(this=part(value)), by, order)


def number_or_null(value: Expr, type_: str) -> Expr:
    """A text as a number of the type; NULL where it is none, or too long."""
    return exp.TryCast(this=part(value), to=_type(type_).copy())


def extracted(value: Expr, pattern: str) -> Expr:
    """What the first group of a regular expression matches; the empty text where nothing does."""
    return exp.RegexpExtract(this=part(value), expression=text(pattern), group=number(1))


def run_together(*texts: Expr) -> Expr:
    """The texts one after another; NULL where one is."""
    first, *others = parts(texts)
    result = wrap(first)
    for other in others:
        result = exp.DPipe(this=result, expression=wrap(other), safe=True)
    return result


def padded(value: Expr, length: Expr) -> Expr:
    """A text of digits with zeros in front up to a length."""
    return exp.Pad(this=part(value), expression=cast_to(length, "int"), fill_pattern=text("0"), is_left=True)


def product(left: Expr, right: Expr) -> Expr:
    return _with_sign(exp.Mul, left, right)


def seconds_between(earlier: Expr, later_: Expr) -> Expr:
    """Whole seconds elapsed from one moment to another."""
    return minus(exp.UnixSeconds(this=moment(later_)), exp.UnixSeconds(this=moment(earlier)))


def metres_between(lon: Expr, lat: Expr, other_lon: Expr, other_lat: Expr) -> Expr:
    """The great-circle distance of two points given in degrees, by the haversine formula (Sinnott, Virtues of the
    Haversine, 1984) on a sphere of the earth's mean radius, 6,371,008.8 m (IUGG)."""
    degree = number(0.017453292519943295)
    half = number(0.5)

    def squared_sine(one: Expr, two: Expr) -> Expr:
        sine = exp.Sin(this=product(product(minus(two, one), degree), half))
        return product(sine, sine)

    across = product(exp.Cos(this=product(lat, degree)), exp.Cos(this=product(other_lat, degree)))
    chord = plus(squared_sine(lat, other_lat), product(across, squared_sine(lon, other_lon)))
    within = case((less(number(1), chord), number(1)), otherwise=chord)
    return product(number(2 * 6_371_008.8), exp.Asin(this=exp.Sqrt(this=within)))

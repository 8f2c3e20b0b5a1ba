"""The SQL conditions that a rule file may contain: parsed, name-checked and type-checked before any data is read.
`$name` stands for a parameter of the rule, and `$as_of` for the day whose end is the present.

Only listed words are allowed; each was shown to mean the same on every engine. A rule that needs more says so in an
issue, not with a string.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from auditor.core.document import Scalar
from auditor.core.problem import Location, Problem, did_you_mean
from auditor.core.schema import Column
from auditor.kinds import sql
from auditor.kinds.present import AS_OF, asks_for_day
from auditor.kinds.scope import Scope

ALLOWED: tuple[type[sql.Expr], ...] = (
    exp.And, exp.Or, exp.Not, exp.Paren, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In, exp.Is,
    exp.Null, exp.Literal, exp.Boolean, exp.Column, exp.Identifier, exp.Placeholder, exp.Neg, exp.Add, exp.Sub, exp.Mul,
    exp.Case, exp.If, exp.Coalesce, exp.Lower, exp.Upper, exp.Abs, exp.Least, exp.Greatest, exp.Like, exp.Length,
    exp.Trim, exp.Cast, exp.DataType,
)  # fmt: skip
_FUNCTIONS = sorted({"coalesce", "lower", "upper", "abs", "least", "greatest", "length", "trim", "cast", "case"})
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE)
_GROUP = {
    "string": "text", "code": "text", "bool": "yes or no", "int": "number", "double": "number", "money": "number",
    "timestamp": "time", "date": "time",
}  # fmt: skip
_SHOWN = 40
"""How many characters of a refused expression a message shows."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2})?)?")


@dataclass(frozen=True, slots=True)
class Parsed:
    """An expression over qualified columns with every parameter filled in, or what is wrong with it."""

    tree: sql.Expr | None
    problems: tuple[Problem, ...]


def parse(written: Scalar, scope: Scope, *, condition: bool) -> Parsed:
    """Reads one expression; with `condition` it must be something that is true or false."""
    try:
        tree = sqlglot.parse_one(written.value, dialect="duckdb", into=exp.Condition)
    except SqlglotError as error:
        message = f"not a valid SQL expression: {_reason(error)}"
        return Parsed(None, (Problem(message, _inside(written, error), code="R301"),))
    problems = [*_hidden(written), *_problems(tree, written, scope)]
    if problems:
        return Parsed(None, tuple(problems))
    tree = _fill(tree, scope)
    problems = list(_type_problems(tree, written, scope))
    if not problems and condition and group(tree, scope) not in ("yes or no", None):
        problems.append(Problem("is not a condition: it is neither true nor false", written.location, code="R306"))
    return Parsed(None if problems else tree, tuple(problems))


def literal(value: str) -> sql.Expr:
    """A parameter's value as SQL: a number, true or false, else text."""
    if value in ("true", "false"):
        return exp.true() if value == "true" else exp.false()
    try:
        finite = Decimal(value).is_finite()  # "nan" and "inf" are numbers to Decimal, and names to an engine
    except InvalidOperation:
        finite = False
    return exp.Literal.number(value) if finite else sql.text(value)


def _hidden(written: Scalar) -> Iterator[Problem]:
    """What a reader sees and no engine does, or the other way round: comments, and the end of a statement."""
    tokens = sqlglot.tokenize(written.value, dialect="duckdb")
    if any(token.comments for token in tokens):
        hint = "write it as a YAML comment, after #"
        yield Problem("a comment has no place in an expression", written.location, hint, code="R309")
    if any(token.token_type == sqlglot.TokenType.SEMICOLON for token in tokens):
        yield Problem("an expression is one condition, without ;", written.location, code="R309")


def _problems(tree: sql.Expr, written: Scalar, scope: Scope) -> Iterator[Problem]:
    for node in tree.walk(prune=lambda node: not isinstance(node, ALLOWED)):
        match node:
            case exp.Column():
                if isinstance(node.this, exp.Star) or node.args.get("db"):
                    yield Problem(f"{node.sql()} is not a column", written.location, code="R308")
                elif scope.find(node.name, node.table or None) is None:
                    yield _unknown(node, written, scope)
            case exp.Placeholder():
                if node.name not in {*scope.parameters, AS_OF}:
                    hint = did_you_mean(node.name, [*scope.parameters, AS_OF])
                    yield Problem(f"unknown parameter ${node.name}", written.location, hint, code="R205")
            case exp.EQ() | exp.NEQ() if isinstance(node.expression, exp.Null):
                hint = "write `is null` or `is not null`"
                yield Problem("nothing equals NULL", written.location, hint, code="R305")
            case exp.Cast():
                if node.to.this not in (exp.DType.DATE, exp.DType.TIMESTAMP):
                    yield Problem("cast is only allowed to date or timestamp", written.location, code="R307")
            case _ if not isinstance(node, ALLOWED):
                name = _word(node)
                hint = did_you_mean(name, _FUNCTIONS) if isinstance(node, exp.Func) else None
                yield Problem(f"{name} is not allowed here", written.location, hint, code="R302")
            case _:
                pass


def _unknown(node: exp.Column, written: Scalar, scope: Scope) -> Problem:
    place = written.place_of(node.name) or _offset(written, node.this.meta.get("start"))
    if node.table and node.table != scope.table.name and node.table not in scope.joined:
        hint = did_you_mean(node.table, scope.joined) or "name the register under `with:` first"
        return Problem(f"unknown name {node.table!r} in {node.sql()}", place, hint, code="R204")
    where = scope.joined[node.table].table if node.table in scope.joined else scope.table
    candidates = where.columns if node.table else scope.names()
    hint = did_you_mean(node.name, candidates)
    return Problem(f"table {where.name} has no column {node.name!r}", place, hint, code="R203")


def _fill(tree: sql.Expr, scope: Scope) -> sql.Expr:
    def replace(node: sql.Expr) -> sql.Expr:
        if isinstance(node, exp.Column):
            return sql.column(node.name, node.table or scope.table.name)
        if isinstance(node, exp.Placeholder) and not asks_for_day(node):
            return literal(scope.parameters[node.name])
        return node

    def denied(node: sql.Expr) -> sql.Expr:
        # `a NOT LIKE b` is the one denial that sqlglot keeps inside: put like all others, none can be overlooked.
        if not node.args.get("negate"):
            return node
        node.set("negate", None)
        return sql.negate(node)

    filled = tree.transform(replace)
    # Not in one pass: a transformation does not enter what it has put in place of a node.
    while any(node.args.get("negate") for node in filled.walk()):
        filled = filled.transform(denied)
    return filled


def _type_problems(tree: sql.Expr, written: Scalar, scope: Scope) -> Iterator[Problem]:
    for node in tree.walk():
        if isinstance(node, _COMPARISONS):
            yield from _compared(node.this, node.expression, written, scope)
        elif isinstance(node, exp.In):
            for option in node.expressions:
                yield from _compared(node.this, option, written, scope)
        elif isinstance(node, exp.Between):
            yield from _compared(node.this, node.args["low"], written, scope)
            yield from _compared(node.this, node.args["high"], written, scope)


def _compared(left: sql.Expr, right: sql.Expr, written: Scalar, scope: Scope) -> Iterator[Problem]:
    for value, other in ((left, right), (right, left)):
        described = _column(value, scope)
        if described and described.codes and isinstance(other, exp.Literal) and other.name not in described.codes:
            hint = did_you_mean(other.name, described.codes)
            place = written.place_of(other.name) or _offset(written, None, other.name)
            yield Problem(f"{described.name} is never {other.name!r}", place, hint, code="R304")
            return
    for value, other in ((left, right), (right, left)):
        if asks_for_day(other.unnest()) and (column := _moment_in(value, scope)):
            hint = f"write cast({column} as date), or the as-of day itself is not looked at"
            yield Problem(f"{column} is a moment, and $as_of a day", written.location, hint, code="R303")
            return
    one, two = group(left, scope), group(right, scope)
    if one is None or two is None or one == two:
        return
    for sort, other in ((one, right), (two, left)):
        if sort == "time" and isinstance(other, exp.Literal) and other.is_string and _is_date(other.name):
            return
    message = f"{left.sql(dialect='duckdb')} is {one}, but {right.sql(dialect='duckdb')} is {two}"
    yield Problem(message.replace('"', ""), written.location, code="R303")


def group(node: sql.Expr, scope: Scope) -> str | None:
    """What sort of value a node has, where that is certain."""
    match node:
        case exp.Column():
            described = _column(node, scope)
            return _GROUP[described.type] if described else None
        case exp.Literal():
            return "text" if node.is_string else "number"
        case exp.Boolean() | exp.And() | exp.Or() | exp.Not() | exp.Is() | exp.In() | exp.Between() | exp.Like():
            return "yes or no"
        case exp.Paren() | exp.Coalesce() | exp.Least() | exp.Greatest():
            return group(node.this, scope)
        case exp.Lower() | exp.Upper() | exp.Trim():
            return "text"
        case exp.Neg() | exp.Abs() | exp.Mul() | exp.Length():
            return "number"
        case exp.Add() | exp.Sub():
            return "number" if group(node.this, scope) == "number" else None
        case exp.Cast() | exp.Placeholder():  # of parameters the as-of day alone is not filled in yet
            return "time"
        case _:
            return "yes or no" if isinstance(node, _COMPARISONS) else None


def _column(node: sql.Expr, scope: Scope) -> Column | None:
    return scope.find(node.name, node.table or None) if isinstance(node, exp.Column) else None


def _moment_in(node: sql.Expr, scope: Scope) -> str | None:
    """A column with a time of day that the value is made of, if it has one still."""
    if isinstance(node, exp.Cast) and node.to.this == exp.DType.DATE:
        return None
    found = (described for column in node.find_all(exp.Column) if (described := _column(column, scope)))
    return next((described.name for described in found if described.type == "timestamp"), None)


def _is_date(value: str) -> bool:
    if not _DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value[:10])
    except ValueError:
        return False
    return True


def _word(node: sql.Expr) -> str:
    """What a reader calls a node that is not allowed: a function's name, else the words as written, cut short."""
    if isinstance(node, exp.Anonymous):
        return node.name
    if isinstance(node, exp.Func):
        return node.sql_name().lower()
    written = node.sql(dialect="duckdb")
    return written if len(written) <= _SHOWN else f"{written[:_SHOWN]}…"


def _reason(error: SqlglotError) -> str:
    details = getattr(error, "errors", None)
    return details[0]["description"].split(" for <")[0] if details else str(error).split("\n")[0]


def _inside(written: Scalar, error: SqlglotError) -> Location:
    details = getattr(error, "errors", None)
    column = details[0].get("col") if details else None
    return _offset(written, column - 1 if column else None)


def _offset(written: Scalar, start: int | None, word: str | None = None) -> Location:
    """The place of a character of the expression, where it stands on one line of the file as it was written."""
    place = written.location
    line = place.text or ""
    if word is not None and word in line:
        return Location(place.file, place.line, line.index(word) + 1, line)
    if start is None or place.column is None:
        return place
    begin = line.find(written.value, place.column - 1)
    return place if begin < 0 else Location(place.file, place.line, begin + start + 1, line)

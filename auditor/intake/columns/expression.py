"""The small SQL of a profile: an expression over headers, or a condition on rows, read by sqlglot and built in Ibis.

Only listed words are known, so that nothing reaches the store that could read a file, set an option or run a query: no
text of a profile is ever part of a statement. Nothing in it can stop a load either: a cast that fails, or a division by
nought, is NULL.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import sqlglot as _sqlglot
from sqlglot import exp as _exp
from sqlglot.errors import SqlglotError

from auditor.core.problem import did_you_mean
from auditor.intake.columns.cast import as_text
from auditor.intake.readers.base import pa, pc
from auditor.intake.store.database import ibis, try_strptime

sqlglot, exp = cast(Any, _sqlglot), cast(Any, _exp)

FUNCTIONS = (
    "case", "cast", "coalesce", "concat", "length", "lower", "nullif", "regexp_extract", "replace", "round",
    "strptime", "substring", "trim", "try_cast", "upper",
)  # fmt: skip
"""The functions that a profile may use."""

_TYPES = {
    "VARCHAR": "string", "TEXT": "string", "INT": "int64", "BIGINT": "int64", "DOUBLE": "float64",
    "DECIMAL": "float64", "DATE": "date", "TIMESTAMP": "timestamp", "BOOLEAN": "boolean",
}  # fmt: skip
_MISFITS = (
    ibis.common.exceptions.IbisError,
    ibis.common.annotations.ValidationError,
    TypeError,
    AttributeError,
    ValueError,
)
_LONGEST = 2_000
_DEEPEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """`headers` are written in double quotes, `columns` without; `tree` is what sqlglot made of the text."""

    text: str
    tree: Any
    headers: tuple[str, ...]
    columns: tuple[str, ...]


class RefusedError(Exception):
    """An expression that cannot be used, with a hint where there is one."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message, self.hint = message, hint


Lookup = Callable[[str, bool], Any]
"""The values of a name; the second argument says whether it is a header."""


def parse_expression(text: str, columns: Mapping[str, str] | None, *, condition: bool = False) -> Expression:
    """Raises RefusedError. `columns` are the canonical columns that may be named, with the types that Ibis gives them;
    None: only headers may."""
    if len(text) > _LONGEST:
        raise RefusedError(f"an expression has at most {_LONGEST} characters")
    try:
        tokens = sqlglot.tokenize(text, dialect="duckdb")
        if any(token.comments for token in tokens):
            raise RefusedError("a comment has no place in an expression", "write it as a YAML comment, after #")
        if any(token.token_type == sqlglot.TokenType.SEMICOLON for token in tokens):
            raise RefusedError("an expression is one expression, without ;")
        tree = sqlglot.parse_one(text, dialect="duckdb", into=exp.Condition)
    except (SqlglotError, RecursionError) as error:
        said = next((each["description"] for each in getattr(error, "errors", ())), str(error).partition("\n")[0])
        raise RefusedError(f"not a valid SQL expression: {re.sub(' for <class.*', '', said)}") from None
    if _depth(tree) > _DEEPEST:
        raise RefusedError(f"the expression is nested more than {_DEEPEST} deep")
    headers: dict[str, None] = {}
    named: dict[str, None] = {}

    def lookup(name: str, quoted: bool) -> Any:
        if quoted:
            headers[name] = None
            return ibis.table({"text": "string"}, name="tried")["text"]
        if columns is None:
            raise RefusedError(f"{name} is no header", f'a header stands in double quotes: "{name}"')
        if name not in columns:
            raise RefusedError(f"there is no column {name!r} among those mapped", did_you_mean(name, columns))
        named[name] = None
        return ibis.table({name: columns[name]}, name="tried")[name]

    value = build(tree, lookup)
    if condition and not value.type().is_boolean():
        raise RefusedError("is no condition: it is neither true nor false")
    return Expression(text=text, tree=tree, headers=tuple(headers), columns=tuple(named))


def build(tree: Any, lookup: Lookup) -> Any:
    """The tree over those values, as an expression; raises RefusedError for what is not allowed or does not fit."""
    try:
        return _built(tree, lookup)
    except RefusedError:
        raise
    except _MISFITS as error:
        # Ibis has many errors for operands that do not fit; to the writer of a profile they are one.
        raise RefusedError(
            f"does not fit together: {str(error).partition(chr(10))[0]}", "cast(… as double) first?"
        ) from None


def _depth(tree: Any) -> int:
    deepest, todo = 0, [(tree, 1)]
    while todo:
        node, depth = todo.pop()
        deepest = max(deepest, depth)
        todo += [(child, depth + 1) for child in node.iter_expressions()]
    return deepest


def _built(node: Any, lookup: Lookup) -> Any:
    def of(key: str = "this") -> Any:
        return _built(node.args[key], lookup)

    builder = _BUILDERS.get(type(node))
    if builder is None:
        name = node.name if isinstance(node, exp.Anonymous) else node.key
        raise RefusedError(f"{name.lower()} is not allowed here", f"known: {', '.join(FUNCTIONS)}")
    known, make = builder
    extra = [key for key, value in node.args.items() if value and key not in known]
    if extra:
        raise RefusedError(f"{node.key} is not allowed with {extra[0]}")
    return make(node, of, lookup)


def _literal(node: Any, *_: Any) -> Any:
    if node.is_string:
        return ibis.literal(node.this, "string")
    return (
        ibis.literal(int(node.this), "int64")
        if node.this.isdigit() and len(node.this) < 19
        else ibis.literal(float(node.this))
    )


def _column(node: Any, _: Any, lookup: Lookup) -> Any:
    if not isinstance(node.this, exp.Identifier):
        raise RefusedError("a column is expected, not *")
    return lookup(node.this.this, bool(node.this.args.get("quoted")))


def _compared(node: Any, of: Any, _: Any) -> Any:
    left, right = of(), of("expression")
    if isinstance(node.this, exp.Null) or isinstance(node.expression, exp.Null):
        raise RefusedError("nothing equals NULL", "write `is null` or `is not null`")
    return _alike(left, right, type(node))


def _alike(left: Any, right: Any, kind: Any) -> Any:
    for one, other in ((left, right), (right, left)):
        if one.type().is_temporal() and other.type().is_string():
            moment = other.try_cast("timestamp")
            left, right = (one, moment) if one is left else (moment, one)
            break
        if one.type().is_numeric() and other.type().is_string():
            raise RefusedError("text is compared with a number", 'cast("…" as double) first')
    match kind:
        case exp.EQ:
            return left == right
        case exp.NEQ:
            return left != right
        case exp.GT:
            return left > right
        case exp.GTE:
            return left >= right
        case exp.LT:
            return left < right
        case _:
            return left <= right


def _reckoned(node: Any, of: Any, _: Any) -> Any:
    left, right = of(), of("expression")
    if not (left.type().is_numeric() and right.type().is_numeric()):
        raise RefusedError("only numbers are reckoned with", 'cast("…" as double) first')
    # As doubles: a product of whole numbers could overflow, which would stop the load.
    left, right = left.cast("float64"), right.cast("float64")
    match node:
        case exp.Add():
            return left + right
        case exp.Sub():
            return left - right
        case exp.Mul():
            return left * right
        case _:
            return left / right.nullif(0.0)


def _case(node: Any, _: Any, lookup: Lookup) -> Any:
    subject = node.args.get("this")
    ways: list[tuple[Any, Any]] = []
    for branch in node.args["ifs"]:
        when = _built(branch.this, lookup)
        when = when if subject is None else _alike(_built(subject, lookup), when, exp.EQ)
        ways.append((when, _built(branch.args["true"], lookup)))
    default = node.args.get("default")
    return ibis.cases(*ways, else_=ibis.null() if default is None else _built(default, lookup))


def _cast(node: Any, of: Any, _: Any) -> Any:
    kind = node.to.this.name if hasattr(node.to.this, "name") else str(node.to.this)
    if kind not in _TYPES:
        raise RefusedError(f"cast to {kind.lower()} is not allowed", f"known: {', '.join(_TYPES).lower()}")
    value = of()
    if _TYPES[kind] == "int64" and (value.type().is_string() or value.type().is_floating()):
        # DuckDB itself would round, and make 6 of 5.7.
        exact = value.try_cast("decimal(38, 10)")
        value = ibis.ifelse(exact == exact.floor(), exact, None)
    return as_text(value) if _TYPES[kind] == "string" else value.try_cast(_TYPES[kind])


def _pattern(node: Any) -> str:
    pattern = node.args["expression"]
    if not (isinstance(pattern, exp.Literal) and pattern.is_string):
        raise RefusedError("a pattern is a text in single quotes")
    return pattern.this


def _regexp(node: Any, of: Any, _: Any) -> Any:
    pattern, group = _pattern(node), node.args.get("group")
    if group is not None and not (isinstance(group, exp.Literal) and group.this.isdigit()):
        raise RefusedError("the number of a group is a whole number")
    number = 0 if group is None else int(group.this)
    try:
        pc.match_substring_regex(pa.array([""]), pattern)
        groups = re.compile(pattern).groups
    except (pa.ArrowException, re.error, RecursionError):
        raise RefusedError(f"not a pattern: {pattern}") from None
    if number > groups:
        raise RefusedError(f"the pattern has {groups} groups")
    return of().re_extract(pattern, number).nullif("")


def _in(node: Any, of: Any, lookup: Lookup) -> Any:
    options = [_built(option, lookup) for option in node.args["expressions"]]
    value = of()
    if not options or any(not isinstance(option, exp.Literal) for option in node.args["expressions"]):
        raise RefusedError("`in` takes a list of literals")
    found = [_alike(value, option, exp.EQ) for option in options]
    return ibis.or_(*found)


def _is(node: Any, of: Any, _: Any) -> Any:
    if isinstance(node.expression, exp.Null):
        return of().isnull()
    if isinstance(node.expression, exp.Boolean):
        return of().fill_null(not node.expression.this) == node.expression.this
    raise RefusedError("`is` takes null, true or false")


def _like(node: Any, of: Any, _: Any) -> Any:
    return of().like(_pattern(node))


def _strptime(node: Any, of: Any, _: Any) -> Any:
    form = node.args["format"]
    if not isinstance(form, exp.Literal):
        raise RefusedError("a format is a text in single quotes")
    # sqlglot keeps formats in the directives of its own, which are Python's; DuckDB has the same.
    return try_strptime(of(), form.this)


def _substring(node: Any, of: Any, _: Any) -> Any:
    numbers = [node.args[key] for key in ("start", "length") if node.args.get(key) is not None]
    if any(not (isinstance(each, exp.Literal) and not each.is_string and each.this.isdigit()) for each in numbers):
        raise RefusedError("substring takes whole numbers, counted from 1")
    start, *length = (int(each.this) for each in numbers)
    return of().substr(max(start - 1, 0), *length)


def _joined(node: Any, _: Any, lookup: Lookup) -> Any:
    parts = node.args["expressions"] if isinstance(node, exp.Concat) else [node.this, node.expression]
    whole: Any = None
    for part in parts:
        text = _built(part, lookup)
        text = as_text(text)
        text = text.fill_null("") if isinstance(node, exp.Concat) else text
        whole = text if whole is None else whole + text
    return whole


def _round(node: Any, of: Any, _: Any) -> Any:
    digits = node.args.get("decimals")
    if digits is not None and not (isinstance(digits, exp.Literal) and digits.this.isdigit() and int(digits.this) < 16):
        raise RefusedError("round takes a number of digits")
    return of().try_cast("float64").round(0 if digits is None else int(digits.this))


def _replace(node: Any, of: Any, _: Any) -> Any:
    return of().replace(of("expression"), of("replacement"))


_TWO = {"this", "expression"}
_BUILDERS: dict[Any, tuple[set[str], Callable[[Any, Any, Lookup], Any]]] = {
    **dict.fromkeys((exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE), (_TWO, _compared)),
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.Div), (_TWO | {"typed", "safe"}, _reckoned)),
    exp.Literal: ({"this", "is_string"}, _literal),
    exp.Boolean: ({"this"}, lambda node, of, _: ibis.literal(bool(node.this))),
    exp.Null: (set[str](), lambda node, of, _: ibis.null()),
    exp.Column: ({"this"}, _column),
    exp.Paren: ({"this"}, lambda node, of, _: of()),
    exp.And: (_TWO, lambda node, of, _: of() & of("expression")),
    exp.Or: (_TWO, lambda node, of, _: of() | of("expression")),
    exp.Not: ({"this"}, lambda node, of, _: ~of()),
    exp.Neg: ({"this"}, lambda node, of, _: -of()),
    exp.Between: (
        {"this", "low", "high"},
        lambda node, of, _: _alike(of(), of("low"), exp.GTE) & _alike(of(), of("high"), exp.LTE),
    ),
    exp.In: ({"this", "expressions"}, _in),
    exp.Is: (_TWO, _is),
    exp.Like: (_TWO, _like),
    exp.Case: ({"this", "ifs", "default"}, _case),
    exp.Cast: ({"this", "to"}, _cast),
    exp.TryCast: ({"this", "to", "requires_string", "safe"}, _cast),
    exp.Coalesce: (
        {"this", "expressions", "is_nvl", "is_null"},
        lambda node, of, look: ibis.coalesce(of(), *(_built(each, look) for each in node.expressions)),
    ),
    exp.Nullif: (_TWO, lambda node, of, _: of().nullif(of("expression"))),
    exp.Substring: ({"this", "start", "length"}, _substring),
    exp.Concat: ({"expressions", "safe", "coalesce"}, _joined),
    exp.DPipe: (_TWO | {"safe"}, _joined),
    exp.Replace: (_TWO | {"replacement"}, _replace),
    exp.Trim: ({"this"}, lambda node, of, _: of().strip()),
    exp.Upper: ({"this"}, lambda node, of, _: of().upper()),
    exp.Lower: ({"this"}, lambda node, of, _: of().lower()),
    exp.Length: ({"this"}, lambda node, of, _: of().length()),
    exp.RegexpExtract: (_TWO | {"group", "null_if_pos_overflow"}, _regexp),
    exp.Round: ({"this", "decimals"}, _round),
    exp.StrToTime: ({"this", "format"}, _strptime),
}

"""The JSON Schema of rule files, for editors: keys, words and shapes are offered and checked while a rule is written.

It is made of what the loader itself reads by: the fields of the kinds, the keys of the header, the canonical tables.
What only the loader can tell (names within an expression, whether fields go together) stays with `rules lint`. Every
value may also be written in quotes, as the loader reads all of them as text.
"""

from collections.abc import Mapping
from typing import Any, get_args

from auditor.core.finding import LEVELS, Certainty
from auditor.core.result import Status
from auditor.core.schema import tables
from auditor.core.text import Text
from auditor.kinds.base import FieldSpec, How, Kind, fields_of, kinds
from auditor.rulebook.examples import VERDICTS
from auditor.rulebook.figures import read_figures
from auditor.rulebook.header import ID_FORM, MARKS
from auditor.rulebook.loader import NEEDED

Schema = dict[str, Any]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_WORD: Schema = {"type": ["string", "number", "boolean"]}


def _written(pattern: str, said: str) -> Schema:
    """A text of this form; `patternErrorMessage` is what editors say instead of the pattern."""
    return {"type": "string", "pattern": pattern, "patternErrorMessage": said}


_DURATION = _written(
    r"^\s*\d{1,5}\s+([Mm]inutes?|[Hh]ours?|([Ww]orking )?[Dd]ays?|[Mm]onths?)\s*$",
    "a length of time: 30 days, 7 working days, 3 months, 24 hours, 30 minutes",
)
_SHARE = r"^(0(\.\d+)?|1(\.0+)?|0?\.\d+|\d(\.\d+)?[eE]-\d+)$"
_DATE = _written(r"^\d{4}-\d{2}-\d{2}$", "a date: 2024-05-31")


def rule_schema() -> Schema:
    """The schema as plain values."""
    names = {name: {"$ref": f"#/$defs/{form}"} for name, form in _KEYS.items()}
    known = kinds()
    return {
        "$schema": _DIALECT,
        "title": "auditor rule",
        "description": "One rule of the rulebook. / 规则库中的一条规则。",
        "type": "object",
        "required": sorted(NEEDED),
        "additionalProperties": False,
        "properties": {key: {**form, "description": _said(_DOCS[key])} for key, form in names.items()},
        "allOf": [_own_columns(name) for name in tables()],
        "$defs": {**_shapes(), "check": _check(known), **{f"kind-{name}": _kind(cls) for name, cls in known.items()}},
    }


_KEYS: Mapping[str, str] = {
    **{"id": "id", "title": "text", "covers": "words", "level": "level", "certainty": "certainty", "status": "status"},
    **{"reason": "text", "basis": "articles", "why": "text", "false_positives": "texts", "verify": "texts"},
    **{"table": "table", "with": "registers", "where": "sql", "at": "sql", "params": "params", "check": "check"},
    **{"subject": "subject", "key": "words", "message": "text", "tests": "tests"},
}
"""The keys of a rule and the shape of each, by its name under $defs."""

_DOCS: Mapping[str, Text] = {
    "id": Text(zh="规则编号，永不改变", en="the rule's id; it never changes"),
    "title": Text(zh="标题", en="what the rule finds, in a line"),
    "covers": Text(zh="对应的方案事项", en="the items of the plan that it serves"),
    "level": Text(zh="严重程度", en="how grave a finding is"),
    "certainty": Text(zh="违反规定还是线索", en="violation: the record proves it; lead: to be looked into"),
    "status": Text(zh="状态", en="draft, trial (shown apart, fails no gate), active or retired"),
    "reason": Text(zh="停用的原因", en="why it was retired"),
    "basis": Text(zh="依据的条款", en="the articles that it rests on"),
    "why": Text(zh="为什么要查", en="why it matters"),
    "false_positives": Text(zh="可能的合理解释", en="the innocent explanations"),
    "verify": Text(zh="如何核实", en="what a person checks before accusing anyone"),
    "table": Text(zh="所查的表", en="the table whose rows are judged"),
    "with": Text(zh="引入的台账", en="registers brought in by name, each with the row in force on the day"),
    "where": Text(zh="检查哪些记录", en="the condition for a row to be looked at"),
    "at": Text(zh="记录归属时间", en="the moment that places a row in a period; the table's own, if left out"),
    "params": Text(zh="参数", en="what a county may set otherwise"),
    "check": Text(zh="检查什么", en="what is checked: a kind and its fields"),
    "subject": Text(zh="发现的对象", en="whom or what a finding is about"),
    "key": Text(zh="发现的身份", en="the columns that make a finding's identity, with the rule's id"),
    "message": Text(
        zh="提示语", en="what a finding says; {name} stands for a fact, {name:case|cases} for a number with its noun"
    ),
    "tests": Text(zh="规则自测", en="small tables at a frozen day, and the verdict of every row"),
}


def _said(text: Text) -> str:
    return f"{text.en} / {text.zh}"


def _object(needed: tuple[str, ...], **properties: Schema) -> Schema:
    """A mapping with these keys and no others; a key that is a word of Python is written with _ behind it."""
    named = {name.rstrip("_"): form for name, form in properties.items()}
    return {"type": "object", "required": list(needed), "properties": named, "additionalProperties": False}


def _list(of: Schema) -> Schema:
    return {"anyOf": [{"type": "array", "items": of, "minItems": 1}, of]}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _shapes() -> Schema:
    columns = {"anyOf": [{"type": "array", "items": _WORD}, {"type": "object", "additionalProperties": _WORD}, _WORD]}
    register = _object(("table", "match"), table=_ref("table"), match=columns, valid_at=_WORD)
    article = _object(
        ("law", "article"),
        **{"law": _WORD, "article": _WORD, "from": _DATE, "to": _DATE, "says": _ref("text")},
        mark={"enum": list(MARKS), "description": "V: read in full; V2: from a secondary source; P: project default"},
    )
    test = _object(
        ("name", "as_of", "given", "expect"),
        **{"name": _WORD, "as_of": _DATE, "period": _WORD, "params": {"type": "object", "additionalProperties": _WORD}},
        given={"type": "object", "propertyNames": {"enum": list(tables())}, "additionalProperties": {"type": "string"}},
        expect={
            "type": "object",
            "propertyNames": {"enum": list(VERDICTS)},
            "additionalProperties": {"anyOf": [{"type": "array", "items": _WORD}, _WORD]},
        },
    )
    default = _object(("default",), default=_WORD, min=_WORD, max=_WORD, doc=_ref("text"))
    figure = _object(("figure",), figure={"enum": sorted(read_figures())}, example=_WORD)
    return {
        "id": _written(f"^{ID_FORM}$", "two or more lower-case words joined by . or -"),
        "text": _object(("zh", "en"), zh={"type": "string"}, en={"type": "string"}),
        "texts": {"type": "array", "items": _ref("text"), "minItems": 1},
        "words": {"anyOf": [{"type": "array", "items": _WORD}, _WORD]},
        "sql": {"type": ["string", "number", "boolean"]},
        "level": {"enum": list(LEVELS)},
        "certainty": {"enum": list(get_args(Certainty))},
        "status": {"enum": list(get_args(Status))},
        "table": {"enum": list(tables())},
        "articles": {"type": "array", "items": article, "minItems": 1},
        "registers": {"type": "object", "additionalProperties": register},
        "params": {"type": "object", "additionalProperties": {"anyOf": [default, figure]}},
        "subject": _object(("type", "id"), type=_WORD, id=_WORD, unit=_WORD),
        "tests": {"type": "array", "items": test},
        "parameter": {"type": "string", "pattern": r"^\$[A-Za-z_]\w*$"},
    }


def _own_columns(table: str) -> Schema:
    """With this table, these columns: for the keys of the header that name columns and nothing else."""
    names: Schema = {"enum": list(tables()[table].columns)}
    return {
        "if": {"properties": {"table": {"const": table}}, "required": ["table"]},
        "then": {
            "properties": {"key": _list(names), "subject": {"properties": {"id": names, "unit": names}}},
        },
    }


def _check(known: Mapping[str, type[Kind]]) -> Schema:
    """One kind's fields once the kind is named; the names of the kinds until then."""
    chosen = [
        {
            "if": {"type": "object", "properties": {"kind": {"const": name}}, "required": ["kind"]},
            "then": _ref(f"kind-{name}"),
        }
        for name in known
    ]
    kind: Schema = {"enum": list(known), "description": _said(Text(zh="检查类型", en="the kind of check"))}
    return {"type": "object", "required": ["kind"], "properties": {"kind": kind}, "allOf": chosen}


def _kind(cls: type[Kind]) -> Schema:
    specs = fields_of(cls)
    fields = {name: {"description": _said(spec.doc), **_form(spec)} for name, spec in specs.items()}
    return {
        "type": "object",
        "description": (cls.__doc__ or "").strip().splitlines()[0],
        "required": ["kind", *(name for name, spec in specs.items() if spec.required)],
        "properties": {"kind": {"const": cls.name}, **fields},
        "additionalProperties": False,
    }


def _form(spec: FieldSpec) -> Schema:
    """The shape of a field, or a parameter that stands for the whole of it."""
    match spec.how:
        case "choice":
            form: Schema = {"enum": list(spec.choices)}
        case _:
            form = FORMS[spec.how]
    return {"anyOf": [form, _ref("parameter")]}


_EXPRESSION = _ref("sql")
_BAND = _object(("level",), to=_DURATION, level=_ref("level"))
_NAMES = {"anyOf": [{"type": "array", "items": _WORD}, {"type": "object", "additionalProperties": _WORD}, _WORD]}

FORMS: Mapping[How, Schema] = {
    "condition": _EXPRESSION,
    "conditions": _list(_EXPRESSION),
    "expression": _EXPRESSION,
    "expressions": _list(_EXPRESSION),
    "register condition": _EXPRESSION,
    "query": {"type": "string"},
    "columns": _list(_WORD),
    "words": _list(_WORD),
    "weights": {
        "anyOf": [
            {
                "type": "object",
                "additionalProperties": {"type": ["integer", "string"], "minimum": 1},
                "minProperties": 1,
            },
            _list(_WORD),
        ]
    },
    "own column": _WORD,
    "register column": _WORD,
    "match": _NAMES,
    "table": _ref("table"),
    "duration": _DURATION,
    "count": {"type": ["integer", "string"], "minimum": 1, "pattern": r"^0*[1-9]\d*$"},
    "share": {**_written(_SHARE, "a number from 0 to 1"), "type": ["number", "string"], "minimum": 0, "maximum": 1},
    "number": {"type": ["number", "string"], "pattern": r"^-?\d{1,12}(\.\d{1,6})?$"},
    "bands": {"type": "array", "items": _BAND, "minItems": 1},
    "spans": {
        "type": "array",
        "items": {"type": "array", "items": _EXPRESSION, "minItems": 2, "maxItems": 2},
        "minItems": 1,
    },
}
"""The shape of a field by how its value is read; a choice has its own words."""

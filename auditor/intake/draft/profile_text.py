"""The draft as YAML that a person goes through: what is guessed is marked, what is left open stands there to be filled.

The text loads as a profile once every open column has a header or a constant; words without a code are comments, and
the rows that hold them go to quarantine until a code is written in.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal

from auditor.core.schema import Column
from auditor.core.text import Language, Text
from auditor.intake.columns.amounts import stated_units
from auditor.intake.draft.propose import Draft, DraftColumn, DraftSource, Word

_CHECK = Text(zh="请核对", en="to be checked")
_FILL = Text(zh="请填写", en="to be filled in")
_HEAD = Text(
    zh="由 auditor inspect 起草的对接配置。标有“请核对”的是推测，标有“请填写”的须补上（补上后方可加载）；"
    "注释掉的用词填上代码并去掉 # 后生效，在此之前含有它们的行进隔离区。",
    en='Drafted by auditor inspect. "to be checked" marks a guess; what is "to be filled in" keeps the profile from '
    "loading until it is. Words in comments count once they have a code and no #; until then their rows go to "
    "quarantine.",
)
_UNPLACED = Text(zh="未对应的列（原样保留）", en="headers without a column (kept as they are)")
_HOMELESS = Text(zh="未找到对应的表", en="no table was found for")
_NONE = Text(zh="没有可对接的文件", en="no file found its table")
_SAMPLED = Text(zh="用词和次数依抽样", en="words and counts are of a sample")
_SECURE = re.compile(r"(?!(?:null|Null|NULL|~)$)[^\W_][\w/（）、·%-]*")


def profile_text(draft: Draft, language: Language, *, name: str = "draft") -> str:
    """The whole profile as YAML."""
    return "\n".join(_lines(draft, language, name)) + "\n"


def _lines(draft: Draft, language: Language, name: str) -> Iterator[str]:
    yield f"# {_HEAD.in_(language)}"
    yield f"profile: {name}"
    if draft.blank:
        yield f"blank: {json.dumps(['', *draft.blank], ensure_ascii=False)}"
    for file in draft.homeless:
        yield f"# {_HOMELESS.in_(language)}: {_line(file)}"
    yield "tables:" if draft.sources else f"tables: # {_NONE.in_(language)}"
    table = ""
    for source in draft.sources:
        if source.table.name != table:
            table = source.table.name
            yield f"  {table}: # {_line(source.table.label.in_(language))}"
        yield from _source(source, language)


def _source(source: DraftSource, language: Language) -> Iterator[str]:
    yield f"    - files: {json.dumps(list(source.files), ensure_ascii=False)}{_source_comment(source, language)}"
    if source.header_row:
        yield f"      header_row: {source.header_row}"
    if source.unplaced:
        listed = "、".join(source.unplaced) if language == "zh" else ", ".join(source.unplaced)
        yield f"      # {_UNPLACED.in_(language)}: {_line(listed)}"
    yield "      columns:"
    for column in source.columns:
        yield from _column(column, language)


def _source_comment(source: DraftSource, language: Language) -> str:
    first = source.members[0]
    said: list[str] = []
    if first.rival:
        said.append(f"{_CHECK.in_(language)}: {source.table.name} / {first.rival}")
    if any(member.seen.sampled < member.seen.rows for member in source.members):
        said.append(_SAMPLED.in_(language))
    return f" # {'; '.join(said)}" if said else ""


def _column(draft: DraftColumn, language: Language) -> Iterator[str]:
    name = draft.column.name
    if draft.value is not None:
        yield f"        {name}: {{value: {_word(draft.value)}}}{_check(draft, language)}"
        return
    if draft.header is None:
        what = _word(draft.column.zh) if language == "zh" else draft.column.label.en
        codes = f" {{value: {' | '.join(draft.column.codes)}}}" if draft.column.codes else ""
        yield f"        {name}: # {_FILL.in_(language)}: {what}{codes}"
        return
    if not (draft.words or draft.formats or draft.times):
        yield f"        {name}: {_word(draft.header)}{_check(draft, language)}"
        return
    yield f"        {name}:{_check(draft, language)}"
    yield f"          from: {_word(draft.header)}"
    if draft.formats:
        yield f"          format: {json.dumps(list(draft.formats), ensure_ascii=False)}"
    if draft.times:
        yield f"          {_scale(draft.column, draft.times)}"
    if draft.words:
        # A mapping of nothing but comments would be no mapping.
        none = all(word.code is None for word in draft.words)
        yield "          # words:" if none else "          words:"
        yield from (_said(word, language) for word in draft.words)


def _scale(column: Column, times: str) -> str:
    """The unit of that size, by its name where the profile knows one."""
    same = [word for word, factor in stated_units(column).items() if factor == Decimal(times)]
    return f"unit: {same[0]}" if same else f"times: {times}"


def _said(word: Word, language: Language) -> str:
    if word.code is None:
        return f"            # {_word(word.word)}: # {word.count:,} {_FILL.in_(language)}"
    guess = "" if word.sure else f" {_CHECK.in_(language)}"
    return f"            {_word(word.word)}: {word.code} # {word.count:,}{guess}"


def _check(draft: DraftColumn, language: Language) -> str:
    said = "; ".join(text.in_(language) for text in draft.check)
    return f" # {_CHECK.in_(language)}: {_line(said)}" if said else ""


def _word(text: str) -> str:
    return text if _SECURE.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _line(text: str) -> str:
    return " ".join(text.split())

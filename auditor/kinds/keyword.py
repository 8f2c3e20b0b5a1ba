"""Keyword in context: words in a text, near one another, unless the same clause denies them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from auditor.core.text import Text
from auditor.kinds import sql
from auditor.kinds.base import FactSpec, Judgement, RowKind, kind, reads
from auditor.kinds.conditions import Condition
from auditor.kinds.scope import Setting
from auditor.kinds.spoken import Speaker

_CLAUSE = "[^。；;！!？?\\n]"
_AROUND = 15
"""Characters shown on either side of what was found."""


@kind("keyword")
@dataclass(frozen=True, kw_only=True)
class Keyword(RowKind):
    """Flags a row whose text has one of `words` and, where `near` is given, one of these within `within` characters
    before or after it, in the same sentence.

    A sentence that has one of the words of `unless` is passed over whole: a ban on quotas speaks of quotas. Words are
    plain text, not patterns; `#` in a word stands for a number (30, 一百, 3.5). Case is told apart.

    A hit proves nothing but that the words stand there: rules of this kind are leads, read by a person in context.

    NULL: a row without the text is unknown.
    """

    example_table = "documents"
    example = """\
text: text
words: [罚款任务, 罚没指标]
unless: [严禁, 不得]
"""

    fact_specs = {
        "found": FactSpec(type="string", doc=Text(zh="命中的词", en="the words that were found")),
        "context": FactSpec(type="string", personal="text", doc=Text(zh="上下文", en="the words in their context")),
    }

    text: sql.Expr = reads("expression", Text(zh="检查的文字", en="the text that is searched"))
    words: tuple[str, ...] = reads("words", Text(zh="要找的词", en="the words, of which one must be there"))
    near: tuple[str, ...] = reads(
        "words", Text(zh="附近还要有的词", en="words of which one must stand near"), default=()
    )
    within: int = reads("count", Text(zh="相距最多几个字", en="how many characters apart at most"), default=30)
    unless: tuple[str, ...] = reads(
        "words", Text(zh="同一句有这些词则不算", en="words that make their sentence pass"), default=()
    )

    def faults(self) -> Sequence[tuple[str, str]]:
        if self.within > 1000:
            return [("within", "is at most 1000 characters")]
        return []

    @property
    def arithmetic(self) -> tuple[Text, ...]:
        return (Text(zh="命中：{found}；上下文：{context}", en="found: {found}; in context: {context}"),)

    def judge(self, setting: Setting) -> Judgement:
        said = self._said()
        pattern = self._pattern()
        found = sql.extracted(said, f"({pattern})")
        around = sql.extracted(said, f"((?:{_CLAUSE}){{0,{_AROUND}}}(?:{pattern})(?:{_CLAUSE}){{0,{_AROUND}}})")
        return Judgement(
            violation=exp.RegexpLike(this=said.copy(), expression=sql.text(pattern)),
            facts={"found": found, "context": around},
        )

    def conditions(self, setting: Setting, say: Speaker) -> Sequence[Condition]:
        said = self._said()
        where = say.value(self.text)
        any_word = Text(zh="{where}中有{words}之一", en="{where} has any of {words}").filled(
            where=where, words=Text(zh="、".join(self.words), en=", ".join(self.words))
        )
        there = exp.RegexpLike(this=said, expression=sql.text(_any(self.words)))
        found = [Condition(text=any_word, met=there, about=(self.text,))]
        if self.near:
            close = Text(
                zh="前后 {within} 字内有{near}之一", en="any of {near} stands within {within} characters of it"
            ).filled(within=self.within, near=Text(zh="、".join(self.near), en=", ".join(self.near)))
            both = exp.RegexpLike(this=said.copy(), expression=sql.text(self._pattern()))
            found.append(Condition(text=close, met=both, about=(self.text,)))
        return found

    def _said(self) -> sql.Expr:
        """The text without the sentences that are passed over."""
        if not self.unless:
            return self.text.copy()
        denied = f"{_CLAUSE}*({_any(self.unless)}){_CLAUSE}*"
        return exp.RegexpReplace(
            this=self.text.copy(), expression=sql.text(denied), replacement=sql.text(""), modifiers=sql.text("g")
        )

    def _pattern(self) -> str:
        words = f"(?:{_any(self.words)})"
        if not self.near:
            return words
        near, gap = f"(?:{_any(self.near)})", f"{_CLAUSE}{{0,{self.within}}}"
        return f"{words}{gap}{near}|{near}{gap}{words}"

    def sentence(self, say: Speaker) -> Text:
        zh, en = f"文字中出现{'、'.join(self.words)}之一", f"flags a text with any of {', '.join(self.words)}"
        if self.near:
            zh += f"，且前后 {self.within} 字内有{'、'.join(self.near)}之一"
            en += f", with any of {', '.join(self.near)} within {self.within} characters"
        if self.unless:
            zh += f"；同一句中有{'、'.join(self.unless)}的不算"
            en += f"; not where the sentence has {', '.join(self.unless)}"
        return Text(zh=zh, en=en)


def _any(words: tuple[str, ...]) -> str:
    """A pattern that finds any of the words as they stand; `#` is a number in Arabic or Chinese figures."""
    number = "[0-9０-９一二三四五六七八九十百千万两.]+"
    return "|".join(re.escape(word).replace("\\#", number) for word in sorted(words, key=len, reverse=True))

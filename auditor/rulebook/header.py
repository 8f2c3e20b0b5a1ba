"""The part of a rule file that every kind shares, read value by value with all problems noted.

A complaint that names no number of its own is R103: the value has another shape than its key asks for.
"""

import re
from datetime import date
from typing import get_args

from auditor.core.document import Entries, Items, Scalar, Value
from auditor.core.problem import Location, Problem, did_you_mean
from auditor.core.result import Article
from auditor.core.text import Text

MARKS = ("V", "V2", "P")
ID_FORM = r"[a-z][a-z0-9]*([.-][a-z0-9]+)+"


class Header:
    """Reads the entries of one mapping; `problems` grows as values turn out wrong."""

    def __init__(self, entries: Entries, what: str) -> None:
        self.entries = entries
        self.what = what
        self.problems: list[Problem] = []

    def wrong(self, place: Location, message: str, hint: str | None = None, *, code: str = "R103") -> None:
        self.problems.append(Problem(message, place, hint, code=code))

    def need(self, key: str) -> Value | None:
        value = self.entries.get(key)
        if value is None:
            self.wrong(self.entries.location, f"{self.what} has no `{key}:`", code="R102")
        return value

    def word(self, key: str, *, needed: bool = True) -> str | None:
        value = self.need(key) if needed else self.entries.get(key)
        if value is None:
            return None
        if isinstance(value, Scalar) and not value.is_blank:
            return value.value
        self.wrong(value.location, f"`{key}` must be one word or number")
        return None

    def rule_id(self) -> str:
        word = self.word("id") or ""
        if word and not re.fullmatch(ID_FORM, word):
            place, hint = self.entries.values["id"].location, "two or more lower-case words joined by . or -"
            self.wrong(place, f"{word!r} is not a rule id", hint, code="R104")
        return word

    def one_of(self, key: str, choices: object, default: str | None = None) -> str:
        """A word of a Literal type; the first choice stands in where it is wrong."""
        allowed: tuple[str, ...] = get_args(choices)
        word = self.word(key, needed=default is None)
        if word is None:
            return default or allowed[0]
        if word not in allowed:
            place = self.entries.values[key].location
            self.wrong(place, f"{key} is never {word!r}", did_you_mean(word, allowed), code="R105")
            return allowed[0]
        return word

    def text(self, key: str, *, needed: bool = True) -> Text | None:
        value = self.need(key) if needed else self.entries.get(key)
        return None if value is None else self.bilingual(value, key)

    def bilingual(self, value: Value, what: str) -> Text:
        """A {zh, en} pair; both must be there."""
        parts = dict.fromkeys(("zh", "en"), "")
        if not isinstance(value, Entries):
            self.wrong(value.location, f"`{what}` must be written {{zh: …, en: …}}")
            return Text(zh="", en="")
        self.problems += value.unknown_keys(set(parts), what)
        for language in parts:
            written = value.get(language)
            if isinstance(written, Scalar) and written.value.strip():
                parts[language] = written.value.strip()
            else:
                self.wrong(value.location, f"`{what}` lacks its {language} text", code="R106")
        return Text(zh=parts["zh"], en=parts["en"])

    def texts(self, key: str) -> tuple[Text, ...]:
        value = self.need(key)
        if value is None:
            return ()
        if not isinstance(value, Items) or not len(value):
            self.wrong(value.location, f"`{key}` must be a list of {{zh: …, en: …}}")
            return ()
        return tuple(self.bilingual(item, key) for item in value)

    def words(self, key: str, *, needed: bool = True) -> tuple[str, ...]:
        value = self.need(key) if needed else self.entries.get(key)
        if value is None:
            return ()
        items = value.values if isinstance(value, Items) else (value,)
        found = [item.value for item in items if isinstance(item, Scalar) and not item.is_blank]
        if len(found) != len(items):
            self.wrong(value.location, f"`{key}` must be a list of words")
        return tuple(found)

    def articles(self, key: str) -> tuple[Article, ...]:
        value = self.need(key)
        if value is None:
            return ()
        if not isinstance(value, Items) or not len(value):
            self.wrong(value.location, f"`{key}` must list at least one article")
            return ()
        return tuple(found for item in value if (found := self._article(item)) is not None)

    def _article(self, value: Value) -> Article | None:
        if not isinstance(value, Entries):
            self.wrong(value.location, "an article is written {law: …, article: …, from: …, says: {zh: …, en: …}}")
            return None
        inner = Header(value, "an article")
        inner.problems += value.unknown_keys({"law", "article", "from", "to", "says", "mark"}, "an article")
        law, article = inner.word("law"), inner.word("article")
        mark = inner.word("mark", needed=False) or "V"
        if mark not in MARKS:
            place = value.values["mark"].location
            inner.wrong(place, f"mark {mark!r} is none of {', '.join(MARKS)}", code="R105")
        found = Article(
            law=law or "",
            article=article or "",
            from_=inner.day("from"),
            until=inner.day("to"),
            says=inner.text("says", needed=False),
            mark="P" if mark == "P" else "V2" if mark == "V2" else "V",
        )
        self.problems += inner.problems
        return found

    def day(self, key: str, *, needed: bool = False) -> date | None:
        word = self.word(key, needed=needed)
        if word is None:
            return None
        try:
            return date.fromisoformat(word)
        except ValueError:
            place = self.entries.values[key].location
            self.wrong(place, f"{word!r} is not a date", "written 2024-05-31", code="R107")
            return None

    def mapping(self, key: str, *, needed: bool = False) -> Entries | None:
        value = self.need(key) if needed else self.entries.get(key)
        if value is None or isinstance(value, Entries):
            return value
        self.wrong(value.location, f"`{key}` must be a mapping")
        return None

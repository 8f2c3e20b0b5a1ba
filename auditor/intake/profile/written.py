"""Single values of a profile as they are written: a word, a list of words, yes or no, a whole number."""

import re
from collections.abc import Mapping

from auditor.core.document import Entries, Items, Scalar, Value
from auditor.core.problem import Problem, did_you_mean


class Reader:
    """Notes every mistake among its problems, and goes on."""

    def __init__(self, problems: list[Problem]) -> None:
        self._problems = problems

    def _one_of(self, written: Entries, key: str, words: Mapping[str, str]) -> str | None:
        word = self._word(written, key)
        if word is not None and word not in words:
            place = written.values[key].location
            self._problems.append(Problem(f"{word!r} is not known as {key}", place, did_you_mean(word, words)))
        return None if word is None else words.get(word)

    def _yes(self, written: Entries, key: str) -> bool:
        word = self._word(written, key)
        if word not in (None, "yes", "no", "true", "false"):
            self._wrong(f"`{key}` is yes or no", written.values[key])
        return word in ("yes", "true")

    def _whole(self, written: Entries, key: str, what: str) -> int | None:
        value = written.get(key)
        if value is None:
            return None
        if not isinstance(value, Scalar) or not re.fullmatch(r"[1-9]\d{0,3}", value.value):
            self._wrong(f"`{key}` is {what}", value)
            return None
        return int(value.value)

    def _word(self, written: Entries, key: str, *, needed: bool = False) -> str | None:
        match written.get(key):
            case Scalar(value=value):
                return value
            case None:
                if needed:
                    self._wrong(f"`{key}` is missing", written)
            case other:
                self._wrong(f"`{key}` is one word", other)
        return None

    def _scalars(self, written: Value | None) -> list[Scalar]:
        match written:
            case None:
                return []
            case Scalar():
                return [written]
            case Items():
                for item in written:
                    if not isinstance(item, Scalar):
                        self._wrong("a list of words was expected", item)
                return [item for item in written if isinstance(item, Scalar)]
            case Entries():
                self._wrong("a word or a list of words was expected", written)
                return []

    def _wrong(self, message: str, value: Value) -> None:
        self._problems.append(Problem(message, value.location))

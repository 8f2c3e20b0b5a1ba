"""A sentence in the two languages of the program."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Self

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")

# What stands in quotation marks or is code is left as it is.
_GAP = re.compile("“[^”]*”|`[^`]*`|(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[\u4e00-\u9fff])")


@dataclass(frozen=True, slots=True)
class Text:
    """The same sentence in Chinese and in English; neither may be left out."""

    zh: str
    en: str

    def in_(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en

    def to_dict(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}

    def filled(self, **parts: "Text | str | int") -> "Text":
        """This as a template in each language, `{name}` standing for a part; a part that is no Text is the same in
        both. Braces in a part mean nothing."""
        zh = {name: part.zh if isinstance(part, Text) else str(part) for name, part in parts.items()}
        en = {name: part.en if isinstance(part, Text) else str(part) for name, part in parts.items()}
        return Text(zh=self.zh.format(**zh), en=self.en.format(**en))

    def spaced(self) -> Self:
        """The Chinese with a space wherever a Chinese character and a Latin letter or a figure meet."""
        return type(self)(zh=_GAP.sub(lambda found: found[0] or " ", self.zh), en=self.en)


def run_on(parts: Sequence[Text], between: Text) -> Text:
    """The parts one after another, in each language with its own words between them."""
    return Text(zh=between.zh.join(part.zh for part in parts), en=between.en.join(part.en for part in parts))


def listed(parts: Sequence[Text], last: Text) -> Text:
    """The parts as a list that ends in `last` (和, and): A、B 和 C in Chinese, `A, B and C` in English."""
    if len(parts) < 2:
        return parts[0] if parts else Text(zh="", en="")
    return run_on([run_on(parts[:-1], Text(zh="、", en=", ")), parts[-1]], last)

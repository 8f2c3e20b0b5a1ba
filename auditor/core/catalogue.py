"""What the catalogue of the rulebook tells of besides its rules: the plan's chapters, the kinds, the problems."""

from collections.abc import Mapping
from dataclasses import dataclass

from auditor.core.text import Language, Text

CHAPTERS: Mapping[str, Text] = {
    "A1": Text(zh="逐利执法", en="profit-driven enforcement"),
    "A2": Text(zh="执法不规范", en="irregular enforcement"),
    "A3": Text(zh="执法方式简单僵化", en="rigid enforcement"),
    "A4": Text(zh="粗暴执法", en="rough enforcement"),
    "A5": Text(zh="执法寻租", en="rent-seeking"),
    "A6": Text(zh="执法人员管理粗放", en="personnel"),
    "T": Text(zh="道路交通安全执法", en="traffic-safety enforcement"),
    "Y": Text(zh="交通运输执法", en="transport enforcement"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCard:
    """A field of a kind; `form` is how its value is read, `default` what stands where it is left out."""

    name: str
    form: str
    required: bool
    doc: Text
    default: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCard:
    """A kind in words; `example` is a `check:` block, `sentence` and `sql` are what becomes of it."""

    name: str
    manual: str
    fields: tuple[FieldCard, ...]
    facts: Mapping[str, Text]
    example: str
    sentence: Text
    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemPage:
    """What a numbered complaint means; `example` is a line of a rule file, or the file, that gets it."""

    code: str
    title: Text
    means: Text
    example: str
    mend: Text

    def lines(self, language: Language) -> list[str]:
        """The page as a person reads it."""
        heads = Text(zh="含义 例子 改法", en="Meaning Example Mend").in_(language).split()
        return [
            f"{self.code} {self.title.in_(language)}",
            *("", heads[0], f"  {self.means.in_(language)}"),
            *("", heads[1], f"  {self.example.strip()}"),
            *("", heads[2], f"  {self.mend.in_(language)}"),
        ]

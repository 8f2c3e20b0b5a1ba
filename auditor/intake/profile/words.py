"""The words of the profile language: what may stand in a profile, in a source, and in the mapping of a column."""

import re

from auditor.core.document import Scalar
from auditor.intake.profile.model import FilePattern

PROFILE_KEYS = {"profile", "title", "encoding", "blank", "tables"}
SOURCE_KEYS = {
    "files", "optional", "header_row", "header_rows", "encoding", "delimiter", "quote", "precedence", "where",
    "lacks", "columns",
}  # fmt: skip
COLUMN_KEYS = {"from", "join", "with", "value", "sql", "optional", "words", "format", "times", "unit"}
"""The whole language; `data/profiles/README.md` describes every word of it."""

WAYS = ("from", "join", "value", "sql")
DELIMITERS = {"comma": ",", "tab": "\t", "semicolon": ";", "pipe": "|"}
NO_DELIMITERS = "\"'\r\n\0"
QUOTES = {"double": '"', "single": "'", "none": ""}

_DIRECTIVE = re.compile(r"%(-?.)")
_DIRECTIVES = set("YymdHMSfpIjbBaA%") | {"-d", "-m", "-H", "-M", "-S", "-I", "-y"}


def unknown_directives(form: str) -> list[str]:
    """The directives of a date format that mean nothing."""
    return [found for found in _DIRECTIVE.findall(form) if found not in _DIRECTIVES]


def says_a_day(form: str) -> bool:
    """Whether a date format has year, month and day: what it lacks, DuckDB would fill in (1900, the first)."""
    said = {found.lstrip("-") for found in _DIRECTIVE.findall(form)}
    return bool(said & set("Yy")) and ((bool(said & set("mbB")) and "d" in said) or "j" in said)


def pattern(written: Scalar) -> FilePattern:
    """The glob and the part of `file#part`; a `#` of the file's own name is written `[#]`."""
    found = re.fullmatch(r"((?:\[#\]|[^#])*)(?:#(.*))?", written.value, re.DOTALL)
    file, part = found.groups() if found else (written.value, None)
    return FilePattern(file=file, part=part or None, location=written.location)

"""The names of files as a pattern that next month's files match too: what names a date or a span becomes `*`."""

import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

_PERIOD = re.compile(
    r"(?:19|20)\d{2}(?:[-_.年]?(?:[01]?\d)(?:[-_.月]?[0-3]?\d日?|月)?|年度?|[Qq][1-4])?"
    r"|[上下]半年|第?[一二三四1-4]季度|(?:十[一二]?|[一二三四五六七八九]|1[0-2]|0?[1-9])月份?"
)
_SIGN = "\ue000"
"""Stands for a `#` of a file's own name, which ends no name."""
_LEAST = 4
"""Files are put under one pattern where their names have so many characters in common."""


def patterns(names: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Patterns for the files, as `named` has them, of one source, none of which matches a file of another."""
    return tuple(pattern.replace(_SIGN, "[#]") for pattern in _patterns(names, others))


def named(file: str, part: str | None) -> str:
    """A file, or a part of it as `file#part`, in which only that `#` stands."""
    return file.replace("#", _SIGN) + (f"#{part}" if part else "")


def _patterns(names: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    general = sorted({_general(name) for name in names})
    if len(general) > 1 and (joined := _joined(general)) and not _strays(joined, names, others):
        return (joined,)
    kept: list[str] = []
    for name in names:
        file, mark, part = name.partition("#")
        ways = (_general(name), _general(file) + mark + _monthly(part), _general(file) + mark + _escaped(part))
        pattern = next((way for way in ways if not _strays(way, names, others)), _escaped(name))
        if pattern not in kept:
            kept.append(pattern)
    return tuple(kept)


def _general(name: str) -> str:
    file, mark, part = name.partition("#")
    place = PurePosixPath(_escaped(file))
    stem = _PERIOD.sub("*", place.stem)
    # A name that is nothing but a date would match everything.
    stem = place.stem if not re.search(r"[^\W\d_]", stem) else re.sub(r"\*([\-_.~至到]?\*)+", "*", stem)
    parent = "" if place.parent == PurePosixPath() else f"{place.parent}/"
    part = re.sub(r"\*([\-_.~至到]?\*)+", "*", _PERIOD.sub("*", _escaped(part))) if part else ""
    return f"{parent}{stem}{place.suffix}{mark}{part}"


def _monthly(part: str) -> str:
    """The name of a sheet in which what kind of period it names still stands: `5月` becomes `*月`."""
    return _PERIOD.sub(lambda found: "*" + (found[0][-1] if found[0][-1] in "年月度" else ""), _escaped(part))


def _joined(general: Sequence[str]) -> str | None:
    files = {pattern.partition("#")[0] for pattern in general}
    parts = {pattern.partition("#")[2] for pattern in general}
    if len(parts) > 1 or len({PurePosixPath(file).suffix for file in files}) > 1:
        return None
    first = _common_start(sorted(files))
    if len(first) < _LEAST or "[" in first:
        return None
    part = next(iter(parts))
    return f"{first.rstrip('*_-')}*{PurePosixPath(next(iter(files))).suffix}" + (f"#{part}" if part else "")


def _common_start(names: Sequence[str]) -> str:
    """What all names begin with; sorted, so that the first and the last differ most."""
    pairs = zip(names[0], names[-1], strict=False)
    same = next((place for place, (one, other) in enumerate(pairs) if one != other), len(names[0]))
    return names[0][:same]


def _strays(pattern: str, names: Sequence[str], others: Sequence[str]) -> bool:
    return any(fnmatchcase(other, pattern) for other in others) or not any(fnmatchcase(name, pattern) for name in names)


def _escaped(name: str) -> str:
    """The name without what a pattern would take for a sign of its own."""
    return re.sub(r"[\[*?]", lambda found: f"[{found[0]}]", name)

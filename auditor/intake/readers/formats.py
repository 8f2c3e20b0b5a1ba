"""The formats that exports come in: told by the end of a file's name, each with its reader.

A reader's module ends with its `FORMAT`, or its `FORMATS`; this one finds them. A container (a workbook, a database)
has parts, each of which is a source of its own, named `file#part`.
"""

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from auditor.core.text import Text
from auditor.intake.readers.base import Reading
from auditor.intake.readers.heading import Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is to be read: the file, its `name` in every message, the part of a container, and what the profile says of
    its headers and its text."""

    path: Path
    name: str
    part: str | None = None
    heading: Told = field(default_factory=Told)
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """`parts` gives a container's parts in their order; it and `open` raise InputError where the file is not what its
    name says."""

    name: str
    suffixes: tuple[str, ...]
    open: Callable[[Asked], Reading]
    parts: Callable[[Path, str], tuple[str, ...]] | None = None
    others: Callable[[Path, str], Mapping[str, Text]] | None = None
    """What a container holds beside its parts, and why that is not read."""
    typed: bool = False
    """Whether its values have types of their own, so that dates arrive in ISO form whatever the profile says."""
    database: bool = False
    """Whether its parts are tables, each of which may be meant by its own name."""


@cache
def formats() -> Mapping[str, Format]:
    """Every format by the suffixes of its files, in lower case with their dot."""
    found: dict[str, Format] = {}
    package = import_module("auditor.intake.readers")
    for module in pkgutil.iter_modules(package.__path__):
        reader = import_module(f"{package.__name__}.{module.name}")
        forms: tuple[Format | None, ...] = getattr(reader, "FORMATS", (getattr(reader, "FORMAT", None),))
        for form in filter(None, forms):
            for suffix in form.suffixes:
                if suffix in found:
                    raise RuntimeError(f"{suffix} is claimed by {found[suffix].name} and {form.name}")
                found[suffix] = form
    return MappingProxyType(dict(sorted(found.items())))


def format_of(name: str) -> Format | None:
    """The format that a file's name says; None for one that is not read, such as an office program's temporary file."""
    file = PurePosixPath(name)
    return None if file.name.startswith("~$") else formats().get(file.suffix.lower())

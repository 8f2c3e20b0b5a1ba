"""Testcases as a JUnit document: in the order given and without times, so that equal cases give equal bytes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from xml.etree import ElementTree as ET

SHOWN = 200
"""Lines kept in one testcase; what is capped says so."""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Testcase:
    """`message` is said where the outcome is not `passed`; `details` stand under it, `output` beside it."""

    group: str
    name: str
    outcome: Literal["passed", "failure", "error", "skipped"] = "passed"
    type: str | None = None
    message: str = ""
    details: tuple[str, ...] = ()
    output: tuple[str, ...] = ()


def document(name: str, cases: Iterable[Testcase]) -> str:
    """The XML, ending in a line break."""
    suite = ET.Element("testsuite", name=name)
    for case in cases:
        _add(suite, case)
    counts = {"tests": "testcase", "failures": "*/failure", "errors": "*/error", "skipped": "*/skipped"}
    for attribute, path in counts.items():
        suite.set(attribute, str(len(suite.findall(path))))
    root = ET.Element("testsuites", suite.attrib)
    root.append(suite)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def capped(lines: Iterable[str]) -> tuple[str, ...]:
    kept = tuple(lines)
    left_off = len(kept) - SHOWN
    return (*kept[:SHOWN], f"… and {left_off} more") if left_off > 0 else kept


def _add(suite: ET.Element, case: Testcase) -> None:
    element = ET.SubElement(suite, "testcase", classname=_clean(case.group), name=_clean(case.name))
    if case.outcome == "skipped":
        ET.SubElement(element, "skipped", message=_clean(case.message))
    elif case.outcome != "passed":
        outcome = ET.SubElement(element, case.outcome, type=case.type or case.outcome, message=_clean(case.message))
        outcome.text = _clean("\n".join((case.message, *capped(case.details))))
    if case.output:
        ET.SubElement(element, "system-out").text = _clean("\n".join(case.output))


def _clean(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold, even escaped."""
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)

"""Quotes in a text file that would be taken off in silence: a value that goes on after its closing quote.

`"5" pipe` is read as `5 pipe` by every fast reader. To find such a value all quotes must be followed from the first;
so that this is seldom done, the bytes are first looked over for a quote that can hardly stand where it does.
"""

import csv
import io
import re

from auditor.core.errors import InputError
from auditor.core.problem import Location, Problem

_SIGNS = (b"xQx", b"SQQx", b"xQQQx", b"QQQQ")
"""How such a value may look: S ends values and records, Q is a quote, x all else. A sound value may look so too."""
_HEAD_LINES = 8
"""A header cell has no more lines than these."""
_PADDING = re.compile(r'" +(?=[,;|\t\r\n])')


class Lookout:
    """Looks over a file, part by part, for quotes that may be taken off."""

    def __init__(self, delimiter: str, quote: str) -> None:
        self._quote = quote.encode()
        ends = b"\r\n" + delimiter.encode()
        self._kinds = bytes(
            ord("Q") if bytes([byte]) == self._quote else ord("S") if byte in ends else ord("x") for byte in range(256)
        )
        self._tail = b"\n"
        self.is_suspicious = False

    def see(self, part: bytes) -> None:
        if self.is_suspicious or not self._quote:
            return
        if self._quote in part or self._quote in self._tail:
            seen = (self._tail + part).translate(self._kinds)
            self.is_suspicious = any(sign in seen for sign in _SIGNS)
        self._tail = part[-len(_SIGNS[2]) :] if len(part) >= len(_SIGNS[2]) else (self._tail + part)[-len(_SIGNS[2]) :]


def refuse_lost_quotes(rest: io.RawIOBase, first: int, name: str, delimiter: str, quote: str) -> None:
    """Follows the quotes of all records, the first of which has the number `first`; raises InputError for one that goes
    on after its closing quote. Blanks there are no loss."""
    lines = io.TextIOWrapper(io.BufferedReader(rest), "utf-8", newline="")
    padding = _PADDING if quote == '"' else re.compile(re.escape(quote) + r" +(?=[,;|\t\r\n])")
    trimmed = (padding.sub(quote, line) for line in lines)
    number = first
    try:
        for _ in csv.reader(trimmed, delimiter=delimiter, quotechar=quote, strict=True):
            number += 1
    except csv.Error as error:
        if "expected after" in str(error):
            raise InputError(
                Problem(
                    f"record {number} has a value that goes on after its closing quote",
                    Location(name, number),
                    "double the quotes that belong to a value; if quotes mean nothing in the file, say in the profile"
                    " quote: none",
                )
            ) from error
    finally:
        lines.close()


def refuse_open_quote(head: str, name: str, delimiter: str, quote: str) -> None:
    """A header may have line breaks in it; a quote left open there would take records for a part of it."""
    number = 1
    try:
        for cells in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, quotechar=quote):
            lines = max((cell.count("\n") + 1 for cell in cells), default=1)
            if lines > _HEAD_LINES:
                raise csv.Error
            if lines > 1:
                list(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter, quotechar=quote, strict=True))
            number += 1
    except csv.Error as error:
        raise InputError(
            Problem(
                f"a quote opened in record {number}, at the head of the table, is not closed there",
                Location(name, number),
                "close the quote, or double it where it belongs to a header",
            )
        ) from error

"""Masking what identifies a private person, in everything that is made to leave the office.

Officers and units stay readable: they are whom an audit is about. Masks keep just enough to recognise a value that one
already knows, and nothing to find one that one does not.
"""

from auditor.core.schema import Personal
from auditor.core.text import Text

WITHHELD = Text(zh="（已隐去）", en="(withheld)")

LEAST_COUNT = 5
"""The least count that is published; a default of this project, not law. A county may set a higher one."""


def mask(value: str, personal: Personal) -> str:
    """The value with its middle starred; never longer than 20 characters, never the whole value."""
    match personal:
        case "id":
            return _keep(value, head=2, tail=2) if len(value) >= 8 else _keep(value, head=1, tail=0)
        case "phone":
            return _keep(value, head=3, tail=2) if len(value) >= 8 else _keep(value, head=1, tail=0)
        case "plate":
            return _keep(value, head=2, tail=1) if len(value) >= 6 else _keep(value, head=1, tail=0)
        case "name":
            return _keep(value, head=1, tail=0)
        case "text":
            return WITHHELD.zh


def _keep(value: str, *, head: int, tail: int) -> str:
    hidden = max(1, min(len(value) - head - tail, 8))
    return value[:head] + "*" * hidden + (value[len(value) - tail :] if tail else "")

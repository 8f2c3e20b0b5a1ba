"""File names for ids that were never meant to be file names.

Names are lower-case ASCII and carry a hash of the exact id, so that `A/1`, `a-1` and `a 1` stay three files on a disk
that folds case, and no id can become `con` or `..`. A rule's id is its file's name as it stands wherever that is safe,
because people type it.
"""

import re
from collections.abc import Iterable
from hashlib import sha256

_RULE = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+)+")
_NUMBERED = re.compile(r".*-\d+")
_ITEM = re.compile(r"[A-Z]\d*-\d+")
_HEX = re.compile(r"[0-9a-f]{20}")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")


def slug(*identity: str, secrets: Iterable[str] = ()) -> str:
    """A name for the last part of `identity`; the hash is over all of it. Nothing readable is kept of an id that holds
    one of `secrets`."""
    digest = sha256("\0".join(identity).encode()).hexdigest()[:10]
    words = re.sub(r"[^a-z0-9]+", "-", identity[-1].lower()).strip("-")[:40].strip("-")
    squeezed = re.sub(r"[^a-z0-9]+", "", identity[-1].lower())
    for secret in secrets:
        bare = re.sub(r"[^a-z0-9]+", "", secret.lower())
        if len(bare) >= 4 and bare in squeezed:
            words = ""
    return f"{words}-{digest}" if words else f"x-{digest}"


def rule_name(rule_id: str) -> str:
    """The id itself where it is a safe name and cannot be taken for a later page of another rule (`x-2`)."""
    safe = _RULE.fullmatch(rule_id) and not _NUMBERED.fullmatch(rule_id) and not _RESERVED.fullmatch(rule_id)
    return rule_id if safe and len(rule_id) <= 80 else slug("rule", rule_id)


def finding_name(finding_id: str) -> str:
    return finding_id if _HEX.fullmatch(finding_id) else slug("finding", finding_id)


def item_anchor(item: str) -> str:
    """Where an item of the plan stands on the coverage page."""
    return f"i-{item}" if _ITEM.fullmatch(item) else f"i-{slug('item', item)}"


def page_name(stem: str) -> str:
    return f"{stem}.html"


def subject_name(subject_type: str, subject_id: str) -> str:
    """A subject's name in an address: nothing readable of an id that may be personal."""
    return slug(subject_type, subject_id)[-10:]

"""The identity of a finding, made in the engine: the text and hash that `auditor.core.finding` makes."""

from collections.abc import Sequence

from sqlglot import exp

from auditor.kinds import sql

FINGERPRINT, FINDING_ID = "fingerprint", "finding_id"
_PLAIN = r"^[A-Za-z0-9 /()_.#\-]*$"
_LEFT_ALONE = {"%20": " ", "%2F": "/", "%28": "(", "%29": ")", "%23": "#"}
"""What the engine's own encoding replaces and an identity keeps."""
_MISSING = "~"
_DIGITS = 20


def identity(rule_id: str, keys: Sequence[sql.Expr], anchor: sql.Expr | None) -> tuple[sql.Expr, sql.Expr]:
    """The fingerprint and its hash, over the texts of a rule's key and what anchors its window."""
    said = [sql.coalesce(_encoded(key), sql.text(_MISSING)) for key in keys]
    parts = [sql.text(f"v1:{rule_id}:"), said[0]]
    for key in said[1:]:
        parts += [sql.text("|"), key]
    clear = sql.run_together(*parts)
    if anchor is not None:
        tail = sql.run_together(sql.text(":"), anchor)
        clear = sql.run_together(clear, sql.coalesce(tail, sql.text("")))
    digest = exp.SHA2(this=clear.copy(), length=sql.number(256))
    return clear, exp.Substring(this=digest, start=sql.number(1), length=sql.number(_DIGITS))


def _encoded(key: sql.Expr) -> sql.Expr:
    """Percent-encoded where it holds a separator; mostly it holds none, and nothing is done."""
    encoded: sql.Expr = exp.Anonymous(this="url_encode", expressions=[key.copy()])
    for code, kept in _LEFT_ALONE.items():
        encoded = _replaced(encoded, code, kept)
    plain = exp.RegexpLike(this=key.copy(), expression=sql.text(_PLAIN))
    return sql.case((plain, key), otherwise=_replaced(encoded, _MISSING, "%7E"))


def _replaced(value: sql.Expr, old: str, new: str) -> sql.Expr:
    return exp.Replace(this=value, expression=sql.text(old), replacement=sql.text(new))

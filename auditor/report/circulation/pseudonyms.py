"""Names that stand for units in what is published: the same every month, and undone by nobody without the key.

A pseudonym is the first 40 bits of an HMAC-SHA256 over the kind and the id, written in letters and digits that are not
mistaken for one another. Without the key an id cannot be tried out against it; with it, the office finds its own again.
"""

import hmac
from hashlib import sha256

_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH = 8


class Pseudonyms:
    """`key` is of 16 bytes or more; whoever has it can find out which id a pseudonym stands for."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise ValueError("a key of under 16 bytes can be guessed")
        self._key = key

    def of(self, kind: str, id_: str) -> str:
        digest = hmac.new(self._key, f"{kind}\0{id_}".encode(), sha256).digest()
        number = int.from_bytes(digest[:5], "big")
        signs = "".join(_SIGNS[(number >> (5 * place)) & 31] for place in range(_LENGTH))
        return f"{signs[:4]}-{signs[4:]}"

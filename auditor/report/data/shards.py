"""Long lists cut into numbered script files, none so large that opening one item means waiting for it."""

import json
from pathlib import Path
from typing import Any

FOLDER = "data"
TARGET = 256 * 1024
"""Characters after which a file is closed and the next begun; an item larger than that has a file of its own."""


def script(call: str, *arguments: Any) -> str:
    """A call with JSON arguments. U+2028 and U+2029 end a line in older scripts even within a string."""
    written = ",".join(dumped(argument) for argument in arguments)
    return f"auditor.{call}({written});\n"


def dumped(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def write_script(folder: Path, name: str, call: str, *arguments: Any) -> None:
    """Raises OSError where the file cannot be written."""
    target = folder / FOLDER / f"{name}.js"
    target.parent.mkdir(parents=True, exist_ok=True)
    # A lone surrogate is no character; a field that holds one shows a question mark instead of stopping the report.
    target.write_text(script(call, *arguments), encoding="utf-8", errors="replace", newline="\n")


class Shards:
    """One list, written as it comes. `starts` says at which position each file begins, and `keys` at which key."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder, self.name = folder, name
        self.starts: list[int] = []
        self.keys: list[str] = []
        self._held: list[str] = []
        self._size = self._count = 0

    def add(self, value: Any, key: str = "") -> None:
        text = dumped(value)
        if self._held and self._size + len(text) > TARGET:
            self._flush()
        if not self._held:
            self.starts.append(self._count)
            self.keys.append(key)
        self._held.append(text)
        self._size += len(text)
        self._count += 1

    def close(self) -> None:
        if self._held:
            self._flush()

    def _flush(self) -> None:
        number = len(self.starts) - 1
        target = self.folder / FOLDER / f"{self.name}{number:04}.js"
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(f"auditor.put({dumped(self.name)},{number},[\n")
            file.write(",\n".join(self._held))
            file.write("\n]);\n")
        self._held, self._size = [], 0

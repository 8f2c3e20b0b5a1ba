"""The data of a report read back, as its own scripts read it: numbered calls with JSON arguments."""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class ReportData:
    folder: Path

    def call(self, name: str) -> list[Any]:
        """The arguments of the one call that a script makes."""
        text = (self.folder / "data" / f"{name}.js").read_text(encoding="utf-8")
        found = re.fullmatch(r"auditor\.(?:put|index|words|rules)\((.*)\);\n", text, re.DOTALL)
        assert found, f"{name}.js makes no call, or more than one"
        return json.loads(f"[{found[1]}]")

    def numbered(self, kind: str) -> list[Any]:
        files = sorted(self.folder.glob(f"data/{kind}[0-9]*.js"))
        assert [file.stem for file in files] == [f"{kind}{number:04}" for number in range(len(files))]
        return [item for file in files for item in self.call(file.stem)[2]]

    @cached_property
    def words(self) -> dict[str, Any]:
        return self.call("words")[0]

    @cached_property
    def rules(self) -> list[Any]:
        return self.call("rules")[0]

    @cached_property
    def findings(self) -> list[dict[str, Any]]:
        return self.numbered("f")

    @cached_property
    def cases(self) -> dict[str, dict[str, Any]]:
        return {case["id"]: case for case in self.numbered("c")}

    def said(self, value: str | int, language: int = 0) -> str:
        """A value in words; a whole number of eight or twelve digits is a day or a minute."""
        if isinstance(value, int) and value >= 10_000_000:
            written = "%Y%m%d" if value < 1e11 else "%Y%m%d%H%M"
            return datetime.strptime(str(value), written).strftime("%Y-%m-%d" if value < 1e11 else "%Y-%m-%d %H:%M")
        return value if isinstance(value, str) else self.words["pairs"][value][language]

    def filled(self, template: dict[str, Any], finding: dict[str, Any], language: int = 0) -> str:
        parts = template["zh" if language == 0 else "en"]
        values = finding["v"]
        return "".join(
            part if isinstance(part, str) else self.said(0 if part is None else values[part], language)
            for part in parts
        )

    def message(self, finding: dict[str, Any], language: int = 0) -> str:
        return self.filled(self.words["rules"][finding["r"]]["message"], finding, language)

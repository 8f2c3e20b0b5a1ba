"""An inspection printed for people: a paragraph a file, then its columns as a table."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from auditor.cli.console import console, table
from auditor.core.schema import exported
from auditor.core.text import Language, Text

_LOOKS = {
    "plate": Text("号牌", "plate"),
    "person_id": Text("身份证号", "person's id"),
    "organisation_id": Text("信用代码", "organisation's id"),
    "phone": Text("电话", "phone"),
    "date": Text("日期时间", "date"),
    "number": Text("数", "number"),
    "integer": Text("整数", "whole number"),
    "boolean": Text("是否", "yes or no"),
    "text": Text("文字", "text"),
    "empty": Text("空", "empty"),
}
_WHY = {
    "own": Text("现用配置", "profile in use"),
    "name": Text("名称", "name"),
    "similar": Text("近似", "like"),
    "content": Text("内容", "values"),
}
_HEADERS = (
    Text("列", "header"),
    Text("填写率", "filled"),
    Text("像", "looks like"),
    Text("不同值", "different"),
    Text("示例", "examples"),
    Text("规范列", "column"),
    Text("依据", "why"),
    Text("请核对", "to be checked"),
)
_MOST_WORDS = 12


def print_inspection(found: Mapping[str, Any], language: Language, *, draft: Path | None) -> None:
    """Prints what `auditor.intake.draft.told` gives."""
    for file in found["files"]:
        _file(file, language)
    if found["unread"]:
        names = ", ".join(entry["file"] for entry in found["unread"])
        typer.echo(
            Text(f"未读取（不是可读的格式）：{names}", f"not read (no format that is read): {names}").in_(language)
        )
    if draft is not None:
        typer.echo(Text(f"配置草稿：{draft.as_posix()}", f"draft profile: {draft.as_posix()}").in_(language))


def _file(file: Mapping[str, Any], language: Language) -> None:
    name = file["file"] if file["part"] is None else f"{file['file']}#{file['part']}"
    typer.echo(name)
    for text in _facts(file):
        typer.echo(f"  {text.in_(language)}")
    printed = table(*(header.in_(language) for header in _HEADERS), numbers=(1, 3), indent=2)
    for column in file["columns"]:
        check = "; ".join(text[language] for text in column["check"])
        why = _WHY[column["why"]].in_(language) + f" {column['name']}" if column["why"] else ""
        printed.add_row(
            f"  {column['header']}",
            f"{column['filled']:.0%}",
            _LOOKS[column["look"]].in_(language),
            f"{column['different']:,}",
            _short(" | ".join(column["examples"])),
            column["column"] or "—",
            why,
            check,
        )
    console().print(printed)
    for column in file["columns"]:
        if column["words"]:
            words = [f"{word['word']}→{word['code'] or '?'} {word['count']:,}" for word in column["words"]]
            more = f" … {len(words) - _MOST_WORDS}" if len(words) > _MOST_WORDS else ""
            typer.echo(f"  {column['header']}: {', '.join(words[:_MOST_WORDS])}{more}")
    typer.echo("")


def _facts(file: Mapping[str, Any]) -> list[Text]:
    said = [file["format"]]
    if file["delimiter"]:
        said.append(repr(file["delimiter"]))
    where = ", ".join(said)
    encoding = file["encoding_sure"]
    zh = f"，{file['encoding']}（{encoding['zh']}）" if encoding else ""
    en = f", {file['encoding']} ({encoding['en']})" if encoding else ""
    lines = [
        Text(
            f"{where}{zh}；表头在第 {file['header_row']} 行，{file['rows']:,} 行数据",
            f"{where}{en}; headers in record {file['header_row']}, {file['rows']:,} rows",
        )
    ]
    if file["titles"]:
        titles = " / ".join(file["titles"])
        lines.append(Text(f"标题：{titles}", f"titles: {titles}"))
    if file["totals"] or file["notes"]:
        rows = ", ".join(str(row) for row in (*file["totals"], *file["notes"]))
        lines.append(Text(f"合计或签注行：{rows}", f"totals and notes in: {rows}"))
    if file["sampled"] < file["rows"]:
        share = f"{file['sampled']:,}"
        lines.append(Text(f"以下依 {share} 行的抽样", f"what follows is of a sample of {share} rows"))
    if file["table"] is None:
        lines.append(Text("未找到对应的规范表", "no canonical table fits"))
        return lines
    label = exported()[file["table"]].label
    matched = sum(1 for column in file["columns"] if column["column"])
    rival = file["rival"]
    lines.append(
        Text(
            f"最可能是 {file['table']}（{label.zh}）：{matched}/{len(file['columns'])} 列对应"
            + (f"，名称含“{file['hint']}”" if file["hint"] else "")
            + (f"；也可能是 {rival}" if rival else ""),
            f"most likely {file['table']} ({label.en}): {matched} of {len(file['columns'])} headers placed"
            + (f", named {file['hint']!r}" if file["hint"] else "")
            + (f"; perhaps {rival}" if rival else ""),
        )
    )
    for constant in file["constants"]:
        said = f"{constant['column']} = {constant['value']}"
        lines.append(Text(f"推测常量：{said}", f"constant guessed: {said}"))
    given = {constant["column"] for constant in file["constants"]}
    if missing := [name for name in file["missing"] if name not in given]:
        lines.append(Text(f"缺少必填列：{'、'.join(missing)}", f"required and not found: {', '.join(missing)}"))
    return lines


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"

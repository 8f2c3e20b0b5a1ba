"""Small exports of every format, each from a seed, and what may happen to a file before it is read.

A maker is a function in `MAKERS`, a mutator one in `PLAIN` (for the bytes of any file) or `PACKED` (for archives and
workbooks besides): who adds one there has it in `bench/fuzz.py` and in `tests/intake/test_fuzz.py`.
"""

import csv
import gzip
import io
import sqlite3
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, cast

import pyarrow as _pa  # pyright: ignore[reportMissingTypeStubs]
import pyarrow.parquet as _pq  # pyright: ignore[reportMissingTypeStubs]
import xlsxwriter

pa, pq = cast(Any, _pa), cast(Any, _pq)

HEADERS = ("case_id", "domain", "unit_id", "violation_code", "occurred_at", "capture", "procedure", "party_name")
NAMES = ("欧阳建国", "王小明", '李"四', "赵,六", "甲\n乙", "", "𠮷田", " 陈 ", "某某运输有限公司", "O'Neil")
BIG5 = ("歐陽建國", "王小明", '李"四', "趙,六", "甲\n乙", "", "陳", "運輸有限公司", "違規停車")

Rows = list[list[str]]


@dataclass(frozen=True, kw_only=True)
class Export:
    """A file to be read; `rows` are its records if it is sound."""

    name: str
    content: bytes
    rows: int


def table(rng: Random, names: Sequence[str] = NAMES) -> tuple[Rows, int]:
    """Headers and cases, with a title above or a total and a note below now and then; how many cases there are."""
    count = rng.choice((1, 3, 10, 40))
    day = "2024-05-{:02d} 08:05:00"
    rows = [
        [f"C{n:05d}", "transport", "U1", "1039", day.format(n % 28 + 1), "on_site", "ordinary", rng.choice(names)]
        for n in range(count)
    ]
    above: Rows = [["执法案件台账", *[""] * 7]] if rng.random() < 0.2 else []
    below: Rows = [["合计", str(count), *[""] * 6], ["制表人：甲", *[""] * 7]] if rng.random() < 0.2 else []
    return [*above, list(HEADERS), *rows, *below], count


def _text(rng: Random, rows: Rows, delimiter: str) -> str:
    out = io.StringIO(newline="")
    quoting = rng.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=rng.choice(("\n", "\r\n"))).writerows(rows)
    return out.getvalue()


def text_file(rng: Random) -> Export:
    encoding = rng.choice(("utf-8", "utf-8-sig", "gb18030", "big5", "utf-16", "utf-16-le"))
    rows, count = table(rng, BIG5 if encoding == "big5" else NAMES)
    if encoding == "big5":
        rows = [[cell.replace("执", "執").replace("账", "帳").replace("计", "計") for cell in row] for row in rows]
        rows = [[cell.replace("台", "臺").replace("人：", "人:") for cell in row] for row in rows]
        rows = [[cell.encode("big5", "ignore").decode("big5") for cell in row] for row in rows]
    content = _text(rng, rows, rng.choice(",,,\t;|")).encode(encoding)
    return Export(name=f"cases.{rng.choice(('csv', 'txt', 'tsv'))}", content=content, rows=count)


def workbook(rng: Random) -> Export:
    rows, count = table(rng)
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("案件")
    for at, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write_string(at, place, cell)
    if rng.random() < 0.2:
        at = len(rows) - 1
        sheet.write_formula(at, 7, rng.choice(("=1/0", "=SUM(A1:A9)", '=HYPERLINK("x")', "=A1", "=" + "(" * 900)))
    if count > 5 and rng.random() < 0.2:
        first = rows.index(list(HEADERS))
        sheet.merge_range(first, 9, first, 10, "x")
        sheet.merge_range(first + 1, 9, first + rng.choice((2, 5)), 10, "y")
    book.close()
    return Export(name="cases.xlsx", content=out.getvalue(), rows=count)


def gzipped(rng: Random) -> Export:
    inner = text_file(rng)
    return Export(name=f"{inner.name}.gz", content=gzip.compress(inner.content, mtime=0), rows=inner.rows)


def zipped(rng: Random) -> Export:
    inner = rng.choice((text_file, text_file, workbook, parquet))(rng)
    return Export(name="a.zip", content=_zip({inner.name: inner.content, "readme.md": b"x"}), rows=inner.rows)


def parquet(rng: Random) -> Export:
    rows, count = table(rng)
    first = rows.index(list(HEADERS))
    body = rows[first + 1 : first + 1 + count]
    out = io.BytesIO()
    pq.write_table(pa.table({name: [row[at] for row in body] for at, name in enumerate(HEADERS)}), out)
    return Export(name="cases.parquet", content=out.getvalue(), rows=count)


def sqlite_file(rng: Random) -> Export:
    rows, count = table(rng)
    first = rows.index(list(HEADERS))
    con = sqlite3.connect(":memory:")
    con.execute(f"create table cases ({', '.join(HEADERS)})")
    con.executemany("insert into cases values (?, ?, ?, ?, ?, ?, ?, ?)", rows[first + 1 : first + 1 + count])
    con.commit()
    content = con.serialize()
    con.close()
    return Export(name=rng.choice(("cases.sqlite", "cases.db")), content=content, rows=count)


def bomb(rng: Random) -> Export:
    """An archive, or a workbook, that unpacks to far more than it is."""
    size = rng.choice((1 << 20, 80 << 20))
    name = rng.choice(("cases.csv", "cases.xlsx"))
    if name == "cases.csv":
        content = _zip({name: ",".join(HEADERS).encode() + b"\n" + b"a,b,c,d,e,f,g,h\n" * (size // 16)})
        return Export(name="a.zip", content=content, rows=-1)
    book = _unzip(workbook(rng).content)
    book["xl/worksheets/sheet1.xml"] += b" " * size
    return Export(name=name, content=_zip(book), rows=-1)


MAKERS: list[tuple[Callable[[Random], Export], float]] = [
    (text_file, 70), (workbook, 12), (gzipped, 4), (zipped, 6), (parquet, 4), (sqlite_file, 4), (bomb, 0.05),
]  # fmt: skip
"""Each with its weight."""


def _zip(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _unzip(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def cut(rng: Random, content: bytes) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def block_doubled(rng: Random, content: bytes) -> bytes:
    first = rng.randrange(len(content) + 1)
    last = min(len(content), first + rng.choice((1, 2, 16, 500)))
    return content[:last] + content[first:last] * rng.choice((1, 1, 3)) + content[last:]


def block_dropped(rng: Random, content: bytes) -> bytes:
    first = rng.randrange(len(content) + 1)
    return content[:first] + content[first + rng.choice((1, 1, 2, 16, 500)) :]


def bytes_wrong(rng: Random, content: bytes) -> bytes:
    damaged = bytearray(content)
    for _ in range(rng.choice((1, 1, 3, 20)) if damaged else 0):
        damaged[rng.randrange(len(damaged))] = rng.randrange(256)
    return bytes(damaged)


SPLINTERS = (
    b'"', b'"', b'""', b"'", b"\0", b"\0\0", b",", b"\n", b"\r", b"\r\n", b"\n\n", b"\r\r\n", b"\xff", b"\x81",
    b"\xfe\xff",
    b"\xef\xbb\xbf", b" ", b'"\n', b',"', b'",', b'"5" pipe', b'a"b', b"\x1a", b"\x0c", b"\t", b"\\", b"\\\"", b"\x85",
    "\u2028".encode(), "合计".encode(), "小计,1".encode(), b"=1+1", "\u3000".encode(),
)  # fmt: skip


def splinters(rng: Random, content: bytes) -> bytes:
    for _ in range(rng.choice((1, 1, 2, 8))):
        at = rng.randrange(len(content) + 1)
        content = content[:at] + rng.choice(SPLINTERS) + content[at:]
    return content


def line_ends_mixed(rng: Random, content: bytes) -> bytes:
    return b"".join(line + rng.choice((b"\n", b"\r\n", b"\r")) for line in content.splitlines())


def lines_moved(rng: Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    for _ in range(rng.choice((1, 3)) if lines else 0):
        line = lines.pop(rng.randrange(len(lines)))
        for _ in range(rng.choice((0, 1, 2))):
            lines.insert(rng.randrange(len(lines) + 1), line)
        if not lines:
            break
    return b"".join(lines)


def cell_long(rng: Random, content: bytes) -> bytes:
    size = 10 << 20 if rng.random() < 0.004 else rng.choice((300, 5_000, 40_000))
    at = rng.randrange(len(content) + 1)
    return content[:at] + rng.choice((b"x", b"x", b'"', b",", "甲".encode())) * size + content[at:]


def member_damaged(rng: Random, content: bytes) -> bytes:
    """Something inside an archive or a workbook, whose checksums are right then."""
    try:
        members = _unzip(content)
    except Exception:  # noqa: BLE001 - whatever it is that the earlier damages did
        return bytes_wrong(rng, content)
    if not members:
        return content
    name = rng.choice([each for each in members if "sheet1.xml" in each] * 4 + list(members))
    match rng.randrange(6):
        case 0:
            del members[name]
        case 1:
            members["cases_nested.zip"] = content
        case 2 if name.endswith(".xml"):
            ref = rng.choice((b"A1", b"A1:B2", b"A1:XFD1048576", b"B7:A1", b"?", b"A0:ZZZZ99999999"))
            members[name] = members[name].replace(b'<dimension ref="', b'<dimension ref="' + ref + b'" was="')
        case 3 if name.endswith(".xml"):
            old, new = rng.choice(XML)
            members[name] = members[name].replace(old, new, rng.choice((1, 1, 99)))
        case _:
            members[name] = rng.choice(PLAIN)(rng, members[name])
    return _zip(members)


XML = (
    (b"<v>", b"<v>1e999"), (b"<v>", b"<v>-99999999999"), (b' t="s"', b""), (b' t="s"', b' t="e"'),
    (b' t="s"', b' t="n"'),
    (b'r="A2"', b'r="XFD1048576"'), (b'r="A2"', b'r="A1"'), (b'r="2"', b'r="1048576"'), (b'r="2"', b'r="0"'),
    (b'r="2"', b""), (b"<v>", b"<f>NOW()</f><v>"), (b"<v>", b"<f>1+1</f><v></v><v>"), (b"</row>", b"</row><row/>"),
    (b"<row", b"<!-- x --><row"), (b"<sheetData>", b'<!DOCTYPE x [<!ENTITY a "b">]><sheetData>'), (b"<c ", b"<x:c "),
    (b'r="B', b'r="Z'), (b'<si>', b"<si/><si>"),
    (b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:C99999"/></mergeCells>'),
)  # fmt: skip

PLAIN: list[Callable[[Random, bytes], bytes]] = [
    cut, block_doubled, block_dropped, bytes_wrong, splinters, line_ends_mixed, lines_moved, cell_long,
]  # fmt: skip
MUTATORS: list[Callable[[Random, bytes], bytes]] = [*PLAIN, splinters, splinters]
PACKED: list[Callable[[Random, bytes], bytes]] = [*PLAIN, *[member_damaged] * 10]


def made(seed: int) -> tuple[Export, bool]:
    """The export of a seed, and whether it is sound."""
    rng = Random(seed)
    makers, weights = zip(*MAKERS, strict=True)
    export: Export = rng.choices(makers, weights)[0](rng)
    damages = rng.choice((0, 1, 1, 1, 1, 2, 2, 2, 3, 4)) if export.rows >= 0 else 0
    content = export.content
    for _ in range(damages):
        content = rng.choice(PACKED if content.startswith(b"PK") else MUTATORS)(rng, content)
    return Export(name=export.name, content=content, rows=export.rows), not damages and export.rows >= 0

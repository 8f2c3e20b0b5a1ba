"""What a workbook file really is: its name is often wrong, and an office's system may write a web page as `.xls`."""

import io
import re
import zipfile
import zlib
from pathlib import Path
from typing import Any, Literal, cast

import fastexcel as _fastexcel
import python_calamine as _calamine

from auditor.core.errors import InputError
from auditor.core.problem import Location, Problem

fastexcel = cast(Any, _fastexcel)
calamine = cast(Any, _calamine)

Kind = Literal["xlsx", "xlsb", "ods", "xls", "text"]

_MOST = 8 << 30
"""No more bytes are unpacked: a sheet of 1,048,576 full rows has a fifth of it."""
_RATIO, _SMALL = 200, 64 << 20
"""A part that unpacks to more is a bomb, as in an archive: sheets unpack to 5 to 30 times their size."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD = (b"\x09\x08", b"\x09\x04", b"\x09\x02", b"\x09\x00")
"""How a workbook of the nineties begins, which has no container around it."""
_LOCKED = re.compile(
    re.escape("EncryptedPackage".encode("utf-16-le"))
    + rb"|\x09\x08(?:\x10\0\0\x06\x05\0.{12}|\x08\0\0\x05\x05\0.{4})(?:\x86\0\0\0)?\x2f\0",
    re.DOTALL,
)
"""A package within a container, or an old workbook whose first record but for write protection is FilePass: calamine
knows only some ways of encryption."""
_LONGEST = 32
ERRORS = (
    *("#N/A", "#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"),
    *("#GETTING_DATA", "#SPILL!", "#CALC!", "#ERROR!"),
)
"""What a cell says whose formula failed."""
_TAGS = (b"<html", b"<table", b"<!doctype html", b"<meta")
_SAVE = "open it in an office program and save it as .xlsx"


def kind_of(path: Path, name: str) -> Kind:
    """By its content; raises InputError where it is empty, locked, damaged or no table at all."""
    with path.open("rb") as file:
        start = file.read(4096)
    if not start:
        raise InputError(Problem("the file is empty", Location(name)))
    if start.startswith(b"PK"):
        return _packed(path, name)
    if start.startswith(_OLE):
        if _holds(path, _LOCKED):
            raise _locked(name)
        return "xls"
    if start.startswith(_OLD):
        return "xls"
    lower = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if lower.startswith(b"<?xml") and b"schemas-microsoft-com:office:spreadsheet" in lower:
        raise InputError(Problem("is not a workbook but a spreadsheet in XML of 2003", Location(name), _SAVE))
    if any(tag in lower for tag in _TAGS):
        raise InputError(Problem("is not a workbook but a web page (html) under that name", Location(name), _SAVE))
    if path.suffix.lower() == ".xls" and b"\0" not in start and any(mark in start for mark in (b"\t", b",", b";")):
        return "text"
    raise InputError(
        Problem("is not a workbook that can be opened: it is no workbook at all", Location(name), "export it again")
    )


def open_book(path: Path, name: str, kind: Kind) -> Any:
    """The workbook, opened by fastexcel; raises InputError where it cannot be."""
    same = path.suffix.lower().lstrip(".") in (kind, "xlsm" if kind == "xlsx" else kind)
    try:
        # Of a path it believes the suffix; of bytes it looks what they are.
        return fastexcel.read_excel(path if same else path.read_bytes())
    except _fastexcel.FastExcelError as error:
        said = first_line(error)
        if "password" in said.lower():
            raise _locked(name) from error
        raise InputError(
            Problem(f"is not a workbook that can be opened: {said}", Location(name), "save it again as .xlsx")
        ) from error
    except BaseException as error:
        raise_if_panic(error, name)
        raise


def workbook_of(path: Path) -> Any:
    """The workbook, opened by calamine itself, which tells more of an old one than fastexcel does."""
    # Of a path it believes the suffix; of bytes it looks what they are.
    return calamine.CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))


def sheets_of_cells(path: Path) -> dict[str, bool]:
    """Every sheet of a workbook that fastexcel has opened, and whether it consists of cells: a chart does not."""
    try:
        told: Any = workbook_of(path).sheets_metadata
    except calamine.CalamineError:
        # Damaged so that bytes alone do not say what it is: fastexcel went by its suffix.
        return {}
    return {each.name: each.typ == calamine.SheetTypeEnum.WorkSheet for each in told}


def raise_if_panic(error: BaseException, name: str) -> None:
    """A damaged file can stop calamine itself, which tells it by an exception that is no `Exception`."""
    if type(error).__name__ == "PanicException":
        raise InputError(
            Problem("is not a workbook that can be opened: it is damaged", Location(name), "save it again as .xlsx")
        ) from error


def first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].removeprefix("calamine error: ")


def _packed(path: Path, name: str) -> Kind:
    try:
        with zipfile.ZipFile(path) as book:
            entries = book.infolist()
            names = {entry.filename for entry in entries}
            if sum(entry.file_size for entry in entries) > _MOST:
                raise InputError(
                    Problem(
                        f"would take more than {_MOST >> 30} GB when unpacked", Location(name), "split the workbook"
                    )
                )
            if any(entry.file_size > max(_SMALL, _RATIO * entry.compress_size) for entry in entries):
                raise InputError(
                    Problem(
                        f"a part of it unpacks to more than {_RATIO} times its size", Location(name), "export it again"
                    )
                )
            if "content.xml" in names:
                if b"encryption-data" in _entry(book, "META-INF/manifest.xml"):
                    raise _locked(name)
                return "ods"
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise InputError(
            Problem(
                f"is not a workbook that can be opened: it is damaged ({error})",
                Location(name),
                "save it again as .xlsx",
            )
        ) from error
    return "xlsb" if "xl/workbook.bin" in names else "xlsx"


def _entry(book: zipfile.ZipFile, name: str) -> bytes:
    try:
        return book.read(name)
    except KeyError:
        return b""


def _holds(path: Path, wanted: re.Pattern[bytes]) -> bool:
    tail = b""
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            if wanted.search(tail + chunk):
                return True
            tail = chunk[-_LONGEST:]
    return False


def _locked(name: str) -> InputError:
    return InputError(
        Problem("is protected by a password", Location(name), "save it without the password, under another name")
    )

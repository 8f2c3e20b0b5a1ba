"""Archives: members are sources under their names, and what must not be unpacked is refused by name."""

import gzip
import io
import zipfile
from base64 import b64decode
from hashlib import sha256
from importlib import import_module
from pathlib import Path

import pytest

from auditor.core.errors import InputError
from auditor.intake.readers import archive
from auditor.intake.sources import matches
from tests.intake.office import HEADERS, case, loaded, write_csv, write_xlsx


def _csv(case_id: str) -> str:
    return f"{','.join(HEADERS)}\n{','.join(case(case_id))}\n"


def _scratch(data: Path) -> list[str]:
    return [path.name for path in data.parent.rglob("reading-*")]


def test_members_are_sources_by_their_names(data: Path) -> None:
    write_xlsx(data / "b.xlsx", {"s": [HEADERS, case("C2")]})
    with zipfile.ZipFile(data / "x.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("cases_1.csv", _csv("C1"))
        packed.write(data / "b.xlsx", "in/cases_2.xlsx")
        packed.writestr("in/readme.txt", "nothing")
    (data / "b.xlsx").unlink()
    (data / "cases_3.csv.gz").write_bytes(gzip.compress(_csv("C3").encode()))
    result, store = loaded(data)
    assert sorted(store.rows("cases", "case_id", "_file")) == [
        ("C1", "x.zip/cases_1.csv"),
        ("C2", "x.zip/in/cases_2.xlsx#s"),
        ("C3", "cases_3.csv.gz/cases_3.csv"),
    ]
    assert [entry.file for entry in result.unread] == ["x.zip/in/readme.txt"]
    assert not _scratch(data)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_are_read_in_the_encoding_of_chinese_windows(data: Path, encoding: str) -> None:
    class Info(zipfile.ZipInfo):
        def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
            return self.filename.encode(encoding), 0

    with zipfile.ZipFile(data / "x.zip", "w") as packed:
        packed.writestr(Info("某县/cases_交通违法台账.csv"), _csv("C1"))
    _, store = loaded(data)
    # The stem begins with the table's name, so that the file is canonical.
    assert store.rows("cases", "_file") == [("x.zip/某县/cases_交通违法台账.csv",)]


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        ("x.zip/in/a.csv", True),
        ("x.zip/*.csv", True),
        ("*.csv", True),
        ("x.zip", True),
        ("a.csv", True),
        ("in/*.csv", False),
        ("y.zip/*.csv", False),
    ],
)
def test_which_patterns_mean_a_member(pattern: str, meant: bool) -> None:
    assert matches("x.zip/in/a.csv", pattern) is meant


@pytest.mark.parametrize("name", ["../cases.csv", "/cases.csv", "C:\\cases.csv", "a/../../cases.csv", "..\\cases.csv"])
def test_names_that_lead_out_are_refused(data: Path, name: str) -> None:
    with zipfile.ZipFile(data / "x.zip", "w") as packed:
        packed.writestr(name, _csv("C1"))
    with pytest.raises(InputError, match="leads out of the archive"):
        loaded(data)
    assert not _scratch(data)


def test_an_archive_within_one_is_refused(data: Path) -> None:
    with zipfile.ZipFile(data / "x.zip", "w") as packed:
        packed.writestr("cases.zip", b"")
    with pytest.raises(InputError, match=r"x\.zip/cases\.zip: is an archive within"):
        loaded(data)


def test_an_encrypted_member_is_refused(data: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr("cases.csv", _csv("C1"))
    raw = bytearray(buffer.getvalue())
    # The flags stand 6 bytes into the local header and 8 into the central one.
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    (data / "x.zip").write_bytes(raw)
    with pytest.raises(InputError, match=r"x\.zip/cases\.csv: is encrypted"):
        loaded(data)


def test_a_bomb_is_refused_by_its_ratio_and_by_its_size(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # 4 MB of zeros pack about 1,000 times; the limits are lowered so that the test is quick.
    (data / "cases.csv.gz").write_bytes(gzip.compress(bytes(4 << 20)))
    monkeypatch.setattr(archive, "SMALL", 1 << 20)
    with pytest.raises(InputError, match=r"cases\.csv: unpacks to more than 200 times"):
        loaded(data)
    monkeypatch.setattr(archive, "SMALL", 1 << 30)
    monkeypatch.setattr(archive, "LARGEST", 1 << 20)
    with pytest.raises(InputError, match="with it the archive unpacks to more"):
        loaded(data)
    assert not _scratch(data)


@pytest.mark.parametrize("suffix", ["csv.gz", "zip"])
def test_one_that_is_cut_off_is_refused(data: Path, suffix: str) -> None:
    text = "".join(_csv(f"C{number}") for number in range(200))
    path = data / f"cases.{suffix}"
    if suffix == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("cases.csv", text)
    else:
        path.write_bytes(gzip.compress(text.encode()))
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(InputError, match="cannot be unpacked"):
        loaded(data)


def test_scratch_is_gone_after_an_interrupt(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_csv(data / "cases.csv", [HEADERS, case("C1")])
    (data / "cases_2.csv.gz").write_bytes(gzip.compress(_csv("C2").encode()))

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(import_module("auditor.intake.load"), "stage", interrupted)
    with pytest.raises(KeyboardInterrupt):
        loaded(data)
    assert not _scratch(data)


def test_the_archive_itself_is_told_by_its_own_hash(data: Path) -> None:
    with zipfile.ZipFile(data / "x.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("cases_1.csv", _csv("C1"))
        packed.writestr("in/cases_2.csv", _csv("C2"))
    (data / "cases_3.csv").write_text(_csv("C3"), encoding="utf-8")
    result, _ = loaded(data)
    whole = sha256((data / "x.zip").read_bytes()).hexdigest()
    assert {file.file: (file.sha256, file.archive_sha256) for file in result.inputs} == {
        "x.zip/cases_1.csv": (sha256(_csv("C1").encode()).hexdigest(), whole),
        "x.zip/in/cases_2.csv": (sha256(_csv("C2").encode()).hexdigest(), whole),
        "cases_3.csv": (sha256(_csv("C3").encode()).hexdigest(), None),
    }


REAL = (
    "UEsDBAoACQAAABppeF16em/tDwAAAAMAAAAJABwAY2FzZXMuY3N2VVQJAANkjAVrZIwFa3V4CwABBAAAAAAEAAAAALfWMGlX15vu08Vt6yh+XFBL"
    "Bwh6em/tDwAAAAMAAABQSwECHgMKAAkAAAAaaXhdenpv7Q8AAAADAAAACQAYAAAAAAABAAAApIEAAAAAY2FzZXMuY3N2VVQFAANkjAVrdXgLAAEE"
    "AAAAAAQAAAAAUEsFBgAAAAABAAEATwAAAGIAAAAAAA=="
)
"""What `zip -P geheim x.zip cases.csv` makes of a file of three bytes."""


def test_a_real_archive_with_a_password_is_refused_by_name(data: Path) -> None:
    (data / "x.zip").write_bytes(b64decode(REAL))
    with pytest.raises(InputError, match=r"x\.zip/cases\.csv: is encrypted\s+= unpack it with its password"):
        loaded(data)

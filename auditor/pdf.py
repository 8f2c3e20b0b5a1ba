"""Pages of a finished report printed to PDF by a browser that is on the machine: Chromium, Chrome or Edge.

The browser is started offline, with a profile of its own that is removed afterwards, one page after the other, so that
nothing of it outlives the command. What the pages say to the printer (A4, page numbers, repeated heads) is in their
style sheet; page numbers need Chromium 131 or later. What a browser writes into a PDF of its own accord is taken back:
the moment of printing becomes the as-of date, and links, which it makes addresses of this very machine, become relative
to the PDF. Its bytes are still those of that browser's version, and not of what is promised to be the same.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlsplit
from urllib.request import url2pathname

from auditor.core.errors import OutputError
from auditor.core.problem import Location, Problem
from auditor.core.progress import Progress
from auditor.core.text import Text

SECONDS = 120
"""After so long a page counts as not printable; the largest take a few seconds."""

PRINTED = ("index.html", "coverage.html", "method.html", "letters/*.html")
"""The pages that are printed, as far as an edition has them."""

_NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"),
    *("microsoft-edge-stable", "msedge"),
)
_WINDOWS = (
    r"Google\Chrome\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
    r"Chromium\Application\chrome.exe",
)
_WINDOWS_ROOTS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
_MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_SWITCHES = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--no-pdf-header-footer",
)
_ADDRESS = re.compile(rb"/URI \((file:(?:[^()\\]|\\.)*)\)")
_MOMENT = re.compile(rb"/(CreationDate|ModDate) \(D:(\d{14})([+\-Z])")


def browser() -> Path | None:
    """The first browser found: by the names that it has on a path, then where Windows and macOS keep it."""
    named = (shutil.which(name) for name in _NAMES)
    roots = (os.environ[root] for root in _WINDOWS_ROOTS if root in os.environ)
    kept = [Path(root, *place.split("\\")) for root in roots for place in _WINDOWS] + [Path(place) for place in _MAC]
    found = (*(Path(path) for path in named if path), *(path for path in kept if path.is_file()))
    return next(iter(found), None)


def print_pages(folder: Path, *, as_of: date, progress: Progress) -> list[Path]:
    """Prints the pages of a report, each beside itself, and returns the files.

    Raises OutputError where there is no browser, or where it fails on a page: the pages stay, and the PDFs made so far.
    """
    program = browser()
    if program is None:
        what = "no PDF was made: no Chromium, Chrome or Edge was found; the pages are complete"
        raise OutputError(Problem(what, Location(str(folder)), "install one, or print the pages from any browser"))
    pages = list(_pages(folder))
    made: list[Path] = []
    progress.start(Text(zh="打印 PDF", en="printing PDF"), len(pages))
    for page in pages:
        made.append(_print(program, page, as_of))
        progress.advance()
    progress.finish()
    return made


def _pages(folder: Path) -> Iterator[Path]:
    for pattern in PRINTED:
        yield from sorted(folder.glob(pattern))


def _print(program: Path, page: Path, as_of: date) -> Path:
    target = page.with_suffix(".pdf").absolute()
    target.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="auditor-print-", ignore_cleanup_errors=True) as profile:
        command = [str(program), *_switches(), f"--user-data-dir={profile}", f"--print-to-pdf={target}"]
        complaint = _run([*command, page.absolute().as_uri()])
    if complaint is None and not (target.is_file() and target.stat().st_size):
        complaint = "it made no file"
    if complaint is not None:
        what = f"could not be printed by {program.name}: {complaint}; the pages are complete"
        raise OutputError(Problem(what, Location(str(page))))
    document = _at(as_of, target.read_bytes())
    target.write_bytes(_with_relative_links(document, page.absolute().parent))
    return target


def _switches() -> Sequence[str]:
    """Chromium refuses to be sandboxed as root, which is what a build server often is."""
    is_root = getattr(os, "geteuid", lambda: 1)() == 0
    return (*_SWITCHES, "--no-sandbox") if is_root else _SWITCHES


def _run(command: Sequence[str]) -> str | None:
    """What went wrong, or None."""
    try:
        ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"it took over {SECONDS} seconds"
    except OSError as error:
        return error.strerror or str(error)
    return None if ended.returncode == 0 else f"it ended with status {ended.returncode}"


def _at(as_of: date, document: bytes) -> bytes:
    """The document with every moment of its making replaced, at the same length, by the as-of date."""
    return _MOMENT.sub(lambda found: b"/%s (D:%s000000%s" % (found[1], f"{as_of:%Y%m%d}".encode(), found[3]), document)


def _with_relative_links(document: bytes, home: Path) -> bytes:
    """The document with links to files seen from `home`, where it lies. Each is written at its former length, with
    blanks after it, since a PDF names all its parts by their place."""

    def seen_from_home(found: re.Match[bytes]) -> bytes:
        address, hash_, place = found[1].decode("latin-1").partition("#")
        path = url2pathname(urlsplit(address).path)
        told = quote(os.path.relpath(path, home).replace(os.sep, "/")) + hash_ + place
        written = b"/URI (%s)" % told.encode("ascii", "replace")
        return written.ljust(len(found[0])) if len(written) <= len(found[0]) else b"/URI ()".ljust(len(found[0]))

    return _ADDRESS.sub(seen_from_home, document)

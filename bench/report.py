"""The report of a hundred thousand findings: how long it takes to build, how large it is, how quickly it answers.

    python bench/report.py --findings 100000

The sample is audited once, and its findings are repeated under new ids, with their evidence and records, until there
are as many as asked for: rules, facts and rows are those of a real report, the width of the records too. The working
papers are then read and the report rendered in a process of its own, and opened in Chromium from disk, offline.

Printed beside the limits: seconds and peak memory of building, size of the folder and of its largest file, seconds
until the overview has loaded, and the milliseconds that each of a series of filters and searches takes to answer.
Those are measured from the event to the moment at which the list has been drawn anew, in the page itself.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from auditor.audit import Request, audit
from auditor.core.data_place import data_place
from auditor.core.finding import Evidence, Finding, Record, finding_id
from auditor.core.result import Run
from auditor.ledger import papers

ROOT = Path(__file__).parents[1]
TABLES = (".csv", ".xlsx")
"""Files for spreadsheets: every finding stands in the ledger and in its rule's CSV file, however many there are."""


def grown(run: Run, findings: int) -> Run:
    """The run with its findings repeated under new ids; a copy's cases are cases of their own."""
    rows: dict[str, list[Evidence]] = defaultdict(list)
    for row in run.evidence:
        rows[row.finding_id].append(row)
    records = {(one.table_name, one.source_file, one.source_row): one for one in run.records}
    more: list[Finding] = []
    evidence: list[Evidence] = []
    kept: dict[tuple[str, str, int], Record] = {}
    copies = _copies(run, findings)
    for copy, finding in copies:
        clear = finding.fingerprint if copy == 0 else f"{finding.fingerprint}~{copy}"
        name = finding_id(clear)
        is_person = finding.subject_type in ("officer", "unit")
        subject = finding.subject_id if is_person else _renamed(finding.subject_id, copy)
        more.append(replace(finding, finding_id=name, fingerprint=clear, subject_id=subject))
        for row in rows[finding.finding_id]:
            place = (row.table_name, row.source_file, row.source_row + copy * 1_000_000)
            evidence.append(replace(row, finding_id=name, row_key=_renamed(row.row_key, copy), source_row=place[2]))
            record = records.get((row.table_name, row.source_file, row.source_row))
            if record is not None and place not in kept:
                values = dict(record.values)
                if values.get("case_id"):
                    values["case_id"] = _renamed(values["case_id"], copy)
                kept[place] = replace(
                    record, row_key=_renamed(record.row_key, copy), source_row=place[2], values=values
                )
    return replace(run, findings=tuple(more), evidence=tuple(evidence), records=tuple(kept.values()))


def _copies(run: Run, findings: int) -> Iterator[tuple[int, Finding]]:
    done = copy = 0
    while done < findings:
        for finding in run.findings[: findings - done]:
            yield copy, finding
            done += 1
        copy += 1


def _renamed(name: str, copy: int) -> str:
    return name if copy == 0 else f"{name}-{copy}"


def build(saved: Path, out: Path) -> None:
    """In a process of its own: reads the papers, writes pages, ledger and CSV files, prints what it took."""
    from auditor.core.progress import Silent
    from auditor.export import ledger
    from auditor.report import render
    from auditor.report.ledger import office_ledger

    clock, processor = time.perf_counter(), time.process_time()
    run = papers.read(saved)
    read = time.perf_counter() - clock
    render(run, out, language="zh", personal=False, progress=Silent())
    pages, pages_processor = time.perf_counter() - clock, time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ledger.write(office_ledger(run, language="zh", personal=False), out, language="zh")
    print(
        json.dumps(
            {
                "findings": len(run.findings),
                "read": read,
                "seconds": pages,
                "processor": pages_processor,
                "peak": peak,
                "tables": time.process_time() - processor - pages_processor,
                "tables_peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            }
        )
    )


def opened(out: Path) -> dict[str, float]:
    """Seconds until a page is there, and milliseconds of each answer of the list, the slowest of three."""
    from playwright.sync_api import sync_playwright

    found: dict[str, float] = {}
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    if browser_path is None:
        sys.exit("no Chromium on this machine: the report was built but not opened")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True).new_page()
        started = time.perf_counter()
        page.goto((out / "index.html").as_uri())
        found["overview opens, s"] = time.perf_counter() - started
        started = time.perf_counter()
        page.goto((out / "findings.html").as_uri())
        page.wait_for_selector("#view[data-whole='1']")
        found["list of all findings opens, s"] = time.perf_counter() - started
        answers: dict[str, list[float]] = defaultdict(list)
        for _ in range(3):
            for name, value in (("level", "high"), ("kind", "violation"), ("chapter", "T")):
                for _ in range(2):  # on and off again
                    page.click(f"input[name={name}][value={value}]")
                    answers[f"filter {name}, ms"].append(float(page.get_attribute("#view", "data-milliseconds") or 0))
            page.evaluate("document.getElementById('view').dataset.milliseconds = ''")
            page.fill("#q", "01250")
            page.wait_for_selector("#view:not([data-milliseconds=''])")
            answers["search, ms"].append(float(page.get_attribute("#view", "data-milliseconds") or 0))
            page.fill("#q", "")
            page.wait_for_timeout(400)
        found |= {name: max(times) for name, times in answers.items()}
        browser.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--findings", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="where the report stays, to be looked at")
    parser.add_argument("--build", nargs=2, type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.build:
        build(*asked.build)
        return
    with tempfile.TemporaryDirectory() as scratch:
        saved, out = Path(scratch) / "saved", asked.keep or Path(scratch) / "report"
        papers.write(grown(audit(Request(data=data_place(ROOT / "data" / "sample"))), asked.findings), saved)
        if out.exists():
            shutil.rmtree(out)
        out.mkdir(parents=True)
        answer = subprocess.run(
            [sys.executable, __file__, "--build", str(saved), str(out)], check=True, capture_output=True, text=True
        )
        told = json.loads(answer.stdout)
        files = [path for path in out.rglob("*") if path.is_file()]
        sizes = [path.stat().st_size for path in files if path.suffix not in TABLES]
        tables = [path.stat().st_size for path in files if path.suffix in TABLES]
        print(f"findings                        {told['findings']:>10,}")
        print(f"built, s                        {told['seconds']:>10.1f}   limit 60")
        print(f"of these reading the papers, s  {told['read']:>10.1f}")
        print(f"built, processor s              {told['processor']:>10.1f}")
        print(f"peak memory, MiB                {told['peak']:>10,.0f}   limit 1,024")
        print(f"pages and their data, MB        {sum(sizes) / 1e6:>10.1f}   limit 150, in {len(sizes)} files")
        print(f"largest file, MB                {max(sizes) / 1e6:>10.1f}   limit 5")
        print(f"ledger and CSV, processor s     {told['tables']:>10.1f}   peak {told['tables_peak']:,.0f} MiB")
        print(f"ledger and CSV, MB              {sum(tables) / 1e6:>10.1f}   in {len(tables)} files")
        for name, value in opened(out).items():
            limit = "2" if name.startswith("overview") else "300" if name.endswith("ms") else "–"
            print(f"{name:<32}{value:>10.2f}   limit {limit}")


if __name__ == "__main__":
    main()

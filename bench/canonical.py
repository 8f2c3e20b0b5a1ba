"""The canonical tables laid over the reference generator's parquet files: views with our names, nothing copied.

The number of a row, by which the engine finds it again, is that of the row in its parquet file. Only the schedule of
fines is written out, once: the generator repeats it in every case, and an agency has it as a
register of a few lines.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from auditor.core.result import Period
from auditor.engines.duckdb import DuckSession
from auditor.engines.judge import Data
from auditor.engines.places import ROW_NUMBER
from auditor.engines.together import Time
from auditor.kinds.scope import Clock

FIRST, LAST = date(2024, 11, 1), date(2026, 10, 30)
"""The generator's days; its present is the last moment of the last one."""

TIME = Time(
    clock=Clock(first=FIRST, last=LAST, as_of=LAST),
    period=Period(first=FIRST, last=LAST, label=f"{FIRST}..{LAST}"),
)

VIEWS: Mapping[str, str] = {
    "cases": """
        SELECT case_id, ticket_no AS doc_no, unit_code AS unit_id, officer_id, officer2_id, party_id, plate_no,
               violation_code, (['slight', 'ordinary', 'serious', 'grave'])[severity] AS grade, occurred_at,
               location_id AS place_id, lon, lat,
               round(lon * 2)::INT * 1000 + round(lat * 2)::INT AS jurisdiction_unit_id,
               if(source = 'manual', 'on_site', source) AS capture, camera_id,
               if(procedure = 'general', 'ordinary', procedure) AS procedure, fine_amount, filed_at, decided_at,
               closed_at, 'cases.parquet' AS _file, file_row_number + 2 AS _row, file_row_number AS rowid
        FROM read_parquet('{data}/cases.parquet', file_row_number = true)""",
    "measures": """
        SELECT case_id AS measure_id, case_id, unit_code AS unit_id, officer_id, 'impound_vehicle' AS kind,
               impounded_at AS started_at, released_at,
               if(extension_approved, impounded_at, NULL) AS extension_approved_at,
               'cases.parquet' AS _file, file_row_number + 2 AS _row, file_row_number AS rowid
        FROM read_parquet('{data}/cases.parquet', file_row_number = true) WHERE impounded_at IS NOT NULL""",
    "cameras": """
        SELECT camera_id, location_id AS place_id, published_at, 'cameras.parquet' AS _file,
               file_row_number + 2 AS _row, file_row_number AS rowid
        FROM read_parquet('{data}/cameras.parquet', file_row_number = true)""",
    "units": """
        SELECT unit_code AS unit_id, 'officers.parquet' AS _file, min(file_row_number) + 2 AS _row,
               min(file_row_number) AS rowid
        FROM read_parquet('{data}/officers.parquet', file_row_number = true) GROUP BY unit_code""",
    "campaigns": """
        SELECT strftime(first, '%Y-%m') AS campaign_id, first::DATE AS from_on, last_day(first) AS to_on,
               'months' AS _file, row_number() OVER (ORDER BY first) + 1 AS _row
        FROM range(TIMESTAMP '2024-11-01', TIMESTAMP '2026-11-01', INTERVAL 1 MONTH) AS m(first)""",
    "penalty_schedule": """
        SELECT violation_code, fine_min, fine_max, 'schedule.parquet' AS _file, file_row_number + 2 AS _row,
               file_row_number AS rowid
        FROM read_parquet('{data}/schedule.parquet', file_row_number = true)""",
}

CALENDAR = """
    CREATE TABLE workdays AS
    SELECT day::DATE AS day, isodow(day) < 6 AS is_workday, true AS announced,
           sum((isodow(day) < 6)::INT) OVER (ORDER BY day)::BIGINT AS ordinal
    FROM range(DATE '2022-01-01', DATE '2028-01-01', INTERVAL 1 DAY) AS d(day)"""
"""Monday to Friday, without holidays: none of the twelve rules looks at them."""


def write_schedule(data: Path) -> None:
    """The register of fines beside the cases, where it is not there yet."""
    if not (data / "schedule.parquet").is_file():
        with duckdb.connect() as connection:
            connection.execute(
                f"COPY (SELECT DISTINCT violation_code, fine_min, fine_max FROM '{data}/cases.parquet' ORDER BY ALL) "  # noqa: S608
                f"TO '{data}/schedule.parquet'"
            )


@contextmanager
def laid_over(data: Path, *, memory: str, spill: Path) -> Generator[tuple[DuckSession, Data]]:
    """A session over the files of a folder, with what the engine must know of them."""
    connection = duckdb.connect()
    try:
        connection.execute(f"SET memory_limit = '{memory}'; SET temp_directory = '{spill}'; SET threads = 2")
        connection.execute("SET preserve_insertion_order = false; SET parquet_metadata_cache = true")
        columns: dict[str, frozenset[str]] = {}
        for name, query in VIEWS.items():
            connection.execute(f"CREATE VIEW {name} AS {query.format(data=data)}")
            described = connection.execute(f"DESCRIBE {name}").fetchall()
            columns[name] = frozenset(row[0] for row in described if row[0][0] != "_" and row[0] != ROW_NUMBER)
        connection.execute(CALENDAR)
        yield DuckSession(connection, schema="memory.main"), Data(columns=columns)
    finally:
        connection.close()

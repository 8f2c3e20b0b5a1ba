"""`make`: the same bytes for the same seed, the size asked for, whole or not at all."""

from datetime import date
from pathlib import Path
from random import Random

import pytest

from auditor.core.errors import OutputError, UsageError
from auditor.core.progress import Silent
from auditor.core.text import Text
from auditor.synth import FEWEST, MOST, agency, identity, make
from auditor.synth.planting import RESERVED, Planting
from auditor.synth.workdays import after
from tests.synth import county
from tests.synth.county import County

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        make(tmp_path / name, cases=800, seed=seed, progress=Silent())
    first, again, other = (bytes_of(tmp_path / name) for name in "abc")
    assert first == again
    assert first["cases.csv"] != other["cases.csv"]
    assert first.keys() == other.keys()


def test_the_size_is_the_one_asked_for_where_the_planted_cases_leave_room(tmp_path: Path) -> None:
    make(tmp_path / "least", cases=1, seed=1, progress=Silent())
    least = len(county.read(tmp_path / "least").cases)
    assert least > FEWEST
    for asked, given in ((least - 1, least), (least, least), (least + 1, least + 1)):
        make(tmp_path / str(asked), cases=asked, seed=1, progress=Silent())
        assert len(county.read(tmp_path / str(asked)).cases) == given


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match="not an empty folder"):
        make(tmp_path, cases=500, seed=1, progress=Silent())
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_interrupted_county_leaves_nothing_behind(tmp_path: Path) -> None:
    class Interrupted(Silent):
        def advance(self, by: int = 1) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(tmp_path / "a", cases=500, seed=1, progress=Interrupted())
    assert list(tmp_path.iterdir()) == []


def test_progress_counts_the_days_of_the_ledgers(tmp_path: Path) -> None:
    class Counted:
        told: list[object] = []  # noqa: RUF012

        def start(self, what: Text, total: int | None = None) -> None:
            self.told.append(total)

        def advance(self, by: int = 1) -> None:
            self.told.append(by)

        def finish(self) -> None:
            self.told.append("done")

    make(tmp_path / "a", cases=500, seed=1, progress=Counted())
    days = (date(2025, 12, 31) - date(2024, 6, 14)).days
    assert Counted.told == [days, *[1] * days, "done"]


def test_nobody_in_the_county_can_exist(made: County) -> None:
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    for case in made.cases:
        party = case["party_id"]
        assert len(party) == 18
        if case["party_type"] == "person":
            assert party.startswith("990000")
            total = sum(int(digit) * weight for digit, weight in zip(party, weights, strict=False))
            assert "10X98765432"[total % 11] == party[17]
        else:
            assert party[2:8] == "990000"
            total = sum(_USCC.index(char) * 3**place for place, char in enumerate(party[:17]))
            assert (total + _USCC.index(party[17])) % 31 == 0
        assert not case["plate_no"] or (case["plate_no"][0] == "样" and len(case["plate_no"]) == 7)


def test_plates_are_unique_by_vehicle_and_an_owner_stays_the_owner() -> None:
    last = identity.MOST_PLATES
    vehicles = [0, 1, 99_999, 100_000, last - 1, last, last + 1, 2 * last - 1, 2 * last, 3 * last - 1]
    assert len({identity.plate(vehicle) for vehicle in vehicles}) == len(vehicles)
    assert identity.person(77) == identity.person(77)


def test_planted_cases_have_vehicles_of_their_own_however_many_they_are() -> None:
    plants = Planting(rng=Random(1), agency=agency.found(1), size=1)
    theirs = [plants.vehicle() for _ in range(RESERVED + 3)]
    assert len(set(theirs)) == len(theirs)
    assert min(theirs) == identity.MOST_PLATES - RESERVED
    assert [identity.plate(vehicle) for vehicle in theirs[-4:]] == ["样Z00000", "样AD00000", "样AD00001", "样AD00002"]


@pytest.mark.parametrize("size", [0, MOST + 1])
def test_a_county_of_no_size_is_refused(tmp_path: Path, size: int) -> None:
    with pytest.raises(UsageError, match="from 1 to"):
        make(tmp_path / "county", cases=size, seed=1, progress=Silent())


def test_steps_of_a_case_come_in_order(made: County) -> None:
    names = ("occurred_at", "filed_at", "rights_notice_at", "legal_review_at", "decided_at", "served_at", "closed_at")
    paid = {row["case_id"]: row["paid_at"] for row in made.payments if row["item"] == "fine"}
    bent = {name for entry in made.planted if entry["kind"] == "problem" for name in entry["ids"]}
    for case in made.cases:
        if case["case_id"] in bent:
            continue
        moments = [case[name] for name in names if case[name]]
        assert moments == sorted(moments), case["case_id"]
        if case["closed_at"] and case["case_id"] in paid:
            assert case["served_at"] <= paid[case["case_id"]] <= case["closed_at"]
        assert all(text <= "2025-12-31 23:59:59" for text in moments)


def test_every_payment_is_the_fine_of_its_case(made: County) -> None:
    fines = {case["case_id"]: case["fine_amount"] for case in made.cases}
    assert made.payments
    differ = [row for row in made.payments if row["item"] == "fine" and fines.get(row["case_id"]) != row["amount"]]
    rules = ("paid.differs-from-decision", "offsystem.payment-without-case")
    listed = {name for entry in made.planted if entry["rule"] in rules for name in entry["ids"]}
    assert all({row["case_id"], row["payment_id"]} & listed for row in differ)


def test_the_ids_of_every_table_are_unique(made: County) -> None:
    for rows, name in (
        (made.cases, "case_id"),
        (made.measures, "measure_id"),
        (made.cameras, "camera_id"),
        (made.payments, "payment_id"),
        (made.units, "unit_id"),
    ):
        ids = [row[name] for row in rows]
        assert len(ids) == len(set(ids))
    credentials = [(row["officer_id"], row["valid_from"]) for row in made.officers]
    assert len(credentials) == len(set(credentials))


def test_the_mixture_is_that_of_a_county(made: County) -> None:
    if len(made.cases) < 5000:
        assert {case["capture"] for case in made.cases} >= {"on_site", "camera", "mobile", "transfer"}
        return
    camera = sum(case["capture"] == "camera" for case in made.cases) / len(made.cases)
    assert 0.45 < camera < 0.6
    assert {case["occurred_at"][:7] for case in made.cases} >= {f"2025-{month:02d}" for month in range(1, 13)}
    assert {row["domain"] for row in made.measures} == {"traffic_police", "transport"}
    assert sum(not case["decided_at"] for case in made.cases) > 50


@pytest.mark.parametrize(
    ("first", "count", "last"),
    [
        (date(2025, 9, 22), 10, date(2025, 10, 11)),
        (date(2025, 9, 22), 11, date(2025, 10, 13)),
        (date(2025, 1, 22), 7, date(2025, 2, 7)),
        (date(2025, 1, 22), 8, date(2025, 2, 8)),
        (date(2025, 10, 1), 0, date(2025, 10, 9)),
        (date(2025, 10, 9), 0, date(2025, 10, 9)),
    ],
)
def test_working_days_follow_the_published_calendar(first: date, count: int, last: date) -> None:
    assert after(first, count) == last


def test_the_committed_sample_is_what_the_command_writes(tmp_path: Path) -> None:
    sample = Path(__file__).parents[2] / "data" / "sample"
    make(tmp_path / "sample", cases=22_000, seed=2025, progress=Silent())
    made = bytes_of(tmp_path / "sample")
    assert bytes_of(sample).keys() == made.keys()
    stale = [name for name, content in made.items() if (sample / name).read_bytes() != content]
    assert stale == [], "renew it: remove data/sample, then auditor synth --out data/sample --cases 22000 --seed 2025"

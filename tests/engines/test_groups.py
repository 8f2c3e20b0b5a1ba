"""What the kinds that judge groups come to in an audit: a finding's numbers, the rows it cites, what isn't counted."""

from tests.engines.test_judge import run

SHARE = "kind: share\nby: lot_id\nlimit: 0.5\nmin_n: 20"
SHIFT = "kind: shift\nby: camera_id"
BUNCHING = "kind: bunching\nvalue: bac_mg_100ml\nat: 80\nwidth: 5\nby: officer_id"


def table(header: str, *lines: tuple[str, int]) -> str:
    """Each line as often as said, with a key of its own in front."""
    rows = [f"K{number}x{time} | {line}" for number, (line, times) in enumerate(lines) for time in range(times)]
    return "\n".join([header, *rows])


def test_a_share_is_compared_with_its_limit_and_with_nobody() -> None:
    header = "measure_id | lot_id | started_at"
    rows = table(header, ("A | 2024-05-02", 36), ("B | 2024-05-03", 4), (" | 2024-05-04", 7))
    judged = run(SHARE, {"measures": rows}, table="measures")
    assert (judged.result.tested, judged.result.violation, judged.result.grain) == (2, 1, "measure_id")
    assert [note.en for note in judged.result.notes] == ["7 rows lack what is compared and were not counted"]
    [finding] = judged.findings
    assert (finding.subject_id, finding.metric, finding.value, finding.threshold) == ("A", "share", 0.9, 0.5)
    assert (finding.expected, finding.lower, finding.upper, finding.q_value) == (None, None, None, None)
    assert finding.n_cases == len(judged.evidence) == 36
    assert judged.statement is not None and "lot_id" in judged.statement


def test_a_shift_cites_the_rows_of_the_period_and_not_its_baseline() -> None:
    months = [f"2023-{month:02d}" for month in range(5, 13)] + [f"2024-{month:02d}" for month in range(1, 5)]
    past = [(f"{camera} | {month}-15", 10) for camera in "ABCDX" for month in months]
    now = [(f"{camera} | 2024-05-15", 10) for camera in "ABCD"]
    rows = table("capture_id | camera_id | at", *past, *now, ("X | 2024-05-15", 40))
    judged = run(SHIFT, {"captures": rows}, table="captures")
    [finding] = judged.findings
    assert (finding.subject_id, finding.metric, finding.value, finding.expected) == ("X", "count", 40, 10)
    assert finding.threshold == 15
    assert finding.n_cases == len(judged.evidence) == 40
    assert finding.first_at is not None and f"{finding.first_at:%Y-%m-%d}" == "2024-05-15"
    facts = {fact.name: fact.value for fact in finding.facts}
    assert (facts["month"], facts["months"], facts["times"], facts["usual"]) == ("2024-05", "2024-05", "4.0", "10.0")


def test_values_far_from_the_threshold_are_out_of_scope_and_blank_ones_are_missing() -> None:
    near = [(f"P{number} | {57 + 5 * step} | 2024-05-10", 6) for number in range(8) for step in range(10)]
    rows = table(
        "case_id | officer_id | bac_mg_100ml | occurred_at",
        *near,
        ("X | 79 | 2024-05-10", 60),
        ("X | 10 | 2024-05-10", 50),
        ("X | | 2024-05-10", 3),
    )
    judged = run(BUNCHING, {"cases": rows})
    [finding] = judged.findings
    assert (finding.subject_id, finding.value, len(judged.evidence)) == ("X", 1.0, 60)
    notes = [note.en for note in judged.result.notes]
    assert "3 rows lack what is compared and were not counted" in notes
    assert any(note.startswith("of all values 108 lie in 75–80") for note in notes)

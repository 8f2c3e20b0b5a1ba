"""Two registers against each other: present, in full, not too much, and in time."""

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.test_judge import run
from tests.kinds.spec import judged, load, of, rule_text

CHECK = "kind: reconcile\nleft: fine_amount\nright: payments\nmatch: [case_id]\namount: amount"
TIMED = f"{CHECK}\nfrom: served_at\nat: paid_at\nwithin: 15 days"


def paid(cases: str, payments: str, check: str = CHECK, **options: str) -> dict[str, str]:
    return judged(check, {"cases": cases, "payments": payments}, **options)


def test_the_sum_must_be_exact() -> None:
    found = paid(
        """
        case_id | fine_amount | occurred_at
        FULL    | 200         | 2024-05-01
        PARTS   | 200         | 2024-05-01
        SHORT   | 200         | 2024-05-01
        OVER    | 200         | 2024-05-01
        NOTHING | 200         | 2024-05-01
        ZERO    | 0           | 2024-05-01
        NULL    |             | 2024-05-01
        """,
        """
        payment_id | case_id | amount
        P1         | FULL    | 200
        P2         | PARTS   | 150
        P3         | PARTS   | 50
        P4         | SHORT   | 199.99
        P5         | OVER    | 200
        P6         | OVER    | 0.01
        P7         | NULL    | 100
        P8         | NO_CASE | 100
        """,
    )
    assert of(found, "ok") == ["FULL", "PARTS", "ZERO"]
    assert of(found, "violation") == ["NOTHING", "OVER", "SHORT"]
    assert of(found, "unknown") == ["NULL"]


def test_a_difference_of_the_tolerance_is_in_order() -> None:
    cases = "case_id | fine_amount | occurred_at\n" + "\n".join(f"{key} | 200 | 2024-05-01" for key in "ABCD")
    payments = "payment_id | case_id | amount\n1 | A | 201\n2 | B | 201.01\n3 | C | 199\n4 | D | 198.99"
    assert of(paid(cases, payments, f"{CHECK}\ntolerance: 1"), "violation") == ["B", "D"]
    assert of(paid(cases, payments, f"{CHECK}\ntolerance: 0.005 * fine_amount"), "violation") == ["B", "D"]
    assert of(paid(cases, payments, f"{CHECK}\nmust: at_least"), "violation") == ["C", "D"]


def test_a_blank_tolerance_cannot_be_told() -> None:
    cases = "case_id | fine_amount | proposed_fine | occurred_at\nA | 200 | | 2024-05-01\nB | 200 | 10 | 2024-05-01"
    payments = "payment_id | case_id | amount\n1 | A | 100\n2 | B | 100"
    assert paid(cases, payments, f"{CHECK}\ntolerance: proposed_fine") == {"A": "unknown", "B": "violation"}
    timed = "case_id | fine_amount | proposed_fine | occurred_at | served_at\nA | 200 | | 2024-05-01 | 2024-05-01"
    never = "payment_id | case_id | amount | paid_at"
    assert paid(timed, never, f"{TIMED}\ntolerance: proposed_fine") == {"A": "unknown"}


def test_rows_of_the_left_that_match_alike_are_one_matter() -> None:
    found = judged(
        "kind: reconcile\nleft: amount\nright: cases\nmatch: [case_id]\namount: fine_amount",
        {
            "payments": """
            payment_id | case_id | amount | paid_at
            A1         | A       | 150    | 2024-05-01
            A2         | A       | 50     | 2024-05-02
            B1         | B       | 150    | 2024-05-01
            B2         | B       | 100    | 2024-05-02
            C1         | C       | 200    | 2024-05-01
            C2         | C       |        | 2024-05-02
            ORPHAN     | X       | 10     | 2024-05-01
            NO_KEY     |         | 10     | 2024-05-01
            """,
            "cases": "case_id | fine_amount\nA | 200\nB | 200\nC | 200",
        },
        table="payments",
    )
    assert of(found, "ok") == ["A1", "A2"]
    assert of(found, "violation") == ["B1", "B2", "ORPHAN"]
    assert of(found, "unknown") == ["C1", "C2", "NO_KEY"]


def test_without_amounts_only_presence_counts() -> None:
    check = "kind: reconcile\nright: payments\nmatch: [case_id]"
    cases = "case_id | occurred_at\nTHERE | 2024-05-01\nTWICE | 2024-05-01\nNOT | 2024-05-01"
    payments = "payment_id | case_id\n1 | THERE\n2 | TWICE\n3 | TWICE"
    assert of(paid(cases, payments, check), "violation") == ["NOT"]
    assert of(paid(cases, "payment_id | case_id", check), "violation") == ["NOT", "THERE", "TWICE"]


def test_only_some_rows_of_the_right_count_and_an_untold_one_leaves_it_open() -> None:
    found = paid(
        """
        case_id | fine_amount | occurred_at
        FINE    | 200         | 2024-05-01
        FEE     | 200         | 2024-05-01
        UNTOLD  | 200         | 2024-05-01
        BLANK   | 200         | 2024-05-01
        """,
        """
        payment_id | case_id | amount | item
        P1         | FINE    | 200    | fine
        P2         | FINE    | 50     | storage
        P3         | FEE     | 200    | towing
        P4         | UNTOLD  | 200    | fine
        P5         | UNTOLD  | 200    |
        P6         | BLANK   |        | fine
        """,
        f"{CHECK}\nonly: item in ('fine', 'late_fee')",
    )
    assert found == {"FINE": "ok", "FEE": "violation", "UNTOLD": "unknown", "BLANK": "unknown"}


def test_the_last_day_counts_and_the_day_after_is_late() -> None:
    found = paid(
        """
        case_id   | fine_amount | occurred_at | served_at
        LAST      | 200         | 2024-05-01  | 2024-05-01 17:00
        LATE      | 200         | 2024-05-01  | 2024-05-01 00:00
        PART_LATE | 200         | 2024-05-01  | 2024-05-01 00:00
        SURPLUS   | 200         | 2024-05-01  | 2024-05-01 00:00
        NEVER     | 200         | 2024-05-01  | 2024-05-15 23:59
        OPEN      | 200         | 2024-05-01  | 2024-05-16 00:00
        UNSERVED  | 200         | 2024-05-01  |
        UNDATED   | 200         | 2024-05-01  | 2024-05-01 00:00
        SHORT     | 200         | 2024-05-01  | 2024-05-01 00:00
        """,
        """
        payment_id | case_id   | amount | paid_at
        P1         | LAST      | 100    | 2024-05-03 00:00
        P2         | LAST      | 100    | 2024-05-16 23:59
        P3         | LATE      | 200    | 2024-05-17 00:00
        P4         | PART_LATE | 199    | 2024-05-16 00:00
        P5         | PART_LATE | 1      | 2024-05-17 00:00
        P6         | SURPLUS   | 200    | 2024-05-16 00:00
        P7         | SURPLUS   | 6      | 2024-05-18 00:00
        P8         | UNSERVED  | 200    | 2024-05-18 00:00
        P9         | UNDATED   | 200    |
        P10        | SHORT     | 100    |
        """,
        f"{TIMED}\nmust: at_least",
        as_of="2024-05-31",
    )
    assert of(found, "ok") == ["LAST", "OPEN", "SURPLUS"]
    assert of(found, "violation") == ["LATE", "NEVER", "PART_LATE", "SHORT"]
    assert of(found, "unknown") == ["UNDATED", "UNSERVED"]


def test_a_limit_in_months_ends_on_the_last_day_of_a_short_month() -> None:
    check = TIMED.replace("15 days", "1 month")
    cases = "case_id | fine_amount | occurred_at | served_at\nA | 200 | 2024-01-31 | 2024-01-31"
    assert paid(cases, "payment_id | case_id | amount | paid_at\n1 | A | 200 | 2024-02-29", check) == {"A": "ok"}
    assert paid(cases, "payment_id | case_id | amount | paid_at\n1 | A | 200 | 2024-03-01", check) == {"A": "violation"}


def test_a_matter_is_judged_in_the_period_in_which_its_time_runs_out() -> None:
    cases = """
        case_id | fine_amount | occurred_at | served_at
        MARCH   | 200         | 2024-03-01  | 2024-03-01 00:00
        APRIL   | 200         | 2024-04-15  | 2024-04-15 00:00
        MAY     | 200         | 2024-05-20  | 2024-05-20 00:00
    """
    payments = "payment_id | case_id | amount | paid_at\n1 | X | 1 | 2024-05-01"
    april = paid(cases, payments, TIMED, period="2024-04", as_of="2024-04-30")
    assert april == {"APRIL": "ok"}
    may = paid(cases, payments, TIMED, period="2024-05", as_of="2024-05-31")
    assert may == {"APRIL": "violation", "MAY": "ok"}


def test_earlier_rows_of_a_matter_are_read_though_only_the_period_is_told() -> None:
    rows = "payment_id | case_id | amount | paid_at\nAPRIL | A | 150 | 2024-04-01\nMAY | A | 50 | 2024-05-01"
    check = "kind: reconcile\nleft: amount\nright: cases\nmatch: [case_id]\namount: fine_amount"
    for fine, verdict in ((200, "ok"), (199, "violation")):
        given = {"payments": rows, "cases": f"case_id | fine_amount\nA | {fine}"}
        assert judged(check, given, table="payments", period="2024-05") == {"MAY": verdict}


def test_rows_outside_where_are_no_part_of_the_matter_and_untold_ones_leave_it_open() -> None:
    found = judged(
        "kind: reconcile\nleft: amount\nright: cases\nmatch: [case_id]\namount: fine_amount",
        {
            "payments": """
            payment_id | case_id | amount | paid_at    | item
            A1         | A       | 200    | 2024-05-01 | fine
            A2         | A       | 50     | 2024-05-01 | storage
            B1         | B       | 200    | 2024-05-01 | fine
            B2         | B       | 50     | 2024-05-01 |
            """,
            "cases": "case_id | fine_amount\nA | 200\nB | 200",
        },
        table="payments",
        extra="where: item = 'fine'\n",
    )
    assert found == {"A1": "ok", "A2": "skipped", "B1": "unknown", "B2": "unknown"}


def test_a_finding_gives_the_sums_and_cites_every_matching_row() -> None:
    judged_ = run(
        f"{TIMED}\nonly: item = 'fine'",
        {
            "cases": "case_id | fine_amount | occurred_at | served_at\nA | 200 | 2024-05-01 | 2024-05-02",
            "payments": """
            payment_id | case_id | amount | paid_at          | item
            P1         | A       | 150.50 | 2024-05-03 10:00 | fine
            P2         | A       | 20     | 2024-05-20 10:00 | fine
            P3         | A       | 29.50  | 2024-05-03 10:00 | towing
            """,
        },
    )
    [finding] = judged_.findings
    facts = {fact.name: fact.value for fact in finding.facts}
    assert (facts["found"], facts["owed"], facts["matched"], facts["difference"]) == ("2", "200.00", "170.50", "-29.50")
    assert (facts["in_time"], facts["due"], facts["first_right_at"]) == ("150.50", "2024-05-17", "2024-05-03 10:00:00")
    assert [row.row_key for row in judged_.evidence] == ["A", "P1", "P2"]


def test_a_register_without_its_amount_is_not_applicable() -> None:
    rows = {
        "cases": "case_id | fine_amount | occurred_at\nA | 200 | 2024-05-01",
        "payments": "payment_id | case_id\n1 | A",
    }
    result = run(CHECK, rows).result
    assert (result.result, result.reason and result.reason.en) == ("not_applicable", "table payments lacks amount")


def test_fields_that_do_not_go_together_are_refused() -> None:
    head = "kind: reconcile\nright: payments\nmatch: [case_id]\n"
    for check, message in (
        (f"{head}left: fine_amount", "`left` and `amount` go together"),
        (f"{head}left: fine_amount\namount: channel", "is not a number"),
        (f"{head}must: at_least", "there is no amount to compare"),
        (f"{TIMED.replace('15 days', '2 working days')}", "must be in days or months"),
        (f"{head}within: 15 days\nat: paid_at", "`from` and `within` go together"),
        (f"{head}within: 15 days\nfrom: served_at", "is needed to tell"),
        (f"{head}at: channel", "is not a moment"),
        (f"{head}only: fine_amount > 0", "table payments has no column 'fine_amount'"),
        (f"{head}only: amount", "is not a condition"),
    ):
        _, problems = load(rule_text(check, table="cases"))
        assert [problem for problem in problems if message in problem.message], message


_START = date(2024, 5, 1)
_days = st.none() | st.integers(0, 12)
_amounts = st.none() | st.integers(0, 4)


@settings(max_examples=25, deadline=None)
@given(
    left=st.lists(st.tuples(st.none() | st.sampled_from("ABC"), _amounts, _days), min_size=1, max_size=6),
    right=st.lists(st.tuples(st.none() | st.sampled_from("ABX"), _amounts, _days), max_size=8),
    within=st.integers(0, 5),
    must=st.sampled_from(["exact", "at_least"]),
)
def test_agrees_with_adding_up_by_hand(
    left: list[tuple[str | None, int | None, int | None]],
    right: list[tuple[str | None, int | None, int | None]],
    within: int,
    must: str,
) -> None:
    def text(number: int | None) -> str:
        return "" if number is None else str(number)

    def day(number: int | None) -> str:
        return "" if number is None else str(_START + timedelta(days=number))

    owed = "measure_id | case_id | fee_charged | started_at\n" + "\n".join(
        f"R{place} | {key or ''} | {text(amount)} | {day(at)}" for place, (key, amount, at) in enumerate(left)
    )
    entries = "payment_id | case_id | amount | paid_at\n" + "\n".join(
        f"P{place} | {key or ''} | {text(amount)} | {day(at)}" for place, (key, amount, at) in enumerate(right)
    )
    as_of = 10
    expected: dict[str, str] = {}
    for place, (key, _, begun) in enumerate(left):
        if begun is not None and begun > as_of:
            continue  # after the audited days
        seen = [(amount, at) for other, amount, at in left if other == key and (at is None or at <= as_of)]
        there = [(amount, at) for other, amount, at in right if other == key and (at is None or at <= as_of)]
        due, total, amounts = 0, 0, [amount for amount, _ in there]
        unknown = key is None or None in amounts or any(None in row for row in seen)
        if not unknown:
            due = max(at for _, at in seen if at is not None) + within
            total = sum(amount for amount, _ in seen if amount is not None)
        got = sum(amount for amount in amounts if amount is not None)
        in_time = sum(amount for amount, at in there if amount is not None and at is not None and at <= due)
        if unknown:
            verdict = "unknown"
        elif must == "exact" and got > total:
            verdict = "violation"
        elif as_of <= due:
            verdict = "ok"
        elif got < total:
            verdict = "violation"
        elif in_time >= total:
            verdict = "ok"
        else:
            verdict = "unknown" if any(at is None for _, at in there) else "violation"
        expected[f"R{place}"] = verdict
    check = (
        "kind: reconcile\nleft: fee_charged\nright: payments\nmatch: [case_id]\namount: amount\n"
        f"from: started_at\nat: paid_at\nwithin: {within} days\nmust: {must}"
    )
    found = judged(check, {"measures": owed, "payments": entries}, table="measures", as_of="2024-05-11")
    assert found == expected

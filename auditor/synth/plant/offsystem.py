"""Outside the system: numbers of forms that are missing, tickets entered late, money without a case."""

from dataclasses import replace

from auditor.synth.planting import Planting, at, on
from auditor.synth.records import Payment
from auditor.synth.workdays import after


def plant(p: Planting) -> None:
    rule = "offsystem.document-number-gap"
    for kind, count, why in (
        ("problem", 3, "three numbers of the unit's forms are missing before it"),
        ("problem", 20, "twenty numbers missing, the widest gap that is judged"),
        ("decoy", 21, "21 numbers missing: another book of forms"),
    ):
        case = p.add(p.case("1344", "ordinary", p.moment(), unit="JJ04"))
        p.missing[case.case_id] = count
        p.plant("problem" if kind == "problem" else "decoy", rule, why, case)
    rule = "offsystem.entered-late"
    for kind, count in (("problem", 3), ("decoy", 2)):
        day = p.day()
        case = p.case("1344", "ordinary", at(day, 9), unit="JJ04")
        case = replace(case, entered_at=at(after(day, count), 11))
        p.plant("problem" if kind == "problem" else "decoy", rule, f"entered on working day {count}", case)
    rule = "offsystem.payment-without-case"
    for number, kind, item, why in (
        (1, "problem", "fine", "a fine paid for a case that is in no ledger"),
        (2, "decoy", "other", "another sum, which needs no case"),
    ):
        payment = Payment(
            payment_id="", case_id=f"990000{number}", item=item, amount=200, paid_at=on(5, 6 + number, 15),
            channel="bank", payee_is_treasury=True, receipt_no=f"P99000{number}",
            deposited_at=on(5, 7 + number, 15),
        )  # fmt: skip
        p.plant_rows("problem" if kind == "problem" else "decoy", rule, why, payment)

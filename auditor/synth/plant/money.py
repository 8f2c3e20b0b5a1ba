"""Money: fines collected on the road, receipts, hand-in, surcharges and fees, and fines for what should be spared."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from auditor.synth import identity
from auditor.synth.agency import enlist
from auditor.synth.matters import Relief
from auditor.synth.planting import Kind, Planted, Planting, at, either
from auditor.synth.records import Case, Payment


def plant(p: Planting) -> None:
    _collected(p)
    _handed_in(p)
    _receipts(p)
    _payers(p)
    _withdrawn(p)
    _surcharges(p)


def paid(p: Planting, kind: Kind, rules: str | tuple[str, ...], why: str, case: Case, **like: Any) -> tuple[Case, str]:
    """A case whose payment is like that, listed by the payment under each of the rules."""
    tagged = case if case.case_id else p.add(case)
    tag = p.pays.get(tagged.case_id, {}).get("payment_id") or f"#{p.rng.getrandbits(60):x}"
    p.pays[tagged.case_id] = {**p.pays.get(tagged.case_id, {}), "payment_id": tag, **like}
    for rule in (rules,) if isinstance(rules, str) else rules:
        p.entries.append(Planted(rule=rule, kind=kind, table="payments", tags=(tag,), key={"payment_id": tag}, why=why))
    return tagged, tag


def _walker(p: Planting, when: datetime, officer: str | None = None) -> Case:
    return p.case("3001", "slight", when, unit="JJ01", fine=10, officer=officer)


def _collected(p: Planting) -> None:
    cash: dict[str, Any] = {"channel": "cash_on_site"}
    rule = "collect.driver-on-site"
    paid(
        p,
        "problem",
        rule,
        "a driver's fine collected by the police",
        p.case("1344", "ordinary", p.moment(), fine=80),
        **cash,
    )
    paid(
        p,
        "decoy",
        rule,
        "a driver without a fixed residence here",
        p.case("1344", "ordinary", p.moment(), fine=80),
        **cash,
        on_site_ground="no_residence",
    )
    paid(p, "decoy", rule, "a pedestrian's fine collected with consent", _walker(p, p.moment()), **cash)
    rule = "collect.above-limit"
    for fine, kind in either(110, 100):
        paid(
            p,
            kind,
            rule,
            f"{fine} yuan collected on the spot, limit 100",
            p.case("T3600", "ordinary", p.moment(), fine=fine),
            **cash,
        )
    rule = "collect.ordinary-procedure"
    for ground, kind in either("consent", "remote"):
        paid(
            p,
            kind,
            rule,
            f"collected in ordinary procedure, ground: {ground}",
            p.case("T6400", "slight", p.moment(), fine=300),
            **cash,
            on_site_ground=ground,
        )
    for channel, kind in either("officer_code", "online"):
        paid(
            p,
            kind,
            "collect.personal-code",
            f"paid by {channel}",
            p.case("1039", "ordinary", p.moment(), fine=80),
            channel=channel,
        )
    for signed, kind in either(False, True):
        paid(
            p,
            kind,
            "collect.unsigned",
            f"collected from a pedestrian; signed: {signed}",
            _walker(p, p.moment()),
            **cash,
            consent_signed=signed,
        )
    for treasury, kind in either(False, True):
        paid(
            p,
            kind,
            "account.not-treasury",
            f"into the treasury's account: {treasury}",
            p.case("1039", "ordinary", p.moment(), fine=80),
            channel="bank",
            payee_is_treasury=treasury,
        )
    for count, kind in either(3, 2):
        officer = enlist(p.officers, "JJ02", 70 + count, "officer")
        day, tags = p.day(), list[str]()
        for n in range(count):
            case = p.case(
                "1345", "ordinary", at(day + timedelta(days=n * 4), 10), unit="JJ02", officer=officer, fine=80
            )
            tags.append(
                paid(
                    p,
                    "problem",
                    "collect.driver-on-site",
                    "a driver's fine collected, no ground told",
                    case,
                    **cash,
                    on_site_ground=None,
                )[1]
            )
        p.entries.append(
            Planted(
                rule="collect.repeated-by-one",
                kind=kind,
                table="payments",
                tags=tuple(tags),
                key={"collector_id": officer},
                why=f"{count} fines collected against the rule within 30 days",
            )
        )


def _handed_in(p: Planting) -> None:
    for days, kind in either(3, 2):
        day = p.day(1, 2, 3)
        late = at(day + timedelta(days=days), 15)
        paid(
            p,
            kind,
            ("handin.officer-late",),
            f"handed in on working day {days}",
            _walker(p, at(day, 10)),
            channel="cash_on_site",
            handed_in_at=late,
        )
        paid(
            p,
            kind,
            "handin.officer-late",
            f"transport: handed in on working day {days}",
            p.case("T3600", "slight", at(day, 11), fine=60),
            channel="cash_on_site",
            handed_in_at=late,
        )


def _receipts(p: Planting) -> None:
    rule = "receipt.number-gap"
    for skipped, kind in either(1, 25):
        officer = enlist(p.officers, "JJ01", 70 + (skipped == 1), "officer")
        day = p.day()
        for n in range(3):
            case = _walker(p, at(day + timedelta(days=n), 10), officer)
            if n == 2:
                paid(
                    p,
                    kind,
                    rule,
                    f"{skipped} numbers left out before it",
                    case,
                    channel="cash_on_site",
                    skipped=skipped,
                )
            else:
                p.pays[p.add(case).case_id] = {"channel": "cash_on_site"}
    for receipt, kind in either(None, "P9900001"):
        paid(
            p,
            kind,
            "receipt.missing",
            f"receipt: {receipt}",
            p.case("1039", "ordinary", p.moment(), fine=80),
            channel="bank",
            receipt_no=receipt,
        )
    for (apart, number), kind in either((5, "P9900002"), (0, "P9900003")):
        day, vehicle, tags = p.day(), p.vehicle(), list[str]()
        for n, code in enumerate(("1039", "1208")):
            case = p.case(
                code,
                "ordinary",
                at(day + timedelta(days=n * apart), 9 + n),
                fine=80,
                unit="JJ01",
                vehicle=p.vehicle() if apart else vehicle,
            )
            when = at(day + timedelta(days=n * apart), 16, n)
            tags.append(paid(p, kind, (), "", case, channel="bank", receipt_no=number, paid_at=when)[1])
        why = "one receipt for two people" if apart else "one receipt for two fines that somebody paid on one day"
        p.entries.append(
            Planted(
                rule="receipt.number-shared",
                kind=kind,
                table="payments",
                tags=tuple(tags),
                key={"receipt_no": number},
                why=why,
            )
        )


def _payers(p: Planting) -> None:
    rule = "payer.is-officer"
    case = p.case("1039", "ordinary", p.moment(), fine=80)
    paid(p, "problem", rule, "paid by the officer of the case", case, payer_id=case.officer_id)
    case = p.case("1039", "ordinary", p.moment(), fine=80)
    paid(p, "decoy", rule, "paid by the party", case, payer_id=case.party_id)
    for count, kind in either(10, 9):
        payer, day = identity.person(p.vehicle()).party_id, p.day(months=(3, 5))
        for n in range(count):
            case = p.case("1039", "ordinary", at(day + timedelta(days=n * 3), 10), fine=80)
            listed = ("payer.many-parties",) if n == count - 1 else ()
            paid(
                p,
                kind,
                listed,
                f"one payer for {count} people within 90 days",
                case,
                payer_id=payer,
                paid_at=at(day + timedelta(days=n * 3), 17),
            )
    rule = "paid.differs-from-decision"
    short = p.add(p.case("1344", "serious", p.moment(), fine=200))
    p.pays[short.case_id] = {"amount": 150}
    p.plant("problem", rule, "fined 200, paid 150, closed", short)
    parts = p.add(p.case("1344", "serious", p.moment(), fine=200))
    p.pays[parts.case_id] = {"amount": 120}
    p.enter(extra(parts, "fine", 80, parts.decided_at), "payment_id")
    p.plant("decoy", rule, "fined 200, paid in two parts", parts)


def extra(case: Case, item: str, amount: int, when: datetime | None) -> Payment:
    assert when is not None
    return Payment(
        payment_id="",
        case_id=case.case_id,
        item=item,
        amount=amount,
        paid_at=when + timedelta(minutes=20),
        channel="online",
        payee_is_treasury=True,
        receipt_no=f"P98{amount:05d}{case.case_id[-4:]}",
        deposited_at=when + timedelta(days=1),
    )


def _withdrawn(p: Planting) -> None:
    refund, favour = "paid.withdrawn-not-refunded", "favour.withdrawn-after-payment"
    refunded: tuple[tuple[int | None, Kind], ...] = ((None, "problem"), (31, "problem"), (30, "decoy"))
    for days, kind in refunded:
        case = p.case("1344", "serious", p.moment(), fine=200)
        assert case.closed_at is not None
        undone = at((case.closed_at + timedelta(days=10)).date(), 10)
        case = p.add(replace(case, status="withdrawn", withdrawn_at=undone, withdrawn_reason="事实有误"))
        told = "never refunded" if days is None else f"refunded on day {days}"
        paid(
            p,
            kind,
            refund,
            f"withdrawn after payment, {told}",
            case,
            refunded_at=days and undone + timedelta(days=days),
        )
        if days is None:
            p.plant("problem", favour, "withdrawn after payment, no objection or correction on record", case)
        else:
            p.enter(
                Relief(
                    relief_id="",
                    case_id=case.case_id,
                    kind="self_correction",
                    filed_at=undone - timedelta(days=2),
                    result="自行纠正",
                    reason="事实有误",
                ),
                "relief_id",
            )
            p.plant("decoy", favour, "withdrawn after payment, in the agency's own correction", case)


def _surcharges(p: Planting) -> None:
    def late(rules: tuple[tuple[Kind, str], ...], why: str, days: int, amount: int, *, told: bool = True) -> None:
        case = p.case("T6400", "ordinary", p.moment(), fine=1000)
        assert case.served_at is not None
        due = case.served_at.date() + timedelta(days=16)
        when = at(due + timedelta(days=days), 10)
        case = p.add(
            replace(
                case, payment_due_on=due, surcharge_announced=told, paid_at=when, closed_at=when + timedelta(days=1)
            )
        )
        fee = p.enter(extra(case, "late_fee", amount, when), "payment_id")
        for kind, rule in rules:
            p.plant_rows(kind, rule, why, fee)

    late((("problem", "surcharge.more-than-due"),), "ten days late: 300 due, 330 taken", 10, 330)
    late((("decoy", "surcharge.more-than-due"), ("decoy", "surcharge.not-announced")), "ten days late: 300", 10, 300)
    late((("problem", "surcharge.above-fine"),), "a surcharge of 1,100 on a fine of 1,000", 40, 1100)
    late((("decoy", "surcharge.above-fine"),), "a surcharge as high as the fine, 40 days late", 40, 1000)
    late(
        (("problem", "surcharge.not-announced"),), "a surcharge that the decision did not announce", 10, 300, told=False
    )

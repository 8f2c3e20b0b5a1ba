"""The rules about patterns over months, single slips and changed entries that something is planted for, and their items."""

PATTERN_ITEMS = {
    "quota.month-end-surge-of-officer": "A1-02",
    "quota.month-end-surge-of-unit": "A1-02",
    "quota.high-fines-at-month-end": "A1-02",
    "quota.round-count-three-months": "A1-02",
    "quota.same-count-for-all": "A1-02",
    "quota.same-sum-three-months": "A1-02",
    "quota.unit-count-jump": "A1-02",
    "ticket.regular-fines": "A1-09",
    "ticket.flat-amount": "A1-09",
    "ticket.company-days": "A1-09",
    "ticket.passes-between-fines": "A1-09",
    "ticket.words-in-complaints": "A1-09",
    "ticket.words-in-documents": "A1-09",
    "campaign.surge": "A3-04",
    "campaign.holiday-surge": "A3-04",
    "camera.volume-jump": "T-06",
    "licence.pass-rate": "T-28",
    "transport.own-floor": "Y-01",
}

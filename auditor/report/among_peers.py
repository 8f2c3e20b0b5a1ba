"""How a person or a unit stands among its peers by every rule that judged it, also where nothing stood out: whoever is
to be fair to somebody reads all of it, not only what was flagged."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from auditor.core.picture import Peer, Picture
from auditor.core.result import RuleCard
from auditor.core.text import Text
from auditor.report.book import Book
from auditor.report.numbers import count, quantity, share

_NOT_JUDGED = Text(zh="未评判", en="not judged")
_FLAGGED = Text(zh="标出", en="stands out")
_UNREMARKABLE = Text(zh="未见异常", en="does not stand out")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One rule's look at the subject. `of` is how many it judged in all; the figures are dashes where it judged not."""

    card: RuleCard
    href: str
    n: str
    value: str
    expected: str
    of: str
    verdict: Text
    reason: Text | None
    flagged: bool


Standings = Mapping[tuple[str, str], tuple[Standing, ...]]
"""By (kind of subject, id), such as `("officer", "000221")`."""


def standings(book: Book) -> Standings:
    """Of officers and units, by all active statistical rules that kept whom they judged, flagged first."""
    found: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for card in sorted(book.run.cards, key=lambda card: card.rule_id):
        result = book.results.get(card.rule_id)
        if result is None or card.status != "active":
            continue
        kind = result.grain.removesuffix("_id")
        if kind not in ("officer", "unit"):
            continue
        for peer in result.picture.peers if result.picture else ():
            found[kind, peer.subject_id].append(_judged(book, card, result.picture, peer, result.tested))
        for passed in result.not_judged:
            found[kind, passed.subject_id].append(_passed(book, card, passed.n, passed.reason, result.tested))
    return {
        subject: tuple(sorted(listed, key=lambda one: (not one.flagged, one.reason is not None, one.card.rule_id)))
        for subject, listed in found.items()
    }


def _judged(book: Book, card: RuleCard, picture: Picture | None, peer: Peer, tested: int) -> Standing:
    rate = picture is not None and 0 <= peer.value <= 1
    return Standing(
        card=card,
        href=book.rule_href(card.rule_id),
        n=count(peer.n),
        value=_figure(peer.value, rate=rate),
        expected="—" if peer.expected is None else _figure(peer.expected, rate=rate),
        of=count(tested),
        verdict=_FLAGGED if peer.flagged else _UNREMARKABLE,
        reason=None,
        flagged=peer.flagged,
    )


def _passed(book: Book, card: RuleCard, n: int, reason: Text, tested: int) -> Standing:
    return Standing(
        card=card,
        href=book.rule_href(card.rule_id),
        n=count(n),
        value="—",
        expected="—",
        of=count(tested),
        verdict=_NOT_JUDGED,
        reason=reason,
        flagged=False,
    )


def _figure(value: float, *, rate: bool) -> str:
    return share(round(value * 1_000_000), 1_000_000) if rate else quantity(value)

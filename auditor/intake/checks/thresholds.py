"""From where on something about a table is a fault of the table: every such limit, each with its reason.

A contract finding fails a gate, so each limit is set where chance all but ends: what chance may well bring about is
left unsaid.
"""

DAYS_ONLY = 0.5
"""A source has only days where more than this share of its moments are midnight: of moments that somebody noted, one in
1,440 is."""

UNREADABLE = 0.4
"""More than this share of unreadable values is no row's fault: the format or the codes are others than thought."""

FEWEST_VALUES = 3
"""Of one or two values, a single slip would already be more than the share."""

NEIGHBOURS = 3
"""So many months on either side say how many rows an empty month should have had: one alone may be a holiday month."""

EXPECTED = 7
"""A month of cases is missed where its neighbours have so many rows on average: of 7 expected rows none comes by chance
in one month of a thousand (Poisson, e⁻⁷)."""

EXPECTED_IN_BURSTS = 30
"""The same for every other table. What is not a case comes in campaigns and deliveries, with a variance of several
times the mean; 30 that come four at a time are 7 independent events."""

MONTHS_BEFORE = 6
"""The last complete month is held against the mean of so many months before it; a year would bring in last season."""

FEWEST_MONTHS = 3
"""With fewer months before it there is no usual month to fall from."""

FELL = 0.5
"""A month with this share of the usual rows, or less, has fallen by half."""

USUAL = 30
"""Nothing is said of fewer rows in a usual month: from 30 to 15 or less, chance comes twice in a thousand (Poisson)."""

MOST_WAN = 500
"""A whole number over it is hardly an amount in 万元 (five million yuan), and probably one in yuan."""

LEAST_YUAN = 5
"""Fines are whole yuan, of which 5 are the least that the Road Traffic Safety Law knows (20 for drivers of motor
vehicles): a number with decimals below it is none, while in 万元 most fines are such."""

LEAST_KG = 200
"""No vehicle that is weighed has less kilograms, and none has as many tonnes."""

MOST_AMOUNTS = 0.5
"""More than this share of such numbers is the unit of the column; less may be slips, or a ledger of two hands."""

FEWEST_AMOUNTS = 10
"""Of fewer numbers nothing is said. Of 10 more than half come by slips, were one in twenty mistyped, in fewer than one
column of 100,000 (binomial)."""

"""How good probabilities were, now that the outcome is known. Customers with the same probability are one group."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BINS = 10


class Outcomes(NamedTuple):
    """What was foretold and what happened, in ascending order of the probability, each probability once."""

    probability: Array
    customers: Array
    buyers: Array
    """Those of the customers who did order."""


class Bin(NamedTuple):
    """A tenth of the customers."""

    customers: float
    predicted: float
    observed: float


def area_under_curve(outcomes: Outcomes) -> float | None:
    """Chance that a buyer was given a higher probability than a customer who did not buy, ties counted half."""
    others = outcomes.customers - outcomes.buyers
    pairs = outcomes.buyers.sum() * others.sum()
    if not pairs:
        return None
    below = np.cumsum(others) - others
    return float((outcomes.buyers * (below + others / 2)).sum() / pairs)


def brier(outcomes: Outcomes) -> float:
    """Mean squared distance of the probability from what happened (0 or 1)."""
    p, n, k = outcomes
    return float((k * (1 - p) ** 2 + (n - k) * p**2).sum() / n.sum())


def lift(outcomes: Outcomes, share: float = 0.1) -> float | None:
    """Share of buyers among the customers with the highest probabilities, over the share of buyers among all.

    A group that is only partly among them counts with that part.
    """
    if not outcomes.buyers.sum():
        return None
    room = outcomes.customers.sum() * share
    above = np.cumsum(outcomes.customers[::-1])[::-1] - outcomes.customers
    taken = np.clip(room - above, 0, outcomes.customers)
    bought = (taken * outcomes.buyers / outcomes.customers).sum()
    return float(bought / room / (outcomes.buyers.sum() / outcomes.customers.sum()))


def bins(outcomes: Outcomes) -> list[Bin]:
    """The customers in up to ten bins of about equal size by probability, lowest first. Equal ones share a bin."""
    middle = np.cumsum(outcomes.customers) - outcomes.customers / 2
    place = (middle / outcomes.customers.sum() * BINS).astype(int)
    found: list[Bin] = []
    for number in range(BINS):
        p, n, k = (column[place == number] for column in outcomes)
        if len(p):
            found.append(Bin(float(n.sum()), float((p * n).sum() / n.sum()), float(k.sum() / n.sum())))
    return found


def calibration_error(outcomes: Outcomes) -> float:
    """Mean distance of predicted from observed shares over the bins, weighted by their customers."""
    found = bins(outcomes)
    return sum(b.customers * abs(b.predicted - b.observed) for b in found) / sum(b.customers for b in found)


def calibration_table(outcomes: Outcomes) -> str:
    """The bins as Markdown: foretold beside observed share, with a bar for each."""
    lines = ["| customers | foretold | observed | foretold | observed |", "|---:|---:|---:|:---|:---|"]
    for found in bins(outcomes):
        bars = " | ".join("█" * round(20 * share) for share in (found.predicted, found.observed))
        lines.append(f"| {found.customers:,.0f} | {found.predicted:.1%} | {found.observed:.1%} | {bars} |")
    return "\n".join(lines)

"""Find the bad rows of a batch that is refused as a whole."""

from collections.abc import Callable, Sequence

from cdp_platform.destinations.connectors.base import Outcome
from cdp_platform.destinations.errors import BatchRejected

MOST_ATTEMPTS = 128
"""Attempts per batch. One bad row among 10,000 takes 28; when most rows are bad, the batch is what is wrong."""


def isolate(size: int, attempt: Callable[[int, int], Sequence[Outcome]]) -> list[Outcome]:
    """Deliver rows [0, size) by halving whatever part is refused; one outcome per row.

    `attempt(start, stop)` delivers a part or raises BatchRejected. The halves are always the same, so an interrupted
    search repeats itself exactly. When the attempts run out, the parts still refused are rejected as they are.
    """
    outcomes: list[Outcome] = []
    parts = [(0, size)]
    attempts = 0
    while parts:
        start, stop = parts.pop()
        attempts += 1
        try:
            outcomes += attempt(start, stop)
        except BatchRejected as refusal:
            if stop - start == 1 or attempts + len(parts) + 2 > MOST_ATTEMPTS:
                outcomes += [Outcome("rejected", refusal.code, str(refusal))] * (stop - start)
            else:
                middle = (start + stop) // 2
                parts += [(middle, stop), (start, middle)]  # the left half is taken next
    return outcomes

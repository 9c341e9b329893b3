"""When a run must wait for a person: it would do something that looks like a mistake upstream."""

from typing import NamedTuple

from cdp_platform.destinations.config import Guards


class Figures(NamedTuple):
    """What a planned run would do."""

    mirror: bool
    model: int
    """Rows that should be at the destination."""
    held: int
    """Rows believed to be there now."""
    creates: int
    removals: int
    candidates: int
    """Customers who may be sent, before keys are looked at."""
    without_key: int
    duplicate_keys: int


def tripped(guards: Guards, plan: Figures) -> str | None:
    """Why the run must wait, in words; None when it may go."""
    if plan.mirror and plan.model == 0 and plan.held > 0:
        return f"nobody is left to send, and the destination holds {plan.held} rows"
    rules = [
        ("remove", plan.removals, plan.held, guards.most_removals, "rows held"),
        ("add", plan.creates if plan.held else 0, plan.held, guards.most_additions, "rows held"),
        ("leave out for want of a key", plan.without_key, plan.candidates, guards.most_without_key, "customers"),
        ("leave out for a key twice", plan.duplicate_keys, plan.candidates, guards.most_duplicate_keys, "customers"),
    ]
    for action, count, of, most, what in rules:
        if count > guards.over_rows and count > most * of:
            return f"would {action}: {count} against {of} {what}, more than {most:.0%}"
    return None

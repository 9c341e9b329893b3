"""Promises about a run, judged from its figures."""

from collections.abc import Callable
from typing import NamedTuple

from cdp_platform.destinations.plan import STEPS
from cdp_platform.destinations.run import Ran

REJECTED_WARN, REJECTED_ERROR = 0.02, 0.20


class Verdict(NamedTuple):
    """How one promise stands."""

    passed: bool
    detail: str
    severity: str = "ERROR"


class Promise(NamedTuple):
    """One check on every sync."""

    name: str
    about: str
    judge: Callable[[Ran], Verdict]
    blocking: bool = False


def totals_reconcile(ran: Ran) -> Verdict:
    """Every member of the segment is in one step of the waterfall, and every planned row has one outcome."""
    steps = ran.waterfall
    apart = steps.get("members", 0) - sum(steps.get(step, 0) for step in (*STEPS, "create", "update"))
    finished = ran.status in ("succeeded", "partial", "abandoned")
    unaccounted = ran.planned - (ran.ok + ran.rejected + ran.withheld + ran.not_sent) if finished else 0
    detail = f"{steps.get('members', 0)} members, {ran.planned} rows planned"
    if apart or unaccounted:
        detail += f"; {apart} members and {unaccounted} planned rows are in no place, or in two"
    return Verdict(not apart and not unaccounted, detail)


def reject_rate(ran: Ran) -> Verdict:
    """Few rows of the run were rejected."""
    share = ran.rejected / max(ran.planned, 1)
    severity = "ERROR" if share > REJECTED_ERROR else "WARN"
    return Verdict(share <= REJECTED_WARN, f"{ran.rejected} of {ran.planned} rows rejected ({share:.1%})", severity)


def guard_not_tripped(ran: Ran) -> Verdict:
    """The run does not wait for an approval."""
    if ran.status != "guarded":
        return Verdict(True, "no guard tripped")
    release = f"cdp sync approve {ran.sync} {ran.run_id} --by NAME"
    look = f"cdp sync preview {ran.sync}"
    return Verdict(
        False, f"{ran.note}. Look: {look}. Release: {release}, or correct what is wrong upstream and run again."
    )


def consent_enforced(ran: Ran) -> Verdict:
    """Nobody was sent without consent in the snapshot used."""
    return Verdict(ran.without_consent == 0, f"{ran.without_consent} rows sent without consent to the purpose")


def is_configured(ran: Ran) -> Verdict:
    """The environment names the destination."""
    return Verdict(ran.status != "not_configured", ran.note or "configured", "WARN")


PROMISES = (
    Promise("totals_reconcile", "every member and every planned row ends in exactly one place", totals_reconcile),
    Promise("reject_rate", "the destination rejects less than 2 % (error: 20 %) of the rows of a run", reject_rate),
    Promise("guard_not_tripped", "the run does not wait for an approval", guard_not_tripped),
    Promise("consent_enforced", "no row is sent without consent to the purpose", consent_enforced, blocking=True),
    Promise("is_configured", "the environment variables that name the destination are set", is_configured),
)

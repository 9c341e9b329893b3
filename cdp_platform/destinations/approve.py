"""Let a held-back run go."""

from datetime import datetime

from cdp_platform.destinations.errors import SyncError
from cdp_platform.destinations.publish import publish_results
from cdp_platform.destinations.state import opened, state_file
from cdp_platform.shared.home import Home


class NotGuarded(SyncError):  # noqa: N818 a state, not a fault
    """The run that was named does not wait for an approval."""


def approve(home: Home, name: str, run: int, by: str, now: datetime) -> None:
    """Release a guarded run: the next start of the sync sends exactly what was planned, less who may no longer be sent.

    Raises NotGuarded, which says how the run stands, and SyncBusy.
    """
    if not by.strip():
        raise ValueError("say who approves")
    if not state_file(home, name).exists():
        raise NotGuarded(f"the sync {name} has never run")
    with opened(home, name) as con:
        found = con.execute("select status from sync.runs where run_id = ?", [run]).fetchall()
        if found != [("guarded",)]:
            waiting = con.execute("select run_id from sync.runs where status = 'guarded'").fetchall()
            stands = f"is {found[0][0]}" if found else "does not exist"
            other = f"; run {waiting[0][0]} waits for an approval" if waiting else ""
            raise NotGuarded(f"run {run} of {name} {stands}{other}")
        con.execute(
            "update sync.runs set status = 'sending', finished_at = null, approved_by = ?, approved_at = ? "
            "where run_id = ?",
            [by.strip(), now, run],
        )
        publish_results(con, home, name)

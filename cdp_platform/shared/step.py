"""What a piece of work is given: where, for whom, and as of when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from duckdb import DuckDBPyConnection

from cdp_platform.company import Company
from cdp_platform.shared.home import Home


@dataclass(frozen=True)
class Step:
    """One unit of work on the open warehouse."""

    con: DuckDBPyConnection
    company: Company
    home: Home
    as_of: date
    """The day that counts as today: scores and segments look from its midnight (UTC) backwards."""
    now: datetime
    """When this run started (UTC, without zone), for `_loaded_at` and histories; never for decisions."""
    full: bool
    """Build everything anew."""
    log: Callable[[str], None]
    """Tell people about progress."""

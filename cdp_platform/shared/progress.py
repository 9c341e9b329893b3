"""Tells whoever listens (the command line's progress bar) which piece of work starts and ends."""

from collections.abc import Callable
from typing import Literal, NamedTuple


class Progress(NamedTuple):
    """One turn of events. `work` names the tables, as in "clean.records"."""

    what: Literal["started", "finished", "failed", "note"]
    work: str
    seconds: float = 0
    note: str = ""
    skipped: bool = False


_listeners: list[Callable[[Progress], None]] = []


def listen(listener: Callable[[Progress], None]) -> Callable[[], None]:
    """Call the listener at every turn, until the returned function is called."""
    _listeners.append(listener)
    return lambda: _listeners.remove(listener)


def tell(progress: Progress) -> None:
    """Tell all listeners."""
    for listener in _listeners:
        listener(progress)

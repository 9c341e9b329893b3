"""Small charts of sizes, as Markdown."""

from collections.abc import Sequence
from datetime import date

BAR = 30
"""Width of the longest bar, in characters."""


def table_of_sizes(rows: Sequence[tuple[str, int, int, int]]) -> str:
    """All segments: size, entered, left."""
    lines = [f"| {name} | {size:,} | {entered:,} | {left:,} |" for name, size, entered, left in rows]
    return "\n".join(["| segment | customers | entered | left |", "| --- | ---: | ---: | ---: |", *lines])


def size_history(days: Sequence[tuple[date, int]]) -> str:
    """One bar per as-of day, the newest last."""
    most = max((size for _, size in days), default=0) or 1
    lines = [f"| {day} | {size:,} | {'█' * round(BAR * size / most)} |" for day, size in days]
    return "\n".join(["| day | customers | |", "| --- | ---: | :--- |", *lines])

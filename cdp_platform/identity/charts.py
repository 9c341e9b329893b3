"""Small tables and bar charts in Markdown, for the notes that Dagster shows."""

from collections.abc import Sequence
from typing import Any

WIDTH = 30
"""Blocks in the longest bar."""


def table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(map(str, row)) + " |" for row in (head, ["---"] * len(head), *rows)]
    return "\n".join(lines)


def bars(head: tuple[str, str], rows: Sequence[tuple[Any, int]]) -> str:
    """A Markdown table of labels and counts, with a bar for each count."""
    longest = max((count for _, count in rows), default=1)
    return table((*head, ""), [(label, f"{n:,}", "█" * max(1, round(WIDTH * n / longest))) for label, n in rows])

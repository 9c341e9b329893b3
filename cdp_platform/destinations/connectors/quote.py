"""Words of a destination without the values of the person they are about."""

import re

from cdp_platform.destinations.connectors.base import Row

EMAIL = re.compile(r"[^\s@<>\"'(,;:]+@[^\s@<>\"'),;:]+")
DIGITS = re.compile(r"\+?\d[\d\s().-]{5,}\d")
LONGEST = 300


def without_values(message: str, row: Row | None = None) -> str:
    """The message with each value of the row replaced by `<its field>`, and e-mail addresses and long numbers hidden.

    Destinations like to repeat what they refuse: "invalid e-mail ann@…". Results are read by more people than may see
    the person.
    """
    if row is not None:
        values = [(str(value), f"<{field}>") for field, value in row.fields().items() if len(str(value)) > 2]
        for value, shown in sorted(values, key=lambda pair: -len(pair[0])):
            message = message.replace(value, shown)
        message = message.replace(row.key, "<key>") if len(row.key) > 2 else message
    return DIGITS.sub("<number>", EMAIL.sub("<e-mail>", message))[:LONGEST]

"""The tables of the segments room."""

from cdp_platform.shared.warehouse.table import Table

MEMBERSHIPS = Table(
    "segments.memberships",
    "Who is in which segment now.",
    {
        "segment": "name of the segment",
        "customer_id": "member",
        "entered_on": "as-of day of the run in which the customer entered",
        "reason": "the conditions that hold, in words",
    },
    key=("segment", "customer_id"),
)

HISTORY = Table(
    "segments.history",
    "Every stay in a segment.",
    {
        "segment": "name of the segment",
        "customer_id": "customer",
        "entered_on": "as-of day of the run in which the customer entered",
        "left_on": "as-of day of the run in which the customer was no longer in; null while in",
        "definition": "version (hash) of the definition under which the customer entered",
        "left_because": "left: the conditions hold no more; merged: the id is another customer's now; "
        "definition: the segment was changed; null while in",
    },
    key=("segment", "customer_id", "entered_on"),
)

SIZES = Table(
    "segments.sizes",
    "Size of each segment per as-of day.",
    {
        "segment": "name of the segment",
        "as_of": "as-of day",
        "members": "members on that day",
        "entered": "customers who entered",
        "departed": "customers who left",
        "definition": "version (hash) of the definition",
    },
    key=("segment", "as_of"),
)

MOVES = Table(
    "segments.moves",
    "Stays that went on under another customer id because two customers became one.",
    {
        "segment": "name of the segment",
        "from_id": "id that the stay was under; its row in segments.history is closed as merged",
        "to_id": "id that the stay goes on under, with the same entered_on",
        "entered_on": "as-of day on which the stay began",
        "moved_on": "as-of day of the run that moved it",
    },
    key=("segment", "to_id", "entered_on"),
)

TABLES = (MEMBERSHIPS, HISTORY, SIZES, MOVES)

"""Who must not be sent anything, whatever they once consented to.

The list holds keyed hashes, so that it protects people without naming them. It is append-only: lifting a suppression
is a further entry, and the last one about a hash counts. An entry of an e-mail address or phone stops every customer
who has it; an entry of a customer id also stops the customer that it was merged into.
"""

import hashlib
import hmac
import secrets
from datetime import datetime
from typing import Literal, NamedTuple

import phonenumbers
from sqlalchemy import Column, DateTime, Integer, LargeBinary, MetaData, String, Table, func, insert, select

from cdp_platform.shared.control import transaction
from cdp_platform.shared.home import Home

Kind = Literal["email", "phone", "customer_id"]

TABLES = MetaData()
ENTRIES = Table(
    "suppression_entries",
    TABLES,
    Column("entry", Integer, primary_key=True),
    Column("at", DateTime, nullable=False),
    Column("by", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("hash", String, nullable=False),
    Column("action", String, nullable=False),
    Column("reason", String, nullable=False),
    sqlite_autoincrement=True,
)
KEY = Table("suppression_key", TABLES, Column("one", Integer, primary_key=True), Column("secret", LargeBinary))


class Entry(NamedTuple):
    """One line of the list as people see it."""

    kind: str
    hash: str
    reason: str
    by: str
    at: datetime


class Suppressed(NamedTuple):
    """The list as a sync needs it."""

    version: int
    """Grows with every change, 0 when nobody was ever suppressed."""
    key: bytes
    """Of the HMAC-SHA256 that makes the hashes."""
    hashes: dict[str, frozenset[str]]
    """Kind to hashes in force."""


def add(home: Home, kind: Kind, value: str, *, reason: str, by: str, now: datetime, country: str = "GB") -> Entry:
    """Suppress whoever has this value. `country` is the region of phones without a prefix.

    Raises ValueError, which does not repeat the value, when it is not an e-mail address, phone or id.
    """
    return _append(home, "add", kind, standardise(kind, value, country), reason, by, now)


def remove(home: Home, kind: Kind, value: str, *, reason: str, by: str, now: datetime, country: str = "GB") -> Entry:
    """Lift a suppression. The entry that made it stays on record."""
    return _append(home, "lift", kind, standardise(kind, value, country), reason, by, now)


def listed(home: Home) -> list[Entry]:
    """Suppressions in force, oldest first."""
    latest = select(func.max(ENTRIES.c.entry)).group_by(ENTRIES.c.kind, ENTRIES.c.hash)
    columns = (ENTRIES.c.kind, ENTRIES.c.hash, ENTRIES.c.reason, ENTRIES.c.by, ENTRIES.c.at)
    query = select(*columns).where(ENTRIES.c.action == "add", ENTRIES.c.entry.in_(latest)).order_by(ENTRIES.c.entry)
    with transaction(home, TABLES) as con:
        return [Entry(*row) for row in con.execute(query)]


def in_force(home: Home) -> Suppressed:
    """The list for a sync; empty where there is no control database yet."""
    if not home.control.exists():
        return Suppressed(0, b"", {})
    hashes: dict[str, set[str]] = {}
    for entry in listed(home):
        hashes.setdefault(entry.kind, set()).add(entry.hash)
    with transaction(home, TABLES) as con:
        version: int = con.execute(select(func.coalesce(func.max(ENTRIES.c.entry), 0))).scalar_one()
        key: bytes | None = con.execute(select(KEY.c.secret)).scalar_one_or_none()
    return Suppressed(version, key or b"", {kind: frozenset(found) for kind, found in hashes.items()})


def standardise(kind: Kind, value: str, country: str) -> str:
    """The form in which a value is hashed: e-mail in lower case, phone in E.164."""
    text = value.strip()
    if kind == "email":
        if "@" not in text:
            raise ValueError("that is not an e-mail address")
        return text.lower()
    if kind == "phone":
        try:
            return phonenumbers.format_number(phonenumbers.parse(text, country), phonenumbers.PhoneNumberFormat.E164)
        except phonenumbers.NumberParseException:
            raise ValueError("that is not a phone number") from None
    if not text:
        raise ValueError("that is not a customer id")
    return text


def _append(home: Home, action: str, kind: Kind, value: str, reason: str, by: str, now: datetime) -> Entry:
    with transaction(home, TABLES) as con:
        key: bytes | None = con.execute(select(KEY.c.secret)).scalar_one_or_none()
        if key is None:
            key = secrets.token_bytes(32)
            con.execute(insert(KEY).values(one=1, secret=key))
        digest = hmac.new(key, value.encode(), hashlib.sha256).hexdigest()
        con.execute(
            insert(ENTRIES).values(at=now, by=by, kind=kind, hash=digest, action=action, reason=reason)
        )  # fmt: skip
    return Entry(kind, digest, reason, by, now)

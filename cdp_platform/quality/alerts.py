"""Turn what is wrong into messages: one when something turns bad, one when it is well again, none in between.

What each channel was told stands in the control database, so that the scheduler and the command line never tell the
same thing twice, and a message that could not be delivered is tried again.
"""

import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal, NamedTuple

import apprise
from sqlalchemy import Column, DateTime, MetaData, String, Table, delete, insert, select

from cdp_platform.company import Company
from cdp_platform.shared import control
from cdp_platform.shared.home import Home

Severity = Literal["WARN", "ERROR"]
FILE = "file"
"""The channel that always is: one JSON line per message in <home>/alerts.jsonl."""

_tables = MetaData()
told = Table(
    "alerts_told",
    _tables,
    Column("channel", String, primary_key=True),
    Column("finding", String, primary_key=True),
    Column("severity", String, nullable=False),
    Column("since", DateTime, nullable=False),
)


class Finding(NamedTuple):
    """One thing that is wrong now. `key` stays the same for as long as it is wrong."""

    key: str
    severity: Severity
    title: str
    detail: str


class Message(NamedTuple):
    """What a person gets."""

    severity: Literal["WARN", "ERROR", "OK"]
    title: str
    detail: str
    finding: str


class Delivered(NamedTuple):
    """How many messages went out, and the channels that could not be reached or are not set."""

    sent: int
    failed: tuple[str, ...]


def changes(findings: Sequence[Finding], before: Mapping[str, str]) -> list[Message]:
    """Messages for what is new, worse or better, and for what is gone. `before` maps finding to severity."""
    now = {finding.key: finding for finding in findings}
    new = [
        Message(f.severity, f.title, f.detail, f.key) for f in sorted(now.values()) if before.get(f.key) != f.severity
    ]
    gone = [Message("OK", f"recovered: {key}", "", key) for key in sorted(before) if key not in now]
    return new + gone


def deliver(company: Company, home: Home, findings: Sequence[Finding]) -> Delivered:
    """Tell every channel what it has not been told yet. A channel that fails is tried again at the next call."""
    sent, failed = 0, list[str]()
    channels: dict[str, Severity] = {FILE: "WARN"}
    channels.update({c.url_env: c.least for c in company.quality.alerts})
    for channel, least in channels.items():
        heard = [f for f in findings if least == "WARN" or f.severity == "ERROR"]
        with control.transaction(home, _tables) as con:
            rows = con.execute(select(told.c.finding, told.c.severity).where(told.c.channel == channel))
            messages = changes(heard, dict(rows.tuples().all()))
            if messages and not _send(company, home, channel, messages):
                failed.append(channel)
                continue
            for message in messages:
                con.execute(delete(told).where(told.c.channel == channel, told.c.finding == message.finding))
                if message.severity != "OK":
                    con.execute(
                        insert(told).values(
                            channel=channel, finding=message.finding, severity=message.severity, since=_now()
                        )
                    )
            sent += len(messages) if channel == FILE else 0
    return Delivered(sent, tuple(failed))


def _send(company: Company, home: Home, channel: str, messages: Sequence[Message]) -> bool:
    if channel == FILE:
        with home.alerts.open("a", encoding="utf-8") as file:
            for message in messages:
                file.write(json.dumps({"at": _now().isoformat(), **message._asdict()}) + "\n")
        return True
    address = os.environ.get(channel)
    if not address:
        return False
    kinds = {
        "WARN": apprise.NotifyType.WARNING,
        "ERROR": apprise.NotifyType.FAILURE,
        "OK": apprise.NotifyType.SUCCESS,
    }
    sender = apprise.Apprise()
    if not sender.add(address):
        return False
    worst = "ERROR" if any(m.severity == "ERROR" for m in messages) else messages[0].severity
    lines = [f"{m.severity}: {m.title}" + (f" — {m.detail}" if m.detail else "") for m in messages]
    title = f"{company.settings.name}: {messages[0].title}" if len(messages) == 1 else company.settings.name
    return bool(sender.notify(body="\n".join(lines), title=title, notify_type=kinds[worst]))


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)

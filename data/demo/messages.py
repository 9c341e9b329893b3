"""Visits as a collector receives them: messages of the Segment specification, some twice, some from wrong clocks."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from contacts import START
from people import DAYS
from visits import Happening, Visit

LIBRARIES = {
    "web": ("analytics.js", "4.2.1"),
    "ios": ("analytics-ios", "4.1.8"),
    "android": ("analytics-kotlin", "1.16.3"),
}
WRONG_CLOCKS = (-7260, -300, 420, 3600, 86400)
"""Seconds that the clock of one device in fifty is off."""
DEAD_BATTERY = datetime(1970, 1, 1, tzinfo=UTC)


class Times(NamedTuple):
    """When a message happened and was sent by the device's clock, and when it was received by ours."""

    happened: datetime
    sent: datetime
    received: datetime


def messages(visits: list[Visit], seed: int) -> Iterator[tuple[datetime, str]]:
    """The time of receipt and the JSON line of every message until the last day ends."""
    random = Random(f"{seed}:messages")
    end = START + timedelta(days=DAYS)
    clocks: dict[str, timedelta] = {}
    for visit in visits:
        if visit.device not in clocks:
            off = random.choice(WRONG_CLOCKS) if random.random() < 0.02 else 0
            clocks[visit.device] = timedelta(seconds=off)
        at = visit.at
        identified = all(kind != "identify" for kind, _, _ in visit.happenings)
        for happening in visit.happenings:
            identified = identified or happening[0] == "identify"
            at += timedelta(seconds=random.randint(5, 75))
            times = _times(at, clocks[visit.device], random)
            if times.received >= end:
                break
            line = json.dumps(_message(visit, happening, times, visit.user_id if identified else None, random))
            yield times.received, line
            again = times.received + timedelta(seconds=random.choice((2, 60, 3600)))
            if random.random() < 0.006 and again < end:  # an answer got lost and the device sent once more
                yield again, line.replace(_iso(times.received), _iso(again))


def _times(at: datetime, clock: timedelta, random: Random) -> Times:
    delay = timedelta(seconds=random.choice((0, 1, 1, 2, 3)))
    received = at + delay + timedelta(milliseconds=random.randint(20, 900))
    if random.random() < 0.0005:
        return Times(DEAD_BATTERY, DEAD_BATTERY, received)
    return Times(at + clock, at + clock + delay, received)


def _message(visit: Visit, happening: Happening, times: Times, user_id: str | None, random: Random) -> dict[str, Any]:
    kind, name, properties = happening
    library, version = LIBRARIES[visit.platform]
    message: dict[str, Any] = {
        "type": "screen" if kind == "page" and visit.platform != "web" else kind,
        "messageId": f"{random.getrandbits(64):016x}",
        "anonymousId": visit.device,
        "timestamp": _iso(times.happened),
        "sentAt": _iso(times.sent),
        "receivedAt": _iso(times.received),
        "context": {"library": {"name": library, "version": version}},
    }
    if user_id:
        message["userId"] = user_id
    if kind == "identify":
        message["traits"] = properties
    else:
        message["event" if kind == "track" else "name"] = name
        message["properties"] = properties
    return message


def _iso(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%S.") + f"{when.microsecond // 1000:03d}Z"

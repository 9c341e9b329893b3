"""What people told the company: support tickets and consents."""

from random import Random
from typing import Any

import words
from accounts import Accounts
from contacts import Care, moment, stamp, write_down
from people import DAYS, Person
from records import System

PURPOSES = {"ads_personalisation": 0.4, "analytics": 0.45}
"""Share of people with a word for each further purpose; for email_marketing it is WITH_A_WORD."""
WITH_A_WORD = 0.6
WORDS = {"web_banner": ("granted", "denied"), "call_centre": ("yes", "no"), "store_form": ("opt_in", "opt_out")}
"""Each channel has its own words for yes and no."""


def support(people: list[Person], seed: int) -> System:
    """Tickets; the requester is whoever wrote or called, as the agent heard the name."""
    random, care, system = Random(f"{seed}:support"), Care(0.75, 0.45, 0, 0, 0.06, 0.15), System([], [])
    number = 0
    for person in people:
        if random.random() >= 0.17:
            continue
        for _ in range(random.choices((1, 2, 3), (70, 22, 8))[0]):
            number += 1
            day = random.randint(max(0, person.arrived), DAYS - 1)
            contact = write_down(person, day, care, random)
            recent = day > DAYS - 14
            row: dict[str, Any] = {
                "ticket_id": f"S{number:05d}",
                "requester": {
                    "name": f"{contact.first} {contact.last}",
                    "email": contact.email or None,
                    "phone": contact.phone or None,
                },
                "subject": random.choice(words.SUBJECTS),
                "status": random.choice(("open", "pending", "solved"))
                if recent
                else random.choice(("solved", "closed")),
                "csat": random.choices((1, 2, 3, 4, 5, None), (8, 7, 12, 25, 28, 20))[0],
                "created_at": stamp(moment(day, random)),
            }
            system.add("support", "ticket_id", person, row)
    return system


def consents(people: list[Person], accounts: list[Accounts], seed: int) -> list[dict[str, Any]]:
    """The consent log: one row per word said; a later row for the same address and purpose takes it back."""
    random = Random(f"{seed}:consents")
    rows: list[dict[str, Any]] = []
    for person, known in zip(people, accounts, strict=True):
        # Subscribers said their word about e-mail in the newsletter itself; the log holds the others'.
        subscribed = known.subscriber is not None
        spoke = random.random() < (0.15 if subscribed else (WITH_A_WORD - 0.38) / (1 - 0.38))
        said = ["email_marketing"] if spoke else []
        said += [purpose for purpose, share in PURPOSES.items() if random.random() < share]
        for purpose in said:
            channel = random.choice(list(WORDS))
            yes, no = WORDS[channel]
            day = min(max(0, person.arrived) + random.randint(0, 30), DAYS - 1)
            granted = random.random() < 0.76
            said_at = moment(day, random)
            row = {
                "email": random.choice((person.emails[0], person.emails[0].upper()))
                if random.random() < 0.1
                else person.emails[0],
                "purpose": purpose,
                "status": yes if granted else no,
                "changed_at": stamp(said_at),
                "channel": channel,
            }
            rows.append(row)
            if granted and random.random() < 0.12 and day < DAYS - 1:
                later = moment(random.randint(day + 1, DAYS - 1), random)
                rows.append({**row, "status": "denied", "changed_at": stamp(later), "channel": "web_banner"})
    return rows

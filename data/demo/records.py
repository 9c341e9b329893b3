"""The systems that hold records of people: CRM, shop accounts, loyalty cards, newsletter, app."""

from random import Random
from typing import Any, NamedTuple

import mess
import words
from accounts import Accounts
from contacts import Care, moment, stamp, write_down
from people import DAYS, Person

Row = dict[str, Any]


class Truth(NamedTuple):
    """Whose record it is."""

    source: str
    record_id: str
    person_id: str
    household_id: str


class System(NamedTuple):
    """One system's rows with the truth about them."""

    rows: list[Row]
    truth: list[Truth]

    def add(self, source: str, key: str, person: Person, row: Row) -> None:
        """Add a record of a person."""
        self.rows.append({key: row[key], **row})
        self.truth.append(Truth(source, str(row[key]), person.person_id, person.household_id))


def crm(people: list[Person], accounts: list[Accounts], seed: int) -> System:
    """Contacts typed in by staff over the years: every date format, every spelling of the country."""
    random, care, system = Random(f"{seed}:crm"), Care(0.8, 0.75, 0.45, 0.8, 0.025), System([], [])
    formats = ("%Y-%m-%d", "%Y-%m-%d", "%d/%m/%Y", "%d %b %Y", "%d.%m.%Y", "%d-%b-%Y")
    for person, known in zip(people, accounts, strict=True):
        for contact_id in known.crm:
            day = person.arrived + random.randint(-20, 60)
            contact = write_down(person, day, care, random, birth_formats=formats)
            created = moment(day, random)
            row = {
                "contact_id": contact_id,
                "title": contact.title,
                "first_name": contact.first,
                "last_name": contact.last,
                "email": _junk(contact.email, mess.JUNK_EMAILS, random),
                "phone": _junk(contact.phone, mess.JUNK_PHONES, random),
                "birth_date": contact.birth,
                "gender": contact.gender,
                "address": contact.street,
                "city": contact.city,
                "postcode": contact.postcode,
                "country": random.choice(("GB", "UK", "United Kingdom", "England", "")),
                "account_number": known.shop[0] if known.shop and random.random() < 0.25 else "",
                "loyalty_card": known.card if known.card and random.random() < 0.3 else "",
                "created_at": stamp(created),
                "updated_at": stamp(max(created, moment(random.randint(day, max(day, DAYS - 1)), random))),
            }
            if person.trade and random.random() < 0.5:
                row["email"] = random.choice(words.ROLE_MAILBOXES) + person.emails[0].split("@")[1]
            system.add("crm", "contact_id", person, row)
    return system


def shop_accounts(people: list[Person], accounts: list[Accounts], seed: int) -> System:
    """Accounts that people opened themselves: the address of the mailbox is good, the rest as they liked."""
    random, care, system = Random(f"{seed}:shop"), Care(1.0, 0.65, 0.1, 0.9, 0.008, 0.06), System([], [])
    for person, known in zip(people, accounts, strict=True):
        for place, customer_id in enumerate(known.shop):
            day = person.arrived - 1 if place == 0 else person.arrived + random.randint(30, 400)
            contact = write_down(person, day, care, random)
            email = contact.email if place == 0 else mess.email(person.emails[-1], random, typos=0)
            created = moment(day, random)
            row = {
                "customer_id": customer_id,
                "first_name": contact.first,
                "last_name": contact.last,
                "email": email,
                "phone": contact.phone or None,
                "birth_date": contact.birth or None,
                "address": contact.street or None,
                "city": contact.city or None,
                "postcode": contact.postcode or None,
                "country": "GB",
                "created_at": stamp(created),
                "updated_at": stamp(max(created, moment(random.randint(day, max(day, DAYS - 1)), random))),
            }
            system.add("shop", "customer_id", person, row)
    return system


def loyalty(people: list[Person], accounts: list[Accounts], seed: int) -> System:
    """Paper forms filled in at the till: one field for the whole name, British dates, more misreadings."""
    random, care, system = Random(f"{seed}:loyalty"), Care(0.6, 0.6, 0.85, 0.4, 0.035, 0.05), System([], [])
    for person, known in zip(people, accounts, strict=True):
        if not known.card:
            continue
        contact = write_down(person, person.arrived, care, random, birth_formats=("%d/%m/%Y", "%d/%m/%Y", "%d.%m.%Y"))
        row = {
            "card_number": known.card,
            "name": f"{contact.title} {contact.first} {contact.last}".strip(),
            "email": contact.email,
            "phone": _junk(contact.phone, mess.JUNK_PHONES, random),
            "birth_date": contact.birth,
            "town": contact.city,
            "postcode": contact.postcode,
            "joined_at": moment(person.arrived, random).strftime("%d/%m/%Y %H:%M"),
        }
        system.add("loyalty", "card_number", person, row)
    return system


def newsletter(people: list[Person], accounts: list[Accounts], seed: int) -> System:
    """An address and perhaps a name; who had enough has `unsubscribed_at`."""
    random, care, system = Random(f"{seed}:newsletter"), Care(1.0, 0, 0, 0, 0.012, 0.15), System([], [])
    for person, known in zip(people, accounts, strict=True):
        if not known.subscriber:
            continue
        day = min(person.arrived + random.randint(-5, 90), DAYS - 2)
        contact = write_down(person, day, care, random)
        named = random.random() < 0.7
        left = random.randint(day + 1, DAYS - 1) if random.random() < 0.14 else None
        row = {
            "subscriber_id": known.subscriber,
            "email": contact.email,
            "first_name": contact.first if named else "",
            "last_name": contact.last if named and random.random() < 0.8 else "",
            "subscribed_at": stamp(moment(day, random)),
            "unsubscribed_at": stamp(moment(left, random)) if left is not None else "",
        }
        system.add("newsletter", "subscriber_id", person, row)
    return system


def app_profiles(people: list[Person], accounts: list[Accounts], seed: int) -> System:
    """Profiles of the app: nested, with the device; many give a name only."""
    random, care, system = Random(f"{seed}:app"), Care(0.7, 0.15, 0, 0, 0.01, 0.2), System([], [])
    for person, known in zip(people, accounts, strict=True):
        if not known.app_profile:
            continue
        contact = write_down(person, person.arrived, care, random)
        installed = moment(random.randint(max(0, person.arrived), DAYS - 1), random)
        row = {
            "profile_id": known.app_profile,
            "user": {
                "name": f"{contact.first} {contact.last}",
                "email": contact.email or None,
                "phone": contact.phone or None,
                "customer_id": str(known.shop[0]) if known.shop and random.random() < 0.5 else None,
            },
            "device": {"id": known.app_device, "platform": random.choice(("ios", "ios", "android"))},
            "installed_at": stamp(installed),
        }
        system.add("app", "profile_id", person, row)
    return system


def _junk(value: str, junk: tuple[str, ...], random: Random) -> str:
    """What staff type when a form insists on a value."""
    draw = random.random()
    if draw < 0.007:
        return random.choice(junk[:2])
    if draw < 0.01:
        return random.choice(junk)
    return random.choice(mess.NO_VALUE) if draw < 0.016 else value

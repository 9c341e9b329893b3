"""What people and systems do to clean data: every function takes a true value and gives one as it might be read."""

from datetime import date
from random import Random

import words

JUNK_EMAILS = ("test@test.com", "none@none.com", "noemail@noemail.com", "a@a.com")
JUNK_PHONES = ("0000000000", "01234567890", "11111111111", "00000", "07777777777")
NO_VALUE = ("n/a", "-", "unknown", "NULL", "none")
IMPOSSIBLE_DATES = ("31/02/1985", "1987-13-04", "00/00/0000", "2085-06-01", "30/02/1990", "not given")


def typo(text: str, random: Random) -> str:
    """One letter dropped, doubled, replaced or swapped with its neighbour; the first one stays."""
    if len(text) < 4:
        return text
    at = random.randint(1, len(text) - 2)
    letter = random.choice("aeiournstl")
    return random.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + letter + text[at + 1 :],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        )
    )


def first_name(name: str, random: Random, *, nickname: float = 0.1, typos: float = 0.02, initial: float = 0.02) -> str:
    """The first name as given, short, misspelt or as an initial."""
    draw = random.random()
    if draw < nickname:
        return words.NICKNAMES.get(name, name)
    if draw < nickname + typos:
        return typo(name, random)
    return f"{name[0]}." if draw < nickname + typos + initial else name


def last_name(name: str, random: Random, typos: float = 0.02) -> str:
    """The last name, sometimes misspelt."""
    return typo(name, random) if random.random() < typos else name


def letter_case(text: str, random: Random, share: float = 0.1) -> str:
    """Sometimes in capitals, small letters or with stray blanks."""
    if random.random() >= share:
        return text
    return random.choice((text.upper(), text.lower(), f" {text}", f"{text}  ", text.replace(" ", "  ")))


def email(address: str, random: Random, *, typos: float = 0.015) -> str:
    """The same mailbox in another spelling, or, rarely, a mistyped one."""
    local, domain = address.split("@")
    draw = random.random()
    if draw < typos and domain in words.TYPO_DOMAINS:
        return f"{local}@{random.choice(words.TYPO_DOMAINS[domain])}"
    if draw < typos * 1.5:
        return f"{typo(local, random)}@{domain}"
    if draw < 0.05 and domain == "gmail.com":
        return f"{local.replace('.', '')}@{domain}" if "." in local else f"{local[:2]}.{local[2:]}@{domain}"
    if draw < 0.07 and domain in ("gmail.com", "outlook.com", "icloud.com"):
        return f"{local}+{random.choice(('shop', 'garden', 'news', 'offers'))}@{domain}"
    if draw < 0.12:
        return random.choice((address.upper(), address.title(), f" {address}", f"{address} "))
    return address


def phone(number: str, random: Random, typos: float = 0.015) -> str:
    """Ten digits without the leading zero, in one of the ways people write them."""
    if random.random() < typos:
        at = random.randint(2, 9)
        number = number[:at] + random.choice("0123456789") + number[at + 1 :]
    head, middle, tail = number[:4], number[4:7], number[7:]
    return random.choice(
        (f"+44{number}", f"0{number}", f"0{head} {middle}{tail}", f"0{head} {middle} {tail}", f"0044 {number}",
         f"+44 {head} {middle}{tail}", f"+44 (0){head} {middle}{tail}", f"(0{head}) {middle}-{tail}",
         f"0{head}.{middle}.{tail}", f"0{head}-{middle}-{tail}")
    )  # fmt: skip


def day(value: date, random: Random, formats: tuple[str, ...]) -> str:
    """A date of birth as a form of its time wrote it; now and then impossible, or the placeholder 1900-01-01."""
    draw = random.random()
    if draw < 0.006:
        return random.choice(IMPOSSIBLE_DATES)
    if draw < 0.012:
        return "1900-01-01"
    if draw < 0.02:
        value = value.replace(year=value.year + random.choice((-10, -1, 1, 10)), day=min(value.day, 28))
    return value.strftime(random.choice(formats))

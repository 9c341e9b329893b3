"""A small company whose every value can be checked by eye, built once."""

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from duckdb import DuckDBPyConnection

from cdp_platform.company import Company, load_company
from cdp_platform.customers.component import Customers
from cdp_platform.shared.home import Home, home
from cdp_platform.shared.warehouse import engine
from tests.customers.inputs import record, write_all

COMPANY = "name: Small shop\n"
CUSTOMERS = """
type: cdp_platform.components.Customers
attributes:
  survivorship:
    email: {rule: source_priority, sources: [shop, crm]}
    gender: {rule: oldest}
"""
SOURCES = """
type: cdp_platform.components.Sources
attributes:
  sources:
    - {name: crm, kind: csv, path: crm.csv, means: {person: {record_id: id}}}
    - {name: shop, kind: csv, path: shop.csv, means: {person: {record_id: id}}}
    - {name: loyalty, kind: csv, path: loyalty.csv, means: {person: {record_id: id}}}
"""


def day(text: str) -> datetime:
    """A date of 2025 (`03-01`), with a time if one is given."""
    return datetime.fromisoformat(f"2025-{text}")


ANN, BOB, CAL, DEE = "c-ann", "c-bob", "c-cal", "c-dee"

RECORDS = [
    record(ANN, "crm:1", first_name="ann", last_name="smith", email="ann@old.example", phone="+4420",
           birth_date="1980-01-02", gender="female", address="1 high st", city="leeds", postcode="LS1 1AA",
           created_at=day("01-01"), updated_at=day("03-01")),
    record(ANN, "crm:2", first_name="annie", last_name="smith", email="ann@crm.example", phone="+4430",
           birth_date="1980-01-02", gender="other", address="9 low rd", city="york",
           created_at=day("01-05"), updated_at=day("06-01")),
    record(ANN, "loyalty:1", first_name="ann", last_name="smyth", email="test@test.com", email_key=None, phone="+4499",
           phone_key=None, birth_date="1980-02-01", country="GB", loyalty_card="L1",
           created_at=day("02-01"), updated_at=day("09-01")),
    record(ANN, "shop:1", email="ann@shop.example", customer_number="1", device_id="d-1", country="GB",
           created_at=day("02-02"), updated_at=day("02-02")),
    record(BOB, "crm:3", first_name="bob", last_name="jones", email="family@home.example", city="paris", country="FR",
           created_at=day("01-01")),
    record(BOB, "crm:4", first_name="robert", last_name="jones", address="3 mill ln", city="leeds",
           postcode="LS2 2BB", created_at=day("01-02")),
    record(BOB, "crm:5", postcode="LS2 2BB", address=None, city="leeds", country="GB", created_at=day("01-03")),
    record(CAL, "crm:6", first_name="cal", last_name="jones", email="family@home.example", phone="+4455",
           postcode="SW1 1AA", created_at=day("01-01")),
    record(CAL, "crm:7", city="bath", created_at=day("01-02")),
    record(DEE, "shop:9", origin="reference"),
]  # fmt: skip

ORDERS = [
    {"order_key": "shop:1", "source": "shop", "record_key": "shop:1", "kind": "order", "channel": "web",
     "ordered_at": day("04-01 10:00"), "lines": 2, "quantity": 3, "amount": "30.10", "currency": "GBP"},
    {"order_key": "shop:2", "source": "shop", "record_key": "shop:1", "kind": "return", "channel": "web",
     "ordered_at": day("04-03 10:00"), "lines": 1, "quantity": -1, "amount": "-10.05", "currency": "GBP"},
    {"order_key": "till:1", "source": "till", "record_key": "loyalty:1", "kind": "order", "channel": "store",
     "ordered_at": day("04-01 18:00"), "lines": 1, "quantity": 5, "amount": "5.00", "currency": "GBP"},
    {"order_key": "till:2", "source": "till", "kind": "order", "channel": "store",
     "ordered_at": day("04-02 09:00"), "lines": 1, "quantity": 1, "amount": "99.99", "currency": "GBP"},
    {"order_key": "shop:3", "source": "shop", "record_key": "shop:9", "kind": "order", "channel": "web",
     "ordered_at": day("05-01 09:00"), "lines": 1, "quantity": 2, "amount": "8.00", "currency": "GBP"},
]  # fmt: skip
LINES = [
    {"line_key": "shop:1:1", "order_key": "shop:1", "source": "shop", "sku": "mug", "quantity": 2},
    {"line_key": "shop:1:2", "order_key": "shop:1", "source": "shop", "sku": "lamp", "quantity": 1},
    {"line_key": "shop:2:1", "order_key": "shop:2", "source": "shop", "sku": "mug", "quantity": -1},
    {"line_key": "till:1:1", "order_key": "till:1", "source": "till", "sku": "lamp", "quantity": 5},
    {"line_key": "till:2:1", "order_key": "till:2", "source": "till", "sku": "lamp", "quantity": 1},
    {"line_key": "shop:3:1", "order_key": "shop:3", "source": "shop", "sku": "unknown", "quantity": 2},
]
PRODUCTS = [{"sku": "mug", "category": "kitchen"}, {"sku": "lamp", "category": "light"}]


def event(number: int, kind: str, at: str, **values: Any) -> dict[str, Any]:
    """A web event of Ann's device."""
    name = values.pop("event", kind)
    return {
        "event_id": f"web:{number}", "source": "web", "type": kind, "event": name, "occurred_at": day(at),
        "anonymous_id": "d-1", "session_id": f"d-1:{at[:5]}", "record_key": "shop:1", "properties": "{}",
    } | values  # fmt: skip


EVENTS = [
    event(1, "page", "03-31 09:00", path="/mugs"),
    event(2, "track", "03-31 09:01", event="Product Viewed", sku="mug", path="/p/mug"),
    event(3, "track", "03-31 09:02", event="Product Viewed", sku="mug", path="/p/mug"),
    event(4, "track", "03-31 09:03", event="Product Added", sku="bag", value="12.50",
          properties='{"category": "bags"}'),
    event(5, "identify", "03-31 09:04"),
    event(6, "screen", "07-01 12:00", page="Home"),
    event(7, "page", "07-02 12:00", record_key=None, anonymous_id="d-2", session_id="d-2:1"),
]  # fmt: skip
SESSIONS = [
    {"session_id": "d-1:1", "source": "web", "anonymous_id": "d-1", "record_key": "shop:1",
     "started_at": day("03-31 09:00"), "ended_at": day("03-31 09:04")},
    {"session_id": "d-2:1", "source": "web", "anonymous_id": "d-2",
     "started_at": day("07-02 12:00"), "ended_at": day("07-02 12:00")},
]  # fmt: skip
TICKETS = [
    {"ticket_key": "desk:1", "source": "desk", "record_key": "crm:1", "subject": "late", "status": "open", "score": 2,
     "created_at": day("05-01")},
    {"ticket_key": "desk:2", "source": "desk", "record_key": "crm:2", "subject": "thanks", "status": "solved",
     "score": 5, "created_at": day("05-02")},
    {"ticket_key": "desk:3", "source": "desk", "record_key": "crm:2", "subject": "hello", "status": "closed",
     "created_at": day("05-03")},
]  # fmt: skip


def consent(key: str, purpose: str, status: str, at: str, **subject: Any) -> dict[str, Any]:
    """A word of the consent log."""
    keys = {"email_key": subject["email"]} if "email" in subject and "email_key" not in subject else {}
    return {
        "consent_key": key, "source": "log", "purpose": purpose, "status": status, "changed_at": day(at),
    } | keys | subject  # fmt: skip


CONSENTS = [
    # Ann's two addresses disagree: the refusal wins, although it is older.
    consent("k1", "news", "denied", "01-01", email="ann@old.example"),
    consent("k2", "news", "granted", "02-01", email="ann@crm.example"),
    # The last word of one address counts.
    consent("k3", "ads", "denied", "01-01", email="ann@crm.example"),
    consent("k4", "ads", "granted", "02-01", email="ann@crm.example"),
    # Said at the same instant: denied.
    consent("k5", "stats", "granted", "03-01", email="ann@shop.example"),
    consent("k6", "stats", "denied", "03-01", email="ann@shop.example"),
    # A family's mailbox speaks for both who share it.
    consent("k7", "news", "granted", "01-01", email="family@home.example"),
    # A junk address has no key and is compared as it stands.
    consent("k8", "profiling", "denied", "01-01", email="test@test.com", email_key=None),
    # A phone and a record speak too.
    consent("k9", "calls", "granted", "01-01", phone="+4455"),
    consent("k10", "calls", "denied", "01-02", record_key="crm:6"),
    # Nobody has this address.
    consent("k11", "news", "granted", "01-01", email="nobody@else.example"),
]


def write_inputs(con: DuckDBPyConnection, **changed: Any) -> None:
    """Write the small company's tables, some of them changed."""
    inputs: dict[str, Any] = {
        "records": RECORDS, "orders": ORDERS, "order_lines": LINES, "products": PRODUCTS, "events": EVENTS,
        "sessions": SESSIONS, "tickets": TICKETS, "consents": CONSENTS,
    }  # fmt: skip
    write_all(con, **(inputs | changed))


def write_company(folder: Path, **rooms: str) -> Company:
    """Read a company from YAML texts: company, customers, sources."""
    texts = {"company": COMPANY, "customers": CUSTOMERS, "sources": SOURCES} | rooms
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "company.yaml").write_text(texts.pop("company"))
    for name, text in texts.items():
        (folder / name).mkdir(exist_ok=True)
        (folder / name / "defs.yaml").write_text(text)
    return load_company(folder)


def materialize(company: Company, **options: Any) -> dg.ExecuteInProcessResult:
    """Run the customers room as Dagster does; a run that fails is a result."""
    assets = [a for a in Customers.definitions(company).assets or () if isinstance(a, dg.AssetsDefinition)]
    return dg.materialize(assets, raise_on_error=False, **options)


@contextmanager
def at_home(folder: Path) -> Iterator[Home]:
    """CDP_HOME for a while."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CDP_HOME", str(folder))
        yield home().create()


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, dg.ExecuteInProcessResult]:
    """The small company, built once: its home and the run that built it."""
    folder = tmp_path_factory.mktemp("small")
    with at_home(folder / "home") as place:
        with engine.connect(place) as con:
            write_inputs(con)
        result = materialize(write_company(folder / "company"))
    return place, result


Ask = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def ask(small: tuple[Home, dg.ExecuteInProcessResult]) -> Generator[Ask]:
    """Ask the small company's warehouse."""
    with engine.connect(small[0]) as con:
        yield lambda query, *values: con.execute(query, list(values)).fetchall()

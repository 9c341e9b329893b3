"""The room's pieces of work, each with what it reads and makes. A piece whose sources did not change is skipped."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cdp_platform.clean import contract, events, orders, products, records, report, tickets
from cdp_platform.company import Company
from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse.build import Notes, room_code
from cdp_platform.shared.warehouse.table import Table
from cdp_platform.sources.meanings import ENTITIES


@dataclass(frozen=True)
class CleanStep:
    """One piece of work."""

    name: str
    tables: tuple[Table, ...]
    meanings: tuple[str, ...]
    """The meanings whose raw tables it reads."""
    reads: tuple[str, ...]
    """Tables of this room that it reads."""
    make: Callable[[Step], Mapping[str, Notes]]

    def inputs(self, company: Company) -> list[str]:
        """Names of all tables that it reads."""
        raw = {f"raw.{source.name}" for meaning in self.meanings for source in company.sources.with_meaning(meaning)}
        return [*sorted(raw), *self.reads]

    def code(self, company: Company) -> str:
        """What shapes its tables besides the inputs: the room's code, and what the columns mean."""
        settings = company.settings
        shaped_by = {
            "country": settings.country,
            "currency": settings.currency,
            "as_of": str(settings.as_of),
            "sources": [
                (source.name, source.key, source.means.model_dump(mode="json"))
                for source in company.sources.sources
                if any(getattr(source.means, meaning) for meaning in self.meanings)
            ],
        }
        return room_code("clean") + json.dumps(shaped_by, sort_keys=True)


ORDERS = CleanStep("orders", (contract.ORDERS, contract.ORDER_LINES), ("order", "order_line"), (), orders.make)
PRODUCTS = CleanStep("products", (contract.PRODUCTS,), ("product",), (), products.make)
EVENTS = CleanStep("events", (contract.EVENTS, contract.SESSIONS), ("event",), (), events.make)
TICKETS = CleanStep("tickets", (contract.TICKETS,), ("ticket",), (), tickets.make)
RECORDS = CleanStep(
    "records",
    (contract.RECORDS, contract.CONSENTS, contract.JUNK_VALUES, contract.FIELD_REPORT),
    ("person", "consent", "event"),
    ("clean.orders", "clean.events", "clean.tickets"),
    records.make,
)
REPORT = CleanStep(
    "report",
    (contract.REJECTED_VALUES, contract.REJECTED_ROWS, contract.ROW_REPORT),
    ENTITIES,
    (
        "clean.orders", "clean.order_lines", "clean.products", "clean.events", "clean.tickets", "clean.records",
        "clean.consents",
    ),
    report.make,
)  # fmt: skip

STEPS = (ORDERS, PRODUCTS, EVENTS, TICKETS, RECORDS, REPORT)
"""In an order in which each finds what it reads."""

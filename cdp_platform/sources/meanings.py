"""What a column of a source can mean: the vocabulary that makes a new shape need no SQL.

A value is the name of a raw column, a path into a nested one (`requester.email`), or a constant
(`{value: email_marketing}`). One source may hold several things: a support ticket also describes a person.
"""

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from cdp_platform.shared.config import Config, Name


class Constant(Config):
    """The same value for every row."""

    value: str | int | float | bool


Column = Annotated[str, Field(min_length=1)] | Constant
"""A raw column, a dotted path into a nested column, or a constant."""


class Reference(Config):
    """Which person a row belongs to: the record of `source` whose key stands in `column`.

    A row that points to a record which its source does not hold makes that record known by its key alone.
    """

    source: Name = Field(description="The source that holds the person record.")
    column: str = Field(description="The column of this source with that record's key.")


class Person(Config):
    """A description of one person, one row a record."""

    record_id: str = Field(description="The record's own key in the source system.")
    title: Column | None = None
    full_name: Column | None = Field(
        default=None, description="Split into title, first and last name where those are not given."
    )
    first_name: Column | None = None
    last_name: Column | None = None
    email: Column | None = None
    phone: Column | None = None
    birth_date: Column | None = None
    gender: Column | None = None
    address: Column | None = Field(default=None, description="Street and house number.")
    city: Column | None = None
    postcode: Column | None = None
    country: Column | None = None
    customer_number: Column | None = Field(default=None, description="A shop account or customer number.")
    loyalty_card: Column | None = None
    device_id: Column | None = None
    created_at: Column | None = None
    updated_at: Column | None = None
    attributes: dict[Name, Column] = Field(
        default={}, description="Anything else worth knowing about the person, by name."
    )


class Order(Config):
    """One order, with its total, one row an order. Leave out where order lines are given."""

    order_id: Column
    ordered_at: Column
    amount: Column
    quantity: Column | None = None
    currency: Column | None = None
    country: Column | None = None
    channel: Column | None = None
    customer: Reference | None = None


class OrderLine(Config):
    """One line of an order; orders are put together from their lines. A negative quantity is a return."""

    order_id: Column
    sku: Column
    quantity: Column
    unit_price: Column
    ordered_at: Column
    currency: Column | None = None
    country: Column | None = None
    channel: Column | None = Field(default=None, description="Such as `{value: store}`; `web` when left out.")
    store: Column | None = None
    customer: Reference | None = None


class Product(Config):
    """One product."""

    sku: Column
    name: Column | None = None
    category: Column | None = None
    price: Column | None = None


class Event(Config):
    """Web and app events. The defaults are the Segment specification, so `event: {}` is enough for that."""

    message_id: Column = "messageId"
    type: Column = "type"
    event: Column = "event"
    name: Column = "name"
    user_id: Column = "userId"
    anonymous_id: Column = "anonymousId"
    timestamp: Column = "timestamp"
    original_timestamp: Column = "originalTimestamp"
    sent_at: Column = "sentAt"
    received_at: Column = "receivedAt"
    properties: Column = "properties"
    traits: Column = "traits"
    context: Column = "context"
    user: Name | None = Field(
        default=None,
        description="The source whose record keys are the user ids of these events. Without it, each user id "
        "is a person record of this source.",
    )


class Ticket(Config):
    """One support ticket."""

    ticket_id: Column
    subject: Column | None = None
    status: Column | None = None
    score: Column | None = Field(default=None, description="Satisfaction, as a number.")
    created_at: Column
    customer: Reference | None = None


class Consent(Config):
    """A consent given or refused. Either `status` with `changed_at`, or `granted_at` with `withdrawn_at`."""

    purpose: Column
    email: Column | None = Field(default=None, description="The address that the consent is for.")
    phone: Column | None = None
    customer: Reference | None = None
    status: Column | None = None
    granted: list[str] = Field(default=["granted", "yes", "true", "1", "opt_in"], description="Words that mean yes.")
    changed_at: Column | None = None
    granted_at: Column | None = None
    withdrawn_at: Column | None = None
    channel: Column | None = Field(default=None, description="Where it was said, such as `web_banner`.")

    @model_validator(mode="after")
    def _one_of_two_forms(self) -> Self:
        if (self.status is None) == (self.granted_at is None):
            raise ValueError("give either status with changed_at, or granted_at with withdrawn_at")
        if self.status is not None and self.changed_at is None:
            raise ValueError("status needs changed_at: without a time nobody can tell which word is the last")
        if not (self.email or self.phone or self.customer):
            raise ValueError("give email, phone or customer: a consent of nobody protects nobody")
        return self


class Means(Config):
    """What the rows of a source are. Several may hold at once."""

    person: Person | None = None
    order: Order | None = None
    order_line: OrderLine | None = None
    product: Product | None = None
    event: Event | None = None
    ticket: Ticket | None = None
    consent: Consent | None = None

    @model_validator(mode="after")
    def _orders_once(self) -> Self:
        if self.order and self.order_line:
            raise ValueError("give order or order_line: both would count every order twice")
        return self


ENTITIES = tuple(Means.model_fields)


def columns_named(entity: Config) -> dict[str, str]:
    """Field (dotted) to raw column or path, constants left out, for checks against the file that arrived."""
    found: dict[str, str] = {}

    def walk(value: Any, name: str) -> None:
        if isinstance(value, Reference):
            found[name] = value.column
        elif isinstance(value, Constant) or value is None:
            return
        elif isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, f"{name}.{key}")
        elif isinstance(value, str):
            found[name] = value

    for field in type(entity).model_fields:
        if field not in ("user", "granted"):
            walk(getattr(entity, field), field)
    return found

"""The contract of a connector: what the engine gives it, and what it must answer.

A new kind is one file with one class, registered in `connectors/__init__.py`, that passes the suite in
tests/destinations/test_contract.py. The engine plans, retries, records and resumes; a connector only delivers.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple

Operation = Literal["create", "update", "remove"]


class Row(NamedTuple):
    """One row on its way."""

    key: str
    operation: str
    """create, update or remove; in the contents of a whole file also `keep`."""
    payload: str
    """The rendered fields as JSON. A removal carries what was sent before."""

    def fields(self) -> dict[str, Any]:
        """Field to value. Numbers with a point are Decimal: money keeps its pennies."""
        return json.loads(self.payload, parse_float=Decimal)


class Batch(NamedTuple):
    """Rows that travel together. Sent again, it holds the same rows under the same idempotency key."""

    sync: str
    run_id: int
    number: int
    operation: str
    """upsert, insert, remove, or replace (a whole file). Never mixed."""
    idempotency_key: str
    at: datetime
    """When the run was planned (UTC): the same whenever the batch is sent again."""
    rows: Sequence[Row] = ()


class Outcome(NamedTuple):
    """What became of one row."""

    outcome: Literal["ok", "rejected"]
    code: str | None = None
    message: str | None = None


OK = Outcome("ok")


class Connector(ABC):
    """One destination. Opened for one run, closed after it."""

    target: str
    """Names the place (never a secret): what is held at one place says nothing about another."""
    retries: int = 0
    """Further tries on TransientError."""

    @abstractmethod
    def prepare(self, columns: Mapping[str, str]) -> None:
        """Make ready for fields of these DuckDB types, before anything is sent.

        Raises ConfigurationError when the destination cannot take them, AuthenticationError, TransientError.
        """

    def in_place(self) -> bool:
        """Whether what was sent is still there, as far as that can be told at once. False makes the run send again."""
        return True

    def close(self) -> None:  # noqa: B027 most have nothing to give back
        """Give back connections."""


class BatchConnector(Connector):
    """Takes changes, batch by batch."""

    batch_size: int
    """Most rows in a batch."""

    @abstractmethod
    def send(self, batch: Batch) -> Sequence[Outcome]:
        """Deliver a batch; one outcome per row, in the order of the rows.

        A row is `ok` only when the destination said so. Must be safe to repeat: the engine sends a batch again after
        any doubt. Raises TransientError, AuthenticationError, ConfigurationError.
        """


class WholeConnector(Connector):
    """Takes everything at once, and swaps it in."""

    @abstractmethod
    def replace(self, batch: Batch, rows: Iterable[Row]) -> Mapping[str, Outcome]:
        """Put all rows (in order of their keys) in the place of what was there, in one step.

        Returns the rows that could not be written, by key; the others are. Raises as `BatchConnector.send` does.
        """

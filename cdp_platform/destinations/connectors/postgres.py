"""A PostgreSQL table, by staged merge: exactly once, because a ledger row travels in the same transaction.

A batch that comes again finds its row in `<schema>.cdp_sync_ledger` and answers what it answered before.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from cdp_platform.destinations.connectors.base import OK, Batch, BatchConnector, Outcome, Row
from cdp_platform.destinations.connectors.isolate import isolate
from cdp_platform.destinations.connectors.place import place_of
from cdp_platform.destinations.connectors.postgres_errors import meaning
from cdp_platform.destinations.connectors.postgres_schema import LEDGER, create_table, missing_columns
from cdp_platform.destinations.connectors.quote import without_values
from cdp_platform.destinations.errors import BatchRejected, ConfigurationError

STAGED = sql.Identifier("pg_temp", "cdp_staged")


class Postgres(BatchConnector):
    """Upserts, inserts and removes by key in a table of its own."""

    def __init__(
        self, url: str, table: str, key: str, *, create: bool = False, batch_size: int = 10_000, retries: int = 5
    ):
        self._url = url.replace("postgresql+psycopg://", "postgresql://", 1)
        schema, name = table.split(".")
        self.target = f"postgres {_place(self._url)} {table}"
        self.batch_size = batch_size
        self.retries = retries
        self._schema, self._name, self._key, self._create = schema, name, key, create
        self._table = sql.Identifier(schema, name)
        self._ledger = sql.Identifier(schema, LEDGER)
        self._columns: list[str] = []
        self._con: psycopg.Connection[Any] | None = None

    def prepare(self, columns: Mapping[str, str]) -> None:
        """Create what may be created; refuse when the table lacks a field's column."""
        self._columns = list(columns)
        try:
            con = self._connection()
            with con.transaction():
                create_table(con, self._schema, self._name if self._create else None, columns, self._key)
                missing = missing_columns(con, self._schema, self._name, columns)
        except psycopg.Error as error:
            raise self._failed(error) from None
        if missing:
            raise ConfigurationError(f"the table {self._schema}.{self._name} is missing, or lacks {', '.join(missing)}")

    def send(self, batch: Batch) -> list[Outcome]:
        """Apply a batch in one transaction; see BatchConnector."""
        try:
            con = self._connection()
            with con.transaction():
                known = self._applied_before(con, batch)
                if known is not None:
                    return known
                outcomes = isolate(len(batch.rows), lambda start, stop: self._apply(con, batch, batch.rows[start:stop]))
                self._write_ledger(con, batch, outcomes)
            return outcomes
        except psycopg.Error as error:
            raise self._failed(error) from None

    def close(self) -> None:
        """Close the connection."""
        if self._con is not None:
            self._con.close()
            self._con = None

    def _connection(self) -> "psycopg.Connection[Any]":
        if self._con is None or self._con.closed:
            self._con = psycopg.connect(self._url, autocommit=True, connect_timeout=15, application_name="cdp")
        return self._con

    def _failed(self, error: psycopg.Error) -> Exception:
        self.close()
        return meaning(error)

    def _applied_before(self, con: "psycopg.Connection[Any]", batch: Batch) -> list[Outcome] | None:
        """Claim the batch; its outcomes when it was applied before."""
        claim = sql.SQL(
            "insert into {} (idempotency_key, sync, run_id, batch_no) values (%s, %s, %s, %s) on conflict do nothing"
        ).format(self._ledger)
        claimed = con.execute(claim, [batch.idempotency_key, batch.sync, batch.run_id, batch.number])
        if claimed.rowcount == 1:
            return None
        query = sql.SQL("select rejected from {} where idempotency_key = %s").format(self._ledger)
        [[rejected]] = con.execute(query, [batch.idempotency_key]).fetchall()
        refused: dict[str, list[str]] = rejected
        return [
            Outcome("rejected", *refused[str(index)]) if str(index) in refused else OK
            for index in range(len(batch.rows))
        ]

    def _write_ledger(self, con: "psycopg.Connection[Any]", batch: Batch, outcomes: Sequence[Outcome]) -> None:
        """Keep what was rejected, and drop what no start can ask for any more."""
        rejected = {index: [o.code, o.message] for index, o in enumerate(outcomes) if o.outcome == "rejected"}
        keep = sql.SQL("update {} set rejected = %s::jsonb where idempotency_key = %s").format(self._ledger)
        con.execute(keep, [json.dumps(rejected), batch.idempotency_key])
        drop = sql.SQL("delete from {} where sync = %s and run_id < %s").format(self._ledger)
        con.execute(drop, [batch.sync, batch.run_id])

    def _apply(self, con: "psycopg.Connection[Any]", batch: Batch, rows: Sequence[Row]) -> list[Outcome]:
        columns = [self._key] if batch.operation == "remove" else self._columns
        try:
            with con.transaction():  # a savepoint: a refused part leaves no trace
                self._stage(con, columns, rows)
                for statement in self._merge(batch.operation, columns):
                    con.execute(statement)
                con.execute(sql.SQL("drop table {}").format(STAGED))
        except (psycopg.IntegrityError, psycopg.DataError) as error:
            row = rows[0] if len(rows) == 1 else None
            text = without_values(error.diag.message_primary or type(error).__name__, row)
            raise BatchRejected(error.sqlstate or "not_writable", text) from None
        return [OK] * len(rows)

    def _stage(self, con: "psycopg.Connection[Any]", columns: Sequence[str], rows: Sequence[Row]) -> None:
        names = sql.SQL(", ").join(map(sql.Identifier, columns))
        con.execute(
            sql.SQL("create temp table cdp_staged on commit drop as select {} from {} limit 0").format(
                names, self._table
            )
        )
        with con.cursor() as cursor, cursor.copy(sql.SQL("copy {} ({}) from stdin").format(STAGED, names)) as copy:
            for row in rows:
                values = row.fields()
                copy.write_row([_text(values.get(column)) for column in columns])

    def _merge(self, operation: str, columns: Sequence[str]) -> list[sql.Composed]:
        parts = {"table": self._table, "staged": STAGED, "key": sql.Identifier(self._key)}
        if operation == "remove":
            return [sql.SQL("delete from {table} t using {staged} s where t.{key} = s.{key}").format(**parts)]
        names = [sql.Identifier(column) for column in columns]
        comma = sql.SQL(", ")
        insert = sql.SQL(
            "insert into {table} ({names}) select {names} from {staged} s "
            "where not exists (select from {table} t where t.{key} = s.{key})"
        ).format(names=comma.join(names), **parts)
        others = [name for column, name in zip(columns, names, strict=True) if column != self._key]
        if operation == "insert" or not others:
            return [insert]
        update = sql.SQL(
            "update {table} t set {sets} from {staged} s where t.{key} = s.{key} and ({old}) is distinct from ({new})"
        ).format(
            sets=comma.join(sql.SQL("{0} = s.{0}").format(name) for name in others),
            old=comma.join(sql.SQL("t.{}").format(name) for name in others),
            new=comma.join(sql.SQL("s.{}").format(name) for name in others),
            **parts,
        )
        return [update, insert]


def _place(url: str) -> str:
    """The database that an address leads to, whoever logs in."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise ConfigurationError("the address is not one of PostgreSQL: postgresql://user@host/database") from None
    return place_of(f"//{parts.get('host')}:{parts.get('port')}/{parts.get('dbname')}")


def _text(value: Any) -> str | None:
    """A value as COPY takes it; the table's own types read it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool | list | dict):
        return json.dumps(value)
    return str(value)

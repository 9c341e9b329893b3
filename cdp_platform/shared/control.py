"""The control database: what people decided and what was told to whom. No run rebuilds it, so back it up."""

from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path

from sqlalchemy import Connection, Engine, MetaData, create_engine, event

from cdp_platform.shared.home import Home


def transaction(home: Home, tables: MetaData) -> AbstractContextManager[Connection]:
    """A transaction on the control database, in which the given tables exist."""
    engine = _engine(home.create().control)
    tables.create_all(engine, checkfirst=True)
    return engine.begin()


@cache
def _engine(file: Path) -> Engine:
    engine = create_engine(f"sqlite:///{file}")

    @event.listens_for(engine, "connect")
    def configure(connection: object, _: object) -> None:  # pyright: ignore[reportUnusedFunction]
        # a reader (the UI's sensor) must not make a writer (the command line) fail
        connection.execute("pragma journal_mode=wal")  # type: ignore[attr-defined]
        connection.execute("pragma busy_timeout=10000")  # type: ignore[attr-defined]

    return engine

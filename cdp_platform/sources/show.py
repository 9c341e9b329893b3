"""A source that is a table of the warehouse: nothing is loaded, two views show it."""

from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse import build as warehouse
from cdp_platform.shared.warehouse.build import Built, Notes
from cdp_platform.sources import drift, ledger, plan
from cdp_platform.sources.config import TableSource
from cdp_platform.sources.connectors import table
from cdp_platform.sources.connectors.base import Landed, Part
from cdp_platform.sources.keep import make_room
from cdp_platform.sources.ledger import NOTHING
from cdp_platform.sources.shapes import Look, Shape, family


def show(step: Step, source: TableSource) -> list[Built]:
    """Make raw.<name> and raw.<name>__rejected as views of the table.

    Raises UnreadableError when the table is not there, IncompatibleError when columns are gone that something needs.
    """
    con, name = step.con, source.name
    memory = ledger.recall(con, name)
    forget = memory.shaped_by != plan.shaped_by(source)
    known = NOTHING if forget else memory
    types = table.columns(con, source)
    landed = Landed(types, [Part(name, 0, tuple(types))])
    looks = {column: Look(kind, family(kind, {}), 0, 0, {}) for column, kind in types.items()}
    findings = [
        *drift.compare(step.company, source, known.columns, landed, looks, anew=False),
        *drift.unknown_columns(step.company, source, types),
    ]
    drift.refuse(source, findings)
    defined = table.definition(source, types)
    since = ledger.shown_since(con, name, defined) or step.now

    def make() -> dict[str, Notes]:
        if forget:
            ledger.forget(con, name)
        make_room(con, name, "BASE TABLE")
        table.view(con, source, types, since)
        [[read, loaded, rejected]] = con.execute(f"""
            select (select count(*) from {source.table}), (select count(*) from raw.{name}),
                   (select count(*) from raw.{name}__rejected)""").fetchall()
        ledger.remember_cursor(con, name, defined, read, loaded, rejected, since)
        ledger.remember_state(con, name, plan.shaped_by(source), plan.read_by(source))
        shapes = {c: Shape(p, kind, family(kind, {}), 0, 0) for p, (c, kind) in enumerate(types.items())}
        ledger.remember_columns(con, name, shapes)
        ledger.remember_drift(con, name, [finding[:3] for finding in findings], step.now)
        notes = {"rows_read": read, "rows_loaded": loaded, "rows_rejected": rejected, "rows_copied": 0}
        return {f"raw.{name}": notes}

    names = [f"raw.{name}", f"raw.{name}__rejected"]
    return warehouse.build(con, names, inputs=[], code=defined, make=make, now=step.now, full=True)

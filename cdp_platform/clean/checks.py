"""What must hold of the clean tables."""

from collections.abc import Iterator

from cdp_platform.clean import contract
from cdp_platform.clean.reading import ENTITIES
from cdp_platform.company import Company
from cdp_platform.shared.warehouse.check import Check, references, share_below, unique, volume
from cdp_platform.shared.warehouse.table import Table

REJECTED_WARNING = 0.02
REJECTED_LIMIT = 0.20
"""Two rows of a hundred refused is a source to look at; one in five is a source that changed its shape."""

REFUSED_VALUES_WARNING = 0.05
WITHOUT_CONTACT_WARNING = 0.50


def checks(company: Company, tables: tuple[Table, ...]) -> list[Check]:
    """The checks that belong to these tables, evaluated right after they were made."""
    names = {table.name for table in tables}
    keys = [unique(table.name, *table.key) for table in tables if table.key]
    volumes = [volume(table.name) for table in tables if table.name in COUNTED]
    return [*keys, *volumes, *(check for check in _all(company) if check.table in names)]


COUNTED = tuple(
    table.name
    for table in (
        contract.RECORDS, contract.ORDERS, contract.ORDER_LINES, contract.PRODUCTS, contract.EVENTS, contract.SESSIONS,
        contract.TICKETS, contract.CONSENTS,
    )
)  # fmt: skip


def _all(company: Company) -> Iterator[Check]:
    yield references("clean.order_lines", "order_key", "clean.orders", "order_key")
    yield references("clean.events", "session_id", "clean.sessions", "session_id")
    yield _not_in_the_future(company, "clean.orders", "ordered_at", "orders", "order_lines")
    yield _not_in_the_future(company, "clean.events", "occurred_at", "events")
    yield _not_in_the_future(company, "clean.tickets", "created_at", "tickets")
    yield _not_in_the_future(company, "clean.consents", "changed_at", "consents")
    for table in ("orders", "events", "sessions", "tickets", "consents"):
        yield _is_a_record(f"clean.{table}")
    yield from _quality()
    for entity in ENTITIES:
        yield from _rejected_share(entity)
    yield _rows_reconcile(company)
    yield _amounts_reconcile()


def _is_a_record(table: str) -> Check:
    """Belongs to clean.records, which is made last: before that nobody can tell."""
    return Check(
        "clean.records",
        f"records_of_{table.split('.')[1]}_are_known",
        f"every record_key of {table} stands in clean.records",
        references(table, "record_key", "clean.records", "record_key").violations,
        blocking=True,
    )


def _not_in_the_future(company: Company, table: str, column: str, *entities: str) -> Check:
    """Compared with the newest load, since a check has no clock, or with the fixed day of a closed data set."""
    loads = " union all ".join(f"select loaded_at from clean.{entity}__rows" for entity in entities)
    fixed = f"timestamp '{company.settings.as_of}' + interval 1 day" if company.settings.as_of else "null"
    return Check(
        table,
        f"{column}_is_past",
        f"no {column} lies more than a day after the newest load",
        f"""
            select count(*) from {table}
            where {column} > (select least(max(loaded_at), {fixed}) from ({loads})) + interval 1 day""",
        severity="WARN",
    )


def _quality() -> Iterator[Check]:
    for field in ("email", "phone", "birth_date"):
        yield share_below(
            "clean.field_report",
            f"{field}_is_understood",
            f"at most {REFUSED_VALUES_WARNING:.0%} of the values of {field} are refused",
            f"sum(rejected) filter (field = '{field}') / nullif(sum(filled) filter (field = '{field}'), 0)",
            REFUSED_VALUES_WARNING,
        )
    yield share_below(
        "clean.records",
        "people_can_be_reached",
        f"at most {WITHOUT_CONTACT_WARNING:.0%} of the sources' records have neither e-mail nor phone",
        "count(*) filter (origin = 'source' and email_key is null and phone_key is null) "
        "/ nullif(count(*) filter (origin = 'source'), 0)",
        WITHOUT_CONTACT_WARNING,
    )


def _rejected_share(entity: str) -> Iterator[Check]:
    rows = f"filter (entity = '{entity}')"
    share = f"sum(rejected) {rows} / nullif(sum(read) {rows}, 0)"
    for name, limit, blocking in (
        (f"few_{entity}_are_rejected", REJECTED_WARNING, False),
        (f"most_{entity}_are_used", REJECTED_LIMIT, True),
    ):
        about = f"at most {limit:.0%} of the raw rows of {entity} are rejected"
        yield share_below("clean.row_report", name, about, share, limit, blocking=blocking)


USED = """
    select source, 'records' as entity, count(*) as found from clean.records where origin = 'source' group by 1
    union all select source, 'order_lines', count(*) from clean.order_lines group by 1
    union all select source, 'orders', count(*) from clean.orders where lines = 0 group by 1
    union all select source, 'products', count(*) from clean.products group by 1
    union all select source, 'events', count(*) from clean.events group by 1
    union all select source, 'tickets', count(*) from clean.tickets group by 1"""
"""Rows per source in the tables that hold one row per used raw row. A raw consent may say two things, so consents are
not among them; orders put together from lines count as lines."""


def _rows_reconcile(company: Company) -> Check:
    read = [
        f"select '{source.name}' as source, '{_entity(meaning)}' as entity, count(*) as found from raw.{source.name}"
        for source in company.sources.sources
        for meaning in type(source.means).model_fields
        if getattr(source.means, meaning) is not None
    ]
    raw = " union all ".join(read) or "select null as source, null as entity, 0 as found where false"
    return Check(
        "clean.row_report", "rows_reconcile", "every raw row is used, repeated or rejected, and nothing else is there",
        blocking=True,
        violations=f"""
            with raw as ({raw}), used as ({USED}),
            rejected as (select source, entity, count(*) as found from clean.rejected_rows group by all),
            differences as (
                select 'sum' as what from clean.row_report where read <> used + repeated + rejected
                union all
                select 'read' from raw full join clean.row_report r using (source, entity)
                where raw.found is distinct from r.read
                union all
                select 'used' from used full join clean.row_report r using (source, entity)
                where coalesce(used.found, 0) <> coalesce(r.used, 0) and entity <> 'consents'
                union all
                select 'rejected' from rejected full join clean.row_report r using (source, entity)
                where coalesce(rejected.found, 0) <> coalesce(r.rejected, 0))
            select count(*), string_agg(distinct what, ', ' order by what) from differences""",
    )  # fmt: skip


def _amounts_reconcile() -> Check:
    return Check(
        "clean.row_report", "amounts_reconcile", "the amounts of raw rows are those of clean.orders, to the penny",
        blocking=True,
        violations="""
            with kept as (from clean.order_lines__rows union all by name from clean.orders__rows),
            orders as (select source, sum(amount) as amount from clean.orders group by 1),
            lines as (select source, sum(amount) as amount from clean.order_lines group by 1)
            select count(*) filter (k.amount <> k.amount_used + k.amount_left_out)
                 + count(*) filter (k.amount_used <> coalesce(o.amount, 0))
                 + count(*) filter (k.entity = 'order_lines' and k.amount_used <> coalesce(l.amount, 0))
            from kept k left join orders o using (source) left join lines l using (source)""",
    )  # fmt: skip


def _entity(meaning: str) -> str:
    """The clean entity that a meaning leads to."""
    return "records" if meaning == "person" else f"{meaning}s"

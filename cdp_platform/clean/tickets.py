"""Support tickets: one row a ticket."""

from collections.abc import Mapping

from cdp_platform.clean import contract, macros, reading, schema
from cdp_platform.clean.raw_table import raw_table
from cdp_platform.clean.reading import Refusal
from cdp_platform.clean.record_keys import record_key
from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse.build import Notes

PROBLEM = """
    case when ticket_id is null then 'no ticket id'
         when created_at is null then 'time is missing or not understood' end"""
REFUSALS = (
    Refusal("score", "score_raw", "case when said(score_raw) is not null and score is null then 'not a number' end"),
)


def make(step: Step) -> Mapping[str, Notes]:
    """Make clean.tickets. Of several rows with one ticket id the newest counts."""
    con = step.con
    macros.install(con)
    readings = [
        (raw, {
            "ticket_id": raw.identifier(meaning.ticket_id),
            "record_key": record_key(raw, source.means, meaning.customer),
            "subject": f"folded({raw.text(meaning.subject)})",
            "status": f"lower({raw.text(meaning.status)})",
            "score": raw.number(meaning.score),
            "score_raw": raw.as_read(meaning.score),
            "created_at": raw.moment(meaning.created_at),
        })
        for source in step.company.sources.with_meaning("ticket")
        if (meaning := source.means.ticket)
        for raw in [raw_table(con, source)]
    ]  # fmt: skip
    tables = [raw for raw, _ in readings]
    read = "tickets_read" if readings else None
    if readings:
        con.execute(f"""
            create or replace temp table tickets_read as
            select *, source || ':' || ticket_id as ticket_key,
                   case when problem is not null then 'rejected'
                        when row_number() over (
                            partition by source, ticket_id, problem is null
                            order by source_file desc nulls last, created_at desc, row_hash) = 1 then 'used'
                        else 'repeated' end as state
            from ({reading.rows_query(readings, PROBLEM)})""")
    reading.count_rows(con, "tickets", tables, read)
    reading.keep_rejected(con, "tickets", read, REFUSALS)
    schema.create(con, contract.TICKETS, "from tickets_read where state = 'used'" if readings else None)
    return {"clean.tickets": reading.absent_columns(tables)}

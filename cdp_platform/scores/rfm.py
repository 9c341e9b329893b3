"""Recency, frequency and monetary value, in fifths, with a name for each mix of recency and frequency."""

from cdp_platform.scores.bands import band
from cdp_platform.scores.order_history import order_history
from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse.build import Notes, fingerprint

LABELS = {
    # frequency band: 1 rarely, … , 5 often
    5: ("new", "promising", "loyal", "champions", "champions"),
    4: ("promising", "promising", "loyal", "loyal", "champions"),
    3: ("needs attention", "needs attention", "needs attention", "loyal", "loyal"),
    2: ("hibernating", "hibernating", "at risk", "at risk", "at risk"),
    1: ("lost", "lost", "hibernating", "at risk", "at risk"),
}
"""Recency band (5: just now, 1: long ago) to the label of each frequency band."""


def rfm(step: Step) -> dict[str, Notes]:
    """Create scores.rfm as of the step's day."""
    con = step.con
    order_history(con, "rfm_history", step.as_of)
    labels = ", ".join(
        f"({recency}, {frequency}, '{label}')"
        for recency, row in LABELS.items()
        for frequency, label in enumerate(row, start=1)
    )
    con.execute(f"""
        create or replace table scores.rfm as
        with returned as (
            select customer_id, sum(abs(amount::decimal(18, 4))) as value
            from customers.timeline
            where kind = 'return' and customer_id is not null and happened_at < timestamp '{step.as_of}'
            group by customer_id),
        measured as (
            select h.customer_id, h.age_days - h.last_days as recency_days, h.order_days as frequency,
                (h.ordered_value - coalesce(r.value, 0))::decimal(18, 4) as monetary
            from rfm_history h left join returned r using (customer_id)),
        banded as (
            select *, {band("-recency_days", 5)} as recency, {band("frequency", 5)} as frequency_band,
                {band("monetary", 5)} as monetary_band
            from measured),
        labels(recency, frequency_band, label) as (values {labels})
        select customer_id, recency_days, frequency, monetary, recency::tinyint as recency,
            frequency_band::tinyint as frequency_band, monetary_band::tinyint as monetary_band, label,
            date '{step.as_of}' as as_of, '{version()}' as model_version,
            format('last order {{}} {{}} ago (recency {{}} of 5), {{}} order {{}} (frequency {{}} of 5), '
                   '{{:.2f}} less returns (value {{}} of 5)',
                recency_days, if(recency_days = 1, 'day', 'days'), recency,
                frequency, if(frequency = 1, 'day', 'days'), frequency_band,
                monetary::double, monetary_band) as reasons
        from banded join labels using (recency, frequency_band)
        order by customer_id""")
    return {"scores.rfm": {"labels": _label_table(step)}}


def version() -> str:
    """Short hash of the label table: it is all that could change."""
    return fingerprint("rfm", str(LABELS))[:12]


def _label_table(step: Step) -> str:
    """Customers and value per label, as Markdown."""
    rows = step.con.execute("""
        select label, count(*), sum(monetary)::double from scores.rfm group by label order by 2 desc, 1""").fetchall()
    lines = [f"| {label} | {customers:,} | {value:,.0f} |" for label, customers, value in rows]
    return "\n".join(["| label | customers | value |", "|---|---:|---:|", *lines])

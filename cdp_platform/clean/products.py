"""Products: one row a product number."""

from collections.abc import Mapping

from cdp_platform.clean import contract, macros, reading, schema
from cdp_platform.clean.raw_table import raw_table
from cdp_platform.clean.reading import Refusal
from cdp_platform.shared.step import Step
from cdp_platform.shared.warehouse.build import Notes

PROBLEM = "case when sku is null then 'no product number' end"
REFUSALS = (
    Refusal("price", "price_raw", "case when said(price_raw) is not null and price is null then 'not a number' end"),
)


def make(step: Step) -> Mapping[str, Notes]:
    """Make clean.products. Where several sources describe a product, the one written first counts."""
    con = step.con
    macros.install(con)
    readings = [
        (raw, {
            "place": str(place),
            "sku": raw.identifier(meaning.sku),
            "name": f"folded({raw.text(meaning.name)})",
            "category": f"folded({raw.text(meaning.category)})",
            "price": raw.number(meaning.price),
            "price_raw": raw.as_read(meaning.price),
        })
        for place, source in enumerate(step.company.sources.with_meaning("product"))
        if (meaning := source.means.product)
        for raw in [raw_table(con, source)]
    ]  # fmt: skip
    tables = [raw for raw, _ in readings]
    read = "products_read" if readings else None
    if readings:
        con.execute(f"""
            create or replace temp table products_read as
            select *, case when problem is not null then 'rejected'
                           when row_number() over (
                               partition by sku, problem is null
                               order by place, source_file desc nulls last, name, row_hash) = 1 then 'used'
                           else 'repeated' end as state
            from ({reading.rows_query(readings, PROBLEM)})""")
    reading.count_rows(con, "products", tables, read)
    reading.keep_rejected(con, "products", read, REFUSALS)
    schema.create(con, contract.PRODUCTS, "from products_read where state = 'used'" if readings else None)
    return {"clean.products": reading.absent_columns(tables)}

"""Generate the demo company's exports. The same seed gives the same files, byte for byte.

usage: python data/demo/generate.py [--out DIR] [--seed 7] [--customers 8000]
"""

import argparse
import time
from collections import defaultdict
from pathlib import Path

import polars as pl

import breakage
import files
from accounts import hand_out
from catalogue import products
from messages import messages
from orders import Sales, sell
from people import invent
from records import app_profiles, crm, loyalty, newsletter, shop_accounts
from tickets import consents, support
from visits import visits

SHOP_COLUMNS = (
    "customer_id integer primary key, first_name text, last_name text, email text, phone text, birth_date text, "
    "address text, city text, postcode text, country text, created_at text, updated_at text"
)
PRODUCT_COLUMNS = "sku text primary key, name text, category text, price real"


def generate(out: Path, seed: int = 7, customers: int = 8000) -> dict[str, int]:
    """Write every file under `out`; the truth comes last. Returns rows per source."""
    people = invent(customers, seed)
    accounts = hand_out(people, seed)
    range_ = products()
    systems = {
        "crm": crm(people, accounts, seed),
        "shop": shop_accounts(people, accounts, seed),
        "loyalty": loyalty(people, accounts, seed),
        "newsletter": newsletter(people, accounts, seed),
        "app": app_profiles(people, accounts, seed),
        "support": support(people, seed),
    }
    counts = {name: len(system.rows) for name, system in systems.items()}

    files.text(out / "crm/contacts.csv", breakage.contacts(systems["crm"], seed))
    files.text(out / "loyalty/members.csv", _joined(files.csv_lines(systems["loyalty"].rows)))
    files.text(out / "newsletter/subscribers.csv", breakage.subscribers(systems["newsletter"], seed))
    files.text(out / "app/profiles.ndjson", _joined(files.json_lines(systems["app"].rows)))
    files.text(out / "support/tickets.ndjson", breakage.tickets(systems["support"]))
    goods = [product._asdict() for product in range_]
    files.sqlite(
        out / "shop/shop.sqlite",
        {"customers": (SHOP_COLUMNS, systems["shop"].rows), "products": (PRODUCT_COLUMNS, goods)},
    )
    said = consents(people, accounts, seed)
    files.text(out / "consent/consents.csv", _joined(files.csv_lines(said)))
    sales = breakage.unknown_customers(sell(people, accounts, range_, seed))
    counts |= {"consent": len(said), "orders": sales.orders.height, "order lines": sales.lines.height}
    _write_sales(out, sales)

    days: dict[str, list[tuple[object, str]]] = defaultdict(list)
    for received, line in messages(visits(people, accounts, range_, sales, seed), seed):
        days[f"{received:%Y-%m-%d}"].append((received, line))
    for index, (day, found) in enumerate(sorted(days.items())):
        found.sort()
        lines = breakage.events([line for _, line in found], index)
        files.text(out / f"web/{day}.ndjson.gz", _joined(lines))
    counts["web events"] = sum(map(len, days.values()))

    truth = [row._asdict() for system in systems.values() for row in sorted(system.truth)]
    files.text(out / "truth/records.csv", _joined(files.csv_lines(truth)))
    return counts


def _write_sales(out: Path, sales: Sales) -> None:
    """Order lines of the shop and receipts of the tills, one file a month each."""
    both = sales.lines.join(sales.orders, on="order", maintain_order="left").sort("at", "order_id", maintain_order=True)
    web = both.filter("web").select(
        "order_id", "sku", "quantity", "unit_price", currency=pl.lit("GBP"), ordered_at="at",
        customer_id="customer_id",
    )  # fmt: skip
    for (month,), lines in web.group_by(pl.col("ordered_at").dt.strftime("%Y-%m"), maintain_order=True):
        files.parquet(out / f"shop/order_lines/{month}.parquet", lines)
    tills = both.filter(~pl.col("web"))
    for (month,), lines in tills.group_by(pl.col("at").dt.strftime("%Y-%m"), maintain_order=True):
        rows = lines.select(
            receipt_id="order_id", card_number=pl.col("card").fill_null(""), sku="sku", quantity="quantity",
            unit_price="unit_price", sold_at=pl.col("at").dt.strftime("%Y-%m-%d %H:%M"), store="store",
        ).to_dicts()  # fmt: skip
        files.text(out / f"tills/{month}.csv.gz", _joined(files.csv_lines(breakage.receipts(rows, month), ";")))


def _joined(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--customers", type=int, default=8000)
    said = parser.parse_args()
    start = time.perf_counter()
    counts = generate(said.out, said.seed, said.customers)
    print(", ".join(f"{count:,} {name}" for name, count in counts.items()))
    print(f"{said.customers:,} people's exports in {said.out}, {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()

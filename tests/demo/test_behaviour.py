"""What people do in the demo: enough of everything that a marketer would look for."""

from datetime import datetime, timedelta
from pathlib import Path
from statistics import mean, variance

import polars as pl
import pytest

from tests.demo import readers
from tests.demo.readers import Row

AS_OF = datetime(2026, 6, 30)


@pytest.fixture(scope="module")
def lines(demo: Path) -> pl.DataFrame:
    """Readable order lines of both channels: channel, order, buyer, at, sku, amount."""
    web = pl.read_parquet(demo / "shop/order_lines/*.parquet").select(
        channel=pl.lit("web"), order="order_id", buyer=pl.col("customer_id").cast(pl.String),
        at=pl.col("ordered_at").cast(pl.Datetime("us")), sku="sku", amount=pl.col("quantity") * pl.col("unit_price"),
    )  # fmt: skip
    tills = pl.concat(
        pl.read_csv(file, separator=";", infer_schema=False) for file in sorted(demo.glob("tills/*.csv.gz"))
    )
    store = tills.select(
        channel=pl.lit("store"), order="receipt_id", buyer="card_number",
        at=pl.col("sold_at").str.to_datetime("%Y-%m-%d %H:%M", time_unit="us"), sku="sku",
        amount=pl.col("quantity").cast(pl.Float64, strict=False) * pl.col("unit_price").cast(pl.Float64, strict=False),
    )  # fmt: skip
    return pl.concat([web, store])


@pytest.fixture(scope="module")
def buyers(lines: pl.DataFrame) -> pl.DataFrame:
    """One row per account or card: days with an order, value, first and last order."""
    return (
        lines.filter(pl.col("buyer").is_not_null())
        .group_by("buyer")
        .agg(
            days=pl.col("at").dt.date().n_unique(),
            value=pl.col("amount").sum(),
            first=pl.col("at").min(),
            last=pl.col("at").max(),
        )
    )


def days_ago(days: int) -> datetime:
    return AS_OF - timedelta(days=days)


def test_two_years_of_orders_in_a_file_a_month(demo: Path, lines: pl.DataFrame):
    assert 30_000 <= lines["order"].n_unique() <= 40_000
    assert 90_000 <= lines.height <= 110_000
    assert lines["at"].is_between(datetime(2024, 7, 1), AS_OF, closed="left").all()
    assert len(list(demo.glob("tills/*.csv.gz"))) == len(list(demo.glob("shop/order_lines/*.parquet"))) == 24


def test_returns_are_partial_and_rare(lines: pl.DataFrame):
    returned = lines.filter(pl.col("amount") < 0)

    assert 0.01 < returned["order"].n_unique() / lines["order"].n_unique() < 0.05
    assert returned["order"].str.starts_with("R").all()


def test_may_and_december_are_busier_than_september(lines: pl.DataFrame):
    by_month = dict(
        lines.filter(pl.col("at").is_between(datetime(2025, 1, 1), datetime(2025, 12, 31)))
        .group_by(pl.col("at").dt.month())
        .agg(pl.col("order").n_unique())
        .iter_rows()
    )

    assert by_month[5] > 1.4 * by_month[9]
    assert by_month[12] > 1.4 * by_month[9]


def test_few_buy_often_and_many_once(buyers: pl.DataFrame):
    days = buyers["days"].to_list()

    assert 0.2 < days.count(1) / len(days) < 0.5
    assert variance(days) / mean(days) > 4  # 1 if everybody bought at the same rate


def test_everybody_a_segment_could_want_is_there(buyers: pl.DataFrame):
    def how_many(condition: pl.Expr) -> int:
        return buyers.filter(condition).height

    assert how_many((pl.col("last") < days_ago(180)) & (pl.col("value") > 800)) >= 100  # lapsed, high value
    assert how_many(pl.col("first") >= days_ago(30)) >= 100  # new
    assert how_many((pl.col("days") == 1) & pl.col("last").is_between(days_ago(120), days_ago(30))) >= 100
    assert how_many(pl.col("last") >= days_ago(30)) >= 500  # recent
    assert how_many(pl.col("value") > 3000) >= 50  # VIP


def test_people_have_favourite_categories(demo: Path, lines: pl.DataFrame):
    category = {row["sku"]: row["category"] for row in readers.table(demo / "shop/shop.sqlite", "products")}
    often = (
        lines.filter(pl.col("buyer").is_not_null())
        .with_columns(category=pl.col("sku").replace_strict(category))
        .with_columns(count=pl.len().over("buyer"), same=pl.len().over("buyer", "category"))
        .filter(pl.col("count") >= 20)
        .group_by("buyer")
        .agg(share=(pl.col("same") / pl.col("count")).max())
    )

    assert mean(often["share"].to_list()) > 0.4  # 0.2 if everybody bought everything


def test_baskets_are_left_behind_and_browsers_never_buy(messages: list[Row], lines: pl.DataFrame):
    known = [row for row in messages if "userId" in row]
    added = {row["userId"] for row in known if row.get("event") == "Product Added"}
    ordered = {row["userId"] for row in known if row.get("event") == "Order Completed"}
    buyers = set(lines.filter(pl.col("channel") == "web")["buyer"].drop_nulls())

    assert len(added - ordered) >= 100
    assert len({row["userId"] for row in known} - buyers) >= 50


def test_an_order_of_the_last_days_has_its_events(messages: list[Row], lines: pl.DataFrame):
    recent = lines.filter((pl.col("channel") == "web") & (pl.col("at") >= days_ago(60)) & (pl.col("amount") > 0))
    value = dict(recent.group_by("order").agg(pl.col("amount").sum()).iter_rows())
    completed = {
        row["properties"]["order_id"]: row["properties"]["total"]
        for row in messages
        if row.get("event") == "Order Completed"
    }

    assert set(completed) <= set(value)
    assert len(value) - len(completed) <= 20  # visits that were under way when the last day ended
    assert all(abs(value[order] - total) < 0.01 for order, total in completed.items())

"""Files as they come from real systems: broken lines, words for consent, unknown accounts."""

import gzip
from collections import Counter, defaultdict
from datetime import datetime
from pathlib import Path

import polars as pl

from tests.demo import readers
from tests.demo.readers import Row


def test_crm_has_a_repeated_row_one_without_key_one_too_long_and_one_with_an_open_quote(demo: Path):
    header, *lines = readers.csv_lines(demo / "crm/contacts.csv")

    assert Counter(map(tuple, lines)).most_common(1)[0][1] == 2
    assert sum(not line[0] for line in lines) == 1
    assert sum(len(line) > len(header) for line in lines) == 1
    assert sum(line.count('"') % 2 for line in (demo / "crm/contacts.csv").read_text().splitlines()) == 1


def test_more_newsletter_lines_are_broken_than_the_check_tolerates(demo: Path):
    header, *lines = readers.csv_lines(demo / "newsletter/subscribers.csv")

    assert 0.015 < sum(len(line) != len(header) for line in lines) / len(lines) < 0.03


def test_the_support_export_was_cut_off_once(demo: Path):
    lines = (demo / "support/tickets.ndjson").read_text().splitlines()

    assert len(lines) - len(readers.json_rows(demo / "support/tickets.ndjson")) == 1


def test_consent_is_said_by_most_and_taken_back_by_some(demo: Path):
    log = readers.csv_rows(demo / "consent/consents.csv")
    subscribers = readers.csv_rows(demo / "newsletter/subscribers.csv")
    people = {row["person_id"] for row in readers.csv_rows(demo / "truth/records.csv")}
    purposes = Counter(row["purpose"] for row in log)
    words = defaultdict[tuple[str, str], list[str]](list)
    for row in log:
        words[row["email"].lower(), row["purpose"]].append(row["status"])
    heard = {e for e, p in words if p == "email_marketing"} | {row["email"].strip().lower() for row in subscribers}

    assert set(purposes) == {"email_marketing", "ads_personalisation", "analytics"}
    assert 0.5 < len(heard) / len(people) < 0.7
    assert sum(said[0] in ("granted", "yes", "opt_in") and said[-1] == "denied" for said in words.values()) >= 300
    assert sum(bool(row["unsubscribed_at"]) for row in subscribers) >= 200
    assert {row["status"] for row in log} == {"granted", "denied", "yes", "no", "opt_in", "opt_out"}


def test_sixty_days_of_events_in_the_segment_specification(demo: Path, messages: list[Row]):
    kinds = Counter(row.get("event", row["type"]) for row in messages)

    assert len(list(demo.glob("web/*.ndjson.gz"))) == 60
    assert 60_000 <= len(messages) <= 80_000
    assert set(kinds) == {
        "page", "screen", "identify", "Product Viewed", "Product Added", "Checkout Started", "Order Completed",
    }  # fmt: skip


def test_events_are_redelivered_cut_off_and_sent_by_wrong_clocks(demo: Path, messages: list[Row]):
    lines = sum(gzip.decompress(file.read_bytes()).count(b"\n") for file in demo.glob("web/*.ndjson.gz"))
    repeated = len(messages) - len({row["messageId"] for row in messages})
    skew = [
        abs((datetime.fromisoformat(row["receivedAt"]) - datetime.fromisoformat(row["sentAt"])).total_seconds())
        for row in messages
    ]

    assert lines - len(messages) == 12
    assert 200 <= repeated <= 1_000
    assert sum(120 < seconds <= 2 * 86_400 for seconds in skew) >= 500
    assert sum(row["timestamp"].startswith("1970") for row in messages) >= 10


def test_devices_are_shared_and_most_never_say_whose_they_are(messages: list[Row]):
    users = defaultdict[str, set[str]](set)
    for row in messages:
        users[row["anonymousId"]] |= {row["userId"]} if "userId" in row else set()

    assert sum(len(people) > 1 for people in users.values()) >= 10
    assert sum(not people for people in users.values()) >= 3_000


def test_orders_of_nobody_known_and_lines_that_cannot_be_read(demo: Path):
    known = {row["customer_id"] for row in readers.table(demo / "shop/shop.sqlite", "customers")}
    cards = {row["card_number"] for row in readers.csv_rows(demo / "loyalty/members.csv")}
    ordering = pl.read_parquet(demo / "shop/order_lines/*.parquet")["customer_id"].unique().drop_nulls()
    receipts = pl.concat(
        pl.read_csv(file, separator=";", infer_schema=False) for file in sorted(demo.glob("tills/*.csv.gz"))
    )
    unreadable = receipts.filter(
        pl.col("quantity").cast(pl.Int64, strict=False).is_null()
        | pl.col("unit_price").cast(pl.Float64, strict=False).is_null()
    )

    assert set(ordering) - known == {9_999_999}
    assert set(receipts["card_number"].drop_nulls()) - cards == {"L99999999"}
    assert unreadable.height == 3


def test_every_sku_is_a_product_and_every_basket_event_names_one(demo: Path, messages: list[Row]):
    products = {row["sku"] for row in readers.table(demo / "shop/shop.sqlite", "products")}
    sold = set(pl.read_parquet(demo / "shop/order_lines/*.parquet")["sku"])
    added = {row["properties"]["sku"] for row in messages if row.get("event") == "Product Added"}

    assert len(products) == 300
    assert sold <= products
    assert added <= products

"""The demo company from its exports to its syncs: everything arrives, totals agree, nothing is done twice."""

import csv
import gzip
import hashlib
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from cdp_platform.clean import contract as clean
from cdp_platform.company import DEMO, load_company
from cdp_platform.identity import contract as identity
from cdp_platform.quality.publish import served
from cdp_platform.scores import contract as scores
from cdp_platform.segments import contract as segments
from tests.end_to_end.command import Demo, built, one, rows, run_demo, versions

CUSTOMERS = ("customers", "identifiers", "timeline", "consents", "attribute_values")


def alerts(demo: Demo) -> list[dict[str, str]]:
    return [json.loads(line) for line in demo.home.alerts.read_text().splitlines()]


def lines_in(*files: Path) -> int:
    return sum(len((gzip.open(f) if f.suffix == ".gz" else f.open("rb")).read().splitlines()) for f in files)


def csv_rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_run_ends_well_and_says_what_it_made(demo: Demo):
    assert demo.exit_code == 0, demo.said

    for words in ("Fern & Fireside: done", "clean.records", "customers", "lapsed_high_value", "winback_file",
                  "0 failed" if not alerts(demo) else "2 failed", served(demo.home) or "", "cdp query"):  # fmt: skip
        assert words in demo.said


def test_every_table_of_every_contract_is_published(demo: Demo):
    promised = {table.name for room in (clean, identity, scores, segments) for table in room.TABLES}
    promised |= {f"customers.{name}" for name in CUSTOMERS}
    sources = [source.name for source in load_company(DEMO).sources.sources]
    promised |= {f"raw.{name}{end}" for name in sources for end in ("", "__rejected")}

    published = {name for [name] in rows(demo.home, "select schema || '.' || name from (show all tables)")}

    assert promised <= published
    for table in (*clean.TABLES, *identity.TABLES, *scores.TABLES, *segments.TABLES):
        columns = {column for column, *_ in rows(demo.home, f"describe {table.name}")}
        assert columns == set(table.columns), table.name


def test_every_line_of_the_files_is_in_a_raw_table_or_rejected(demo: Demo):
    web, tills = sorted((demo.files / "web").glob("*.gz")), sorted((demo.files / "tills").glob("*.gz"))
    records = {
        "web": lines_in(*web),
        "tills": lines_in(*tills) - len(tills),
        "support": lines_in(demo.files / "support/tickets.ndjson"),
        "newsletter": lines_in(demo.files / "newsletter/subscribers.csv") - 1,
        "loyalty": lines_in(demo.files / "loyalty/members.csv") - 1,
        "consent": lines_in(demo.files / "consent/consents.csv") - 1,
    }

    found = {
        name: one(demo.home, f"select (select count(*) from raw.{name}) + (select count(*) from raw.{name}__rejected)")
        for name in records
    }

    assert found == records


def test_every_raw_row_is_used_repeated_or_rejected(demo: Demo):
    report = rows(demo.home, "select source, entity, read, used, repeated, rejected from clean.row_report")
    rejected = dict(rows(demo.home, "select source || ' ' || entity, count(*) from clean.rejected_rows group by all"))

    assert len(report) == 13
    for source, entity, read, used, repeated, refused in report:
        assert read == one(demo.home, f"select count(*) from raw.{source}"), (source, entity)
        assert read == used + repeated + refused, (source, entity)
        assert refused == rejected.get(f"{source} {entity}", 0), (source, entity)


def test_order_value_is_the_same_in_the_files_in_clean_and_on_the_timeline(demo: Demo):
    web = f"read_parquet('{demo.files}/shop/order_lines/*.parquet')"
    tills = f"read_csv('{demo.files}/tills/*.csv.gz', delim=';', all_varchar=true)"
    amount = "sum(try_cast(quantity as decimal(18,4)) * try_cast(unit_price as decimal(18,4)))::decimal(18,4)"

    in_files = {
        "shop_order_lines": duckdb.sql(f"select {amount} from {web}").fetchall()[0][0],
        "tills": duckdb.sql(f"select {amount} from {tills}").fetchall()[0][0],
    }
    per_source = "select source, sum(amount) from {} where source in ('shop_order_lines', 'tills') {} group by all"

    assert in_files["tills"] > 100_000
    assert dict(rows(demo.home, per_source.format("clean.order_lines", ""))) == in_files
    assert dict(rows(demo.home, per_source.format("clean.orders", ""))) == in_files
    happened = per_source.format("customers.timeline", "and kind in ('order', 'return')")
    assert dict(rows(demo.home, happened)) == in_files
    known = one(demo.home, "select sum(amount) from customers.timeline where kind in ('order', 'return') "
                           "and customer_id is not null")  # fmt: skip
    assert one(demo.home, "select sum(net_value) from customers.customers") == known


def test_every_record_has_one_customer_and_every_member_of_a_segment_is_one(demo: Demo):
    assert one(demo.home, "select count(*) from clean.records") == one(
        demo.home, "select count(distinct record_key) from identity.customer_ids"
    )
    assert one(demo.home, "select count(distinct customer_id) from identity.customer_ids") == one(
        demo.home, "select count(*) from customers.customers"
    )
    strangers = "select count(*) from {} anti join customers.customers using (customer_id)"
    for table in ("segments.memberships", "scores.rfm", "scores.purchase", "scores.value"):
        assert one(demo.home, strangers.format(table)) == 0, table
    sizes = "select segment, members from segments.sizes where members > 0"
    assert dict(rows(demo.home, sizes)) == dict(
        rows(demo.home, "select segment, count(*) from segments.memberships group by all")
    )


def test_a_sync_holds_back_who_has_not_consented(demo: Demo):
    steps = dict(
        rows(demo.home, "select step, customers from destinations.waterfall where sync = 'winback_file' and run_id = 1")
    )

    assert steps["no_consent"] > 0
    assert steps["create"] > 0
    assert steps["members"] == sum(n for step, n in steps.items() if step not in ("members", "remove"))
    assert steps["members"] == one(
        demo.home, "select count(*) from segments.memberships where segment = 'lapsed_high_value'"
    )
    assert steps["no_consent"] == one(
        demo.home,
        """select count(*) from segments.memberships m anti join
               (from customers.consents where purpose = 'email_marketing' and status = 'granted') using (customer_id)
           where segment = 'lapsed_high_value'""",
    )


def test_the_files_of_the_syncs_hold_nobody_without_consent(demo: Demo):
    granted = "select customer_id, email from customers.consents join customers.customers using (customer_id) " \
              "where purpose = '{}' and status = 'granted'"  # fmt: skip
    may_be_written_to = dict(rows(demo.home, granted.format("email_marketing")))
    may_be_matched = {
        hashlib.sha256(email.encode()).hexdigest()
        for _, email in rows(demo.home, granted.format("ads_personalisation"))
        if email
    }

    letters = csv_rows(demo.home.folder / "out/winback.csv")
    excluded = csv_rows(demo.home.folder / "out/ads_exclusion.csv")

    assert letters
    assert all(may_be_written_to.get(row["customer_id"]) == row["email"] for row in letters)
    assert excluded
    assert {row["email_sha256"] for row in excluded} <= may_be_matched


def test_the_warnings_of_the_demo_are_told(demo: Demo):
    told = {alert["finding"]: alert for alert in alerts(demo)}

    assert set(told) == {
        "check raw/newsletter: rejected_share", "check destinations/basket_webhook: is_configured",
    }  # fmt: skip
    share = Decimal(told["check raw/newsletter: rejected_share"]["detail"].split(" %")[0])
    rejected, read = rows(
        demo.home, "select count(*) from raw.newsletter__rejected union all select count(*) from raw.newsletter"
    )
    assert share == round(Decimal(100 * rejected[0]) / (rejected[0] + read[0]), 2)
    assert all(alert["severity"] == "WARN" for alert in told.values())


@pytest.fixture(scope="module")
def again(copy_of_demo: Callable[[], Demo]) -> Demo:
    """The same files run a second time, in a copy of the first run's home."""
    demo = copy_of_demo()
    return run_demo(demo.files, demo.home)


def test_a_second_run_builds_publishes_and_tells_nothing_anew(demo: Demo, again: Demo):
    steps = [line.strip() for line in again.said.splitlines() if line.startswith("  ") and ": " in line]
    steps = [line for line in steps if line.split(": ")[1] == "unchanged" or line.endswith(" s")]

    assert again.exit_code == 0, again.said
    assert len(steps) > 25
    assert [step for step in steps if not step.endswith(": unchanged")] == ["destinations/basket_webhook: 0.0 s"]
    assert served(again.home) == served(demo.home)
    assert again.home.published.read_bytes() == demo.home.published.read_bytes()
    assert alerts(again) == alerts(demo)
    assert one(again.home, "select max(run_id) from destinations.runs") == 1


def test_a_full_run_after_it_makes_the_same_tables(demo: Demo, again: Demo):
    full = run_demo(again.files, again.home, "--full")

    assert full.exit_code == 0, full.said
    unchanged = [line.strip() for line in full.said.splitlines() if line.endswith(": unchanged")]
    read_or_read_from = ("raw.", "published/", "destinations/")  # read anew, and came out the same
    assert all(line.startswith(read_or_read_from) for line in unchanged), unchanged
    before, after = versions(demo.home), versions(full.home)
    assert {table for table in before if before[table] != after.get(table)} == set()
    assert after.keys() == before.keys()
    assert served(full.home) == served(demo.home)
    for name in ("winback.csv", "ads_exclusion.csv"):
        assert (full.home.folder / "out" / name).read_bytes() == (demo.home.folder / "out" / name).read_bytes()
    assert alerts(full) == alerts(demo)


def test_rows_remember_the_run_that_brought_them_also_after_a_full_one(demo: Demo, again: Demo):
    times = "select min(_loaded_at), max(_loaded_at) from raw.crm"

    assert built(again.home, times) == built(demo.home, times)

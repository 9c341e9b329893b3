"""Ids that last: who keeps them, and where retired ones lead."""

from datetime import date

from cdp_platform.identity.customer_ids import make_customer_ids
from tests.identity.conftest import Room

MONDAY, TUESDAY, WEDNESDAY = date(2026, 6, 1), date(2026, 6, 2), date(2026, 6, 3)


def cluster(room: Room, day: date, *groups: str) -> dict[str, str]:
    """Run the last step over given clusters, such as "ab" for records a and b. Returns customer id by record."""
    keys = [f"s:{key}" for group in groups for key in group]
    room.records([{"key": key} for key in keys])
    room.con.execute("""
        create or replace table identity.records as
        select record_key, record_key as representative, null::varchar as rule from clean.records""")
    room.con.execute("""
        create or replace table identity.edges(left_key varchar, right_key varchar, match_weight double,
            probability double, method varchar, evidence varchar, used boolean)""")
    room.con.execute("create or replace table identity.models(prior double, trained_on bigint)")
    room.con.execute("create or replace table identity.clusters(record_key varchar, cluster varchar)")
    rows = [(f"s:{key}", f"s:{min(group)}") for group in groups for key in group]
    room.con.executemany("insert into identity.clusters values (?, ?)", rows)
    make_customer_ids(room.step(day))
    return {key[2:]: customer for key, customer in room.ids().items()}


def leads(room: Room) -> dict[str, tuple[str | None, str]]:
    found = room.con.execute("select issued_id, customer_id, state from identity.crosswalk").fetchall()
    return {issued: (customer, state) for issued, customer, state in found}


def test_the_same_clusters_change_nothing(room: Room) -> None:
    before = cluster(room, MONDAY, "ab", "c")
    crosswalk = room.con.execute("from identity.crosswalk order by 1").fetchall()
    assert cluster(room, TUESDAY, "ab", "c") == before
    assert room.con.execute("from identity.crosswalk order by 1").fetchall() == crosswalk


def test_an_id_is_made_from_the_smallest_record(room: Room) -> None:
    ids = cluster(room, MONDAY, "ba")
    assert ids["a"] == ids["b"] == "c" + room.con.execute("select left(md5('s:a'), 12)").fetchall()[0][0]


def test_a_merged_customer_keeps_the_id_of_most_records(room: Room) -> None:
    before = cluster(room, MONDAY, "a", "bcd")
    after = cluster(room, TUESDAY, "abcd")
    assert set(after.values()) == {before["b"]}
    assert leads(room)[before["a"]] == (before["b"], "merged")
    [row] = room.con.execute(
        "select issued_at, changed_at from identity.crosswalk where state = 'merged'"
    ).fetchall()  # fmt: skip
    assert row == (MONDAY, TUESDAY)


def test_the_older_id_wins_a_tie(room: Room) -> None:
    old = cluster(room, MONDAY, "x")
    both = cluster(room, TUESDAY, "a", "x")
    assert set(cluster(room, WEDNESDAY, "ax").values()) == {old["x"]}
    assert leads(room)[both["a"]] == (old["x"], "merged")


def test_a_split_customer_keeps_its_id_with_most_records(room: Room) -> None:
    before = cluster(room, MONDAY, "abcd")
    after = cluster(room, TUESDAY, "a", "bcd")
    assert after["b"] == before["a"]
    assert after["a"] != before["a"]
    assert leads(room) == {after["b"]: (after["b"], "current"), after["a"]: (after["a"], "current")}


def test_an_id_whose_records_went_several_ways_leads_to_the_largest_part(room: Room) -> None:
    before = cluster(room, MONDAY, "abc", "mnop", "wxyz")
    cluster(room, TUESDAY, "abmnop", "cwxyz")
    assert leads(room)[before["a"]] == (before["m"], "split")


def test_a_favourite_that_went_elsewhere_leaves_the_second_best(room: Room) -> None:
    before = cluster(room, MONDAY, "abcdefg", "xy")
    after = cluster(room, TUESDAY, "abcxy", "defg")
    assert after["d"] == before["a"]
    assert after["x"] == before["x"]


def test_a_merge_undone_gives_a_new_id_and_never_a_retired_one(room: Room) -> None:
    before = cluster(room, MONDAY, "a", "bcd")
    cluster(room, TUESDAY, "abcd")
    after = cluster(room, WEDNESDAY, "a", "bcd")
    assert after["b"] == before["b"]
    assert after["a"] not in before.values()
    assert after["a"].startswith(before["a"])  # the same record, with a longer hash
    assert leads(room)[before["a"]] == (before["b"], "merged")


def test_chains_are_followed_to_the_end(room: Room) -> None:
    one = cluster(room, MONDAY, "a", "bc", "defg")
    cluster(room, TUESDAY, "abc", "defg")
    cluster(room, WEDNESDAY, "abcdefg")
    assert leads(room) == {
        one["a"]: (one["d"], "merged"),
        one["b"]: (one["d"], "merged"),
        one["d"]: (one["d"], "current"),
    }


def test_a_customer_without_records_is_gone_and_so_is_who_led_to_it(room: Room) -> None:
    one = cluster(room, MONDAY, "a", "bc", "d")
    cluster(room, TUESDAY, "abc", "d")
    cluster(room, WEDNESDAY, "d")
    assert leads(room)[one["b"]] == (None, "gone")
    assert leads(room)[one["a"]] == (None, "gone")


def test_share_of_records_moved(room: Room) -> None:
    cluster(room, MONDAY, "a", "bcd")
    cluster(room, TUESDAY, "abcd")
    [[moved]] = room.con.execute(
        "select value from identity.quality where figure = 'share of records moved'"
    ).fetchall()  # fmt: skip
    assert moved == 0.25

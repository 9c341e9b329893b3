"""Names, misspellings and dates as linkage sees them."""

from datetime import date

from cdp_platform.identity.features import make_features
from cdp_platform.identity.workbench import workbench
from tests.identity.conftest import Room


def forms(room: Room) -> dict[str, list[str]]:
    with workbench(room.con) as bench:
        make_features(bench)
        return dict(bench.execute("select record_key, forms from features").fetchall())


def test_short_forms_lead_to_every_formal_name(room: Room) -> None:
    room.records([{"key": "a:1", "first_name": "Harry"}, {"key": "a:2", "first_name": "henry"}])
    found = forms(room)
    assert {"harold", "henry"} <= set(found["a:1"])
    assert found["a:2"] == ["henry"]


def test_a_rare_misspelling_of_a_common_name_leads_to_it(room: Room) -> None:
    rows = [{"key": f"a:{n}", "first_name": "arthur"} for n in range(20)]
    room.records([*rows, {"key": "b:1", "first_name": "srthur"}, {"key": "b:2", "first_name": "martha"}])
    found = forms(room)
    assert "arthur" in found["b:1"]
    assert "arthur" not in found["b:2"]


def test_names_of_other_scripts_are_kept(room: Room) -> None:
    room.records([{"key": "a:1", "first_name": "Мария"}, {"key": "a:2", "first_name": "José-Luis"}])
    found = forms(room)
    assert "мария" in found["a:1"]
    assert "joseluis" in found["a:2"]


def test_new_years_day_says_the_year_alone(room: Room) -> None:
    room.records([
        {"key": "a:1", "birth_date": date(1974, 1, 1)},
        {"key": "a:2", "birth_date": date(1974, 3, 9)},
    ])  # fmt: skip
    with workbench(room.con) as bench:
        make_features(bench)
        exact = dict(bench.execute("select record_key, birth_exact from features").fetchall())
    assert exact == {"a:1": False, "a:2": True}

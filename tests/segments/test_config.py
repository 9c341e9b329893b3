"""Every mistake in a definition names its place, the value and what is allowed."""

import warnings
from pathlib import Path

import pytest

from cdp_platform.company import DEMO, load_company
from cdp_platform.segments.config import SegmentsConfig
from cdp_platform.shared.home import PROJECT
from cdp_platform.shared.mistakes import ConfigMistakes

HEAD = "type: cdp_platform.components.Segments\nattributes:\n  segments:\n"


def mistakes(folder: Path, segments: str) -> list[str]:
    """The messages for a file, each as line: place: message."""
    (folder / "company.yaml").write_text("name: Test\n")
    for room in ("segments", "privacy"):
        (folder / room).mkdir(exist_ok=True)
    purposes = "attributes: {purposes: [{name: email_marketing}]}\n"
    (folder / "privacy" / "defs.yaml").write_text(f"type: cdp_platform.components.Privacy\n{purposes}")
    (folder / "segments" / "defs.yaml").write_text(HEAD + segments)
    load_company.cache_clear()
    try:
        load_company(folder)
    except ConfigMistakes as found:
        return [str(m).split("defs.yaml:", 1)[1] for m in found.mistakes]
    return []


CONDITIONS = [
    ("{feild: orders, op: eq, value: 1}", "feild: 'feild' is not known. Did you mean 'field'?"),
    ("{field: orders, opp: eq, value: 1}", "opp: 'opp' is not known. Did you mean 'op'? Allowed: field, op, value,"),
    ("{field: orders, op: gtee, value: 1}", "op: 'gtee' is not known. Did you mean 'gte'?"),
    ("{field: orders, op: gte}", ": op 'gte' takes a number."),
    ("{field: country, op: in, value: GB}", ": op 'in' takes a list of values, as in value: [GB, FR]."),
    ("{field: orders, op: between, value: [3, 1]}", ": op 'between' takes the smaller end first."),
    ("{did: order, tmes: {gte: 2}}", "tmes: 'tmes' is not known. Did you mean 'times'?"),
    ("{did: order, times: 2}", "times: a mapping such as {gte: 2} stands here, not 2."),
    ("{did: order, times: {gt3: 2}}", "times.gt3: unknown key. Did you mean 'gt'?"),
    ("{did: order, did_not: order}", ": 'did' and 'did_not' stand in one condition"),
    ("{summ_of: amount, did: order, gte: 3}", "summ_of: 'summ_of' is not known. Did you mean 'sum_of'?"),
    ("{sum_of: amount, did: order}", ": needs at least one of eq, ne, gt, gte, lt, lte."),
    ("{did: order, days_ago: [1, 3]}", "days_ago: two whole numbers of days stand here, the older first"),
    ("{did: order, where: [{field: sku, op: eq, valeu: A}]}", "where.0.valeu: 'valeu' is not known. Did you mean"),
    ("{sequence: [{did_not: a}, {did: b}]}", ": a sequence begins with a step that happened"),
    ("{sequence: [{did: a}, {didnt: b}]}", "sequence.1.didnt: 'didnt' is not known. Did you mean 'did_not'?"),
    ("{sample: 2, salt: x}", "sample: a share between 0 and 1 stands here"),
    ("{top: 3}", "by: is missing."),
    ("{op: eq, value: 3}", ": a condition has one of the keys all, any, none, field,"),
    ("[{did: order}]", ": a condition stands here, not a list: put the list under all:, any: or none:"),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "message"), CONDITIONS)
def test_a_wrong_condition(tmp_path: Path, condition: str, message: str) -> None:
    [found] = mistakes(tmp_path, f"    - name: a\n      where:\n        all:\n          - {condition}\n")
    place = "7: segments.0.where.all.0"
    assert found.startswith(f"{place}{message}" if message.startswith(":") else f"{place}.{message}")


ACROSS = [
    ("{field: net_valu, op: gte, value: 1}", "field: no field is called 'net_valu'. Did you mean 'net_value'?"),
    ("{field: rfm.lable, op: eq, value: x}", "field: no field is called 'rfm.lable'. Did you mean 'rfm.label'?"),
    ("{field: country, op: gte, value: 1}", "op: 'gte' does not fit country, which holds a text. Allowed: eq, ne,"),
    ("{field: country, op: eq, value: NO}", "value: country holds a text, not false (YAML reads a bare yes, no,"),
    ("{field: country, op: in, value: [GB, 3]}", "value: country holds a text, not 3 (quote it to make it a text)."),
    ("{field: orders, op: eq, value: '3'}", "value: orders holds a number, not the text '3'."),
    ("{field: last_order_at, op: between, value: [1, 3]}", "value: last_order_at holds a time, not 1."),
    ("{in_segment: vpi}", "in_segment: no segment is called 'vpi'. Did you mean 'vip'? Allowed: a, vip."),
    ("{consented: email_marketin}", "consented: no purpose of the privacy room is called 'email_marketin'. Did"),
    ("{top: 3, by: country}", "by: country holds a text and ranks nobody. Allowed: birth_date,"),
    ("{sum_of: sku, did: order, gte: 3}", "sum_of: sku holds a text and cannot be the sum_of. Allowed: amount,"),
    ("{did: order, where: [{field: net_value, op: gt, value: 1}]}", "where.0.field: no field is called 'net_value'."),
    ("{sequence: [{did: a}, {did: b, where: [{field: skuu, op: eq, value: x}]}]}", "sequence.1.where.0.field: no fi"),
]  # fmt: skip


@pytest.mark.parametrize(("condition", "message"), ACROSS)
def test_a_name_that_stands_for_nothing(tmp_path: Path, condition: str, message: str) -> None:
    vip = "    - {name: vip, where: {field: orders, op: present}}\n"
    found = mistakes(tmp_path, f"    - name: a\n      where:\n        none:\n          - {condition}\n{vip}")
    assert found[0].startswith(f"7: segments.0.where.none.0.{message}")


def test_segments_that_lead_back_to_themselves(tmp_path: Path) -> None:
    names = [("a", "c"), ("b", "a"), ("c", "b")]
    [found] = mistakes(tmp_path, "".join(f"    - {{name: {n}, where: {{in_segment: {m}}}}}\n" for n, m in names))
    assert found == "4: segments.0.where: leads back to itself: a → c → b → a; break the circle."


def test_names_that_are_taken(tmp_path: Path) -> None:
    where = "where: {field: orders, op: present}"
    assert mistakes(tmp_path, f"    - {{name: sizes, {where}}}\n") == [
        "4: segments.0.name: 'sizes' is a table of the room; a segment takes another name."
    ]
    twice = f"    - {{name: vip, {where}}}\n" * 2
    assert mistakes(tmp_path, twice) == ["5: segments.1.name: another segment is called 'vip' too."]


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    wrong = "    - {name: A, owner: crm, where: {any: []}}\n    - {name: b, whree: {}}\n"
    assert [m.split(":")[1].strip() for m in mistakes(tmp_path, wrong)] == [
        "segments.0.name", "segments.0.owner", "segments.0.where.any", "segments.1.where", "segments.1.whree",
    ]  # fmt: skip


def test_the_shipped_companies_define_what_a_marketer_wants() -> None:
    wanted = {"lapsed_high_value", "abandoned_basket", "new_this_month", "at_risk", "store_only", "vip",
              "second_order_candidates", "newsletter_ready", "recent_buyers", "browsed_no_purchase"}  # fmt: skip
    for folder in (DEMO, PROJECT / "tests" / "companies" / "real_company"):
        assert wanted <= set(load_company(folder.resolve()).segments.names())


def test_a_definition_reads_back_from_its_own_json() -> None:
    config = load_company((PROJECT / "tests" / "companies" / "real_company").resolve()).segments
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert SegmentsConfig.model_validate_json(config.model_dump_json(exclude_none=True)) == config


def test_the_model_has_a_json_schema_for_editors() -> None:
    schema = SegmentsConfig.model_json_schema()
    assert {"AllOf", "Comparison", "Did", "Sequence", "Sample"} <= schema["$defs"].keys()

"""Every mistake in a company's folder, all at once, each with its file, line and what is allowed."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent, indent

import pytest

from cdp_platform.company import load_company
from cdp_platform.shared.mistakes import ConfigMistakes, Mistake

SOURCES = "type: cdp_platform.components.Sources\nattributes:\n  sources:\n"
Mistakes = Callable[..., list[Mistake]]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """A company's folder: file content by room, `company` for company.yaml."""

    def write(**content: str) -> Path:
        for name, text in {"company": "name: Test\n", **content}.items():
            file = tmp_path / ("company.yaml" if name == "company" else f"{name}/defs.yaml")
            file.parent.mkdir(exist_ok=True)
            file.write_text(dedent(text))
        return tmp_path

    return write


@pytest.fixture
def mistakes(write: Callable[..., Path]) -> Mistakes:
    """The mistakes of a company with this content."""

    def mistakes(**content: str) -> list[Mistake]:
        with pytest.raises(ConfigMistakes) as raised:
            load_company(write(**content))
        return raised.value.mistakes

    return mistakes


def sources(text: str) -> str:
    """A sources file whose first source begins on line 4."""
    return SOURCES + indent(dedent(text), "    ")


def places(found: list[Mistake], folder: Path) -> list[tuple[str, int, str]]:
    return [(str(m.file.relative_to(folder)), m.line, m.where) for m in found]


def test_mistakes_of_several_files_come_together_each_with_its_line(mistakes: Mistakes, tmp_path: Path):
    found = mistakes(
        company="name: Test\nfiels: data\ncountry: Britain\n",
        sources=sources("""\
            - name: crm
              kind: csv
              pth: crm.csv
            - name: Shop
              kind: parquet
              path: shop.parquet
            """),
        privacy="type: cdp_platform.components.Privacy\nattributes:\n  purposes: [{nam: ads}]\n",
        identity="type: cdp_platform.components.Identity\nattributes:\n  threshold: 1.5\n",
    )

    assert places(found, tmp_path) == [
        ("company.yaml", 2, "fiels"),
        ("company.yaml", 3, "country"),
        ("identity/defs.yaml", 3, "threshold"),
        ("privacy/defs.yaml", 3, "purposes.0.nam"),
        ("privacy/defs.yaml", 3, "purposes.0.name"),
        ("sources/defs.yaml", 4, "sources.0.path"),
        ("sources/defs.yaml", 6, "sources.0.pth"),
        ("sources/defs.yaml", 7, "sources.1.name"),
    ]
    assert "found 1.5" in str(found[2])


def test_an_unknown_key_comes_with_the_keys_that_are_known_and_the_nearest(mistakes: Mistakes):
    [found] = mistakes(identity="type: cdp_platform.components.Identity\nattributes:\n  treshold: 0.9\n")

    assert found.suggestion == "threshold"
    assert {"threshold", "identifiers"} <= set(found.allowed)
    assert "treshold: unknown key. Did you mean 'threshold'? Allowed: " in str(found)


def test_a_key_deep_inside_a_source_is_compared_with_the_keys_of_its_own_place(mistakes: Mistakes):
    [found] = mistakes(
        sources=sources("""\
            - name: crm
              kind: csv
              path: crm.csv
              means:
                person:
                  record_id: id
                  frist_name: first
            """)
    )

    assert (found.line, found.where) == (10, "sources.0.means.person.frist_name")
    assert found.suggestion == "first_name"
    assert "delimiter" not in found.allowed


def test_a_misspelt_kind_is_named_with_the_kinds_there_are(mistakes: Mistakes):
    [found] = mistakes(sources=sources("- name: crm\n  kind: cvs\n  path: crm.csv\n"))

    assert (found.line, found.where, found.suggestion) == (5, "sources.0.kind", "csv")
    assert found.allowed == ("csv", "ndjson", "parquet", "sql", "http", "table")


def test_a_misspelt_word_of_a_closed_list_is_named_with_the_list(mistakes: Mistakes):
    [found] = mistakes(sources=sources("- name: crm\n  kind: csv\n  path: crm.csv\n  encoding: utf8\n"))

    assert (found.line, found.suggestion, found.allowed) == (7, "utf-8", ("utf-8", "latin-1", "utf-16"))


def test_a_source_without_kind_is_told_which_key_is_missing(mistakes: Mistakes):
    [found] = mistakes(sources=sources("- name: crm\n  path: crm.csv\n"))

    assert found.line == 4
    assert "'kind'" in found.message


def test_a_kind_that_is_called_like_one_of_its_keys_misleads_nobody(mistakes: Mistakes):
    [found] = mistakes(sources=sources("- name: crm\n  kind: table\n  table: erp.crm\n  abuot: contacts\n"))

    assert (found.line, found.where, found.suggestion) == (7, "sources.0.abuot", "about")


def test_of_a_value_that_may_be_two_things_one_mistake_is_told(mistakes: Mistakes):
    found = mistakes(
        sources=sources("""\
            - name: crm
              kind: csv
              path: crm.csv
              means:
                person: {record_id: id, city: 5, country: {valeu: GB}}
            """)
    )

    assert [(m.where.split(".")[-2:], m.suggestion) for m in found] == [
        (["person", "city"], None),
        (["country", "valeu"], "value"),
        (["country", "value"], None),
    ]


def test_broken_yaml_in_one_file_hides_no_mistake_of_another(mistakes: Mistakes, tmp_path: Path):
    found = mistakes(
        company="name: 'Test\n",
        privacy="type: cdp_platform.components.Privacy\nattributes:\n  purposes: [\n",
        identity="type: cdp_platform.components.Identity\nattributes: {threshold: 2}\n",
        customers="""\
            type: cdp_platform.components.Customers
            attributes:
              survivorship:
                e_mail: {rule: longest}
            """,
    )

    assert places(found, tmp_path) == [
        ("company.yaml", 2, "file"),
        ("customers/defs.yaml", 4, "survivorship.e_mail"),
        ("identity/defs.yaml", 2, "threshold"),
        ("privacy/defs.yaml", 4, "file"),
    ]
    assert found[0].message.startswith("is not valid YAML")


@pytest.mark.parametrize("content", [b"name: caf\xe9\n", b"name: a\x00b\n"])
def test_a_file_that_is_no_text_is_a_mistake_like_others(tmp_path: Path, content: bytes):
    (tmp_path / "company.yaml").write_bytes(content)

    with pytest.raises(ConfigMistakes, match="not text"):
        load_company(tmp_path)


def test_a_key_that_stands_twice_is_told_with_the_line_of_the_second(mistakes: Mistakes):
    [found] = mistakes(sources=sources("- name: crm\n  kind: csv\n  path: a.csv\n  path: b.csv\n"))

    assert (found.line, found.where) == (7, "attributes.sources.0.path")
    assert "twice" in found.message


def test_two_sources_of_one_name_are_a_mistake(mistakes: Mistakes):
    one = "- {name: crm, kind: csv, path: a.csv}\n"

    [found] = mistakes(sources=sources(one + one))

    assert "used twice: crm" in found.message


def test_a_file_with_another_rooms_type_or_without_one_is_a_mistake(mistakes: Mistakes, tmp_path: Path):
    found = mistakes(
        identity="type: cdp_platform.components.Privacy\nattributes: {}\n",
        quality="attributs: {}\n",
        scores="",
    )

    assert places(found, tmp_path) == [
        ("identity/defs.yaml", 1, "type"),
        ("quality/defs.yaml", 1, "attributs"),
        ("quality/defs.yaml", 1, "type"),
        ("scores/defs.yaml", 1, "type"),
    ]
    assert found[0].allowed == ("cdp_platform.components.Identity",)
    assert found[1].suggestion == "attributes"


def test_a_list_where_keys_are_wanted_is_told_in_plain_words(mistakes: Mistakes):
    [found] = mistakes(identity="type: cdp_platform.components.Identity\nattributes:\n  - threshold: 0.9\n")

    assert (found.where, found.message) == ("attributes", "must hold keys with values.")


def test_a_folder_that_is_no_room_is_told_with_the_nearest_room(mistakes: Mistakes, tmp_path: Path):
    [found] = mistakes(segmnets="type: cdp_platform.components.Segments\n")

    assert (found.file, found.suggestion) == (tmp_path / "segmnets", "segments")


def test_a_day_that_is_not_in_the_calendar_is_a_mistake_of_its_line(mistakes: Mistakes):
    [found] = mistakes(company="name: Test\nas_of: 2026-02-30\n")

    assert (found.line, found.where) == (2, "as_of")
    assert "2026-02-30" in found.message


def test_a_company_without_company_yaml_or_folder_is_a_mistake(tmp_path: Path):
    with pytest.raises(ConfigMistakes, match=r"company\.yaml:1: file: is missing"):
        load_company(tmp_path)
    with pytest.raises(ConfigMistakes, match="no such folder"):
        load_company(tmp_path / "nowhere")


CRM = """\
- name: crm
  kind: csv
  path: crm.csv
  means:
    person: {record_id: id}
"""
ORDERS = """\
- name: orders
  kind: csv
  path: orders.csv
  means:
    order:
      order_id: id
      ordered_at: at
      amount: total
      customer: {source: cmr, column: who}
"""


def test_a_reference_to_a_source_that_is_not_there_comes_with_the_sources_of_people(mistakes: Mistakes):
    [found] = mistakes(sources=sources(CRM + ORDERS))

    assert (found.line, found.where) == (17, "sources.1.means.order.customer.source")
    assert (found.suggestion, found.allowed) == ("crm", ("crm",))


def test_a_rule_that_names_a_source_of_no_people_is_a_mistake_between_rooms(mistakes: Mistakes):
    [found] = mistakes(
        sources=sources(CRM),
        customers="""\
            type: cdp_platform.components.Customers
            attributes:
              survivorship:
                email:
                  rule: source_priority
                  sources:
                    - crm
                    - loyality
            """,
    )

    assert (found.file.parent.name, found.line) == ("customers", 8)
    assert found.allowed == ("crm",)


def test_a_mistake_in_one_source_does_not_hide_a_wrong_reference_in_the_next(mistakes: Mistakes):
    wrong = "- name: web\n  kind: cvs\n  path: web.csv\n"

    found = mistakes(sources=sources(wrong + CRM + ORDERS))

    assert [(m.line, m.where) for m in found] == [
        (5, "sources.0.kind"),
        (20, "sources.2.means.order.customer.source"),
    ]


def test_a_reference_to_a_source_that_has_a_mistake_itself_is_no_second_mistake(mistakes: Mistakes):
    found = mistakes(sources=sources(CRM.replace("kind: csv", "kind: cvs") + ORDERS.replace("cmr", "crm")))

    assert [m.where for m in found] == ["sources.0.kind"]


def test_every_mistake_is_told_once(mistakes: Mistakes):
    found = mistakes(sources=sources(CRM + ORDERS), identity="type: x\n")

    assert len(found) == len(set(found)) == 2
    assert found == sorted(found)

"""The asset graph: complete, described, and flowing from left to right."""

import os
from pathlib import Path

import pytest

from cdp_platform.company import DEMO, load_company
from cdp_platform.definitions import ROOMS, build
from cdp_platform.shared.home import Home

SNAPSHOT = Path(__file__).with_name("graph.txt")


@pytest.fixture
def graph(here: Home):
    return build(load_company(DEMO)).resolve_asset_graph()


def test_every_room_is_in_the_graph(graph):
    assert {key.path[0] for key in graph.get_all_asset_keys()} == set(ROOMS)


def test_records_flow_from_left_to_right(graph):
    for key in graph.get_all_asset_keys():
        for parent in graph.get(key).parent_keys:
            assert ROOMS.index(parent.path[0]) <= ROOMS.index(key.path[0]), f"{parent} -> {key}"


def test_every_asset_is_described_grouped_owned_and_made_by_us(graph):
    for key in graph.get_all_asset_keys():
        node = graph.get(key)
        assert node.is_materializable, f"{key} is only referred to: a dependency is misspelt"
        assert node.description, key
        assert node.owners, key
        assert node.kinds, key
        assert node.group_name == {"raw": "sources"}.get(key.path[0], key.path[0]), key


def test_sources_and_the_snapshot_have_a_freshness_policy(graph):
    for key in graph.get_all_asset_keys():
        if key.path[0] in ("raw", "published") and not key.path[-1].endswith("__rejected"):
            assert graph.get(key).freshness_policy, key


def test_every_room_has_checks_and_every_room_before_publishing_has_blocking_ones(graph):
    checked = {key.asset_key.path[0] for key in graph.asset_check_keys}
    blocking = {key.asset_key.path[0] for key, node in graph._asset_check_nodes_by_key.items() if node.blocking}

    assert checked >= set(ROOMS) - {"published"}
    assert blocking >= set(ROOMS) - {"published", "destinations"}


def test_the_graph_is_the_one_that_was_reviewed(graph):
    """UPDATE_GRAPH=1 writes the snapshot anew; look at its difference before committing."""
    now = "\n".join(_lines(graph)) + "\n"
    if os.environ.get("UPDATE_GRAPH"):
        SNAPSHOT.write_text(now)

    assert now == SNAPSHOT.read_text()


def _lines(graph):
    for key in sorted(graph.get_all_asset_keys()):
        node = graph.get(key)
        yield f"{key.to_user_string()}  [{node.group_name}; {', '.join(node.owners)}]"
        yield from (f"    from {parent.to_user_string()}" for parent in sorted(node.parent_keys))
        yield from (f"    check {check.name}" for check in sorted(node.check_keys))

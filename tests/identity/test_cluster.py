"""The guard against groups that hang together by a thread."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cdp_platform.identity.cluster import Edges, guarded
from cdp_platform.identity.components import components


def used(nodes: int, pairs: list[tuple[int, int, float]], max_size: int = 100, min_density: float = 0.4) -> list[bool]:
    edges = Edges(
        np.array([p[0] for p in pairs], dtype=np.int64),
        np.array([p[1] for p in pairs], dtype=np.int64),
        np.array([p[2] for p in pairs], dtype=np.float64),
    )
    return guarded(nodes, edges, np.ones(len(pairs), dtype=bool), 0.5, max_size, min_density).tolist()


def test_a_weak_bridge_between_two_dense_groups_is_cut() -> None:
    triangles = [(0, 1, 0.99), (1, 2, 0.99), (0, 2, 0.99), (3, 4, 0.99), (4, 5, 0.99), (3, 5, 0.99)]
    assert used(6, [*triangles, (2, 3, 0.6)], min_density=0.6) == [True] * 6 + [False]


def test_a_dense_group_is_left_alone() -> None:
    assert used(3, [(0, 1, 0.6), (1, 2, 0.6), (0, 2, 0.6)]) == [True] * 3


def test_a_contradiction_inside_a_group_cuts_its_weakest_link() -> None:
    assert used(3, [(0, 1, 0.95), (1, 2, 0.6), (0, 2, 0.0001)]) == [True, False, False]


def test_a_group_that_is_too_large_comes_apart() -> None:
    pairs = [(a, b, 0.6) for a in range(6) for b in range(a + 1, 6)]
    assert not any(used(6, pairs, max_size=5))


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30))
@settings(max_examples=50)
def test_components_are_named_after_their_smallest_node(pairs: list[tuple[int, int]]) -> None:
    left = np.array([p[0] for p in pairs], dtype=np.int64)
    right = np.array([p[1] for p in pairs], dtype=np.int64)
    label = components(12, left, right)
    assert all(label[a] == label[b] for a, b in pairs)
    assert all(label[n] <= n and label[label[n]] == label[n] for n in range(12))
    assert (components(12, right[::-1], left[::-1]) == label).all()

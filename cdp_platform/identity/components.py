"""Connected components, and pairs within groups."""

import numpy as np
import polars as pl
from duckdb import DuckDBPyConnection
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components


def components(nodes: int, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each node 0…n-1 the smallest node of its component."""
    if nodes == 0:
        return np.zeros(0, dtype=np.int64)
    graph = coo_array((np.ones(len(left), dtype=np.int8), (left, right)), shape=(nodes, nodes))
    _, label = connected_components(graph, directed=False)
    smallest = np.full(nodes, nodes, dtype=np.int64)
    np.minimum.at(smallest, label, np.arange(nodes))
    return smallest[label]


def number_keys(con: DuckDBPyConnection, keys: str) -> int:
    """Create temporary table `numbered` (key, number) for a query (key): 0…n-1 in the order of the keys. Returns n."""
    con.execute(f"""
        create or replace temp table numbered as
        select key, row_number() over (order by key) - 1 as number from ({keys})""")
    [[count]] = con.execute("select count(*) from numbered").fetchall()
    return count


def keep_labels(con: DuckDBPyConnection, label: NDArray[np.int64], output: str) -> None:
    """Create table `output` (key, component) from labels per number; a component is called after its smallest key."""
    con.register("labels", pl.DataFrame({"number": np.arange(len(label)), "label": label}).to_arrow())
    con.execute(f"""
        create or replace table {output} as
        select n.key, s.key as component
        from numbered n join labels l on l.number = n.number join numbered s on s.number = l.label order by n.key""")
    con.unregister("labels")


def label_components(con: DuckDBPyConnection, nodes: str, edges: str, output: str) -> None:
    """Create table `output` (key, component) from queries nodes(key) and edges(a, b)."""
    count = number_keys(con, nodes)
    pairs = con.sql(f"""
        select l.number as a, r.number as b from ({edges}) e
        join numbered l on l.key = e.a join numbered r on r.key = e.b""").pl()
    keep_labels(con, components(count, pairs["a"].to_numpy(), pairs["b"].to_numpy()), output)
    con.execute("drop table numbered")

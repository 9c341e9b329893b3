"""The models and tests of a manifest, as plain data."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple


class Model(NamedTuple):
    """A model that becomes a table."""

    unique_id: str
    table: str
    """Schema and name, which is also the asset: customers.timeline."""
    selector: str
    """How dbt is asked for this model alone."""
    inputs: tuple[str, ...]
    """Tables that it reads, by way of ephemeral models too, in alphabetical order."""
    columns: dict[str, str]
    """What each column holds."""
    personal: frozenset[str]
    """Columns whose meta says `personal: true`."""


class Test(NamedTuple):
    """A test of a model or source."""

    unique_id: str
    name: str
    about: str
    severity: Literal["ERROR", "WARN"]


def models(manifest: Mapping[str, Any]) -> list[Model]:
    """All models that become tables, each after those it reads."""
    nodes = {i: n for i, n in manifest["nodes"].items() if n["resource_type"] in ("model", "seed", "snapshot")}
    ordered: dict[str, Model] = {}

    def add(unique_id: str) -> None:
        node = nodes.get(unique_id)
        if node is None or unique_id in ordered:
            return
        for parent in sorted(node.get("depends_on", {}).get("nodes", [])):
            add(parent)
        if node["config"]["materialized"] != "ephemeral":
            ordered[unique_id] = _model(manifest, node)

    for unique_id in sorted(nodes):
        add(unique_id)
    return list(ordered.values())


def tests(manifest: Mapping[str, Any]) -> dict[str, Test]:
    """All tests by unique id."""
    return {
        unique_id: Test(
            unique_id,
            node["name"],
            node.get("description") or node["name"],
            "WARN" if str(node["config"].get("severity", "error")).lower() == "warn" else "ERROR",
        )
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "test"
    }


def _model(manifest: Mapping[str, Any], node: Mapping[str, Any]) -> Model:
    return Model(
        unique_id=node["unique_id"],
        table=_table(node),
        selector="fqn:" + ".".join(node["fqn"]),
        inputs=tuple(sorted(_inputs(manifest, node))),
        columns={name: column["description"] for name, column in node["columns"].items()},
        personal=frozenset(
            name for name, column in node["columns"].items() if column["config"].get("meta", {}).get("personal")
        ),
    )


def _inputs(manifest: Mapping[str, Any], node: Mapping[str, Any]) -> set[str]:
    found: set[str] = set()
    for parent in node.get("depends_on", {}).get("nodes", []):
        if parent in manifest["sources"]:
            source = manifest["sources"][parent]
            found.add(f"{source['schema']}.{source['identifier']}")
        elif (above := manifest["nodes"][parent])["config"]["materialized"] == "ephemeral":
            found |= _inputs(manifest, above)
        else:
            found.add(_table(above))
    return found


def _table(node: Mapping[str, Any]) -> str:
    return f"{node['schema']}.{node['alias']}"

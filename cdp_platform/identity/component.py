"""Identity as assets."""

import dagster as dg

from cdp_platform.clean import contract as clean
from cdp_platform.company import Company
from cdp_platform.identity import checks, contract
from cdp_platform.identity.config import IdentityConfig
from cdp_platform.identity.customer_ids import make_customer_ids
from cdp_platform.identity.link import make_clusters, make_edges, make_records
from cdp_platform.shared.dagster.room import Room
from cdp_platform.shared.dagster.tables import table_assets
from cdp_platform.shared.warehouse.build import room_code

RECORDS = clean.RECORDS.name


class Identity(Room):
    """Which records are the same person."""

    config_type = IdentityConfig

    @classmethod
    def definitions(cls, company: Company) -> dg.Definitions:
        """Records, edges, clusters, customer ids."""
        config = company.identity
        code = room_code("identity") + config.model_dump_json()
        assets = [
            table_assets(
                company, [contract.RECORDS], inputs=[RECORDS], make=make_records, code=code,
                checks=checks.record_checks(),
                lineage={contract.RECORDS.name: {"record_key": [(RECORDS, "record_key")]}},
            ),
            table_assets(
                company, [contract.EDGES, contract.MODELS], inputs=[RECORDS, contract.RECORDS.name], make=make_edges,
                code=code, checks=checks.edge_checks(), kinds=("python", "duckdb", "splink"),
                lineage={contract.EDGES.name: {"evidence": [(RECORDS, column) for column in EVIDENCE]}},
            ),
            table_assets(
                company, [contract.CLUSTERS], inputs=[contract.RECORDS.name, contract.EDGES.name], make=make_clusters,
                code=code, checks=checks.cluster_checks(config),
                lineage={contract.CLUSTERS.name: {"record_key": [(contract.RECORDS.name, "record_key")]}},
            ),
            table_assets(
                company, [contract.CUSTOMER_IDS, contract.CROSSWALK, contract.QUALITY],
                inputs=[RECORDS, contract.RECORDS.name, contract.EDGES.name, contract.MODELS.name,
                        contract.CLUSTERS.name],
                make=make_customer_ids, code=code, checks=checks.customer_id_checks(config),
                lineage={
                    contract.CUSTOMER_IDS.name: {
                        "record_key": [(contract.CLUSTERS.name, "record_key")],
                        "source": [(RECORDS, "source")],
                        "record_id": [(RECORDS, "record_id")],
                        "customer_id": [(contract.CLUSTERS.name, "cluster")],
                    },
                },
            ),
        ]  # fmt: skip
        return dg.Definitions(assets=assets)


EVIDENCE = (
    "first_name", "last_name", "email_key", "phone_key", "birth_date", "gender", "address", "city", "postcode",
    "device_id",
)  # fmt: skip
"""Columns that pairs are compared by."""

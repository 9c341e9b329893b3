"""Scores as assets."""

import dagster as dg

from cdp_platform.company import Company
from cdp_platform.scores.checks import forecast_checks, rfm_checks
from cdp_platform.scores.config import ScoresConfig
from cdp_platform.scores.contract import MODELS, PURCHASE, RFM, VALUE
from cdp_platform.scores.forecast import forecast
from cdp_platform.scores.rfm import rfm
from cdp_platform.shared.dagster.room import Room
from cdp_platform.shared.dagster.tables import table_assets
from cdp_platform.shared.warehouse.build import room_code

INPUTS = ("customers.timeline", "customers.customers")
CUSTOMER = ("customers.timeline", "customer_id")
WHEN = [("customers.timeline", "happened_at"), ("customers.timeline", "kind")]
AMOUNT = ("customers.timeline", "amount")

LINEAGE = {
    RFM.name: {
        "customer_id": [CUSTOMER],
        "recency_days": WHEN,
        "frequency": WHEN,
        "monetary": [AMOUNT, *WHEN],
        "label": WHEN,
    },
    PURCHASE.name: {
        "customer_id": [CUSTOMER],
        "probability_30d": WHEN,
        "probability_60d": WHEN,
        "probability_90d": WHEN,
        "churn_risk": WHEN,
    },
    VALUE.name: {
        "customer_id": [CUSTOMER],
        "expected_orders_365d": WHEN,
        "expected_order_value": [AMOUNT, *WHEN],
        "expected_value_365d": [AMOUNT, *WHEN],
        "rank": [AMOUNT, *WHEN],
    },
}


class Scores(Room):
    """Scores as assets."""

    config_type = ScoresConfig

    @classmethod
    def definitions(cls, company: Company) -> dg.Definitions:
        """RFM, and the probability and value of orders to come with the models behind them."""
        code = room_code("scores")
        return dg.Definitions(
            assets=[
                table_assets(
                    company, [RFM], inputs=INPUTS, make=rfm, code=code, dated=True, checks=rfm_checks(), lineage=LINEAGE
                ),
                table_assets(
                    company,
                    [PURCHASE, VALUE, MODELS],
                    inputs=INPUTS,
                    make=forecast,
                    code=f"{code} {company.scores.model_dump_json()}",
                    dated=True,
                    checks=forecast_checks(),
                    kinds=("python", "duckdb", "scipy"),
                    lineage=LINEAGE,
                ),
            ]
        )

"""The tables of the scores room. Each holds one row per customer with at least one order."""

from cdp_platform.shared.warehouse.table import Table

_STAMP = {
    "as_of": "day that the score looks back from",
    "model_version": "hash of the model's kind and parameters",
    "reasons": "why, in words a marketer understands",
}

RFM = Table(
    "scores.rfm",
    "Recency, frequency and monetary value, in fifths.",
    {
        "customer_id": "customer",
        "recency_days": "days since the last order",
        "frequency": "days with an order",
        "monetary": "value of all orders less returns",
        "recency": "1 (long ago) to 5 (just now)",
        "frequency_band": "1 (rarely) to 5 (often)",
        "monetary_band": "1 (little) to 5 (much)",
        "label": "champions, loyal, new, promising, needs attention, at risk, hibernating or lost",
        **_STAMP,
    },
    key=("customer_id",),
)

PURCHASE = Table(
    "scores.purchase",
    "Probability to order within a horizon (MBG/NBD), and churn risk as its complement.",
    {
        "customer_id": "customer",
        "probability_30d": "probability of an order in the next 30 days, 0 to 1",
        "probability_60d": "the same for 60 days",
        "probability_90d": "the same for 90 days",
        "churn_risk": "1 less probability_90d",
        "band": "low, middle or high probability_90d, in thirds",
        **_STAMP,
    },
    key=("customer_id",),
)

VALUE = Table(
    "scores.value",
    "Expected value of the next 365 days (orders expected times Gamma-Gamma order value), as rank and band.",
    {
        "customer_id": "customer",
        "expected_orders_365d": "orders expected in the next 365 days",
        "expected_order_value": "expected value of an order",
        "expected_value_365d": "their product; right in its order, not to the penny",
        "rank": "1 is the highest expected value",
        "band": "top 5 %, next 15 %, next 30 %, rest",
        **_STAMP,
    },
    key=("customer_id",),
)

MODELS = Table(
    "scores.models",
    "The model behind each score: its card as figures.",
    {
        "score": "purchase or value",
        "model": "mbg_nbd or gamma_gamma",
        "model_version": "hash of kind and parameters",
        "as_of": "day that it was fitted as of",
        "parameters": "parameters as JSON",
        "log_likelihood": "log-likelihood at the optimum",
        "customers": "customers that it was fitted on",
        "figures": "quality out of time as JSON: observed and predicted share, AUC, Brier, calibration error, lift",
    },
    key=("score",),
)

TABLES = (RFM, PURCHASE, VALUE, MODELS)

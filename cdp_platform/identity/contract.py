"""The tables of the identity room."""

from cdp_platform.shared.warehouse.table import Table

RECORDS = Table(
    "identity.records",
    "Each record with the representative that it was collapsed into.",
    {
        "record_key": "record of clean.records",
        "representative": "smallest record_key of the records that agree on a strong identifier without contradiction",
        "rule": "identifier that joined the record to its representative; null when it stands alone",
    },
    key=("record_key",),
)

EDGES = Table(
    "identity.edges",
    "Pairs of representatives that were compared, with how sure we are that they are one person.",
    {
        "left_key": "representative with the smaller key",
        "right_key": "representative with the larger key",
        "match_weight": "log2 of the odds, prior included; null for an authoritative identifier",
        "probability": "probability that both are one person, 0 to 1",
        "method": "splink, or the authoritative identifier that they share",
        "evidence": "comparison levels that fired, as JSON: field to level",
        "used": "whether the pair holds a cluster together today",
    },
    key=("left_key", "right_key"),
)

MODELS = Table(
    "identity.models",
    "The weights that today's pairs were judged by, one row a level of a comparison.",
    {
        "comparison": "what was compared",
        "position": "place of the level within its comparison, 0 the strongest",
        "level": "the level in words",
        "m": "how often two records of one person reach the level",
        "u": "how often two random persons do",
        "weight": "bits of evidence: log2 of m over u",
        "trained_on": "representatives that the model was trained on; 0 when there were too few and defaults stand",
        "prior": "probability that two random representatives are one person",
    },
    key=("comparison", "level"),
)

CLUSTERS = Table(
    "identity.clusters",
    "Each record with the cluster that it is in.",
    {
        "record_key": "record of clean.records",
        "cluster": "smallest record_key of the cluster; changes with its members, so nobody keeps it",
    },
    key=("record_key",),
)

CUSTOMER_IDS = Table(
    "identity.customer_ids",
    "Each record with its customer: the answer of the identity room.",
    {
        "record_key": "record of clean.records",
        "source": "source of the record",
        "record_id": "the record's own key in that source",
        "customer_id": "id of the customer, stable for ever",
    },
    key=("record_key",),
)

CROSSWALK = Table(
    "identity.crosswalk",
    "Every customer id ever issued and the one it leads to today.",
    {
        "issued_id": "id that was issued at some time",
        "customer_id": "id of the customer today; null when all of its records are gone",
        "state": "current, merged, split or gone",
        "issued_at": "as-of day of the run that issued it",
        "changed_at": "as-of day of the run that last changed what it leads to",
        "reason": "why it leads there, in words",
    },
    key=("issued_id",),
)

QUALITY = Table(
    "identity.quality",
    "How the last linkage came out, one figure a row.",
    {
        "figure": "name of the figure",
        "value": "value",
        "about": "what it says",
    },
    key=("figure",),
)

TABLES = (RECORDS, EDGES, MODELS, CLUSTERS, CUSTOMER_IDS, CROSSWALK, QUALITY)

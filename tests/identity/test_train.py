"""What the model learns from records without labels."""

import random

from cdp_platform.identity.blocking import block
from cdp_platform.identity.comparisons import chosen
from cdp_platform.identity.config import IdentityConfig
from cdp_platform.identity.features import make_features, make_identifiers
from cdp_platform.identity.model import Model, weights
from cdp_platform.identity.representatives import filled_columns, make_representatives
from cdp_platform.identity.train import train
from cdp_platform.identity.workbench import workbench
from tests.identity.conftest import Room
from tests.identity.people import town


def learn(room: Room) -> Model:
    """Train on single records: nothing collapsed, so that a small town has enough pairs."""
    with workbench(room.con) as bench:
        make_features(bench)
        make_identifiers(bench, IdentityConfig())
        make_representatives(bench, "select record_key, record_key as key from features", "representatives")
        filled = filled_columns(bench, "representatives")
        block(bench, "representatives", filled, 40, "pairs")
        return train(bench, chosen(filled), "representatives", "pairs")


def test_weights_are_learned_from_the_records(room: Room) -> None:
    records, _ = town(300)
    room.records(records)
    model = learn(room)
    assert model.trained_on == len(records)
    learned = {(w.comparison, w.level): w for w in weights(model)}
    assert learned["email", "same"].m > 0.9  # the town's people have one mailbox each
    assert learned["email", "same"].weight > 10
    assert learned["birth_date", "differs"].m < 0.05  # and one date of birth, never mistyped
    assert learned["birth_date", "differs"].weight < -3
    assert 0.05 < learned["first_name", "short form"].m < 0.3  # one in seven goes by a short form where there is one


def test_training_does_not_depend_on_row_order_or_threads(room: Room) -> None:
    records, _ = town(200)
    room.records(records)
    room.con.execute("set threads = 1")
    first = learn(room)
    random.Random(5).shuffle(records)
    room.records(records)
    room.con.execute("set threads = 4")
    assert learn(room) == first


def test_too_few_records_keep_the_default_weights(room: Room) -> None:
    room.records(town(10)[0])
    model = learn(room)
    assert model.trained_on == 0
    assert weights(model)[0].m == model.comparisons[0].levels[0].m


def test_only_columns_with_values_are_compared() -> None:
    assert [c.name for c in chosen(["first", "birth"])] == ["first_name", "birth_date"]
    labels = [level.label for c in chosen(["last", "postcode"]) for level in c.levels]
    assert "rare last name, same postcode" in labels
    assert not [label for label in labels if "address" in label or "shared" in label]

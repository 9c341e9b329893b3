"""The product range: three hundred things for house and garden."""

from random import Random
from typing import NamedTuple

import words

SEASONAL = {"plants": 1.6, "seeds": 1.3, "furniture": 1.0, "barbecue": 1.1, "pots": 1.3, "tools": 1.2}
"""How much people want a category, where that is not 0.8."""


class Product(NamedTuple):
    """One product; price in pounds."""

    sku: str
    name: str
    category: str
    price: float


def products() -> list[Product]:
    """The range; it never changes, whatever the seed of the customers."""
    random = Random("range")
    result: list[Product] = []
    for category, (nouns, low, high) in words.PRODUCTS.items():
        for noun in nouns.split():
            share = random.random() ** 2
            for style in random.sample(words.STYLES, 3):
                price = low + (high - low) * min(1.0, share * random.uniform(0.7, 1.4))
                ending = random.choice((0.99, 0.49, 0.95))
                name = f"{style} {noun.replace('-', ' ').lower()}"
                sku = f"{category[:2].upper()}{len(result) + 1001}"
                result.append(Product(sku, name, category, round(int(price) + ending, 2)))
    return result


def popularity(range_: list[Product]) -> list[float]:
    """Weight of each product: cheap things sell more often than dear ones."""
    return [SEASONAL.get(p.category, 0.8) / p.price**0.8 for p in range_]

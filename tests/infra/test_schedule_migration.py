"""An installation with products from before learns the rules of the dose schedule, and keeps what the state changed."""

import pytest
from sqlalchemy import select

from app.domain.program.models import Product
from app.domain.program.products import PRODUCTS
from app.infra import migrations

OWN = {"from": "2021-09-01", "youngest_age": 5}
WAS = {
    "pfizer": [{"from": "2021-05-10", "youngest_age": 12, "fact_sheet": "253088698300033211210501"}, OWN],
    "janssen": [{"from": "2021-04-13", "paused": True}, {"from": "2021-04-24", "paused": False}],
}


def changes(database):
    with database.reading() as session:
        return {code: told for code, told in session.execute(select(Product.code, Product.changes)) if code in WAS}


@pytest.fixture
def before(database):
    """The products as an older version installed them, and one rule of the state's own."""
    migrations.downgrade(database, "0014")
    with database.transaction() as session:
        for product in session.scalars(select(Product).where(Product.code.in_(WAS))):
            product.changes = WAS[product.code]
    assert changes(database) == WAS


def test_products_that_are_installed_get_the_rules_of_the_schedule(database, before):
    migrations.upgrade(database)
    rows = {row.code: row.changes for row in PRODUCTS}
    found = changes(database)
    assert OWN in found["pfizer"]
    for code in WAS:
        told = [change for change in found[code] if change != OWN]
        assert sorted(told, key=str) == sorted(rows[code], key=str)


def test_going_back_leaves_what_was_there_before(database, before):
    migrations.upgrade(database)
    migrations.downgrade(database, "0014")
    assert changes(database) == WAS

"""An installation with the plans of before learns the rules that turn on patients, schools and student housing."""

from sqlalchemy import select

from app.domain.eligibility.models import Group, Plan
from app.domain.eligibility.plans import PLANS
from app.infra import migrations

OWN = {"fact": "age", "from": 18}


def groups(database):
    with database.reading() as session:
        rows = session.execute(select(Group.code, Group.rule, Group.words).join(Plan).where(Plan.code == PLANS[1].code))
        return {code: (rule, words) for code, rule, words in rows}


def test_groups_that_are_installed_get_the_new_rules_but_for_those_that_the_state_changed(database):
    published = {row.code: (row.rule, row.words) for row in PLANS[1].groups}
    assert groups(database) == published
    migrations.downgrade(database, "0019")
    was = groups(database)
    assert was["1"] != published["1"]
    assert was["4.1"] == published["4.1"]
    with database.transaction() as session:
        session.scalars(select(Group).join(Plan).where(Plan.code == PLANS[1].code, Group.code == "4.2")).one().rule = OWN
    migrations.upgrade(database)
    assert groups(database) == published | {"4.2": (OWN, was["4.2"][1])}

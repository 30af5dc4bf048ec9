"""Both published plans, person by person. Each line of cases.csv says where its expectation comes from."""

import csv
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest

from app.domain.eligibility.errors import BadRule
from app.domain.eligibility.evaluate import GroupRule, Phases, Span, evaluate
from app.domain.eligibility.facts import Facts, facts_on, told_by
from app.domain.eligibility.plans import PLANS
from app.domain.eligibility.rules import ages_in, compile_rule
from app.domain.program.industries import INDUSTRIES
from app.domain.recipients.ages import birthday

pytestmark = pytest.mark.once

with (Path(__file__).parent / "cases.csv").open(newline="") as file:
    CASES = list(csv.DictReader(file))
DAYS = {"plan_2020_12_30": date(2021, 1, 6), "plan_2021_01_14": date(2021, 4, 12)}
WAKE, ALAMANCE = "37183", "37001"


def phases(number, day, openings=None, youngest=16):
    """A plan as it was published, with other openings where they are named."""
    plan = PLANS[number]
    groups = tuple(GroupRule(uuid4(), one.code, one.name, one.words, compile_rule(one.rule)) for one in plan.groups)
    if openings is None:
        openings = {(one.code, ""): Span(one.opened) for one in plan.groups if one.opened}
    return Phases(uuid4(), plan.code, plan.name, day, youngest, groups, openings, ())


def born(case, day):
    """The youngest of that age: whose birthday is today."""
    return date(day.year - int(case["age"]), day.month, day.day)


def facts_of(case, day):
    answers = {name: case[name] for name in ("in_person", "patient_contact", "work_with", "living", "student")}
    answers["conditions"] = case["conditions"].split(";")
    return facts_on(day, born(case, day), case["industry"], told_by(answers))


def test_there_are_eighty_people_and_more_and_each_says_where_it_comes_from():
    assert len(CASES) >= 80
    assert all(case["source"] for case in CASES)
    assert len({case["who"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("number", [0, 1])
def test_every_group_of_a_plan_is_the_group_of_somebody(number):
    column = list(DAYS)[number]
    assert {group.code for group in PLANS[number].groups} | {"too_young"} == {case[column] for case in CASES}


@pytest.mark.parametrize("number", [0, 1], ids=DAYS)
@pytest.mark.parametrize("case", CASES, ids=[case["who"] for case in CASES])
def test_a_person_is_in_the_group_that_the_plan_says(case, number):
    column = list(DAYS)[number]
    day = DAYS[column]
    status = evaluate(phases(number, day, openings={}), facts_of(case, day), WAKE)
    assert (status.group.code if status.group else status.kind) == case[column]


def test_the_first_group_that_is_open_counts():
    day = DAYS["plan_2021_01_14"]
    teacher = Facts(age=30, industry="education", sector="frontline", work="in person", work_with="school", high_risk=True)
    status = evaluate(phases(1, day), teacher, WAKE)
    assert (status.kind, status.group.code, status.since) == ("open", "3.1", date(2021, 2, 24))
    assert status.matches == ("3.1", "3.2", "4.1", "4.2", "5")


def test_a_later_group_that_is_open_makes_eligible_while_an_earlier_one_waits():
    teacher = Facts(age=30, industry="education", sector="frontline", work="in person", work_with="school", high_risk=True)
    only = phases(
        1, date(2021, 2, 1), openings={("4.1", ""): Span(date(2021, 1, 20)), ("3.1", ""): Span(date(2021, 2, 24))}
    )
    status = evaluate(only, teacher, WAKE)
    assert (status.kind, status.group.code) == ("open", "4.1")


@pytest.mark.parametrize(
    ("day", "kind", "code"),
    [
        (date(2021, 2, 23), "opens_on", "3.1"),
        (date(2021, 2, 24), "open", "3.1"),
        (date(2021, 12, 31), "open", "3.1"),
    ],
)
def test_a_group_opens_on_its_day_and_not_before(day, kind, code):
    teacher = Facts(age=30, industry="education", sector="frontline", work="in person", work_with="school")
    status = evaluate(phases(1, day), teacher, WAKE)
    assert (status.kind, status.group.code) == (kind, code)
    assert (status.opens_on or status.since) == date(2021, 2, 24)


def test_nobody_knows_a_day_that_was_not_set():
    status = evaluate(phases(0, date(2021, 1, 6)), Facts(age=40), WAKE)
    assert (status.kind, status.group.code, status.opens_on) == ("not_yet", "4", None)


def test_a_county_may_be_later_than_the_state():
    openings = {("2", ""): Span(date(2021, 1, 14)), ("2", ALAMANCE): Span(date(2021, 2, 1))}
    plan = phases(1, date(2021, 1, 20), openings)
    assert evaluate(plan, Facts(age=66), WAKE).kind == "open"
    assert evaluate(plan, Facts(age=66), "").kind == "open"
    assert evaluate(plan, Facts(age=66), ALAMANCE).opens_on == date(2021, 2, 1)


def test_a_county_may_keep_a_group_closed_and_any_group_may_close_again():
    openings = {("2", ""): Span(date(2021, 1, 14), date(2021, 3, 1)), ("2", ALAMANCE): Span(None)}
    assert evaluate(phases(1, date(2021, 1, 20), openings), Facts(age=66), ALAMANCE).kind == "not_yet"
    assert evaluate(phases(1, date(2021, 2, 28), openings), Facts(age=66), WAKE).kind == "open"
    assert evaluate(phases(1, date(2021, 3, 1), openings), Facts(age=66), WAKE).kind == "not_yet"


def test_who_is_younger_than_any_product_allows_is_told_the_age_and_waits_for_the_birthday():
    day = date(2021, 4, 12)
    eve, at_last = (facts_on(day, date(2005, 4, number), "other", told_by(None)) for number in (13, 12))
    assert evaluate(phases(1, day), eve, WAKE).kind == "too_young"
    assert evaluate(phases(1, day), eve, WAKE).youngest_age == 16
    assert evaluate(phases(1, day), at_last, WAKE).kind == "open"
    assert evaluate(phases(1, day, youngest=12), eve, WAKE).group.code == "5"


def test_a_leap_day_birthday_comes_on_the_first_of_march():
    assert birthday(date(2004, 2, 29), 17) == date(2021, 3, 1)
    assert facts_on(date(2021, 2, 28), date(2004, 2, 29), "", told_by(None)).age == 16
    assert facts_on(date(2021, 3, 1), date(2004, 2, 29), "", told_by(None)).age == 17


def test_the_ages_at_which_something_may_change_are_those_of_the_rules():
    ages = {code: set(ages_in(rule)) for plan in PLANS for code, rule in ((one.code, one.rule) for one in plan.groups)}
    assert ages["2.2"] == {16, 65}
    assert ages["2.1"] == {65, 75}
    assert ages["5"] == set()


def test_the_plans_name_eight_frontline_and_ten_other_sectors():
    sectors = [entry.sector for entry in INDUSTRIES.entries]
    assert (sectors.count("frontline"), sectors.count("essential"), sectors.count("care")) == (8, 10, 1)


@pytest.mark.parametrize(
    "rule",
    [
        None, [], {}, "everyone", {"everyone": False}, {"fact": "income", "from": 1}, {"fact": "age"}, {"fact": "age", "from": "16"},
        {"fact": "age", "from": True}, {"fact": "age", "from": 70, "to": 60}, {"fact": "age", "from": -1}, {"fact": "age", "is": 3},
        {"fact": "industry", "in": []}, {"fact": "industry", "in": ["astrology"]}, {"fact": "industry", "in": "food"},
        {"fact": "high_risk", "is": "yes"}, {"all": []}, {"any": [{"everyone": True}, {"fact": "x"}]}, {"all": {}, "any": []},
        {"fact": "age", "from": 3, "unless": 4},
    ],
    ids=str,
)  # fmt: skip
def test_a_rule_that_cannot_be_understood_is_refused(rule):
    with pytest.raises(BadRule):
        compile_rule(rule)


def test_a_rule_is_not_nested_without_end():
    rule = {"everyone": True}
    for _ in range(50):
        rule = {"all": [rule]}
    with pytest.raises(BadRule):
        compile_rule(rule)

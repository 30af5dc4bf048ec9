"""Staff of the state decide about vaccines: from a day on, tried on the real schedule first, with a history."""

import time
from datetime import date

import pytest
from sqlalchemy import select

from app.domain.accounts.access import system
from app.domain.inventory.queries import why_unusable
from app.domain.inventory.vials import OpenVial, open_vial
from app.domain.program.change_product import WithdrawChange, withdraw_change
from app.domain.program.models import ProductChange
from app.domain.program.products import get_product, list_products, product_by_code
from tests import make
from tests.browserless import text_of
from tests.make.inventory import lot as make_lot
from tests.together import ends

APRIL = {"day__month": "4", "day__day": "1", "day__year": "2021"}
NEW = {
    "name": "Novavax COVID-19 vaccine", "manufacturer": "Novavax", "code": "novavax", "cvx": "211", "mvx": "nvx",
    "ndc_vial": "80631-0100-01", "ndc_carton": "80631-0100-10", "volume_ml": "0.5", "youngest_age": "18",
    "interval_days": "21", "doses_per_vial": "10", "storage": "In a refrigerator.", **APRIL,
}  # fmt: skip


@pytest.fixture
def staff(site, session, now):
    return site.sign_in(make.administrator(session))


@pytest.fixture
def url(session):
    return f"/state/products/{product_by_code(session, 'pfizer').id}"


def rules(session, day, code="pfizer"):
    session.expire_all()
    return product_by_code(session, code).rules_on(day)


def test_a_change_is_tried_on_the_schedule_and_holds_from_its_day(staff, session, url):
    pfizer = product_by_code(session, "pfizer").id
    page = staff.open(f"{url}/rules")
    asked = {"youngest_age": "12", "interval_days": "28", **APRIL}
    person = {"try_age": "13", "first_product": str(pfizer), "first_days": "22"}
    page = staff.submit(page, "#rules", press="Try it", **asked, **person)
    told = text_of(page, "table")
    assert "As they stand Too young" in told
    assert "With your change Too early" in told
    assert "valid from Apr 3, 2021 on" in told
    assert rules(session, date(2021, 4, 1)).youngest_age == 16
    page = staff.submit(page, "#rules", press="Make the change")
    assert "The change is made." in text_of(page)
    assert "Youngest age, in years: 12" in text_of(page)
    assert [rules(session, date(2021, *day)).youngest_age for day in ((3, 31), (4, 1))] == [16, 12]
    assert "Ann Lee" in text_of(page, "main")


def test_a_coming_change_survives_a_later_one_of_other_rules_and_can_be_taken_back(staff, session, url):
    staff.submit(staff.open(f"{url}/rules"), "#rules", press="Make the change", grace_days="5", **APRIL)
    later = APRIL | {"day__month": "6"}
    staff.submit(staff.open(f"{url}/rules"), "#rules", press="Make the change", beyond_use_hours="8", **later)
    assert (rules(session, date(2021, 6, 1)).grace_days, rules(session, date(2021, 6, 1)).beyond_use_hours) == (5, 8)
    page = staff.submit(staff.open(url), 'form[action*="2021-04-01"]')
    assert "Coming change taken back" in text_of(page)
    assert rules(session, date(2021, 6, 1)).grace_days == 4
    acts = list(session.scalars(select(ProductChange.act).order_by(ProductChange.id)))
    assert acts == ["changed", "changed", "withdrawn"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"youngest_age": "old"}, "Enter a whole number in digits"),
        ({"youngest_age": "999"}, "Enter a number from 0 to 120"),
        ({"interval_days": ""}, "Fill this in"),
        ({"grace_days": "21"}, "does not go with the days between the doses"),
        ({"late_days": "7"}, "does not go with the days between the doses"),
        ({"grace_days": "٤"}, "Enter a whole number in digits"),
        ({"day__month": "3", "day__day": "9", "grace_days": "5"}, "This day is past"),
        ({"grace_days": "5", "try_age": "x"}, "Enter a number from 0 to 120"),
        ({"grace_days": "5", "first_product": "no-product"}, "Choose one from the list"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(staff, session, url, typed, said):
    page = staff.submit(staff.open(f"{url}/rules"), "#rules", press="Try it", expect=422, **(APRIL | typed))
    assert said in text_of(page, ".usa-form-group--error")
    assert session.scalar(select(ProductChange.id)) is None


def test_two_who_decide_at_once_do_not_undo_each_other(staff, session, url):
    first, second = staff.open(f"{url}/rules"), staff.open(f"{url}/rules")
    staff.submit(first, "#rules", press="Make the change", grace_days="5", **APRIL)
    staff.url = f"{url}/rules"
    page = staff.submit(second, "#rules", press="Make the change", expect=422, grace_days="6", **APRIL)
    assert "Somebody else decided about this vaccine meanwhile" in text_of(page)
    assert rules(session, date(2021, 4, 1)).grace_days == 5


def test_two_who_take_changes_back_at_once_take_both_back(staff, session, database, url, now):
    for month, days in (("4", "5"), ("6", "6")):
        typed = APRIL | {"day__month": month}
        staff.submit(staff.open(f"{url}/rules"), "#rules", press="Make the change", grace_days=days, **typed)
    pfizer = product_by_code(session, "pfizer").id
    session.rollback()

    def take_back(day):
        def act(own):
            shown = get_product(own, pfizer)  # as the page does before anything else
            time.sleep(0.3)
            withdraw_change(own, system("test"), WithdrawChange(shown.id, day), today=date(2021, 3, 10), now=now)
            assert day.isoformat() not in {change["from"] for change in shown.changes}

        return act

    assert ends(database, *(take_back(date(2021, month, 1)) for month in (4, 6))) == ["done", "done"]
    assert rules(session, date(2021, 6, 1)).grace_days == 4


def test_a_new_vaccine_is_on_the_lists_of_clinics_and_an_ended_one_is_greyed(staff, session):
    page = staff.open("/state/products/new")
    wrong = staff.submit(page, "#new", expect=422, **(NEW | {"code": "pfizer", "cvx": "208"}))
    assert "Another product has this code" in text_of(wrong, ".usa-form-group--error")
    page = staff.submit(page, "#new", **(NEW | {"request_key": "other"}))
    assert "Given from Apr 1, 2021 on." in text_of(page)
    made = product_by_code(session, "novavax")
    assert (made.mvx, made in list_products(session)) == ("NVX", True)
    lot = make_lot(session, make.location(session), product="novavax")
    assert why_unusable(lot, date(2021, 3, 31)) == "not_yet"
    assert why_unusable(lot, date(2021, 4, 2)) is None
    staff.submit(staff.open(f"/state/products/{made.id}/end"), "#end", day__month="4", day__day="30", day__year="2021")
    session.expire_all()
    assert why_unusable(lot, date(2021, 4, 30)) is None
    assert why_unusable(lot, date(2021, 5, 1)) == "ended"


def test_an_opened_vial_is_good_for_the_hours_that_the_state_decided(staff, session, url, now):
    staff.submit(
        staff.open(f"{url}/rules"), "#rules", press="Make the change", beyond_use_hours="9", day__month="3",
        day__day="10", day__year="2021",
    )  # fmt: skip
    place = make.location(session)
    lot = make_lot(session, place)
    boss = make.actor(session, make.manager(session, place))
    vial = open_vial(session, boss, OpenVial(place.id, lot.id), now=now, today=now.date())
    assert (vial.use_by - vial.opened_at).total_seconds() == 9 * 3600


def test_others_do_not_reach_them(site, session, now, url):
    site.sign_in(make.manager(session, make.location(session)))
    for page in ("/state/products", "/state/products/new", url, f"{url}/rules", f"{url}/end"):
        site.open(page, expect=404)

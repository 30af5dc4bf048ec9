"""A clinic day by keyboard alone, as `make bench NAME=clinic_day` measures it."""

import pytest
from sqlalchemy import select

from app.domain.vaccinations.models import Administration, Visit
from bench.clinic_day import MOST_FIELDS, Timed, work
from tests import make
from tests.browser.conftest import shot
from tests.make.inventory import lot as make_lot

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_two_walk_ins_by_keyboard_take_eight_fields_each_and_the_lot_stays(chromium, running):
    with running.machines.database.session(write=True) as session:
        place = make.location(session)
        make.healthcare_provider(session, place, name="nora")
        chosen = make_lot(session, place)
        make_lot(session, place, product="moderna-10")
        address, chosen_id = f"/provider/{place.id}/clinic", chosen.id
    page = chromium.new_page(base_url=running.url)
    page.set_default_timeout(15_000)
    page.goto("/account/sign-in/provider")
    page.fill("[name=name]", "nora")
    page.fill("[name=password]", make.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/provider/**")
    page.goto(address)
    first, second = work(page, 2, Timed(lambda *_: []))
    assert page.evaluate("document.activeElement.id") == "last_name"
    shot(page, "clinic-day-after-two")
    page.close()
    assert second.fields <= MOST_FIELDS
    assert first.fields == second.fields + 1, "only the first chooses the lot"
    with running.machines.database.session(write=False) as session:
        given = list(session.scalars(select(Administration).order_by(Administration.id)))
        assert [dose.lot_id for dose in given] == [chosen_id] * 2
        answers = [visit.answers for visit in session.scalars(select(Visit))]
        assert [set(told.values()) for told in answers] == [{"no"}] * 2

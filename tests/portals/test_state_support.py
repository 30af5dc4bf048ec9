"""Contacts, hours and senders are decided per audience; pages, the help desk and mails follow."""

import pytest
import time_machine
from sqlalchemy import select

from app.domain.program.models import ProgramSetting
from app.jobs.deliver_mail import deliver_due
from tests import make
from tests.browserless import text_of
from tests.conftest import settings_for

TODAY = {"day__month": "3", "day__day": "10", "day__year": "2021"}
NEW = {
    "phone": "(919) 555-0188", "sender_name": "NC Vaccine Program", "sender_address": "vaccine@nc.example",
    "from_5": "", "until_5": "", "from_6": "", "until_6": "", "holidays": "3/11/2021 Founders Day", **TODAY,
}  # fmt: skip


@pytest.fixture
def staff(site, session, now):
    return site.sign_in(make.administrator(session))


def decide(staff, audience="recipient", **typed):
    return staff.submit(staff.open(f"/state/support/{audience}"), "#support", **(NEW | typed))


def test_pages_and_the_help_desk_follow_the_decision_of_their_audience(site, session, staff, settings):
    page = decide(staff)
    assert "Monday to Friday 7 am – 7 pm" in text_of(page)
    assert "Ann Lee" in text_of(staff.open("/state/support/recipient"))
    desk = text_of(site.open("/help/recipient"))
    assert "(919) 555-0188" in desk
    assert "Mar 11, 2021: closed (Founders Day)" in desk
    assert settings.help_phone in text_of(site.open("/help/provider"))
    assert settings.help_phone in text_of(site.open("/help/"), "footer")
    decide(staff, "everybody", phone="(919) 555-0100")
    assert "(919) 555-0100" in text_of(site.open("/help/provider"), "footer")


def test_on_a_holiday_the_line_is_closed(site, staff):
    decide(staff)
    assert "Open now" in text_of(site.open("/help/recipient"))
    with time_machine.travel("2021-03-11 15:00", tick=False):
        assert "Closed today" in text_of(site.open("/help/recipient"))


def test_mails_to_an_audience_come_from_its_sender_and_name_its_telephone(
    staff, session, database, database_url, smtp, tmp_path
):
    decide(staff, "enrollment")
    page = staff.open("/state/enrollments/invite")
    staff.submit(page, "#invite", first_name="Olga", last_name="Ortiz", email="olga@practice.example")
    session.rollback()
    deliver_due(database, settings_for(tmp_path, database_url, SMTP_URL=smtp.url))
    (mail,) = smtp.messages
    assert mail["From"] == "NC Vaccine Program <vaccine@nc.example>"
    assert "(919) 555-0188 (Monday to Friday 7 am – 7 pm)" in mail.get_content()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"phone": ""}, "Enter the telephone number"),
        ({"phone": "call us"}, "Check it"),
        ({"sender_address": "nobody"}, "Check it"),
        ({"from_0": "19:00", "until_0": "07:00"}, "the earlier one first"),
        ({"from_5": "10:00"}, "the earlier one first"),
        ({"holidays": "Christmas"}, "Begin each line with a date"),
        ({"day__day": "9"}, "This day is past"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(staff, session, typed, said):
    page = staff.submit(staff.open("/state/support/recipient"), "#support", expect=422, **(NEW | typed))
    assert said in text_of(page, ".usa-form-group--error")
    assert session.scalar(select(ProgramSetting.id)) is None


def test_others_do_not_reach_it(site, session, now):
    site.sign_in(make.manager(session, make.location(session)))
    for url in ("/state/support", "/state/support/recipient"):
        site.open(url, expect=404)

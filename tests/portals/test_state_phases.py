"""Staff look at what a change of phases would do, make it, and change settings of the program."""

import pytest

from app.domain.program.settings import SELF_REGISTRATION_OPEN, value_of
from tests import make
from tests.browserless import form_data, text_of


@pytest.fixture
def staff(site, session, now):
    made = make.administrator(session)
    site.sign_in(made)
    return made


def last_group(page):
    """Everybody else: opens in April 2021 by the published plan."""
    return page.select("tbody tr")[-1].a["href"]


def change(site, url, go, **typed):
    page = site.open(url)
    data = {"act": "open", "county": "", **typed}
    form = page.select_one("main form")
    sent = form_data(form) | data | {"go": go}
    return site.open(url, method="POST", data=sent, expect=200)


def test_a_group_is_looked_at_opened_and_closed_in_one_county(site, staff):
    url = last_group(site.open("/state/phases"))
    assert "From Apr 7, 2021 on" in text_of(site.open(url))
    day = {"day-month": "4", "day-day": "2", "day-year": "2021"}
    page = change(site, url, "preview", **day)
    assert "What this would do on Apr 2, 2021" in text_of(page)
    assert "From Apr 7, 2021 on" in text_of(site.open(url))
    page = change(site, url, "make", **day)
    assert "From Apr 2, 2021 on" in text_of(page)
    page = change(site, url, "make", act="open", county="37183", **(day | {"day-day": "1"}))
    assert "Counties that differ: Wake" in text_of(page)
    assert "Opened" in text_of(page)
    page = change(site, url, "make", act="follow", county="37183")
    assert "Counties that differ" not in text_of(page)


def test_held_mails_are_told_on_both_pages_and_let_go_by_a_button(site, staff):
    url = last_group(site.open("/state/phases"))
    page = change(site, url, "make", **{"day-month": "4", "day-day": "2", "day-year": "2021", "mail_held": "y"})
    assert "Mails are held: The whole state" in text_of(page)
    assert "From Apr 2, 2021 on, mails held" in text_of(site.open("/state/phases"))
    page = site.submit(page, "form[action$='/mails']")
    assert "The mails go out within minutes." in text_of(page)
    assert "Mails are held" not in text_of(page)
    assert "Let the mails go" in text_of(page, "tbody tr")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"act": "open"}, "Enter the day from which it holds"),
        ({"act": "follow"}, "Choose the county"),
    ],
)
def test_what_is_missing_is_told_beside_its_field(site, staff, typed, said):
    url = last_group(site.open("/state/phases"))
    page = site.submit(site.open(url), expect=422, **typed)
    assert said in text_of(page, ".usa-form-group--error")


def test_a_group_does_not_close_before_it_opens(site, staff):
    url = last_group(site.open("/state/phases"))
    sent = form_data(site.open(url).select_one("main form")) | {
        "act": "close", "day-month": "4", "day-day": "1", "day-year": "2021", "go": "make",
    }  # fmt: skip
    page = site.open(url, method="POST", data=sent, expect=422)
    assert "before the day on which the group opens" in text_of(page, ".usa-form-group--error")


def test_a_setting_is_changed_from_a_day_on_and_its_history_stays(site, session, staff, now):
    page = site.open("/state/settings")
    link = page.find("a", string="Anybody may register without an invitation")["href"]
    page = site.submit(site.open(link), expect=422, value="perhaps")
    assert page.select_one(".usa-form-group--error")
    page = site.submit(site.open(link), value="yes")
    assert "The setting is changed." in text_of(page)
    session.expire_all()
    assert value_of(session, SELF_REGISTRATION_OPEN, today=now.date()) is True
    assert "Yes" in text_of(site.open(link), "table")


def test_others_reach_neither(site, session, now):
    site.sign_in(make.manager(session, make.location(session)))
    for url in ("/state/phases", "/state/settings", "/state/settings/self_registration_open"):
        site.open(url, expect=404)

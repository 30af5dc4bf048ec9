"""Attacks on sessions: planted, stolen, kept too long, forged."""

from datetime import timedelta

import pytest
import time_machine
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select

from app import factory
from app.domain.accounts.models import SignInSession
from tests import make
from tests.conftest import settings_for

SIGN_IN = "/account/sign-in/provider"
pytestmark = pytest.mark.once


@pytest.fixture
def nurse(session, now):
    return make.healthcare_provider(session, make.location(session), name="nora")


def signed_in_by_form(site):
    site.submit(site.open(SIGN_IN), name="nora", password=make.PASSWORD)
    return site.client.get_cookie("cvms").value


def opens(site, cookie):
    """Whether a browser with this cookie opens a page that needs somebody."""
    browser = site.app.test_client()
    browser.set_cookie("cvms", cookie)
    return browser.get("/account/").status_code == 200


def test_a_cookie_planted_before_the_sign_in_opens_nothing_after_it(site, nurse):
    site.anonymous().open(SIGN_IN)
    planted = site.client.get_cookie("cvms").value
    mine = signed_in_by_form(site)
    assert opens(site, mine)
    assert mine != planted
    assert not opens(site, planted)


def test_what_was_planted_of_somebody_else_is_gone_after_the_sign_in(site, session, nurse):
    other = make.healthcare_provider(session, make.location(session), name="other", first_name="Olga", last_name="Other")
    site.sign_in(other)
    planted = site.client.get_cookie("cvms").value
    mine = signed_in_by_form(site)
    assert "Olga" not in site.open("/account/").text
    assert opens(site, planted)
    assert mine != planted


def test_a_stolen_cookie_ends_with_the_session(site, nurse, now):
    stolen = signed_in_by_form(site)
    assert opens(site, stolen)
    site.submit(site.open("/account/sign-out"))
    assert not opens(site, stolen)


def test_a_session_ends_when_idle_and_in_any_case_after_its_longest_time(site, settings, nurse, now):
    idle, longest = settings.session_idle_seconds, settings.session_longest_seconds
    mine = signed_in_by_form(site)
    with time_machine.travel(now + timedelta(seconds=idle + 10), tick=False):
        assert not opens(site, mine)
    mine = signed_in_by_form(site)
    for step in range(1, longest // (idle - 60) + 2):
        with time_machine.travel(now + timedelta(seconds=step * (idle - 60)), tick=False):
            assert opens(site, mine) == (step * (idle - 60) < longest), step


def test_a_cookie_that_somebody_made_or_changed_opens_nothing(app, site, nurse):
    mine = signed_in_by_form(site)
    payload, _, rest = mine.partition(".")
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    token = signer.loads(mine)["_user_id"]
    forged = type("App", (), {"secret_key": "another key of thirty-two letters!", "config": app.config})
    made = SecureCookieSessionInterface().get_signing_serializer(forged).dumps({"_user_id": token})
    for wrong in (made, f"{payload[:-2]}AA.{rest}", payload, "", "x" * 4000):
        assert not opens(site, wrong)
    assert opens(site, mine)


def test_every_sign_in_and_every_refusal_is_in_the_log_without_a_name(site, session, nurse, log_lines):
    site.submit(site.open(SIGN_IN), name="nora", password="not hers", expect=422)
    signed_in_by_form(site)
    site.open(f"/provider/{nurse.grants[0].scope_id}/users", expect=403)
    lines = log_lines()
    for event, fact in (("sign_in.refused", "WrongNameOrPassword"), ("sign_in.began", str(nurse.id)), ("access.refused", str(nurse.id))):
        assert any(event in line and fact in line for line in lines), event
    assert not any("nora" in line or "not hers" in line or make.PASSWORD in line for line in lines)


def test_behind_https_the_cookie_is_bound_to_this_host_and_https(tmp_path, database_url, now):
    app = factory.create_app(settings_for(tmp_path, database_url, PUBLIC_URL="https://cvms.test"))
    answer = app.test_client().get("/account/sign-in/provider", base_url="https://cvms.test")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-cvms=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    app.extensions["cvms"].database.dispose()
    app.extensions["cvms"].queue.close()


def test_a_closed_account_opens_nothing_even_where_a_session_was_left_open(site, session, nurse, now):
    cookie = signed_in_by_form(site)
    assert opens(site, cookie)
    nurse.closed_at = now
    session.commit()
    assert session.scalars(select(SignInSession.ended_at)).all() == [None]
    assert not opens(site, cookie)

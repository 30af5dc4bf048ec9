"""A code from an app after the password: set up, asked for, lost, and never got round."""

from datetime import timedelta

import pyotp
import pytest
import time_machine
from sqlalchemy import func, select

from app.domain.accounts import second_factor
from app.domain.accounts.access import Role
from app.domain.accounts.models import RecoveryCode, SecondFactor, SignInSession
from app.domain.accounts.second_factor import reset_second_factor
from app.domain.errors import NotAllowed, NotFound
from app.infra.kept_mail import latest_mails
from app.infra.outbox import OutboxMessage
from app.jobs.deliver_mail import deliver_due
from tests import make
from tests.browserless import text_of
from tests.conftest import settings_for

STATE, PROVIDER = "/account/sign-in/state", "/account/sign-in/provider"


@pytest.fixture
def settings(database_url, tmp_path):
    return settings_for(tmp_path, database_url, SECOND_FACTOR="demanded")


@pytest.fixture
def head(session, now):
    return make.administrator(session, name="head", email="head@example.org")


def key_on(page):
    return text_of(page, ".key").replace(" ", "")


def sign_in(site, name, url=STATE, **arguments):
    return site.submit(site.open(url), name=name, password=make.PASSWORD, **arguments)


def set_up(site, now, name="head"):
    """Sign in and set the app up; returns its key."""
    key = key_on(sign_in(site, name))
    page = site.open(site.url)
    site.submit(page, code=pyotp.TOTP(key).at(now), press="Turn on")
    return key


def owes_code(site):
    site.open("/state/", expect=200)
    return "second-factor" in site.url


def test_state_staff_set_up_an_app_before_anything_else_and_keep_their_codes(site, head, now, machines):
    page = sign_in(site, "head")
    assert "Set up your authenticator app" in text_of(page)
    assert page.select_one(".app-code svg")["viewbox"]
    site.open("/state/")
    assert "/second-factor/set-up" in site.url
    page = site.submit(site.open(site.url), code=pyotp.TOTP(key_on(page)).at(now))
    codes = [item.text for item in page.select(".codes li")]
    assert len(set(codes)) == 10
    assert site.get("/account/second-factor/codes.txt").get_data(as_text=True).count("-") == 10
    site.submit(page, press="I have kept them")
    site.open("/state/")
    assert site.url == "/state/"
    assert not site.open("/account/second-factor/codes").select(".codes li")
    site.get("/account/second-factor/codes.txt", expect=404)
    deliver_due(machines.database, machines.settings)
    with machines.database.reading() as reading:
        assert "authenticator app was set up" in latest_mails(reading)[0].text


def test_the_password_alone_opens_nothing_any_more(site, head, now):
    key = set_up(site, now)
    site.anonymous()
    with time_machine.travel(now + timedelta(minutes=5)):
        sign_in(site, "head")
        for path in ("/state/", "/account/", "/account/password", "/account/second-factor/set-up", "/account/second-factor/manage"):
            site.open(path)
            assert site.url.startswith("/account/second-factor?"), path
        site.submit(site.open("/account/second-factor"), code="000000", expect=422)
        site.submit(site.open("/account/second-factor?next=/state/"), code=pyotp.TOTP(key).at(now + timedelta(minutes=5)))
        assert site.url == "/state/"


def test_a_code_works_once_even_within_its_half_minute_and_the_owner_is_told(site, head, now, session):
    key = set_up(site, now)
    moment = now + timedelta(minutes=5)
    with time_machine.travel(moment):
        code = pyotp.TOTP(key).at(moment)
        for expect in (200, 422, 422):
            site.anonymous()
            sign_in(site, "head")
            site.submit(site.open("/account/second-factor"), code=code, expect=expect)
    told = session.scalars(select(OutboxMessage.payload).where(OutboxMessage.kind == "accounts.second_factor")).all()
    assert [one["change"] for one in told] == ["on", "reused"]
    session.rollback()
    machines = site.app.extensions["cvms"]
    with time_machine.travel(moment + timedelta(minutes=1)):
        deliver_due(machines.database, machines.settings)
    with machines.database.reading() as reading:
        assert any("had been used already" in " ".join(mail.text.split()) for mail in latest_mails(reading))


def test_a_lost_phone_is_replaced_by_a_recovery_code_that_works_once(site, head, now, session):
    set_up(site, now)
    code = text_of(site.open("/account/second-factor/codes"), ".codes li")
    for typed, expect in ((code.upper().replace("-", " "), 200), (code, 422)):
        site.anonymous()
        sign_in(site, "head")
        site.submit(site.open("/account/second-factor"), code=typed, expect=expect)
    assert session.scalar(select(func.count()).where(RecoveryCode.used_at.is_not(None))) == 1


def test_guessing_stops_after_eight_tries_whatever_is_typed_then(site, head, now):
    key = set_up(site, now)
    site.anonymous()
    with time_machine.travel(now + timedelta(minutes=5)):
        sign_in(site, "head")
        for _ in range(8):
            site.submit(site.open("/account/second-factor"), code="123456", expect=422)
        right = pyotp.TOTP(key).at(now + timedelta(minutes=5))
        page = site.submit(site.open("/account/second-factor"), code=right, expect=422)
        assert "fifteen minutes" in text_of(page)


def test_waiting_for_the_code_lasts_ten_minutes(site, head, now):
    set_up(site, now)
    site.anonymous()
    sign_in(site, "head")
    assert owes_code(site)
    with time_machine.travel(now + timedelta(minutes=11)):
        site.open("/state/")
        assert site.url.startswith(STATE)


def test_whoever_comes_back_to_setting_up_has_the_whole_time_for_it(site, head, now):
    key = key_on(sign_in(site, "head"))
    with time_machine.travel(now + timedelta(minutes=12)):
        page = sign_in(site.anonymous(), "head")
        assert key_on(page) == key
    with time_machine.travel(now + timedelta(minutes=17)):
        page = site.open("/account/second-factor/set-up")
        site.submit(page, code=pyotp.TOTP(key).at(now + timedelta(minutes=17)), press="Turn on")
        assert "/second-factor/codes" in site.url


def test_others_may_turn_it_on_and_off_and_staff_may_only_move_it(site, session, now, head):
    make.manager(session, make.location(session), name="mmiller")
    sign_in(site, "mmiller", PROVIDER)
    assert "second-factor" not in site.url
    site.submit(site.open("/account/second-factor/manage"), press="Set it up", password="not mine", expect=422)
    page = site.submit(site.open("/account/second-factor/manage"), press="Set it up", password=make.PASSWORD)
    key = key_on(page)
    site.submit(page, code=pyotp.TOTP(key).at(now))
    moment = now + timedelta(minutes=2)
    with time_machine.travel(moment):
        site.submit(site.open("/account/second-factor/manage"), press="Turn off", code=pyotp.TOTP(key).at(moment))
    assert session.scalar(select(func.count(SecondFactor.id))) == 0
    site.anonymous()
    key = set_up(site, now)
    with time_machine.travel(moment):
        page = site.open("/account/second-factor/manage")
        assert not page.select("button[value=off]")
        old = pyotp.TOTP(key).at(moment)
        forged = {"code": old, "act": "off", "csrf_token": page.select_one("[name=csrf_token]")["value"]}
        page = site.open("/account/second-factor/manage", method="POST", data=forged, expect=422)
        assert "cannot be turned off" in text_of(page)
        with time_machine.travel(moment + timedelta(minutes=1)):
            again = pyotp.TOTP(key).at(moment + timedelta(minutes=1))
            page = site.submit(site.open("/account/second-factor/manage"), press="Move to another phone", code=again)
            assert key_on(page) != key


def test_a_new_password_from_a_mail_link_does_not_get_round_the_code(site, head, now, machines):
    set_up(site, now)
    site.anonymous()
    site.submit(site.open("/account/state/forgotten-password"), name="head")
    deliver_due(machines.database, machines.settings)
    with machines.database.reading() as reading:
        link = next(mail.text for mail in latest_mails(reading) if "new-password" in mail.text)
    path = link[link.index("/account/state/new-password") :].split()[0]
    site.submit(site.open(path), password="Summer2021-doses", again="Summer2021-doses")
    assert owes_code(site)


def test_what_was_typed_before_a_lost_session_is_there_after_the_code(site, head, now, session):
    key = set_up(site, now)
    page = site.open("/state/settings/access_code_days")
    session.execute(SignInSession.__table__.update().values(ended_at=now))
    session.commit()
    lost = site.submit(page, value="perhaps", expect=401)
    moment = now + timedelta(minutes=5)
    with time_machine.travel(moment):
        site.submit(lost, name="head", password=make.PASSWORD)
        page = site.submit(site.open(site.url), code=pyotp.TOTP(key).at(moment))
    assert page.select_one("[name=value]")["value"] == "perhaps"


def test_staff_reset_the_factor_of_others_never_their_own(session, head, now):
    other = make.account(session, Role.STATE_STAFF, realm="state", name="other")
    second_factor.prepare(session, other, now=now)
    with pytest.raises(NotFound):
        reset_second_factor(session, make.actor(session, head), head, now=now)
    with pytest.raises(NotAllowed):
        reset_second_factor(session, make.actor(session, other), head, now=now)
    reset_second_factor(session, make.actor(session, head), other, now=now)
    assert session.scalar(select(func.count(SecondFactor.id))) == 0


def test_codes_that_nobody_acknowledged_become_unreadable(session, database, head, now):
    second_factor.prepare(session, head, now=now)
    _address, secret = second_factor.address_for_app(session, head, name="head", issuer="CVMS", now=now)
    second_factor.confirm(session, head, pyotp.TOTP(secret).at(now), now=now)
    later = now + second_factor.SHOWN_FOR
    assert second_factor.standing(session, head, now=now).fresh
    assert not second_factor.standing(session, head, now=later).fresh
    session.commit()
    second_factor.sweep(database, now=later)
    session.expire_all()
    assert session.scalars(select(SecondFactor)).one().fresh_codes is None


def test_an_app_that_nobody_confirmed_is_forgotten_after_a_quarter_of_an_hour(session, head, now):
    second_factor.prepare(session, head, now=now)
    shown = [
        second_factor.address_for_app(session, head, name="head", issuer="CVMS", now=now + timedelta(minutes=minutes))
        for minutes in (14, 15)
    ]
    assert [one is not None for one in shown] == [True, False]

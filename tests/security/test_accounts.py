"""Attacks on accounts: guessing, replays, links that should be dead, races."""

import re
import threading
from datetime import timedelta

import time_machine
from sqlalchemy import func, select

from app.domain.accounts.access import Role
from app.domain.accounts.invitations import Invite, invite
from app.domain.accounts.models import Account, Grant
from app.domain.providers.models import Location
from app.infra.kept_mail import latest_mails
from app.jobs.deliver_mail import deliver_due
from tests import make
from tests.browserless import Site, form_data, text_of
from tests.files.people import people
from tests.make.recipients import on_record

SIGN_IN = "/account/sign-in/provider"
FORGOTTEN = "/account/provider/forgotten-password"
NEW = "A-new-Password-1"


def links(machines):
    """The links of all mails, newest first."""
    deliver_due(machines.database, machines.settings)
    with machines.database.reading() as session:
        return [found for mail in latest_mails(session) for found in re.findall(r"http://cvms\.test(\S+)", mail.text)]


def invited(session, location, now):
    offer = Invite(Role.LOCATION_MANAGER, location.id, "new@clinic.example", "Nia", "Moore", "provider", "nmoore")
    invite(session, make.actor(session, make.administrator(session)), offer, now=now)
    session.commit()


def test_an_invitation_is_no_way_to_guess_the_password_of_another_account(site, session, machines, now):
    location = make.location(session)
    make.manager(session, location, name="mmiller")
    invited(session, location, now)
    page = site.anonymous().open(links(machines)[0] + "/add")
    for _ in range(8):
        page = site.submit(page, name="mmiller", password="wrong", expect=422)
    page = site.submit(page, name="mmiller", password=make.PASSWORD, expect=422)
    assert "fifteen minutes" in text_of(page)
    page = site.submit(site.open(SIGN_IN), name="mmiller", password=make.PASSWORD, expect=422)
    assert "fifteen minutes" in text_of(page)


def test_a_double_click_on_sign_in_ends_signed_in(site, session, now):
    make.manager(session, make.location(session), name="mmiller")
    data = form_data(site.open(SIGN_IN).select_one("main form[method=post]"))
    data |= {"name": "mmiller", "password": make.PASSWORD}
    before = site.client.get_cookie("cvms").value
    site.client.post(SIGN_IN, data=data)
    site.client.set_cookie("cvms", before)
    site.open(SIGN_IN, method="POST", data=data)
    assert "/provider/" in site.url


def test_a_double_click_on_an_invitation_ends_signed_in(site, session, machines, now):
    invited(session, make.location(session), now)
    link = links(machines)[0]
    data = form_data(site.open(link).select_one("main form[method=post]")) | {"password": NEW, "again": NEW}
    before = site.client.get_cookie("cvms").value
    site.client.post(link, data=data)
    site.client.set_cookie("cvms", before)
    page = site.open(link, method="POST", data=data)
    assert "/provider/" in site.url
    assert "Your user name is" in text_of(page)
    page = site.anonymous().open(link, expect=404)
    assert "sign in with your user name" in text_of(page)
    assert session.scalar(select(func.count()).where(Account.last_name == "Moore")) == 1


def test_a_new_password_ends_all_links_that_would_set_another(site, session, machines, now):
    make.manager(session, make.location(session), name="mmiller")
    for _ in range(2):
        site.submit(site.open(FORGOTTEN), name="mmiller")
    first, second = links(machines)
    site.submit(site.open(first), password=NEW, again=NEW)
    site.anonymous().open(second, expect=404)


def test_a_new_password_whose_answer_was_lost_is_sent_again_and_lets_in(site, session, machines, now, log_lines):
    make.manager(session, make.location(session), name="mmiller")
    site.submit(site.open(FORGOTTEN), name="mmiller")
    (link,) = links(machines)
    data = form_data(site.open(link).select_one("main form[method=post]")) | {"password": NEW, "again": NEW}
    before = site.client.get_cookie("cvms").value
    for _ in range(2):
        site.client.set_cookie("cvms", before)
        site.open(link, method="POST", data=data)
        assert "/provider/" in site.url
    site.client.set_cookie("cvms", before)
    site.open(link, method="POST", data=data | {"password": make.PASSWORD, "again": make.PASSWORD}, expect=404)
    (refused,) = [line for line in log_lines() if "sign_in.refused" in line]
    assert '"why": "WrongNameOrPassword"' in refused


def test_nobody_is_flooded_with_mails_by_strangers_from_many_addresses(site, session, machines, now):
    make.manager(session, make.location(session), name="mmiller")
    for number, name in enumerate(["mmiller", "MMILLER", " mmiller", "ｍmiller", "mmiller ", "Mmiller"]):
        page = site.open(FORGOTTEN)
        data = form_data(page.select_one("main form[method=post]")) | {"name": name}
        origin = {"REMOTE_ADDR": f"192.0.2.{number}"}
        page = site.open(FORGOTTEN, method="POST", data=data, environ_overrides=origin)
        assert "Now, check your email" in text_of(page)
    assert len(links(machines)) == 3


def test_a_session_left_open_is_not_enough_to_change_the_password(site, session, now):
    account = make.manager(session, make.location(session), name="mmiller")
    page = site.sign_in(account).open("/account/password")
    page = site.submit(page, current="wrong", password=NEW, again=NEW, expect=422)
    assert "not your password" in text_of(page)
    for _ in range(7):
        page = site.submit(page, current="wrong", password=NEW, again=NEW, expect=422)
    page = site.submit(page, current=make.PASSWORD, password=NEW, again=NEW, expect=422)
    assert "fifteen minutes" in text_of(page)
    with time_machine.travel(now + timedelta(minutes=20)):
        page = site.submit(site.open("/account/password"), current=make.PASSWORD, password=NEW, again=NEW)
        assert "Your password is changed" in text_of(page, "body")


def test_two_browsers_that_claim_one_invitation_at_once_make_one_account(app, session, machines, now):
    location = make.location(session)
    invited(session, location, now)
    link = links(machines)[0]
    browsers = [Site(app, session) for _ in range(4)]
    sent = [
        form_data(site.open(link).select_one("main form[method=post]")) | {"password": own, "again": own}
        for site, own in zip(browsers, (f"{NEW}-{number}" for number in range(4)), strict=True)
    ]
    session.rollback()
    gate, codes = threading.Barrier(4), []

    def claim(site, data):
        gate.wait()
        codes.append(site.client.post(link, data=data).status_code)

    threads = [threading.Thread(target=claim, args=each) for each in zip(browsers, sent, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [303, 404, 404, 404]
    assert session.scalar(select(func.count()).where(Grant.role == "location_manager", Grant.ended_at.is_(None))) == 1


def test_no_sign_in_leads_to_another_site(site, session, now):
    make.manager(session, make.location(session), name="mmiller")
    for wanted in (
        "//evil.example", "/\\evil.example", "/\t/evil.example", "/\t\\evil.example", "\t//evil.example", "/ /evil.example",
        "https:evil.example", "javascript:alert(1)", "/%09/evil.example", "/\x01/evil.example", "/\r\nX: y", "/\n/evil.example",
    ):  # fmt: skip
        for headers in ({}, {"HX-Request": "true", "HX-Request-Type": "partial"}):
            data = form_data(site.anonymous().open(SIGN_IN).select_one("main form[method=post]"))
            data |= {"name": "mmiller", "password": make.PASSWORD, "next": wanted}
            answer = site.client.post(SIGN_IN, data=data, headers=headers)
            target = answer.headers.get("Location") or answer.headers.get("HX-Redirect")
            assert re.fullmatch(r"/(?![/\\])[^\\\t\r\n]*", target), (wanted, target)


def test_a_user_name_that_we_made_is_mailed_so_that_nobody_is_locked_out(site, session, machines, now):
    crew = on_record(session, people(1)[0])
    offer = Invite(Role.RECIPIENT, crew.id, "ann@example.net", "Ann", "Lee", "recipient")
    invite(session, make.actor(session, make.administrator(session)), offer, now=now)
    session.commit()
    page = site.anonymous().open(links(machines)[0])
    born = {f"birth_date__{part}": str(getattr(crew.birth_date, part)) for part in ("month", "day", "year")}
    site.submit(page, password=NEW, again=NEW, **born)
    links(machines)
    with machines.database.reading() as reading:
        mail = latest_mails(reading)[0]
    assert mail.to == "ann@example.net"
    name = re.search(r"^alee-\d{5}$", mail.text, re.MULTILINE)
    assert name, mail.text
    site.submit(site.anonymous().open("/account/sign-in/recipient"), name=name[0], password=NEW)
    assert "/recipient/" in site.url


def test_a_form_sent_twice_at_the_same_moment_is_carried_out_once(app, session, now):
    site = Site(app, session).sign_in(make.administrator(session))
    url = "/state/locations/new"
    data = form_data(site.open(url).select_one("main form[method=post]")) | {
        "provider_organization": "Wake Health", "name": "North Clinic", "provider_pin": "650777", "street": "1 Main St",
        "city": "Raleigh", "county_fips": "37183", "zip": "27601", "manager_first_name": "Al", "manager_last_name": "Ho",
        "manager_email": "al@clinic.example", "manager_ncid": "alho",
    }  # fmt: skip
    cookie = site.client.get_cookie("cvms").value
    session.rollback()
    gate, codes = threading.Barrier(3), []

    def press():
        browser = app.test_client()
        browser.set_cookie("cvms", cookie)
        gate.wait()
        codes.append(browser.post(url, data=data).status_code)

    threads = [threading.Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [303, 303, 303]
    assert session.scalar(select(func.count()).where(Location.name == "North Clinic")) == 1


def test_a_password_that_is_soon_guessed_is_refused_with_a_reason(site, session, now):
    account = make.manager(session, make.location(session), first_name="Marguerite", last_name="Oxenbridge")
    site.sign_in(account)
    for easy in ("Password1234", "p@ssw0rd20212", "margueriteoxenbridge", "Covidcovid19", "aaaaaaaaaaaa", "qwertyuiop12"):
        page = site.open("/account/password")
        page = site.submit(page, "main form[method=post]", current=make.PASSWORD, password=easy, again=easy, expect=422)
        assert "harder to guess" in text_of(page, ".usa-error-message"), easy
    site.submit(site.open("/account/password"), "main form[method=post]", current=make.PASSWORD, password=NEW, again=NEW)
    assert site.url == "/account/"


def test_a_password_is_long_and_of_whatever_kind_of_letters(site, session, now):
    site.sign_in(make.manager(session, make.location(session)))
    have = make.PASSWORD
    for wrong, said in (("Xk4!vq9Zw2#", "at least 12 characters"), ("ä" * 129, "at most 128 characters")):
        page = site.open("/account/password")
        page = site.submit(page, "main form[method=post]", current=have, password=wrong, again=wrong, expect=422)
        assert said in text_of(page, ".usa-error-message"), wrong
    for long in ("seven otters juggle", "  нынче холодно  ", "847120563928", "seven otters juggle lamps while nine foxes hum in a quiet harbor town; rain, bread, 4 clocks"):
        page = site.open("/account/password")
        site.submit(page, "main form[method=post]", current=have, password=long, again=long)
        assert site.url == "/account/", long
        have = long

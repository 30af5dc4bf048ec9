"""Signing in, the forgotten password, invitations, and what happens to forms when a session ends."""

import re
from datetime import timedelta

import time_machine
from sqlalchemy import select

from app.config import Settings
from app.domain.accounts.access import Role
from app.domain.accounts.invitations import Invite, invite
from app.domain.accounts.models import Account, SignInSession
from app.infra.kept_mail import latest_mails
from app.jobs.deliver_mail import deliver_due
from tests import make
from tests.browserless import form_data, text_of
from tests.make.organizations import organization
from tests.make.vaccinations import someone

SIGN_IN = "/account/sign-in/provider"


def links(text):
    return re.findall(r"http://cvms\.test(\S+)", text)


def mails(machines):
    deliver_due(machines.database, machines.settings)
    with machines.database.reading() as session:
        return latest_mails(session)


def test_a_manager_signs_in_and_lands_at_the_location(site, session, now):
    make.manager(session, make.location(session), name="mmiller")
    page = site.open(SIGN_IN)
    site.submit(page, name="  MMiller ", password=make.PASSWORD)
    assert "/provider/" in site.url


def test_a_wrong_password_and_a_wrong_name_read_the_same(site, session, now):
    make.manager(session, make.location(session), name="mmiller")
    texts = set()
    for name in ("mmiller", "nobody"):
        page = site.submit(site.open(SIGN_IN), name=name, password="wrong", expect=422)
        texts.add(text_of(page, "[role=alert]"))
    assert len(texts) == 1


def test_after_eight_failures_even_the_right_password_waits_a_quarter_of_an_hour(site, session, now):
    make.manager(session, make.location(session), name="mmiller")
    for _ in range(8):
        site.submit(site.open(SIGN_IN), name="mmiller", password="wrong", expect=422)
    page = site.submit(site.open(SIGN_IN), name="mmiller", password=make.PASSWORD, expect=422)
    assert "fifteen minutes" in text_of(page)
    with time_machine.travel(now + timedelta(minutes=20)):
        site.submit(site.open(SIGN_IN), name="mmiller", password=make.PASSWORD)
        assert "/provider/" in site.url


def test_the_page_asked_for_comes_after_the_sign_in_but_never_another_site(site, session, now):
    make.manager(session, make.location(session), name="mmiller")
    site.open("/account/password")
    page = site.open(SIGN_IN + "?next=//evil.example/x")
    site.submit(page, name="mmiller", password=make.PASSWORD)
    assert "evil" not in site.url


def test_a_link_of_a_mail_is_opened_after_the_sign_in_with_all_that_it_asks_for(site, session, now):
    place = make.location(session)
    make.manager(session, place, name="mmiller")
    link = f"/provider/{place.id}/recipients?doses=0&registered=no"
    site.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148"
    page = site.open(link)
    assert "/account/sign-in/provider" in site.url
    site.submit(page, name="mmiller", password=make.PASSWORD)
    assert site.url == link


def test_a_session_ends_when_idle_and_everywhere_on_request(site, session, now):
    account = make.manager(session, make.location(session))
    site.sign_in(account).open("/account/")
    with time_machine.travel(now + timedelta(minutes=61)):
        site.open("/account/", expect=200)
        assert "/account/" not in site.url
    page = site.sign_in(account).open("/account/")
    first = site.client
    site.submit(page, "form[action$=everywhere]")
    site.client = first
    site.open("/account/")
    assert site.url == "/"
    assert all(found.ended_at or True for found in session.scalars(select(SignInSession)))


def test_a_forgotten_password_takes_four_steps_and_signs_out_everywhere_else(site, session, machines, now):
    account = make.manager(session, make.location(session), name="mmiller", email="m@clinic.example")
    site.sign_in(account)
    elsewhere = site.client
    page = site.anonymous().open("/account/provider/forgotten-password")
    page = site.submit(page, name="mmiller")
    assert "Now, check your email" in text_of(page)
    link = links(mails(machines)[0].text)[0]
    page = site.open(link)
    page = site.submit(page, password="short", again="short", expect=422)
    assert "12 characters" in text_of(page, "[role=alert]")
    site.submit(page, password="A-new-Password-1", again="A-new-Password-1")
    site.client, mine = elsewhere, site.client
    site.open("/account/")
    assert site.url == "/"
    site.client = mine
    site.open(link, expect=404)
    site.anonymous()
    site.submit(site.open(SIGN_IN), name="mmiller", password="A-new-Password-1")
    assert "/provider/" in site.url


def test_the_forgotten_password_page_does_not_tell_whether_the_account_exists(site, session, machines, now):
    page = site.submit(site.open("/account/provider/forgotten-password"), name="nobody")
    assert "Now, check your email" in text_of(page)
    assert mails(machines) == []


def test_whoever_types_an_e_mail_address_for_a_recipients_user_name_is_shown_where_to_find_it(site, session, machines, now):
    page = site.open("/account/recipient/forgotten-password")
    page = site.submit(page, name="maria@example.org", expect=422)
    assert "find it with the link below" in text_of(page, "[role=alert]")
    assert page.select_one("[name=name]")["value"] == "maria@example.org"
    assert site.open(page.find("a", string="Find your user name")["href"])
    assert mails(machines) == []


def invited(session, location, now, **other):
    offer = Invite(
        Role.LOCATION_MANAGER, location.id, "new@clinic.example", "Nia", "Moore", "provider", "nmoore", **other
    )
    administrator = make.administrator(session)
    made = invite(session, make.actor(session, administrator), offer, now=now)
    session.commit()
    return made


def test_an_invitation_is_claimed_once_and_signs_the_person_in(site, session, machines, now):
    location = make.location(session)
    invited(session, location, now)
    link = links(mails(machines)[0].text)[0]
    page = site.anonymous().open(link)
    site.submit(page, password="Good-Password-1", again="Good-Password-1")
    assert str(location.id) in site.url
    site.anonymous().open(link, expect=404)


def test_an_expired_invitation_sends_a_fresh_one_to_the_same_address(site, session, machines, now):
    invited(session, make.location(session), now)
    link = links(mails(machines)[0].text)[0]
    with time_machine.travel(now + timedelta(days=8)):
        page = site.anonymous().open(link)
        site.submit(page)
        fresh = mails(machines)
    assert len(fresh) == 2
    assert fresh[0].to == "new@clinic.example"
    assert links(fresh[0].text)[0] != link


def test_a_known_mailbox_may_add_the_role_to_its_account_or_make_a_separate_one(site, session, machines, now):
    first, second = make.location(session, "First"), make.location(session, "Second")
    account = make.manager(session, first, name="nia", email="new@clinic.example")
    invited(session, second, now)
    link = links(mails(machines)[0].text)[0]
    page = site.anonymous().open(link)
    assert "Do you have an account already?" in text_of(page)
    site.submit(site.open(link + "/add"), name="nia", password=make.PASSWORD)
    site.open("/account/choose")
    session.expire_all()
    assert {grant.scope_id for grant in session.get(Account, account.id).grants} == {first.id, second.id}


def test_an_account_that_sleeps_takes_no_role_until_it_is_woken(site, session, machines, now):
    account = make.manager(session, make.location(session, "First"), name="nia", email="new@clinic.example")
    invited(session, make.location(session, "Second"), now)
    account.slept_at = now
    session.commit()
    link = links(mails(machines)[0].text)[0]
    page = site.submit(site.anonymous().open(link + "/add"), name="nia", password=make.PASSWORD, expect=422)
    assert "sleeps" in text_of(page, "[role=alert]")
    assert page.select_one("main a[href='/account/provider/forgotten-password']")


def test_a_link_that_grew_too_old_while_somebody_typed_can_be_renewed(site, session, machines, now):
    make.manager(session, make.location(session, "First"), name="nia", email="new@clinic.example")
    invited(session, make.location(session, "Second"), now)
    link = links(mails(machines)[0].text)[0]
    with time_machine.travel(now + timedelta(days=6, hours=23, minutes=55)):
        page = site.anonymous().open(link + "/add")
    with time_machine.travel(now + timedelta(days=7, minutes=5)):
        site.submit(page, name="nia", password=make.PASSWORD)
        assert site.url == link + "/renew"


def test_no_fresh_mail_is_offered_for_what_was_withdrawn_or_accepted(site, session, machines, now):
    made = invited(session, make.location(session), now)
    link = links(mails(machines)[0].text)[0]
    made.withdrawn_at = now
    session.commit()
    with time_machine.travel(now + timedelta(days=8)):
        assert "do not know this link" in text_of(site.anonymous().open(link, expect=404))
        made.withdrawn_at, made.accepted_at = None, now
        session.commit()
        assert "used already" in text_of(site.open(link + "/renew", expect=404))


def test_a_form_sent_twice_is_carried_out_once(site, session, now):
    site.sign_in(make.administrator(session))
    page = site.open("/state/locations/new")
    data = form_data(page.select_one("main form[method=post]")) | {
        "provider_organization": "Wake Health", "name": "North Clinic", "provider_pin": "650777", "street": "1 Main St",
        "city": "Raleigh", "county_fips": "37183", "zip": "27601", "manager_first_name": "Al", "manager_last_name": "Ho",
        "manager_email": "al@clinic.example", "manager_ncid": "alho",
    }  # fmt: skip
    site.open("/state/locations/new", method="POST", data=data)
    page = site.open("/state/locations/new", method="POST", data=data)
    assert "saved already" in text_of(page)
    assert text_of(page).count("North Clinic") == 1


def test_what_was_typed_survives_a_lost_session(site, session, now):
    account = make.administrator(session, name="ada")
    page = site.sign_in(account).open("/state/locations/new")
    with time_machine.travel(now + timedelta(hours=2)):
        page = site.submit(page, name="Kept <b>Clinic</b>", expect=401)
        page = site.submit(page, name="ada", password=make.PASSWORD)
        assert "still here" in text_of(page)
        assert page.select_one("#name")["value"] == "Kept <b>Clinic</b>"


def test_a_pencil_that_outlived_its_session_is_open_again_with_what_was_typed(site, session, now):
    made = organization(session, city="Asheville")
    page = site.sign_in(make.administrator(session, name="ada")).open(f"/state/organizations/{made.id}?edit=city")
    with time_machine.travel(now + timedelta(hours=2)):
        page = site.submit(page, city="Durham", expect=401)
        page = site.submit(page, name="ada", password=make.PASSWORD)
        assert page.select_one("#pencil-city [name=city]")["value"] == "Durham"
        site.submit(page)
    session.expire_all()
    assert made.city == "Durham"


def test_a_button_that_outlived_its_session_leads_back_to_its_page(site, session, now):
    place = make.location(session)
    nurse = make.manager(session, place, name="mmiller")
    person = someone(session, place)
    url = f"/provider/{place.id}/recipients/{person.id}"
    page = site.sign_in(nurse).open(url)
    button = page.select_one("main form[action$='/check-in']")
    with time_machine.travel(now + timedelta(hours=2)):
        page = site.open(
            button["action"], method="POST", data=form_data(button), headers={"Referer": f"http://localhost{url}"}, expect=401
        )
        site.submit(page, name="mmiller", password=make.PASSWORD)
        assert site.url == url


def test_what_was_typed_survives_an_old_token(site, session, now):
    page = site.sign_in(make.administrator(session)).open("/state/locations/new")
    page.select_one("main [name=csrf_token]")["value"] = "stale"
    page = site.submit(page, name="Kept Clinic", expect=422)
    assert page.select_one("#name")["value"] == "Kept Clinic"
    assert "open for a long time" in text_of(page, "[role=alert]")


def test_a_button_from_a_foreign_page_changes_nothing(site, session, now):
    account = make.manager(session, make.location(session))
    site.sign_in(account).open("/account/sign-out-everywhere", method="POST", data={"csrf_token": "x"}, expect=409)
    site.open("/account/")
    assert site.url == "/account/"


def test_mail_goes_to_a_real_server_and_a_refused_address_is_seen_by_staff(site, session, machines, smtp, now):
    import dataclasses

    settings: Settings = dataclasses.replace(machines.settings, smtp_url=smtp.url)
    location = make.location(session)
    invited(session, location, now)
    smtp.later.add("new@clinic.example")
    deliver_due(machines.database, settings)
    assert smtp.messages == []
    smtp.later.clear()
    smtp.refuse.add("new@clinic.example")
    with time_machine.travel(now + timedelta(minutes=10)):
        deliver_due(machines.database, settings)
        page = site.sign_in(make.administrator(session)).open("/state/operations")
        assert "Invitation" in text_of(page)
        assert "refused" in text_of(page)
        smtp.refuse.clear()
        site.submit(page, "main form[action$='/send-again']")
        deliver_due(machines.database, settings)
        deliver_due(machines.database, settings)
    assert len(smtp.to("new@clinic.example")) == 1
    assert "nmoore" in smtp.messages[0].get_content()

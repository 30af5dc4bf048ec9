"""Staff announce something and make the program rest; everybody else reads on, and nothing typed is lost."""

import pytest
import time_machine

from app.domain.program.notices.models import Notice
from app.domain.program.notices.tell import tell_due
from app.domain.recipients.models import Recipient
from app.infra import clock
from app.infra.kept_mail import latest_mails
from app.jobs.deliver_mail import deliver_due
from app.web import resting as rules
from tests import make
from tests.browserless import form_data, text_of
from tests.make.eligibility import registered
from tests.make.notices import notice, resting

DOWNTIME = {
    "kind": "downtime", "title": "We move house", "text": "Print your paper forms.", "title_es": "Nos mudamos",
    "text_es": "Volvemos pronto.", "portals": ["provider", "recipient"], "starts_on-month": "3", "starts_on-day": "12",
    "starts_on-year": "2021", "starts_time": "20:00", "ends_on-month": "3", "ends_on-day": "12", "ends_on-year": "2021",
    "ends_time": "22:00", "shown": "365", "mail": "1",
}  # fmt: skip


@pytest.fixture
def staff(site, session, now):
    made = make.administrator(session)
    site.sign_in(made)
    return made


@pytest.fixture
def maria(session, now):
    return registered(session, email="maria@example.net")


def send(site, go, *, expect=200, **typed):
    page = site.open("/state/notices/new")
    data = form_data(page.select_one("#notice")) | DOWNTIME | typed | {"go": go}
    return site.open("/state/notices/new", method="POST", data=data, expect=expect)


def banners(page):
    return " ".join(one.text for one in page.select(".banner"))


def forget(machines):
    machines.announcements.forget()


def test_downtime_is_looked_at_announced_told_and_taken_back(site, session, machines, staff):
    clinic = make.location(session, "Eastside Clinic")
    nurse = make.healthcare_provider(session, clinic)
    page = send(site, "preview")
    text = text_of(page)
    assert "When: Mar 12, 2021, 8:00 PM to 10:00 PM" in text
    assert "1 person gets a mail: Mar 11, 2021, 8:00 PM" in text
    assert session.query(Notice).count() == 0
    data = form_data(page.select_one("#notice")) | {"go": "announce"}
    page = site.open("/state/notices/new", method="POST", data=data)
    assert "It is announced." in text_of(page, "body")
    assert "We move house" not in banners(page)
    made = session.query(Notice).one()
    due, address, day = made.mail_at, f"/state/notices/{made.id}", f"/provider/{clinic.id}/clinic"

    assert "We move house" in site.sign_in(nurse).open(day).text
    assert "We move house" not in site.anonymous().open("/").text
    session.rollback()
    assert tell_due(machines.database, now=due) == 1
    with time_machine.travel(due, tick=True):
        deliver_due(machines.database, machines.settings)
    with machines.database.reading() as opened:
        (mail,) = latest_mails(opened)
    assert mail.subject == "We move house"
    assert "From: Friday, March 12, 2021, 8:00 PM" in mail.text

    page = site.sign_in(staff).open(address)
    assert "It is taken back." in text_of(site.submit(page, "#cancel"), "body")
    assert "We move house" not in site.sign_in(nurse).open(day).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"portals": []}, "Choose one portal at least"),
        ({"title_es": ""}, "Recipients see it: it is needed"),
        ({"ends_time": "20:00"}, "It must end after it begins"),
        ({"ends_on-year": "2020", "starts_on-year": "2020"}, "This is over already"),
        ({"ends_on-day": "40"}, "Enter"),
        ({"starts_time": "25:99"}, ""),
        ({"starts_on-month": "", "starts_on-day": "", "starts_on-year": ""}, "Enter the day as well"),
    ],
)
def test_what_cannot_be_announced_is_told_beside_its_field(site, session, staff, typed, said):
    page = send(site, "announce", expect=422, **typed)
    assert said in text_of(page, ".usa-form-group--error")
    assert session.query(Notice).count() == 0


def test_a_banner_speaks_the_language_of_the_page_and_costs_no_query_more(site, session, machines, maria):
    account = make.person(session, maria.id, email="maria@example.net")
    account.language = "es"
    notice(session, portals=("recipient",))
    forget(machines)
    page = site.sign_in(account).open(f"/recipient/{maria.id}")
    assert "Lotes nuevos" in banners(page)


def test_while_the_program_rests_every_page_is_read_and_every_form_keeps_its_text(site, session, machines, maria):
    account = make.person(session, maria.id, email="maria@example.net")
    site.sign_in(account)
    page = site.open(f"/recipient/{maria.id}/registration/contact")
    resting(session)
    forget(machines)
    assert "Nothing can be changed right now" in banners(site.open(f"/recipient/{maria.id}"))
    kept = site.submit(page, "#step-form", press="Next", phone="919 555 0177", expect=503)
    assert site.response.headers["Retry-After"] == "600"
    assert "Phone: 919 555 0177" in kept.textarea.text
    again = site.submit(kept, "#again", expect=503)
    resting(session, on=False)
    forget(machines)
    site.submit(again, "#again")
    page = site.open(f"/recipient/{maria.id}/registration/review")
    site.submit(page, "#finish")
    session.expire_all()
    assert session.get_one(Recipient, maria.id).phone == "9195550177"


def test_searches_are_answered_while_the_program_rests(site, session, machines, maria, staff):
    site.sign_in(staff)
    resting(session)
    forget(machines)
    for url, typed in (("/state/people", {"name": "Maria"}), ("/state/users", {"name": "Ann"}), ("/state/access-log", {})):
        site.submit(site.open(url), "main form[method=post]", **typed)
        assert site.response.status_code == 200
        assert site.url.startswith(url)


def test_a_rest_by_the_clock_says_when_it_ends_and_machines_read_it(site, session, machines, maria):
    notice(session, lasts=1, read_only=True)
    forget(machines)
    account = make.person(session, maria.id, email="maria@example.net")
    page = site.sign_in(account).open(f"/recipient/{maria.id}/reminders")
    assert "nothing can be changed" in banners(page)
    kept = site.submit(page, "form[action$=switch]", expect=503)
    assert "From Mar 10, 2021, 11:00 AM on you can make changes again." in text_of(kept)
    assert 3500 <= int(site.response.headers["Retry-After"]) <= 3601


def test_signing_in_and_out_and_ending_the_rest_go_on(site, session, machines, now):
    make.administrator(session, name="boss")
    resting(session)
    forget(machines)
    page = site.open("/account/sign-in/state")
    page = site.submit(page, name="boss", password=make.PASSWORD)
    page = site.open("/state/notices")
    site.submit(page, "#read-only", press="Allow changes again", because="Done")
    page = site.open("/state/notices")
    assert "Changes can be made" in text_of(page)
    assert "Nothing can be changed right now" not in banners(page)
    page = site.submit(page, "#read-only", press="Let nothing be changed from now on", expect=422)
    assert "Say why" in text_of(page, "[role=alert]"), "a slip of the hand stops nobody"
    assert "Nothing can be changed right now" not in banners(site.open("/state/notices"))
    site.submit(page, "#read-only", press="Let nothing be changed from now on", because="The disk is full")
    assert "Nothing can be changed right now" in banners(site.open("/state/notices"))
    site.open("/account/sign-out", method="POST", data={}, expect=422)


def test_a_password_never_comes_back_and_somebody_elses_form_is_not_sent_again(site, session, machines, maria):
    account = make.person(session, maria.id, email="maria@example.net")
    site.sign_in(account)
    page = site.open("/account/password")
    resting(session)
    forget(machines)
    kept = site.submit(page, current=make.PASSWORD, password="New-Password-2", again="New-Password-2", expect=503)
    assert make.PASSWORD not in str(kept)
    assert "New-Password-2" not in str(kept)
    assert kept.select_one("#again") is None
    hostile = {"phone": "<script>1</script>", "csrf_token": "made up"}
    kept = site.open(f"/recipient/{maria.id}/registration/contact", method="POST", data=hostile, expect=503)
    assert kept.select_one("#again") is None
    assert "Phone: <script>1</script>" in kept.textarea.text


def test_a_command_switches_it_too(app, session, machines):
    runner = app.test_cli_runner()
    assert "Nothing can be changed" in runner.invoke(args=["cvms", "read-only", "on", "--because", "Backup"]).output
    assert machines.announcements.standing(machines.database, now=clock.now()).rest(clock.now()) is None
    forget(machines)
    assert machines.announcements.standing(machines.database, now=clock.now()).rest(clock.now())
    assert "Changes can be made" in runner.invoke(args=["cvms", "read-only", "off"]).output


def test_what_stays_open_are_forms_that_there_are(app):
    forms = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in rule.methods}
    assert forms >= rules.OPEN
    assert all(any(name.startswith(one) for name in forms) for one in rules.SIGNING_IN)

"""Asking for help in each of the three ways, reading and answering by link or signed in, and an agent's day."""

import io
import re
from datetime import time

import pytest
from sqlalchemy import func, select

from app.domain.accounts.access import system
from app.domain.helpdesk.models import Attachment, Case, Requester
from app.domain.program.support import DecideSupport, Support, decide_support
from app.infra.outbox import OutboxMessage
from app.jobs.deliver_mail import deliver_due
from tests import make
from tests.browserless import form_data, text_of
from tests.conftest import settings_for
from tests.make import helpdesk

ASKED = {
    "first_name": "Maria", "last_name": "Lopez", "email": "maria@example.org", "request_type": "proof",
    "description": "I cannot download it.",
}  # fmt: skip


@pytest.fixture
def post(session, database, database_url, smtp, tmp_path, now):
    """Deliver what waits; the mails that arrived."""

    def deliver():
        session.commit()
        deliver_due(database, settings_for(tmp_path, database_url, SMTP_URL=smtp.url, HELP_ADDRESS="help@cvms.test"))
        return smtp.messages

    return deliver


@pytest.fixture
def agent(session, now):
    return helpdesk.agent(session, "recipients", first_name="Ada", last_name="Quinn")


def link_in(mail):
    return re.search(r"http://cvms\.test(/help/cases/\S+)", mail.get_content()).group(1)


def test_the_front_of_the_help_desk_has_three_doors_and_says_whether_somebody_is_there(site, session, now):
    page = site.open("/help/")
    for audience in ("Vaccine Provider", "Frontline Organization", "Vaccine Recipient"):
        assert audience in text_of(page)
    assert "Open now, until 7:00 PM" in text_of(page)
    only_sundays = Support(phone="(888) 555-0175", hours={6: (time(10), time(18))})
    decide_support(session, system("test"), DecideSupport("recipient", only_sundays, now.date()), today=now.date(), now=now)
    session.commit()
    assert "Closed today" in text_of(site.open("/help/recipient"))


def test_a_person_asks_without_an_account_and_reads_the_answer_by_the_mails_link(site, session, agent, post, storage):
    page = site.submit(site.open("/help/recipient/request"), **ASKED, county="Wake")
    assert "CS0000001" in text_of(page)
    mail = post()[-1]
    assert "CS0000001" in mail["Subject"]
    assert "download" not in mail.get_content()
    assert re.fullmatch(r"help\+[0-9a-f]{20}@cvms\.test", mail["Reply-To"])
    case = session.scalars(select(Case)).one()
    page = site.open(link_in(mail))
    assert "I cannot download it." in text_of(page)
    page = site.submit(page, 'form[action$="/answer"]', text="It says 404.")
    assert "It says 404." in text_of(page, ".queue")
    session.expire_all()
    assert (case.status, case.details) == ("new", {"county": "Wake"})


def test_an_agent_writes_down_what_a_caller_says_and_it_is_the_callers_case(site, session, agent, post):
    site.sign_in(agent)
    page = site.submit(site.open("/help/desk/find"), typed="nobody")
    page = site.open(page.find("a", string="Vaccine Recipient")["href"])
    assert page.select_one("[name=last_name]").get("value", "") == "", "not the agent's own name"
    page = site.submit(page, "#request", **ASKED)
    assert site.url == "/help/desk/cases/CS0000001"
    assert "The caller gets a mail" in text_of(page)
    assert [mail["To"] for mail in post()] == ["Maria Lopez <maria@example.org>"]
    case = session.scalars(select(Case)).one()
    assert (case.requester_id, case.full_name) == (None, "Maria Lopez")


def test_a_caller_without_e_mail_is_answered_by_telephone(site, session, agent, post):
    site.sign_in(agent)
    page = site.submit(site.open("/help/recipient/request"), "#request", expect=422, **ASKED | {"email": "", "phone": ""})
    assert "somebody has to reach the caller" in text_of(page, ".usa-form-group--error")
    page = site.submit(page, "#request", **ASKED | {"email": "", "phone": "(919) 555-0144"})
    assert "tell the caller the number CS0000001" in text_of(page)
    assert "None: answer by telephone" in text_of(page)
    page = site.submit(page, 'form[action$="/take"]')
    page = site.submit(page, 'form[action*="/reply/"]', text="Your second dose is due.")
    assert "call Maria Lopez" in text_of(page)
    assert post() == []
    site.anonymous()
    page = site.open("/help/recipient/request")
    site.submit(page, "#request", expect=422, **ASKED | {"email": "", "phone": "(919) 555-0144"})
    assert session.scalar(select(func.count()).select_from(Case)) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"request_type": ""}, "Choose what it is about"),
        ({"description": ""}, "Describe what you need"),
        ({"email": "maria"}, "This is no e-mail address"),
        ({"phone": "12"}, "ten digits"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_typed_is_lost(site, session, now, wrong, said):
    page = site.submit(site.open("/help/recipient/request"), expect=422, **(ASKED | wrong))
    assert said in text_of(page, ".usa-form-group--error")
    assert page.select_one("[name=last_name]")["value"] == "Lopez"
    assert session.scalar(select(func.count()).select_from(Case)) == 0


def test_sent_twice_it_is_one_case(site, session, now):
    data = form_data(site.open("/help/recipient/request").select_one("main form[method=post]")) | ASKED
    for _ in range(2):
        site.open("/help/recipient/request", method="POST", data=data)
    assert session.scalar(select(func.count()).select_from(Case)) == 1


def test_a_program_that_fills_in_everything_makes_no_case(site, session, now):
    page = site.submit(site.open("/help/recipient/request"), **ASKED, website="http://spam.example")
    assert "Your request is sent" in text_of(page)
    assert session.scalar(select(func.count()).select_from(Case)) == 0


def test_a_mailbox_cannot_be_flooded(site, session, now):
    for _ in range(6):
        site.submit(site.open("/help/recipient/request"), **ASKED)
    page = site.submit(site.open("/help/recipient/request"), expect=429, **ASKED)
    assert page.select_one("#description").text.strip() == ASKED["description"]
    assert session.scalar(select(func.count()).select_from(Case)) == 6


def test_files_come_with_a_request_and_are_only_downloaded(site, session, now, post):
    data = form_data(site.open("/help/organization/request").select_one("main form[method=post]"))
    data |= ASKED | {"request_type": "org_upload", "organization_name": "Acme Foods"}
    data["files"] = [(io.BytesIO(b"a,b\n1,2\n"), "list.csv"), (io.BytesIO(b"hello"), "../page.txt")]
    page = site.open("/help/organization/request", method="POST", data=data, content_type="multipart/form-data")
    assert "CS0000001" in text_of(page)
    names = session.scalars(select(Attachment.filename).order_by(Attachment.filename)).all()
    assert names == ["list.csv", "page.txt"]
    page = site.open(link_in(post()[-1]))
    for link in page.select(".queue a"):
        answer = site.get(link["href"])
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.mimetype in {"text/csv", "text/plain"}


def test_a_file_that_is_not_taken_is_told_by_name(site, session, now):
    data = form_data(site.open("/help/recipient/request").select_one("main form[method=post]")) | ASKED
    data["files"] = [(io.BytesIO(b"MZ\x90\x00"), "setup.exe")]
    page = site.open("/help/recipient/request", method="POST", data=data, content_type="multipart/form-data", expect=422)
    assert "“setup.exe” is of a kind that we do not take" in text_of(page)
    assert session.scalar(select(func.count()).select_from(Case)) == 0


def test_a_clinic_registers_with_its_code_gets_a_temporary_password_and_must_change_it(site, session, post, now):
    typed = {"first_name": "Nora", "last_name": "Kim", "email": "nora@oak.example", "terms": "y"}
    page = site.submit(site.open("/help/register"), expect=422, **typed, code="NCA12")
    assert "NCA and the six digits" in text_of(page, ".usa-form-group--error")
    assert "Now, check your email" in text_of(site.submit(site.open("/help/register"), **typed, code="nca650001"))
    text = post()[-1].get_content()
    name, password = re.search(r"user id: (\S+)", text).group(1), re.search(r"password: (\S+)", text).group(1)
    page = site.submit(site.open("/account/sign-in/helpdesk"), name=name, password=password)
    assert "password" in site.url
    assert "/account/password" in (site.open("/help/my-requests") and site.url)
    page = site.submit(site.open("/account/password"), current=password, password="Autumn2021-help", again="Autumn2021-help")
    assert "My requests" in text_of(site.open("/help/my-requests"))
    assert session.scalars(select(Requester)).one().provider_pin == "NCA650001"


def test_registering_again_tells_no_stranger_that_there_is_an_account(site, session, post, now):
    typed = {"first_name": "Nora", "last_name": "Kim", "email": "nora@oak.example", "terms": "y", "code": "VAC2021"}
    first = text_of(site.submit(site.open("/help/register"), **typed))
    post()
    assert text_of(site.submit(site.open("/help/register"), **typed)) == first
    assert "temporary password" not in post()[-1].get_content()


def test_the_organizations_name_is_generic_at_first_and_learned_then(site, session, now):
    nurse = helpdesk.requester(session, first_name="Nora", last_name="Kim", email="nora@oak.example")
    site.sign_in(nurse)
    page = site.open("/help/provider/request")
    assert "Generic Vaccine Provider" in text_of(page)
    site.submit(page, request_type="training", description="How?", organization_name="Oak Clinic")
    page = site.open("/help/provider/request")
    assert "Generic Vaccine Provider" not in text_of(page)
    assert page.select_one("[name=organization_name]")["value"] == "Oak Clinic"
    assert "CS0000001" in text_of(site.open("/help/my-requests"))


def test_an_agent_answers_and_the_requester_accepts_and_rates(site, session, storage, agent, post, now):
    case = helpdesk.opened(session, storage)
    site.sign_in(agent)
    page = site.open("/help/desk")
    assert case.number in text_of(page)
    desk = f"/help/desk/cases/{case.number}"
    reply = 'form[action*="/reply/"]'
    page = site.submit(site.open(desk), 'form[action$="/take"]')
    assert "Ada Quinn" in text_of(page)
    page = propose(site, desk, reply)
    assert "Solution proposed" in text_of(page)
    mail = post()[-1]
    assert "solution" in mail["Subject"]
    assert "Sorted" not in mail.get_content()
    site.anonymous()
    page = site.open(link_in(mail))
    assert "Sorted out." in text_of(page, ".queue")
    page = site.submit(page, 'form[action$="/do/accept"]')
    assert "This request is closed" in text_of(page)
    page = site.submit(page, 'form[action$="/rate"]', score="5", text="Quick!")
    assert "Thank you for telling us" in text_of(page)


def propose(site, desk, selector):
    page = site.open(desk)
    data = form_data(page.select_one(selector)) | {"text": "Sorted out.", "resolution": "explained"}
    return site.open(f"{desk}/reply/propose", method="POST", data=data)


def test_what_an_agent_typed_stays_when_somebody_was_faster(site, session, storage, agent, now):
    case = helpdesk.opened(session, storage)
    site.sign_in(agent)
    desk = f"/help/desk/cases/{case.number}"
    stale = form_data(site.open(desk).select_one('form[action*="/reply/"]')) | {"text": "Which day was it?"}
    site.submit(site.open(desk), 'form[action$="/take"]')
    page = site.open(f"{desk}/reply/ask", method="POST", data=stale, expect=409)
    assert "Somebody else worked on this case meanwhile" in text_of(page)
    form = page.select_one('form[action*="/reply/"]')
    assert form.select_one("textarea").text.strip() == "Which day was it?"
    page = site.open(f"{desk}/reply/ask", method="POST", data=form_data(form))
    assert "Waiting for an answer" in text_of(page)


def test_what_a_person_was_asked_stands_beside_the_case_with_its_name(site, session, storage, agent, now):
    given = {"birth_date": "1950-03-02", "county": "Wake", "vaccinated_at": "Coliseum"}
    case = helpdesk.opened(session, storage, details=given)
    told = text_of(site.sign_in(agent).open(f"/help/desk/cases/{case.number}"), "dl.facts")
    assert "Date of birth Mar 2, 1950 County Wake Where vaccinated Coliseum" in told


def test_two_agents_in_one_case_see_each_other(site, session, storage, agent, now):
    case = helpdesk.opened(session, storage)
    site.sign_in(helpdesk.agent(session, first_name="Ben", last_name="Ode")).open(f"/help/desk/cases/{case.number}")
    page = site.sign_in(agent).open(f"/help/desk/cases/{case.number}")
    assert "Open at another desk, too Ben Ode" in text_of(page)


def test_an_agent_finds_a_case_without_names_in_the_address(site, session, storage, agent, now):
    case = helpdesk.opened(session, storage)
    page = site.submit(site.sign_in(agent).open("/help/desk/find"), typed="lopez mar")
    assert case.number in text_of(page, ".results")
    assert "opez" not in site.url


def test_supervisors_see_figures_and_agents_do_not(site, session, storage, agent, now):
    helpdesk.opened(session, storage)
    page = site.sign_in(helpdesk.agent(session, supervisor=True)).open("/help/desk/figures")
    assert "Recipient support" in text_of(page)
    site.sign_in(agent).open("/help/desk/figures", expect=404)


def test_the_cases_of_others_and_the_desk_are_not_there(site, session, storage, agent, now):
    case = helpdesk.opened(session, storage, by=helpdesk.requester(session))
    other = helpdesk.requester(session)
    for account in (other, make.administrator(session)):
        site.sign_in(account)
        site.open(f"/help/my-requests/{case.number}", expect=404)
        site.open(f"/help/desk/cases/{case.number}", expect=404)
        site.open("/help/desk", expect=404)
    site.anonymous().open(f"/help/cases/{case.number}/wrong", expect=404)


def test_an_old_link_leads_to_a_new_one_by_mail(site, session, storage, now):
    case = helpdesk.opened(session, storage, email="maria@example.org")
    page = site.open(f"/help/cases/{case.number}/wrong", expect=404)
    assert "This link does not work any more" in text_of(page)
    page = site.submit(page, number=case.number, email="maria@example.org")
    assert "If number and address belong together" in text_of(page)
    assert session.scalars(select(OutboxMessage.kind)).all()[-1] == "helpdesk.link_renewed"

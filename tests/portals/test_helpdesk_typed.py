"""Nothing that was typed is lost: Pause, mistakes, a lost session; and what one press puts into an answer."""

import io
import re

import pytest
from sqlalchemy import func, select

from app.domain.accounts.models import SignInName
from app.domain.drafts.models import Draft
from app.domain.helpdesk.models import Case, Comment, ReadyAnswer
from app.domain.oversight.own_log.openings import openings_of
from app.infra.audit import AuditEntry
from tests import make
from tests.browserless import form_data, text_of
from tests.make import helpdesk
from tests.make.vaccinations import someone

FORM = "/help/provider/request"


@pytest.fixture
def nurse(session, now):
    return helpdesk.requester(session, first_name="Nora", last_name="Kim", email="nora@oak.example")


@pytest.fixture
def agent(session, now):
    return helpdesk.agent(session, "provider", first_name="Ada", last_name="Quinn")


def pause(site, **typed):
    page = site.open(FORM)
    return site.submit(page, "#request", press="Pause", **typed)


def test_a_paused_request_is_told_of_reviewed_and_sent(site, session, nurse):
    page = pause(site.sign_in(nurse), description="Half of", request_type="training", phone="12")
    assert "You paused a request" in text_of(page)
    draft = session.scalars(select(Draft)).one()
    assert draft.paused_at
    page = site.sign_in(nurse).open("/account/start/helpdesk")
    assert "You paused a form earlier" in text_of(page, "body")
    page = site.open(FORM)
    assert "You paused this request" in text_of(page)
    assert page.select_one("#description").text.strip() == "Half of"
    assert page.select_one("#phone")["value"] == "12"
    site.submit(page, "#request", description="Half of it is there.", phone="")
    assert session.scalars(select(Case)).one().request_type.code == "training"
    assert session.scalar(select(func.count()).select_from(Draft)) == 0
    assert "paused" not in text_of(site.open("/help/my-requests"))


def test_a_paused_request_can_be_begun_anew_and_is_nobody_elses(site, session, nurse):
    pause(site.sign_in(nurse), description="Half of")
    other = site.sign_in(helpdesk.requester(session)).open(FORM)
    assert other.select_one("#description").text.strip() == ""
    page = site.sign_in(nurse).open(FORM)
    page = site.submit(page, "main form[method=post]:not(#request)", press="Begin anew")
    assert page.select_one("#description").text.strip() == ""
    assert session.scalar(select(func.count()).select_from(Draft)) == 0


def test_visitors_have_no_pause_and_cannot_force_one(site, session, now):
    page = site.open("/help/recipient/request")
    assert "Pause" not in text_of(page, "#request")
    data = form_data(page.select_one("#request")) | {"go": "pause", "description": "Kept?"}
    page = site.open("/help/recipient/request", method="POST", data=data, expect=422)
    assert page.select_one("#description").text.strip() == "Kept?"
    assert session.scalar(select(func.count()).select_from(Draft)) == 0


def test_files_of_a_form_with_mistakes_are_asked_for_again(site, session, now):
    data = form_data(site.open("/help/recipient/request").select_one("#request"))
    data |= {"description": "See the file", "files": [(io.BytesIO(b"hello"), "a.txt")]}
    page = site.open("/help/recipient/request", method="POST", data=data, content_type="multipart/form-data", expect=422)
    assert "choose the files again" in text_of(page, ".usa-form-group--error:has(#files)")


@pytest.mark.parametrize(("who", "act"), [("agent", "reply/ask"), ("agent", "note"), ("nurse", "answer")])
def test_a_text_typed_while_the_session_ended_is_there_after_signing_in(site, session, storage, nurse, agent, who, act):
    case = helpdesk.opened(session, storage, by=nurse)
    writer = agent if who == "agent" else nurse
    base = f"/help/desk/cases/{case.number}" if who == "agent" else f"/help/my-requests/{case.number}"
    begin = act.partition("/")[0]
    data = form_data(site.sign_in(writer).open(base).select_one(f'form[action*="/{begin}"]')) | {"text": "A long story."}
    page = site.anonymous().open(f"{base}/{act}", method="POST", data=data, expect=401)
    assert "A long story" not in str(page)
    name = session.scalars(select(SignInName.name).where(SignInName.account_id == writer.id)).one()
    page = site.submit(page, name=name, password=make.PASSWORD)
    assert any(area.text.strip() == "A long story." for area in page.select("textarea"))
    assert session.scalar(select(func.count()).select_from(Comment)) == 0


def test_a_ready_answer_and_an_article_are_put_below_what_was_typed(site, session, storage, nurse, agent):
    case = helpdesk.opened(session, storage, by=nurse)
    session.add(ReadyAnswer(team_id=None, name="Greeting", text="Kind regards"))
    session.commit()
    url = f"/help/desk/cases/{case.number}"
    form = site.sign_in(agent).open(url).select_one('form[action*="/reply/"]')
    button = form.select_one('button[value^="answer:"]')
    data = form_data(form) | {"text": "Hello Nora,", "insert": button["value"]}
    page = site.open(re.sub("#.*", "", button["formaction"]), method="POST", data=data)
    form = page.select_one('form[action*="/reply/"]')
    assert form.select_one("textarea").text.strip() == "Hello Nora,\n\nKind regards"
    data = form_data(form) | {"insert": "article:lot-is-hidden"}
    page = site.open(f"{url}/insert", method="POST", data=data)
    form = page.select_one('form[action*="/reply/"]')
    assert "http://cvms.test/help/articles/lot-is-hidden" in form.select_one("textarea").text
    page = site.open(f"{url}/reply/ask", method="POST", data=form_data(form))
    assert "Kind regards" in text_of(page, ".queue")
    assert "saved already" not in text_of(page, "body")


def test_what_is_not_offered_is_not_inserted_and_somebody_elses_work_is_told(site, session, storage, nurse, agent):
    case = helpdesk.opened(session, storage, by=nurse)
    foreign = session.scalars(select(ReadyAnswer).where(ReadyAnswer.name == "User name")).first()
    url = f"/help/desk/cases/{case.number}"
    data = form_data(site.sign_in(agent).open(url).select_one('form[action*="/reply/"]')) | {"text": "Hi"}
    for chosen in (f"answer:{foreign.id}", "answer:x", "article:guide-help-desk-agent", "article:nothing", "x"):
        page = site.open(f"{url}/insert", method="POST", data=data | {"insert": chosen})
        assert page.select_one('form[action*="/reply/"] textarea').text.strip() == "Hi"
    site.submit(page, 'form[action$="/take"]')
    page = site.open(f"{url}/insert", method="POST", data=data | {"insert": "article:lot-is-hidden"}, expect=409)
    assert "Somebody else worked on this case meanwhile" in text_of(page)
    assert "lot-is-hidden" in page.select_one('form[action*="/reply/"] textarea').text


def test_a_person_reads_that_the_help_desk_opened_a_case_about_them(site, session, storage, agent, now):
    clinic = make.location(session)
    patient = someone(session, clinic)
    person = make.person(session, patient.id)
    case = helpdesk.opened(session, storage, recipient_id=patient.id)
    other = helpdesk.opened(session, storage)
    for one in (other, case):
        site.sign_in(agent).open(f"/help/desk/cases/{one.number}")
    found = openings_of(session, make.actor(session, person), patient.id).items
    assert [(one.who, one.act) for one in found if one.act == "case.opened"] == [("help_desk", "case.opened")]
    page = site.sign_in(person).open(f"/recipient/{patient.id}/access")
    assert "The help desk" in text_of(page)


def test_searches_of_agents_are_logged_without_what_was_typed(site, session, storage, agent):
    helpdesk.opened(session, storage)
    page = site.submit(site.sign_in(agent).open("/help/desk/find"), typed="lopez")
    assert "CS0000001" in text_of(page)
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "case.searched")).one()
    assert (entry.actor_id, entry.subject_kind, entry.facts) == (agent.id, "search", {"found": 1})

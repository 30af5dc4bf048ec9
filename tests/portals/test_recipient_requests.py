"""Something is wrong in a record: the request that its owner sends, and what agents see of the record."""

import io

import pytest
from sqlalchemy import event, func, select

from app.domain.accounts.access import Role
from app.domain.accounts.models import Grant
from app.domain.helpdesk.models import Attachment, Case, CaseRecord
from app.domain.recipients.models import Recipient
from tests import make
from tests.browserless import form_data, text_of
from tests.make import helpdesk
from tests.make.guardians import dependant
from tests.make.vaccinations import someone, visit

SAID = {"request_type": "record", "description": "The lot of my first dose is not the one on my card."}


@pytest.fixture
def person(session, now):
    return someone(session, email="maria@example.net", phone="9195550101")


@pytest.fixture
def page_of(site, session, person):
    site.sign_in(make.person(session, person.id, email="maria@example.net", first_name="Maria", last_name="Lopez"))
    return f"/recipient/{person.id}/something-is-wrong"


@pytest.fixture
def agent(session, now):
    return helpdesk.agent(session, "recipients", first_name="Ada", last_name="Quinn")


def cases(session):
    return session.scalar(select(func.count()).select_from(Case))


def test_whoever_sees_a_mistake_asks_from_the_record_and_finds_the_request_again(site, session, person, page_of):
    page = site.open(page_of)
    data = form_data(page.select_one("#wrong"))
    assert (data["email"], data["phone"]) == ("maria@example.net", "9195550101")
    said = text_of(site.submit(page, "#wrong", **SAID))
    assert "Your request is sent. Its number is CS0000001" in said
    case = session.scalars(select(Case)).one()
    assert (case.full_name, case.email, case.team.code) == ("Maria Lopez", "maria@example.net", "recipients")
    assert [(row.kind, row.record_id) for row in session.scalars(select(CaseRecord))] == [("recipient", person.id)]
    link = site.open(page_of).select_one("#requests a")
    assert "The lot of my first dose" in text_of(site.open(link["href"]))


def test_pages_that_show_the_record_lead_to_the_form(site, session, person, page_of):
    for page in ("", "/proof", "/access"):
        links = site.open(f"/recipient/{person.id}{page}").select(f'main a[href="{page_of}"]')
        assert links, page


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"description": " "}, "Describe what is wrong"),
        ({"email": "maria"}, "This is no e-mail address"),
        ({"email": ""}, "Enter an e-mail address"),
        ({"request_type": ""}, "Choose what it is about"),
        ({"request_type": "transfer"}, "Not a valid choice"),
        ({"phone": "12"}, "phone number"),
        ({"description": "x" * 8001}, "8,000 characters"),
    ],
)
def test_a_mistake_is_told_and_nothing_typed_is_lost(site, session, page_of, wrong, told):
    page = site.submit(site.open(page_of), "#wrong", expect=422, **{**SAID, **wrong})
    assert told in text_of(page)
    assert wrong.get("description", SAID["description"]).strip() in text_of(page, "#wrong")
    assert cases(session) == 0


def test_files_come_along_and_what_is_not_taken_is_named(site, session, page_of):
    data = form_data(site.open(page_of).select_one("#wrong")) | SAID
    sent = data | {"files": [(io.BytesIO(b"MZ\x90\x00"), "setup.exe")]}
    page = site.open(page_of, method="POST", data=sent, content_type="multipart/form-data", expect=422)
    assert "“setup.exe” is of a kind that we do not take" in text_of(page)
    data = form_data(page.select_one("#wrong")) | SAID | {"files": [(io.BytesIO(b"my,card\n1,2\n"), "card.csv")]}
    site.open(page_of, method="POST", data=data, content_type="multipart/form-data")
    assert session.scalars(select(Attachment.filename)).all() == ["card.csv"]


def test_sent_twice_it_is_one_case_and_a_flood_is_stopped(site, session, page_of):
    data = form_data(site.open(page_of).select_one("#wrong")) | SAID
    for _ in range(2):
        site.open(page_of, method="POST", data=data)
    assert cases(session) == 1
    for _ in range(5):
        site.submit(site.open(page_of), "#wrong", **SAID)
    page = site.submit(site.open(page_of), "#wrong", expect=429, **SAID)
    assert "Wait fifteen minutes" in text_of(page, ".usa-alert--error")
    assert page.select_one("#description").text.strip() == SAID["description"]
    assert cases(session) == 6


def test_a_parent_asks_for_a_child_in_the_parents_name_and_the_child_does_not_see_it(site, session, person, page_of):
    child = dependant(session, person)
    there = f"/recipient/{child.dependant_id}/something-is-wrong"
    site.submit(site.open(there), "#wrong", **SAID)
    case = session.scalars(select(Case)).one()
    assert (case.full_name, case.email) == ("Maria Lopez", "maria@example.net")
    assert session.scalars(select(CaseRecord.record_id)).one() == child.dependant_id
    assert site.open(there).select("#requests")
    assert not site.open(page_of).select("#requests")
    site.sign_in(make.person(session, child.dependant_id, email="mia@example.net"))
    assert not site.open(there).select("#requests")


def test_a_stranger_neither_asks_about_nor_sees_the_record(site, session, person, page_of):
    other = someone(session, first_name="Olga", email="olga@example.net")
    site.sign_in(make.person(session, other.id, email="olga@example.net"))
    site.open(page_of, expect=404)
    assert cases(session) == 0


def test_agents_read_what_the_case_is_about_and_open_only_what_their_own_roles_allow(
    site, session, storage, person, agent
):  # fmt: skip
    clinic, other = make.location(session, "Eastside Clinic"), make.location(session, "Westside Clinic")
    visit(session, clinic, person)
    case = helpdesk.opened(session, storage, recipient_id=person.id)
    for place in (clinic, other):
        session.add(CaseRecord(case_id=case.id, kind="location", record_id=place.id, linked_at=case.opened_at))
    session.commit()
    desk = f"/help/desk/cases/{case.number}"
    page = site.sign_in(agent).open(desk)
    for fact in ("Maria Lopez", person.code, "Eastside Clinic", "Westside Clinic"):
        assert fact in text_of(page, "dl")
    assert not page.select("dl a")
    role = Role.HEALTHCARE_PROVIDER.value
    session.add(
        Grant(account_id=agent.id, role=role, scope_kind="location", scope_id=clinic.id, given_at=case.opened_at)
    )
    session.commit()
    links = [link["href"] for link in site.open(desk).select("dl a")]
    assert links == [f"/provider/{clinic.id}/recipients/{person.id}", f"/provider/{clinic.id}/clinic"]
    for link in links:
        site.open(link)


def test_an_agent_links_what_a_caller_reads_out_and_cannot_guess(site, session, storage, person, agent):
    clinic = make.location(session, "Eastside Clinic")
    desk = f"/help/desk/cases/{helpdesk.opened(session, storage).number}"
    page, form = site.sign_in(agent).open(desk), 'form[action$="/link"]'
    for code in (f"{person.code[:4]} {person.code[4:].lower()}", f"NCA{clinic.provider_pin}"):
        page = site.submit(page, form, record=code)
    for fact in ("Maria Lopez", "Eastside Clinic"):
        assert fact in text_of(page, "dl")
    for _ in range(20):
        page = site.submit(page, form, expect=422, record="ZZZZ99999")
    assert "read it once more" in text_of(page, ".usa-form-group--error")
    page = site.submit(page, form, expect=422, record=person.code)
    assert "Too many codes were wrong" in text_of(page, ".usa-form-group--error")
    assert session.scalar(select(func.count()).select_from(CaseRecord)) == 2


def test_a_record_that_was_joined_is_named_by_the_one_that_was_kept(site, session, storage, person, agent, now):
    kept = someone(session, first_name="Mary")
    case = helpdesk.opened(session, storage, recipient_id=person.id)
    session.get(Recipient, person.id).merged_into_id = kept.id
    session.commit()
    told = text_of(site.sign_in(agent).open(f"/help/desk/cases/{case.number}"), "dl")
    assert "Mary Lopez" in told
    assert kept.code in told


def test_many_linked_records_need_no_more_queries(site, session, storage, database, person, agent):
    case = helpdesk.opened(session, storage, recipient_id=person.id)
    desk = f"/help/desk/cases/{case.number}"
    site.sign_in(agent).open(desk)
    few = queries_of(database, lambda: site.open(desk))
    for number in range(12):
        record = someone(session, first_name=f"Other{number}").id
        session.add(CaseRecord(case_id=case.id, kind="recipient", record_id=record, linked_at=case.opened_at))
    session.commit()
    assert queries_of(database, lambda: site.open(desk)) == few


def queries_of(database, act):
    seen = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: seen.append(told[2]), named=False)
    before = len(seen)
    act()
    return len(seen) - before

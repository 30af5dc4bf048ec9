"""Cases that carry a workbook: an agent runs it for the right place, once, and the requester hears what came of it."""

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from app.domain.accounts.access import Role
from app.domain.accounts.models import Invitation
from app.domain.enrollment.models import PracticingProvider
from app.domain.helpdesk.attachments import NewAttachment, check_files
from app.domain.helpdesk.models import Attachment, Comment, WorkbookRun
from app.domain.recipients.models import Listing, Recipient
from app.domain.uploads.models import Upload
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.outbox import OutboxMessage
from app.jobs import worker
from tests import make
from tests.browserless import text_of
from tests.files.people import COLUMNS, people, with_mistakes
from tests.files.workbooks import csv_file, xlsx
from tests.make import enrollment, helpdesk
from tests.make.organizations import organization
from tests.make.providers import location

USERS = [
    ("Provider PIN", "First Name", "Last Name", "Business Email", "NCID Username", "Profile", "Action"),
    ("", "Nora", "Kim", "nora@oak.example", "nkim", "Healthcare Provider", "Add"),
    ("", "Omar", "Diaz", "omar@oak.example", "odiaz", "Captain", "Add"),
]
PROVIDERS = [
    ("First Name", "Last Name", "Title", "License Number"),
    ("Nora", "Kim", "NP (nurse practitioner)", "5001"),
    ("Omar", "Diaz", "NP (nurse practitioner)", ""),
]


@pytest.fixture
def agent(session, now):
    return helpdesk.agent(session, "accounts", first_name="Ada", last_name="Quinn")


@pytest.fixture
def work(session, machines):
    """Run the worker's jobs about workbooks and uploads, as its sweep does."""

    def act():
        session.rollback()
        worker.add_jobs(machines.queue, machines.settings, machines.database, machines.storage)
        for job in ("workbooks", "uploads", "workbooks"):
            machines.queue.run(job)
        session.expire_all()

    return act


@pytest.fixture
def asked(session, storage):
    """A case with one workbook; its number and the file's key."""

    def make_case(data, name, request_type, audience="provider"):
        files = check_files([NewAttachment(name, data)])
        case = helpdesk.opened(session, storage, audience=audience, request_type=request_type, files=files)
        return case, session.scalars(select(Attachment.id).where(Attachment.case_id == case.id)).one()

    return make_case


def choose(site, case, file_id, typed):
    """Find the place and look the file through; the page that says what it holds."""
    page = site.open(f"/help/desk/cases/{case.number}")
    (link,) = [one["href"] for one in page.select("a") if one.get_text(strip=True) == "Run it"]
    assert str(file_id) in link
    found = site.open(f"{link}?find={typed}")
    return site.submit(found, ".results form")


def run(site, page, **more):
    return site.submit(page, "#progress form", **more)


def last_comment(session):
    return session.scalars(select(Comment).order_by(Comment.id.desc())).first()


def files_from_us(session, case):
    return session.scalars(
        select(Attachment).where(Attachment.case_id == case.id, Attachment.by != "requester").order_by(Attachment.id)
    ).all()


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def test_users_of_a_location_are_taken_on_from_the_case(site, session, storage, agent, asked):
    place = location(session, "Oak Clinic")
    case, file_id = asked(xlsx(USERS, sheet="HCP Users"), "users.xlsx", "users")
    page = choose(site.sign_in(agent), case, file_id, f"NCA{place.provider_pin}")
    assert "Oak Clinic" in text_of(page, "h1")
    assert "Captain" not in text_of(page)
    assert "F3" in text_of(page, "table")
    assert count(session, Invitation) == 0
    page = run(site, page)
    session.expire_all()
    offer = session.scalars(select(Invitation)).one()
    assert (offer.email, offer.role, offer.scope_id) == ("nora@oak.example", "healthcare_provider", place.id)
    (back,) = files_from_us(session, case)
    sheet = load_workbook(io.BytesIO(storage.get(back.storage_key))).active
    assert "Diaz" in {cell.value for cell in sheet[2]}
    comment = last_comment(session)
    assert (comment.is_public, comment.by) == (True, "agent")
    assert "Rows carried out: 1" in comment.text
    assert "helpdesk.commented" in session.scalars(select(OutboxMessage.kind)).all()
    entries = session.scalars(select(AuditEntry).where(AuditEntry.place_id == place.id)).all()
    assert {"case.workbook_run", "location.users_imported"} <= {entry.act for entry in entries}
    assert {entry.actor_id for entry in entries} == {agent.id}


def test_run_twice_or_sent_twice_nothing_is_done_twice(site, session, agent, asked):
    location(session, "Oak Clinic")
    data = xlsx(USERS[:2], sheet="HCP Users")
    case, file_id = asked(data, "users.xlsx", "users")
    page = choose(site.sign_in(agent), case, file_id, "oak clinic")
    run(site, page)
    address = f"/help/desk/cases/{case.number}/runs/{session.scalars(select(WorkbookRun.id)).one()}"
    assert "This was run" in text_of(site.open(address))
    again, again_id = asked(data, "users.xlsx", "users")
    run(site, choose(site, again, again_id, "oak clinic"))
    assert count(session, Invitation) == 1
    assert "So already: 1" in last_comment(session).text
    choose(site, case, file_id, "oak clinic")
    assert count(session, WorkbookRun) == 2


def test_practising_providers_go_to_the_enrolled_location(site, session, storage, agent, asked):
    applied = enrollment.with_section_a(session)
    (place,) = enrollment.locations_of(session, applied)
    case, file_id = asked(xlsx(PROVIDERS, sheet="Practicing Providers"), "list.xlsx", "provider_list")
    page = choose(site.sign_in(agent), case, file_id, place.code)
    run(site, page)
    session.expire_all()
    assert session.scalars(select(PracticingProvider.license_number)).all() == ["5001"]
    assert [file.filename for file in files_from_us(session, case)] == ["Rows to mend.xlsx"]


def test_where_the_enrollment_is_decided_the_list_stays_and_the_agent_is_told(site, session, agent, asked):
    applied = enrollment.with_section_a(session)
    (place,) = enrollment.locations_of(session, applied)
    place.status = "approved"
    session.commit()
    case, file_id = asked(xlsx(PROVIDERS, sheet="Practicing Providers"), "list.xlsx", "provider_list")
    page = choose(site.sign_in(agent), case, file_id, place.code)
    page = site.submit(page, "#progress form", expect=422)
    assert "at a stage where its list cannot be changed" in text_of(page)
    session.expire_all()
    assert session.scalars(select(WorkbookRun.status)).one() == "checked"


def test_more_people_than_a_portal_takes_go_through_the_worker_and_the_result_comes_back(
    site, session, storage, agent, asked, work
):
    employer = organization(session, "Acme Foods")
    crew = with_mistakes(people(5_010))
    case, file_id = asked(csv_file([COLUMNS, *crew]), "everybody.csv", "org_upload", "organization")
    page = choose(site.sign_in(agent), case, file_id, "acme foods")
    assert "being looked through" in text_of(page)
    work()
    page = site.open(site.url)
    assert "5,010" in text_of(page, ".stats")
    page = site.submit(page, "#progress form", expect=422)
    assert "Tick this box if it is so" in text_of(page)
    page = run(site, page, attested="y")
    assert "0 of 5,010 rows" in text_of(page)
    work()
    upload = session.scalars(select(Upload)).one()
    assert (upload.scope_id, upload.status, upload.rows_settled) == (employer.id, "done", 5_010)
    assert upload.attested_name == f"Maria Lopez ({case.number})"
    assert count(session, Listing) == count(session, Recipient) == upload.created_count
    names = [file.filename for file in files_from_us(session, case)]
    assert names == ["Results of the upload.xlsx", "Rows to mend.xlsx"]
    assert "This was run" in text_of(site.open(site.url))
    work()
    assert len(files_from_us(session, case)) == 2


def test_of_a_row_that_was_taken_the_requester_does_not_hear_who_was_on_record(
    site, session, storage, agent, asked, work
):
    clinic = location(session, "Oak Clinic")
    for number in (1, 2):
        data = xlsx([COLUMNS, *people(3)[:2], people(3 + number)[-1]])
        case, file_id = asked(data, "people.xlsx", "recipients")
        choose(site.sign_in(agent), case, file_id, clinic.provider_pin)
        work()
        run(site, site.open(site.url), attested="y")
        work()
    assert session.scalars(select(Upload.present_count).order_by(Upload.id)).all() == [0, 2]
    (back,) = files_from_us(session, case)
    rows = list(load_workbook(io.BytesIO(storage.get(back.storage_key))).active.values)
    status = next(place for place, title in enumerate(rows[0]) if title == "Status")
    assert {row[status] for row in rows[1:]} == {"Accepted"}
    assert "Accepted: 3" in last_comment(session).text


def test_the_very_same_file_of_people_is_taken_once_for_a_place(site, session, agent, asked, work):
    location(session, "Oak Clinic")
    data = xlsx([COLUMNS, *people(2)])
    for expect in (200, 422):
        case, file_id = asked(data, "people.xlsx", "recipients")
        choose(site.sign_in(agent), case, file_id, "oak")
        work()
        page = site.submit(site.open(site.url), "#progress form", attested="y", expect=expect)
    assert "was taken for this place before" in text_of(page)
    assert count(session, Upload) == 1


def test_a_file_that_was_damaged_on_the_disk_holds_up_no_other(site, session, storage, agent, asked, work):
    location(session, "Oak Clinic")
    site.sign_in(agent)
    pages = []
    for name in ("first.csv", "second.csv"):
        case, file_id = asked(csv_file([COLUMNS, *people(2)]), name, "recipients")
        choose(site, case, file_id, "oak clinic")
        pages.append(site.url)
    damaged = session.scalars(select(Attachment.storage_key).where(Attachment.filename == "first.csv")).one()
    (storage.root / damaged).write_bytes(b"damaged")
    work()
    assert "The file could not be read" in text_of(site.open(pages[0]))
    assert site.open(pages[1]).select_one("#progress form") is not None


def test_a_file_that_cannot_be_read_says_why(site, session, agent, asked, work):
    location(session, "Oak Clinic")
    case, file_id = asked(b"nothing,of,use\n1,2,3\n", "people.csv", "recipients")
    choose(site.sign_in(agent), case, file_id, "oak clinic")
    work()
    page = site.open(site.url)
    assert "This file cannot be read" in text_of(page)
    assert page.select_one("#progress form") is None


def test_nobody_runs_a_workbook_of_their_own_request(site, session, agent, asked, storage):
    location(session, "Oak Clinic")
    agent.email, agent.email_folded = "maria@example.org", "maria@example.org"
    session.commit()
    case, file_id = asked(xlsx(USERS, sheet="HCP Users"), "users.xlsx", "users")
    page = choose(site.sign_in(agent), case, file_id, "oak clinic")
    page = site.submit(page, "#progress form", expect=422)
    assert "your own" in text_of(page)
    assert count(session, Invitation) == 0


def test_only_agents_run_and_only_from_a_case_that_carries_a_workbook(site, session, agent, asked):
    place = location(session, "Oak Clinic")
    plain, plain_id = asked(xlsx(USERS, sheet="HCP Users"), "users.xlsx", "training")
    case, file_id = asked(xlsx(USERS, sheet="HCP Users"), "users.xlsx", "users")
    address = f"/help/desk/cases/{case.number}/workbooks/{file_id}"
    site.sign_in(agent)
    site.open(f"/help/desk/cases/{plain.number}/workbooks/{plain_id}", expect=404)
    site.open(f"/help/desk/cases/{case.number}/workbooks/{plain_id}", expect=404)
    choose(site, case, file_id, "oak clinic")
    run_id = session.scalars(select(WorkbookRun.id)).one()
    site.open(f"/help/desk/cases/{plain.number}/runs/{run_id}", expect=404)
    for stranger in (make.manager(session, place), helpdesk.requester(session, email="x@oak.example")):
        site.sign_in(stranger)
        site.open(address, expect=404)
        site.open(f"/help/desk/cases/{case.number}/runs/{run_id}", expect=404)


def test_a_run_gives_an_agent_no_right_at_the_place(site, session, agent, asked):
    place = location(session, "Oak Clinic")
    case, file_id = asked(xlsx(USERS[:2], sheet="HCP Users"), "users.xlsx", "users")
    run(site, choose(site.sign_in(agent), case, file_id, "oak clinic"))
    session.expire_all()
    assert {grant.role for grant in agent.grants} == {Role.HELP_DESK_AGENT}
    site.open(f"/provider/{place.id}/users", expect=404)


def test_a_result_reaches_a_case_that_was_closed_meanwhile_without_another_mail(
    site, session, agent, asked, work, storage
):
    location(session, "Oak Clinic")
    case, file_id = asked(xlsx([COLUMNS, *people(2)]), "people.xlsx", "recipients")
    choose(site.sign_in(agent), case, file_id, "oak clinic")
    work()
    run(site, site.open(site.url), attested="y")
    session.expire_all()
    case.status, case.closed_at, case.closed_on = "closed", clock.now(), clock.now().date()
    session.commit()
    before = session.scalars(select(OutboxMessage.kind)).all().count("helpdesk.commented")
    work()
    assert len(files_from_us(session, case)) == 1
    assert case.status == "closed"
    assert session.scalars(select(OutboxMessage.kind)).all().count("helpdesk.commented") == before

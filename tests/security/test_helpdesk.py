"""Attacks on the help desk: other people's cases, links that travel, files that bite, texts that grow, mails to strangers."""

import io
import zipfile

import pytest
from sqlalchemy import func, select

from app.domain.accounts.models import Grant
from app.domain.accounts.sessions import actor_of
from app.domain.errors import NotFound
from app.domain.helpdesk import work_case
from app.domain.helpdesk.attachments import NewAttachment, check_files, get_attachment
from app.domain.helpdesk.errors import BadAttachment
from app.domain.helpdesk.links import make_link
from app.domain.helpdesk.models import Attachment, Case, Comment
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.outbox import OutboxMessage
from tests.browserless import Site, form_data, text_of
from tests.make import helpdesk

ASKED = {
    "first_name": "Maria", "last_name": "Lopez", "email": "maria@example.org", "request_type": "proof",
    "description": "I cannot download it.",
}  # fmt: skip
FORM = "/help/recipient/request"


@pytest.fixture
def link_to(session, now):
    """The address that a mail's link has."""

    def make(case):
        token = make_link(session, case, now=clock.now(), today=clock.now().date())
        session.commit()
        return f"/help/cases/{case.number}/{token}"

    return make


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def package(**parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in {"xl/workbook.xml": "<workbook/>", **parts}.items():
            book.writestr(name, data)
    return made.getvalue()


def test_a_link_opens_its_own_case_only_and_a_case_nothing_of_another(site, session, storage, link_to):
    files = check_files([NewAttachment("list.csv", b"a,b\n")])
    mine = helpdesk.opened(session, storage)
    other = helpdesk.opened(session, storage, email="other@example.org", files=files)
    file_id = session.scalars(select(Attachment.id)).one()
    address = link_to(mine)
    token = address.rsplit("/", 1)[1]
    assert mine.number in text_of(site.open(address))
    for rest in ("", "/answer", "/do/withdraw", "/rate"):
        url = f"/help/cases/{other.number}/{token}{rest}"
        session.rollback()
        answer = site.client.open(url, method="POST" if rest else "GET")
        assert answer.status_code in {404, 409}
    site.open(f"{address}/files/{file_id}", expect=404)
    site.open(f"{address[:-1]}", expect=404)
    session.expire_all()
    assert (other.status, count(session, Comment)) == ("new", 0)


def test_whoever_is_signed_in_finds_no_case_of_others_by_its_number(site, session, storage):
    nurse, stranger = (helpdesk.requester(session, email=f"{name}@oak.example") for name in ("nora", "eve"))
    case = helpdesk.opened(session, storage, by=nurse)
    site.sign_in(stranger)
    site.open(f"/help/my-requests/{case.number}", expect=404)
    for rest in ("answer", "do/withdraw", "rate"):
        page = site.open("/help/provider/request")
        data = form_data(page.select_one("main form[method=post]")) | {"text": "Hello", "score": "1"}
        site.open(f"/help/my-requests/{case.number}/{rest}", method="POST", data=data, expect=404)
    address = f"/help/desk/cases/{case.number}"
    session.rollback()
    for desk in ("", "/take", "/note", "/reply/ask", "/merge", "/sort/assign"):
        answer = site.client.open(f"{address}{desk}", method="POST" if desk else "GET")
        assert answer.status_code == 404
    assert session.scalars(select(Case.status)).one() == "new"


def test_the_secret_of_a_link_goes_to_no_other_site_and_stays_in_no_store(site, session, storage, link_to):
    address = link_to(helpdesk.opened(session, storage))
    site.open(address)
    assert site.response.headers["Referrer-Policy"] in {"same-origin", "no-referrer"}
    assert "no-store" in site.response.headers["Cache-Control"]
    links = [one["href"] for one in site.open(address).select("a[href]")]
    assert not [one for one in links if one.startswith(("http:", "https:")) and "cvms.test" not in one]


def test_a_link_ends_and_its_token_is_kept_nowhere(site, session, storage, link_to, database):
    case = helpdesk.opened(session, storage)
    address = link_to(case)
    token = address.rsplit("/", 1)[1]
    site.client.get(f"/help/cases/CS9999999/{token}")
    entries = session.scalars(select(AuditEntry)).all()
    kept = [str(vars(entry)) for entry in entries] + [str(one.payload) for one in session.scalars(select(OutboxMessage))]
    assert kept
    assert not [line for line in kept if token in line]


NOTE = "She shouted at us."


def test_a_requester_reads_no_note_and_no_file_of_a_note(site, session, storage, link_to):
    agent = helpdesk.agent(session, "recipients")
    nurse = helpdesk.requester(session, email="nora@oak.example")
    case = helpdesk.opened(session, storage, by=nurse)
    now = clock.now()
    work_case.write_note(session, actor_of(agent, now=now), case.number, NOTE, now=now, today=now.date())
    note = session.scalars(select(Comment)).one()
    session.add(
        Attachment(
            case_id=case.id, comment_id=note.id, filename="secret.txt", media_type="text/plain", size=1,
            storage_key=storage.put("help", b"x"), at=now, by="agent",
        )
    )
    session.commit()
    file_id = session.scalars(select(Attachment.id)).one()
    site.sign_in(nurse)
    page = site.open(f"/help/my-requests/{case.number}")
    assert NOTE not in text_of(page)
    assert "secret.txt" not in text_of(page)
    site.open(f"/help/my-requests/{case.number}/files/{file_id}", expect=404)
    address = link_to(case)
    assert NOTE not in text_of(site.anonymous().open(address))
    site.open(f"{address}/files/{file_id}", expect=404)
    with pytest.raises(NotFound):
        get_attachment(session, case, file_id)
    assert get_attachment(session, case, file_id, for_agent=True).id == file_id


def test_an_agent_whose_part_has_ended_is_a_stranger_at_once(site, session, storage):
    agent = helpdesk.agent(session, "recipients")
    case = helpdesk.opened(session, storage)
    site.sign_in(agent)
    page = site.open(f"/help/desk/cases/{case.number}")
    taking = form_data(page.select_one('form[action$="/take"]'))
    session.scalars(select(Grant).where(Grant.account_id == agent.id)).one().ended_at = clock.now()
    session.commit()
    for url in ("/help/desk", "/help/desk/find", "/help/desk/figures", f"/help/desk/cases/{case.number}"):
        site.open(url, expect=404)
    site.open(f"/help/desk/cases/{case.number}/take", method="POST", data=taking, expect=404)
    assert session.scalars(select(Case.assigned_to_id)).one() is None


def test_every_look_of_an_agent_at_a_case_or_a_file_is_in_the_access_log(site, session, storage):
    files = check_files([NewAttachment("list.csv", b"a,b\n")])
    case = helpdesk.opened(session, storage, files=files)
    agent = helpdesk.agent(session, "recipients")
    site.sign_in(agent).open(f"/help/desk/cases/{case.number}")
    site.get(f"/help/desk/cases/{case.number}/files/{session.scalars(select(Attachment.id)).one()}")
    seen = session.scalars(select(AuditEntry).where(AuditEntry.actor_id == agent.id, AuditEntry.subject_id == case.id))
    assert [entry.act for entry in seen] == ["case.opened", "case.file_opened"]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("picture.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
        ("page.html", b"Hello <script>alert(1)</script>"),
        ("page.txt", b"\xef\xbb\xbf \n<!DOCTYPE html><script>alert(1)</script>"),
        ("feed.csv", b"<?xml version='1.0'?><x/>"),
        ("macros.xlsx", package(**{"xl/vbaProject.bin": b"x"})),
        ("program.xlsx", package(**{"xl/embeddings/setup.exe": b"x"})),
        ("papers.zip", package()[:0] or b"PK\x05\x06" + bytes(18)),
        ("many.xlsx", package(**{f"xl/worksheets/sheet{number}.xml": "" for number in range(300)})),
        ("picture.png", b"\x89PNG\r\n\x1a\nnothing more"),
        ("run.csv", b"MZ\x00\x01"),
    ],
)
def test_files_that_bite_are_refused_by_what_they_are(name, data):
    with pytest.raises(BadAttachment):
        check_files([NewAttachment(name, data)])


def test_a_workbook_that_says_how_it_is_printed_is_taken():
    book = package(**{"xl/printerSettings/printerSettings1.bin": b"x"})
    (file,) = check_files([NewAttachment("../../list.XLSX\u202e", book)])
    assert file.filename == "list.xlsx"


def test_a_bomb_in_a_workbook_is_not_opened_when_it_is_sent_and_refused_when_it_is_run(site, session, storage, machines):
    from app.jobs.run_workbooks import look_through_due
    from tests.make.providers import location

    location(session, "Oak Clinic")
    bomb = package(**{"xl/worksheets/sheet1.xml": bytes(200 * 1024 * 1024)})
    files = check_files([NewAttachment("people.xlsx", bomb)])
    case = helpdesk.opened(session, storage, audience="provider", request_type="recipients", files=files)
    site.sign_in(helpdesk.agent(session))
    page = site.open(f"/help/desk/cases/{case.number}/workbooks/{session.scalars(select(Attachment.id)).one()}?find=oak")
    site.submit(page, ".results form")
    session.rollback()
    look_through_due(machines.database, machines.storage, zone=machines.settings.zone)
    assert "This file cannot be read" in text_of(site.open(site.url))


def test_what_was_asked_is_shown_as_text_on_every_page(site, session, storage, link_to):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    case = helpdesk.opened(session, storage, audience="organization", description=evil, organization_name=evil)
    page = site.open(link_to(case))
    assert evil in text_of(page)
    site.sign_in(helpdesk.agent(session, "organizations"))
    for url in (f"/help/desk/cases/{case.number}", "/help/desk?team=all"):
        page = site.open(url)
        assert "alert(1)" in text_of(page)
        assert not page.select("main script, main img")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("description", "x" * 8_001), ("first_name", "x" * 41), ("last_name", "x" * 81), ("county", "x" * 41),
        ("vaccinated_at", "x" * 121), ("email", "x" * 250 + "@example.org"),
    ],
)  # fmt: skip
def test_a_text_that_is_too_long_is_told_and_makes_no_case(site, session, now, field, typed):
    page = site.submit(site.open(FORM), expect=422, **(ASKED | {field: typed}))
    assert page.select_one(f"#{field}-error")
    assert count(session, Case) == 0


@pytest.mark.parametrize("name", ["Ann\r\nBcc: all@example.org", "Go to https://evil.example/", "www.evil.example", "a@b.example"])
def test_a_name_carries_no_link_and_no_header_into_a_mail_to_a_stranger(site, session, now, name):
    page = site.submit(site.open(FORM), expect=422, **(ASKED | {"first_name": name}))
    assert "letters only" in text_of(page, "#first_name-error")
    typed = {"first_name": name, "last_name": "Kim", "email": "nora@oak.example", "terms": "y", "code": "VAC2021"}
    page = site.submit(site.open("/help/register"), expect=422, **typed)
    assert "letters only" in text_of(page, "#first_name-error")
    assert count(session, OutboxMessage) == 0


@pytest.mark.parametrize("name", ["José", "Mary-Beth", "D'Andre", "O’Neal", "J. R.", "Nguyễn", "李", "María de los Ángeles"])
def test_names_as_people_have_them_are_taken(site, session, now, name):
    site.submit(site.open(FORM), **(ASKED | {"first_name": name}))
    assert session.scalars(select(Case.first_name)).one() == name


def test_nobody_is_flooded_with_links_by_strangers_from_many_addresses(app, session, storage, now):
    case = helpdesk.opened(session, storage)
    before = count(session, OutboxMessage)
    for number in range(5):
        site = Site(app, session)
        site.client.environ_base["REMOTE_ADDR"] = f"203.0.113.{number}"
        page = site.open("/help/renew")
        page = site.submit(page, number=case.number, email="maria@example.org")
        assert "a mail with a new link is on its way" in text_of(page, "body")
    assert count(session, OutboxMessage) - before == 3


def test_one_address_cannot_fill_the_queue_whatever_mailboxes_it_names(site, session, now):
    for number in range(20):
        site.submit(site.open(FORM), **(ASKED | {"email": f"m{number}@example.org"}))
    site.submit(site.open(FORM), expect=429, **(ASKED | {"email": "one.more@example.org"}))
    assert count(session, Case) == 20


def test_a_mail_says_nothing_of_what_was_asked(session, storage, now):
    helpdesk.opened(session, storage, description="My HIV medicine", organization_name="Oak Clinic")
    (mail,) = session.scalars(select(OutboxMessage))
    assert set(mail.payload) == {"case_id"}

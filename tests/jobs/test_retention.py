"""What is not kept for ever is let go in the night, and nothing else is."""

import io
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, insert, select

from app.domain.accounts import sessions
from app.domain.accounts.devices.models import KioskDevice
from app.domain.accounts.models import MailLink, SignInSession
from app.domain.drafts.drafts import save_draft
from app.domain.drafts.models import Draft
from app.domain.helpdesk.attachments import NewAttachment, check_files
from app.domain.helpdesk.models import Attachment
from app.domain.program.settings import DRAFT_DAYS, ChangeSetting, change_setting
from app.domain.recipients.models import Recipient
from app.domain.uploads.models import Upload, UploadRow
from app.infra.audit import AuditEntry
from app.infra.db import new_id
from app.infra.kept_mail import KeptMail
from app.infra.outbox import OutboxMessage
from app.jobs.let_go import let_go_due
from tests import make
from tests.browserless import text_of
from tests.files.people import COLUMNS, people
from tests.files.workbooks import xlsx
from tests.make import helpdesk
from tests.make.kiosks import kiosk
from tests.make.organizations import organization

ZONE = ZoneInfo("America/New_York")


@pytest.fixture
def night(machines, session):
    """The round, so many days from now."""

    def round_after(days, now):
        session.rollback()
        done = let_go_due(machines.database, machines.storage, zone=ZONE, now=now + timedelta(days=days))
        session.expire_all()
        return done

    return round_after


def counted(session):
    rows = session.scalars(select(AuditEntry).where(AuditEntry.act == "retention.let_go"))
    return {entry.facts["what"]: (entry.facts["count"], entry.facts["days"]) for entry in rows}


def files_in(machines, kind):
    return [path for path in (machines.settings.storage_dir / kind).rglob("*") if path.is_file()]


@pytest.fixture
def sent(site, session, now):
    """An upload of three people and one row that nobody can read."""
    employer = organization(session)
    employer.confirmed_at = now
    session.commit()
    site.sign_in(make.contact(session, employer.id))
    place = f"/organization/{employer.id}/uploads"
    bad = [*people(1, start=3)[0]]
    bad[COLUMNS.index("Date of Birth")] = "one day"
    book = xlsx([COLUMNS, *people(3), bad])
    site.submit(
        site.open(place), "main form[enctype]", attested="y", attested_name="Jane Doe", file=(io.BytesIO(book), "Our people.xlsx")
    )
    return site.url


def test_the_file_of_an_upload_goes_and_what_became_of_it_stays(site, session, machines, sent, night, now):
    assert night(80, now) == 0
    assert "to mend" in text_of(site.open(sent))
    assert night(91, now) == 1
    upload = session.scalars(select(Upload)).one()
    assert files_in(machines, "uploads") == []
    rows = session.scalars(select(UploadRow)).all()
    assert [row.cells or row.mistakes for row in rows] == [None] * 4
    assert sorted(row.fate for row in rows) == ["created", "created", "created", "mistaken"]
    assert (upload.created_count, session.scalar(select(func.count(Recipient.id)))) == (3, 3)
    told = text_of(site.open(sent))
    assert "The file was deleted after its time" in told
    assert "Download" not in told.partition("Upload another file")[0]
    for gone in ("rows-to-mend.xlsx", "results.xlsx"):
        site.open(f"{sent}/{gone}", expect=404)
    assert counted(session) == {"upload files": (1, 90)}
    assert night(91, now) == 0


def test_rows_that_somebody_must_decide_hold_the_file(session, machines, sent, night, now):
    upload = session.scalars(select(Upload)).one()
    upload.held_count = 1
    session.commit()
    assert night(800, now) == 0
    assert len(files_in(machines, "uploads")) == 1


def test_files_of_closed_cases_go_and_what_was_said_stays(site, session, storage, machines, night, now):
    files = check_files([NewAttachment("Marias record.txt", b"What I want to show you")])
    asked = helpdesk.opened(session, storage, description="Please look at this", files=files)
    also = helpdesk.opened(session, storage, description="And this", files=files, email="b@example.org")
    asked.status, asked.closed_at = "closed", now
    session.commit()
    assert night(364, now) == 0
    assert night(366, now) >= 1
    assert counted(session)["case files"] == (1, 365)
    assert len(files_in(machines, "help")) == 1
    site.sign_in(helpdesk.agent(session, asked.team.code))
    told = text_of(site.open(f"/help/desk/cases/{asked.number}"))
    assert "Please look at this" in told
    assert "A file that was deleted after its time" in told
    assert "Marias record" not in told
    assert "Marias record.txt" in text_of(site.open(f"/help/desk/cases/{also.number}"))
    gone = session.scalars(select(Attachment.id).where(Attachment.storage_key == "")).one()
    site.open(f"/help/desk/cases/{asked.number}/files/{gone}", expect=404)


def test_what_nobody_uses_any_more_goes_in_portions(session, machines, night, now):
    clinic = make.location(session)
    nurse = make.healthcare_provider(session, clinic)
    device, _token = kiosk(session, clinic)
    for days in (0, 1, 2):
        sessions.start_session(session, nurse.id, device="Firefox", now=now + timedelta(days=days))
    save_draft(session, nurse.id, "walk-in", clinic.id, "name", {"name": "Maria"}, now=now)
    rows = [
        {"id": new_id(), "kind": "x.y", "payload": {}, "due_at": now, "status": status, "in_bulk": False, "attempts": 0}
        for status in ["done"] * 401 + ["failed", "waiting"]
    ]
    session.execute(insert(OutboxMessage), rows)
    session.add(KeptMail(message_id="1", at=now, to="maria@example.org", subject="Hello", text="A link"))
    session.add(MailLink(token_hash="0" * 64, purpose="reset", account_id=nurse.id, created_at=now, expires_at=now))
    session.commit()
    assert night(29, now) == 0
    night(400, now)
    assert [one.seen_at for one in session.scalars(select(SignInSession))] == [now + timedelta(days=2)]
    assert sorted(session.scalars(select(OutboxMessage.status))) == ["failed", "waiting"]
    for table in (Draft, KeptMail, MailLink):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    kept = session.get_one(KioskDevice, device.id)
    assert kept.revoked_at == now + timedelta(days=400)
    assert kept.token_hash is None
    found = counted(session)
    assert found["mails"] == (401, 365)
    assert found["sign-ins"] == (2, 90)
    assert night(400, now) == 0


def test_the_state_decides_how_long(session, night, now):
    nurse = make.healthcare_provider(session, make.location(session))
    save_draft(session, nurse.id, "walk-in", nurse.id, "name", {}, now=now)
    decided = ChangeSetting(DRAFT_DAYS.name, "30", now.date() + timedelta(days=20))
    change_setting(session, make.actor(session, make.administrator(session)), decided, now=now)
    session.commit()
    assert night(31, now) == 1
    assert counted(session) == {"drafts": (1, 30)}

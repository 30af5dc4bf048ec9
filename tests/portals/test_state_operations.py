"""Mails that wait, failed or are unsure, and the jobs of the worker: seen, sent again, given up."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.accounts.access import Role, system
from app.domain.accounts.invitations import Invite, invite
from app.infra import job_log, queue
from app.infra.audit import AuditEntry
from app.infra.outbox import OutboxMessage
from app.jobs import worker
from app.jobs.mails.registry import kinds
from app.portals.state.operations import wording
from tests import make
from tests.browserless import text_of

URL = "/state/operations"


@pytest.fixture
def staff(session, now):
    return make.account(session, Role.STATE_STAFF, realm="state")


def mail(session, now, status, kind="uploads.finished", **other):
    made = OutboxMessage(kind=kind, payload=other.pop("payload", {}), due_at=now, status=status, **other)
    session.add(made)
    session.commit()
    return made


def counted(page):
    table = page.select_one("main table")
    return [" ".join(cell.get_text(" ").split()) for row in table.select("tbody tr") for cell in row.select("th, td")[:3]]


def test_what_is_not_sent_is_counted_by_kind_and_state(site, session, staff, now):
    for status, error in (("failed", "no"), ("failed", "no"), ("unsure", "?"), ("waiting", None), ("waiting", "no answer"), ("done", None)):
        mail(session, now, status, last_error=error)
    page = site.sign_in(staff).open(URL)
    word = "An upload is finished"
    assert counted(page) == [
        *(word, "Failed", "2"), *(word, "Unsure", "1"), *(word, "Tried, will be tried again", "1"), *(word, "Waiting", "1"),
    ]  # fmt: skip
    page = site.open("/state/mails?show=retried&kind=uploads.finished")
    assert "no answer" in text_of(page)
    assert not page.select("main form")


def test_all_of_a_kind_go_out_again_and_others_stay(site, session, staff, now):
    for kind in ("uploads.finished", "uploads.finished", "transfers.moved"):
        mail(session, now, "failed", kind=kind, attempts=8, last_error="no")
    page = site.sign_in(staff).open(URL)
    assert "2 mails wait to be sent again" in text_of(site.submit(page, "main form[action='/state/mails/send-again']"), "body")
    states = session.execute(select(OutboxMessage.kind, OutboxMessage.status, OutboxMessage.attempts).order_by(OutboxMessage.id))
    assert states.all() == [("uploads.finished", "waiting", 0)] * 2 + [("transfers.moved", "failed", 8)]
    assert "mail.sent_again" in session.scalars(select(AuditEntry.act)).all()


def test_a_mail_is_given_up_with_a_reason_and_asked_about_no_more(site, session, staff, now):
    made = mail(session, now, "failed", last_error="refused")
    page = site.sign_in(staff).open(URL)
    page = site.open(page.find("a", string="Give up")["href"])
    site.submit(page, "#give-up", expect=422)
    page = site.submit(page, "#give-up", because="The practice has closed")
    assert "No mail needs a decision" in text_of(page)
    assert "The practice has closed" in text_of(site.open("/state/mails?show=given_up"))
    assert "Mails" in text_of(site.open("/state/"), "#nothing-waits")
    session.refresh(made)
    assert (made.status, made.given_up_by_id) == ("failed", staff.id)
    site.submit(site.open("/state/mails?show=given_up"), "main form[action$='/send-again']")
    session.refresh(made)
    assert (made.status, made.given_up_at) == ("waiting", None)


def test_a_mail_that_was_sent_is_not_sent_again_by_a_stale_page(site, session, staff, now):
    made = mail(session, now, "failed", last_error="no")
    page = site.sign_in(staff).open(URL)
    made.status = "done"
    session.commit()
    assert "0 mails wait" in text_of(site.submit(page, "main form[action$='/send-again']"), "body")
    session.refresh(made)
    assert made.status == "done"


def test_addresses_are_masked_for_those_who_need_not_see_them(site, session, staff, now):
    offer = Invite(Role.STATE_STAFF, None, "rae.reader@example.org", "Rae", "Reader", "state", "rae")
    invitation = invite(session, system("test"), offer, now=now)
    sent = session.scalars(select(OutboxMessage).where(OutboxMessage.about_id == invitation.id)).one()
    sent.status, sent.last_error = "failed", "550 <rae.reader@example.org>: no such user"
    session.commit()
    page = text_of(site.sign_in(staff).open(URL))
    assert "r•••@example.org" in page
    assert "rae.reader" not in page
    assert "rae.reader" not in text_of(site.open(f"/state/mails/{sent.id}/give-up"))
    assert "rae.reader@example.org" in text_of(site.sign_in(make.administrator(session)).open(URL))


def test_a_job_that_fails_or_hangs_is_seen_here_and_at_home(site, session, database, staff, now):
    session.rollback()
    job_log.watched(database, "mail", lambda: None)()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            job_log.watched(database, "uploads", lambda: 1 / 0)()
    job_log._begin(database, "recalls", now=now - timedelta(hours=1))
    queue.beat(database, "one", now=now)
    page = site.sign_in(staff).open(URL)
    rows = {row.th.get_text(strip=True): text_of(row, "td") for row in page.select("main table tbody tr")}
    assert rows["Send mails"] == "Fine"
    assert rows["Take in uploaded lists"].startswith("Fails 2 times, since Mar 10, 2021")
    assert rows["Tell people of recalls"] == "Hangs or was cut off"
    home = {row.th.get_text(strip=True): row for row in site.open("/state/").select("tbody tr")}
    assert home["Work in the background"].strong.text == "2"
    session.rollback()
    job_log.watched(database, "uploads", lambda: None)()
    session.rollback()
    assert [run.name for run in job_log.jobs_in_trouble(session, now=now)] == ["recalls"]


def test_a_worker_that_stopped_is_told_at_home(site, session, database, staff, now):
    site.sign_in(staff)
    assert "has stopped" in text_of(site.open("/state/"), "body")
    session.rollback()
    queue.beat(database, "one", now=now)
    assert "has stopped" not in text_of(site.open("/state/"), "body")


def test_who_reads_figures_sees_no_mails(site, session, now):
    site.sign_in(make.account(session, Role.STATE_VIEWER, realm="state"))
    for url in (URL, "/state/mails", "/state/mails/give-up?kind=x"):
        site.open(url, expect=403)


@pytest.mark.once
def test_every_kind_of_mail_and_every_job_has_words(machines):
    assert [kind for kind in kinds() if wording.mail_word(kind) == kind] == []
    worker.add_jobs(machines.queue, machines.settings, machines.database, machines.storage)
    worker.add_daily_jobs(machines.queue, machines.settings, machines.database, machines.storage)
    assert [name for name in machines.queue._jobs if name not in wording.JOBS] == []

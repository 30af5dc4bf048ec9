"""Forms begun and not finished."""

from datetime import timedelta

from sqlalchemy import text

from app.domain.drafts.drafts import drop_draft, find_draft, paused_drafts, rests, save_draft
from app.infra.db import new_id
from tests import make

WORDS = {"steps": {"health": {"conditions": ["diabetes"], "note": ["<b>Ünïcode\u0000</b>"]}}}


def an_account(session):
    return make.administrator(session).id


def test_a_draft_comes_back_as_it_was_typed(session, now):
    account, subject = an_account(session), new_id()
    save_draft(session, account, "registration", subject, "health", WORDS, now=now)
    session.commit()
    session.expire_all()
    found = find_draft(session, account, "registration", subject)
    assert found.data == WORDS
    assert (found.step, found.updated_at, found.paused_at) == ("health", now, None)


def test_there_is_one_draft_per_account_kind_and_subject(session, now):
    account, subject = an_account(session), new_id()
    save_draft(session, account, "registration", subject, "name", {"first": 1}, now=now)
    save_draft(session, account, "registration", subject, "work", {"second": 2}, now=now)
    save_draft(session, account, "enrollment", subject, "name", {"another": 3}, now=now)
    session.commit()
    assert session.scalar(text("SELECT count(*) FROM draft")) == 2
    assert find_draft(session, account, "registration", subject).data == {"second": 2}


def test_nobody_finds_the_draft_of_somebody_else(session, now):
    account, other, subject = an_account(session), an_account(session), new_id()
    save_draft(session, account, "registration", subject, "name", WORDS, now=now)
    assert find_draft(session, other, "registration", subject) is None
    drop_draft(session, other, "registration", subject)
    assert find_draft(session, account, "registration", subject) is not None


def test_a_stolen_disk_does_not_tell_what_was_typed(session, now):
    account = an_account(session)
    save_draft(session, account, "registration", new_id(), "health", WORDS, now=now)
    session.commit()
    stored = bytes(session.scalar(text("SELECT data FROM draft")))
    assert b"diabetes" not in stored
    assert b"conditions" not in stored


def test_paused_forms_are_told_the_latest_first_until_taken_up_or_dropped(session, now):
    account = an_account(session)
    first, second, third = new_id(), new_id(), new_id()
    for hours, subject in enumerate([first, second]):
        save_draft(session, account, "form", subject, "a", {}, now=now + timedelta(hours=hours), paused=True)
    save_draft(session, account, "form", third, "a", {}, now=now)
    assert [draft.subject_id for draft in paused_drafts(session, account)] == [second, first]
    save_draft(session, account, "form", second, "b", {}, now=now)
    assert [draft.subject_id for draft in paused_drafts(session, account)] == [first]
    drop_draft(session, account, "form", first)
    assert paused_drafts(session, account) == []


def test_a_form_rests_after_a_pause_and_after_an_hour(session, now):
    account, subject = an_account(session), new_id()
    draft = save_draft(session, account, "form", subject, "a", {}, now=now)
    assert not rests(draft, now=now + timedelta(minutes=59))
    assert rests(draft, now=now + timedelta(hours=1))
    save_draft(session, account, "form", subject, "a", {}, now=now, paused=True)
    assert rests(draft, now=now)

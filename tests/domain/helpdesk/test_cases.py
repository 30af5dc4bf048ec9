"""A case from the request to the end: who may do what, in which order, and what is told to whom."""

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.domain.accounts.access import Actor
from app.domain.errors import NotFound
from app.domain.helpdesk import answer_case as requester_does
from app.domain.helpdesk import links, states
from app.domain.helpdesk import work_case as agent_does
from app.domain.helpdesk.attachments import CheckedFile, NewAttachment, check_files
from app.domain.helpdesk.errors import (
    BadAttachment,
    BadRequest,
    CannotMerge,
    CaseChanged,
    LinkExpired,
    LinkUnknown,
    TooLateToReopen,
)
from app.domain.helpdesk.merge_cases import merge_cases
from app.domain.helpdesk.models import Attachment, Case, Comment, Requester
from app.domain.helpdesk.queries import QueueFilter, conversation, get_case, list_mine, list_queue
from app.domain.helpdesk.search import search_cases
from app.domain.helpdesk.work_case import Reply, Seen
from app.infra.outbox import OutboxMessage
from tests import make
from tests.make import helpdesk


@pytest.fixture
def desk(session, now):
    return make.actor(session, helpdesk.agent(session, first_name="Ada", last_name="Quinn"))


@pytest.fixture
def nurse(session, now):
    return helpdesk.requester(session, first_name="Nora", last_name="Kim")


@pytest.fixture
def case(session, storage, nurse):
    return helpdesk.opened(session, storage, by=nurse, organization_name="Oak Clinic")


@pytest.fixture
def when(now):
    return {"now": now, "today": now.date()}


def seen(case):
    return Seen(case.number, case.version)


def mails(session):
    return list(session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id)))


def test_a_request_becomes_a_numbered_case_in_the_queue_of_its_team(session, storage, desk, case, nurse):
    second = helpdesk.opened(session, storage, by=nurse, request_type="transfer")
    assert (case.number, second.number) == ("CS0000001", "CS0000002")
    assert (case.status, case.team.code, second.team.code, second.priority) == ("new", "provider", "inventory", 2)
    assert [one.number for one in list_queue(session, desk, QueueFilter()).items] == ["CS0000001", "CS0000002"]
    here = QueueFilter(team_id=helpdesk.team(session, "inventory").id)
    assert [one.number for one in list_queue(session, desk, here).items] == ["CS0000002"]
    assert mails(session) == ["helpdesk.opened", "helpdesk.opened"]


@pytest.mark.parametrize(
    ("wrong", "field", "fault"),
    [
        ({"first_name": " "}, "first_name", "missing"),
        ({"last_name": "x" * 81}, "last_name", "too_long"),
        ({"email": "no address"}, "email", "bad_email"),
        ({"phone": "12"}, "phone", "bad_phone"),
        ({"description": " \n"}, "description", "missing"),
        ({"description": "x" * 8001}, "description", "too_long"),
        ({"request_type": "transfer"}, "request_type", "unknown"),
        ({"audience": "organization", "organization_name": ""}, "organization_name", "missing"),
        ({"provider_pin": "NCA12"}, "provider_pin", "bad_pin"),
        ({"language": "tlh"}, "language", "unknown"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_makes_no_case(session, storage, now, wrong, field, fault):
    with pytest.raises(BadRequest) as refusal:
        helpdesk.opened(session, storage, **wrong)
    assert (refusal.value.field, refusal.value.fault) == (field, fault)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Case)) == 0


def test_the_organization_is_learned_from_the_first_case_and_not_from_a_secondary_one(session, storage, nurse, now):
    helpdesk.opened(session, storage, by=nurse, organization_name="Elsewhere", is_secondary=True)
    assert session.get(Requester, nurse.id).organization_name == ""
    helpdesk.opened(session, storage, by=nurse, organization_name="Oak Clinic", provider_pin="nca650001")
    helpdesk.opened(session, storage, by=nurse, organization_name="Pine Clinic")
    known = session.get(Requester, nurse.id)
    assert (known.organization_name, known.provider_pin) == ("Oak Clinic", "NCA650001")


def test_agent_and_requester_take_turns_until_the_solution_is_accepted(session, storage, desk, case, nurse, when):
    asker = make.actor(session, nurse)
    agent_does.take_case(session, desk, seen(case), **when)
    assert (case.status, case.assigned_to_id) == ("open", desk.id)
    agent_does.ask_for_information(session, desk, Reply(seen(case), "Which lot?"), storage=storage, **when)
    assert (case.status, case.clock_on, case.answered_at) == ("awaiting_info", when["today"], when["now"])
    requester_does.answer_case(
        session, asker, requester_does.AnswerCase(case.number, "Lot EN1"), storage=storage, **when
    )
    assert (case.status, case.clock_on) == ("open", None)
    agent_does.propose_solution(session, desk, Reply(seen(case), "Done."), "corrected", storage=storage, **when)
    assert (case.status, case.resolution, case.clock_on) == ("resolved", "corrected", when["today"])
    requester_does.accept_solution(session, asker, case.number, **when)
    assert (case.status, case.closed_how, case.clock_on) == ("closed", "accept", None)
    said = [(line.by, line.comment.text) for line in conversation(session, case, for_agent=False)]
    assert said == [("agent", "Which lot?"), ("requester", "Lot EN1"), ("agent", "Done.")]
    assert mails(session) == ["helpdesk.opened", "helpdesk.asked", "helpdesk.proposed", "helpdesk.closed"]


def test_an_answer_to_a_proposal_goes_on_with_the_case(session, storage, desk, case, nurse, when):
    agent_does.propose_solution(session, desk, Reply(seen(case), "Done."), "explained", storage=storage, **when)
    session.commit()
    answer = requester_does.AnswerCase(case.number, "No, it is not.")
    requester_does.answer_case(session, make.actor(session, nurse), answer, storage=storage, **when)
    assert (case.status, case.clock_on) == ("open", None)
    assert (case.resolution, case.resolved_at) == ("", None)


def test_a_solution_needs_its_kind_and_its_notes(session, storage, desk, case, when):
    for text_, kind in (("Done.", ""), ("Done.", "magic"), (" ", "explained")):
        with pytest.raises(BadRequest):
            agent_does.propose_solution(session, desk, Reply(seen(case), text_), kind, storage=storage, **when)
    assert case.status == "new"


def test_notes_and_names_of_agents_are_not_for_requesters(session, storage, desk, case, when):
    agent_does.write_note(session, desk, case.number, "Called twice.", **when)
    agent_does.comment_case(session, desk, Reply(seen(case), "We look at it."), storage=storage, **when)
    shown = conversation(session, case, for_agent=False)
    assert [(line.comment.text, line.who) for line in shown] == [("We look at it.", "Ada")]
    whole = conversation(session, case, for_agent=True)
    assert {line.comment.text for line in whole if line.comment} == {"Called twice.", "We look at it."}
    assert "Ada Quinn" in {line.who for line in whole}


def test_the_second_of_two_agents_is_told_that_the_case_changed(session, storage, desk, case, when):
    other = make.actor(session, helpdesk.agent(session, "accounts"))
    stale = seen(case)
    agent_does.take_case(session, desk, stale, **when)
    with pytest.raises(CaseChanged) as refusal:
        agent_does.take_case(session, other, stale, **when)
    assert refusal.value.version == case.version
    assert case.assigned_to_id == desk.id


def test_who_is_no_agent_cannot_work_on_cases_nor_see_those_of_others(session, storage, case, nurse, when):
    stranger = make.actor(session, helpdesk.requester(session))
    for actor in (stranger, Actor(kind="link", id=None)):
        with pytest.raises(NotFound):
            get_case(session, actor, case.number)
        with pytest.raises(NotFound):
            agent_does.take_case(session, actor, seen(case), **when)
        with pytest.raises(NotFound):
            list_queue(session, actor, QueueFilter())
        with pytest.raises(NotFound):
            search_cases(session, actor, "Kim")
    with pytest.raises(NotFound):
        agent_does.write_note(session, make.actor(session, nurse), case.number, "Hm", **when)
    assert list_mine(session, stranger, "all").items == []


def test_a_requester_lists_own_cases_by_where_they_stand(session, storage, desk, case, nurse, when):
    other = helpdesk.opened(session, storage, by=nurse)
    agent_does.ask_for_information(session, desk, Reply(seen(other), "Which?"), storage=storage, **when)
    asker = make.actor(session, nurse)
    requester_does.withdraw_case(session, asker, case.number, **when)
    listed = {which: [one.number for one in list_mine(session, asker, which).items] for which in states_of_lists()}
    assert listed == {
        "all": [other.number, case.number], "open": [other.number], "waiting": [other.number], "closed": [case.number],
    }  # fmt: skip


def states_of_lists():
    return ("all", "open", "waiting", "closed")


def test_a_case_goes_to_another_team_with_a_note_why(session, desk, case, when):
    inventory = helpdesk.team(session, "inventory")
    agent_does.take_case(session, desk, seen(case), **when)
    agent_does.hand_over(session, desk, seen(case), inventory.id, "It is about a lot.", **when)
    assert (case.team_id, case.assigned_to_id) == (inventory.id, None)
    with pytest.raises(BadRequest):
        agent_does.hand_over(session, desk, seen(case), inventory.id, "Again.", **when)


def test_a_closed_case_takes_an_answer_for_two_weeks_and_is_open_again(session, storage, case, nurse, now):
    asker, answer = make.actor(session, nurse), requester_does.AnswerCase(case.number, "Not yet.")
    day = now.date()
    requester_does.withdraw_case(session, asker, case.number, now=now, today=day)
    session.commit()
    late = day.replace(day=25)
    with pytest.raises(TooLateToReopen) as refusal:
        requester_does.answer_case(session, asker, answer, storage=storage, now=now, today=late)
    assert refusal.value.days == 14
    session.rollback()
    requester_does.answer_case(session, asker, answer, storage=storage, now=now, today=day.replace(day=24))
    assert (case.status, case.reopened, case.closed_at) == ("open", 1, None)


def test_every_act_that_the_table_does_not_know_is_refused(session, storage, desk, case, nurse, when):
    asker = make.actor(session, nurse)
    with pytest.raises(states.NotNow):
        requester_does.accept_solution(session, asker, case.number, **when)
    requester_does.withdraw_case(session, asker, case.number, **when)
    for act in (
        lambda: agent_does.take_case(session, desk, seen(case), **when),
        lambda: agent_does.ask_for_information(session, desk, Reply(seen(case), "?"), storage=storage, **when),
        lambda: agent_does.propose_solution(session, desk, Reply(seen(case), "."), "explained", storage=storage, **when),
        lambda: requester_does.withdraw_case(session, asker, case.number, **when),
    ):
        with pytest.raises(states.NotNow):
            act()


def test_a_duplicate_of_the_same_requester_is_merged_and_of_another_never(session, storage, desk, case, nurse, when):
    again = helpdesk.opened(session, storage, by=nurse)
    foreign = helpdesk.opened(session, storage, by=helpdesk.requester(session))
    for wrong in (case.number, foreign.number):
        with pytest.raises(CannotMerge):
            merge_cases(session, desk, seen(case), wrong, **when)
    kept = merge_cases(session, desk, seen(again), case.number, **when)
    assert (kept.id, again.status, again.merged_into_id) == (case.id, "closed", case.id)
    assert not requester_does.may_reopen(session, again, today=when["today"])


def test_a_mailed_answer_is_taken_once(session, storage, case, nurse, when):
    answer = requester_does.AnswerCase(case.number, "By mail", message_id="<1@x>")
    asker = make.actor(session, nurse)
    assert requester_does.answer_case(session, asker, answer, storage=storage, **when)
    assert requester_does.answer_case(session, asker, answer, storage=storage, **when) is None
    assert session.scalar(select(func.count()).select_from(Comment)) == 1


def test_a_link_opens_one_case_until_it_expires(session, storage, case, now):
    other = helpdesk.opened(session, storage)
    token = links.make_link(session, other, now=now, today=now.date())
    session.flush()
    actor, opened = links.open_link(session, other.number.lower(), token, now=now)
    assert opened.id == other.id
    with pytest.raises(NotFound):
        get_case(session, actor, case.number)
    for number, secret in ((case.number, token), (other.number, token[:-1])):
        with pytest.raises(LinkUnknown):
            links.open_link(session, number, secret, now=now)
    with pytest.raises(LinkExpired):
        links.open_link(session, other.number, token, now=now.replace(month=6))


def test_a_fresh_link_is_mailed_only_to_the_address_of_the_case(session, storage, now):
    case = helpdesk.opened(session, storage, email="maria@example.org")
    links.renew_link(session, case.number, "other@example.org", now=now)
    links.renew_link(session, "CS9999999", "maria@example.org", now=now)
    assert "helpdesk.link_renewed" not in mails(session)
    links.renew_link(session, case.number, "MARIA@example.org ", now=now)
    assert mails(session)[-1] == "helpdesk.link_renewed"


@pytest.mark.parametrize("typed", ["cs1", "CS0000001", "kim", "Kim Nora", "oak cl", "nurse@oak.example", "clinic", "NCA650001"])
def test_a_case_is_found_by_what_a_caller_says(session, storage, desk, nurse, typed):
    case = helpdesk.opened(
        session, storage, by=nurse, email="nurse@oak.example", organization_name="Oak Clinic", provider_pin="NCA650001"
    )
    helpdesk.opened(session, storage, description="Oak Clinic Kim NCA650001", email="else@example.org")
    assert [one.number for one in search_cases(session, desk, typed)] == [case.number]


def test_what_is_asked_is_neither_searched_nor_readable_in_the_database(session, storage, desk, now):
    helpdesk.opened(session, storage, description="I fainted after the dose")
    assert search_cases(session, desk, "fainted") == []
    raw = session.execute(text("SELECT description FROM help_case")).scalar_one()
    assert b"fainted" not in bytes(raw)


@pytest.mark.parametrize(
    ("name", "data", "kept"),
    [
        ("list.csv", b"a,b\n1,2\n", ("list.csv", "text/csv")),
        ("../../etc/passwd", b"root:x", ("passwd.txt", "text/plain")),
        ("letter.exe", b"%PDF-1.7 ...", ("letter.pdf", "application/pdf")),
        ("a\u202egpj.txt", "ñ".encode(), ("agpj.txt", "text/plain")),
    ],
)
def test_a_file_is_what_its_content_is(name, data, kept):
    file = check_files([NewAttachment(name, data)])[0]
    assert (file.filename, file.media_type) == kept


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"x" * (10 * 1024 * 1024 + 1), "too_big"),
        (b"MZ\x90\x00\x03", "kind"),
        (b"PK\x03\x04 not a workbook", "kind"),
        (b"\x89PNG\r\n\x1a\n broken", "damaged"),
        (b"<html>\x00", "kind"),
    ],
)
def test_other_files_are_refused_with_the_reason(data, why):
    with pytest.raises(BadAttachment) as refusal:
        check_files([NewAttachment("a.txt", data)])
    assert refusal.value.why == why


def test_files_are_kept_encrypted_with_the_case(session, storage, now):
    case = helpdesk.opened(session, storage, files=[CheckedFile("a.txt", "text/plain", b"my record")])
    kept = session.scalars(select(Attachment).where(Attachment.case_id == case.id)).one()
    assert storage.get(kept.storage_key) == b"my record"
    assert all(b"my record" not in path.read_bytes() for path in storage.root.rglob("*") if path.is_file())


def test_what_was_said_cannot_be_changed(session, desk, case, when):
    agent_does.write_note(session, desk, case.number, "Noted", **when)
    session.commit()
    with pytest.raises(DBAPIError):
        session.execute(text("UPDATE help_comment SET is_public = true"))
    session.rollback()

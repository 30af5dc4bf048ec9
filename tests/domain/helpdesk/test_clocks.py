"""A month of clocks: two reminders, then the end, in calendar days of the program's zone."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.domain.helpdesk import answer_case as requester_does
from app.domain.helpdesk import work_case as agent_does
from app.domain.helpdesk.clocks import cases_due, run_clock
from app.domain.helpdesk.models import CaseRule
from app.domain.helpdesk.work_case import Reply, Seen
from app.infra.outbox import OutboxMessage
from tests import make
from tests.make import helpdesk


@pytest.fixture
def asked(session, storage, now):
    """A case in which the requester was asked on Mar 10."""
    case = helpdesk.opened(session, storage)
    agent = make.actor(session, helpdesk.agent(session, "recipients"))
    agent_does.ask_for_information(
        session, agent, Reply(Seen(case.number, case.version), "Which day?"), storage=storage, now=now,
        today=date(2021, 3, 10),
    )  # fmt: skip
    session.commit()
    return case


@pytest.fixture
def pass_day(session, now):
    """Run all clocks of a day, as often as a worker that restarts would; what they did."""

    def run(day, times=2):
        moment = now + (day - date(2021, 3, 10))
        done = []
        for _ in range(times):
            for case_id in cases_due(session, today=day):
                done.append(run_clock(session, case_id, now=moment, today=day))
                session.commit()
        return [act for act in done if act]

    return run


def mails(session):
    kinds = session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id))
    return [kind for kind in kinds if kind in {"helpdesk.reminder", "helpdesk.closed"}]


def test_a_silent_month_has_two_reminders_and_one_end(session, asked, pass_day):
    acts = {}
    for number in range(31):
        day = date(2021, 3, 10) + timedelta(days=number)
        done = pass_day(day)
        if done:
            acts[day] = done
    assert acts == {
        date(2021, 3, 13): ["remind"], date(2021, 3, 16): ["remind"], date(2021, 3, 18): ["run_out"],
    }  # fmt: skip
    session.refresh(asked)
    assert (asked.status, asked.closed_how, asked.closed_on) == ("closed", "run_out", date(2021, 3, 18))
    assert mails(session) == ["helpdesk.reminder", "helpdesk.reminder", "helpdesk.closed"]


def test_an_answer_starts_all_anew(session, storage, asked, pass_day, now):
    pass_day(date(2021, 3, 13))
    requester = make.actor(session, helpdesk.agent(session))
    answer = requester_does.AnswerCase(asked.number, "Tuesday")
    requester_does.answer_case(session, requester, answer, storage=storage, now=now, today=date(2021, 3, 14))
    session.commit()
    assert [act for number in range(15, 31) for act in pass_day(date(2021, 3, number))] == []
    session.refresh(asked)
    assert asked.status == "open"


def test_a_worker_that_was_away_reminds_before_it_closes(session, asked, pass_day):
    days = [date(2021, 3, 20) + timedelta(days=number) for number in range(4)]
    assert [pass_day(day) for day in days] == [["remind"], ["remind"], ["run_out"], []]
    told = session.scalars(select(OutboxMessage.payload).where(OutboxMessage.kind == "helpdesk.reminder"))
    assert [payload["closes_on"] for payload in told] == ["2021-03-22", "2021-03-22"]


def test_the_days_are_data_that_the_state_can_change(session, asked, pass_day):
    session.add(
        CaseRule(
            effective_from=date(2021, 3, 12), first_reminder_days=1, second_reminder_days=2, close_days=4,
            reopen_days=14, link_days=30,
        )
    )  # fmt: skip
    session.commit()
    acts = [pass_day(date(2021, 3, number)) for number in range(11, 16)]
    assert acts == [[], ["remind"], ["remind"], ["run_out"], []]


def test_a_case_that_an_agent_works_on_has_no_clock(session, storage, now, pass_day):
    helpdesk.opened(session, storage)
    assert [act for number in range(11, 32) for act in pass_day(date(2021, 3, number))] == []

"""Figures for supervisors, and finding a case by what a caller says."""

from datetime import timedelta

import pytest

from app.domain.accounts.sessions import actor_of
from app.domain.helpdesk.answer_case import AnswerCase, accept_solution, answer_case, reopen_case
from app.domain.helpdesk.figures import satisfaction_since, speed_since
from app.domain.helpdesk.models import Rating
from app.domain.helpdesk.search import search_cases
from app.domain.helpdesk.work_case import Reply, Seen, propose_solution
from app.infra import clock
from tests.browserless import text_of
from tests.make import helpdesk


@pytest.fixture
def rated(session, storage, now):
    """Three closed cases: twice very well, once badly."""
    for score in (5, 5, 2):
        case = helpdesk.opened(session, storage)
        case.status, case.closed_at = "closed", clock.now()
        session.add(Rating(case_id=case.id, score=score, at=clock.now()))
    session.commit()


def test_how_content_people_are_is_a_table_with_bars(site, session, rated, now):
    boss = helpdesk.agent(session, supervisor=True)
    said = satisfaction_since(session, actor_of(boss, now=now), now.replace(year=now.year - 1))
    assert [(one.score, one.cases) for one in said] == [(5, 2), (4, 0), (3, 0), (2, 1), (1, 0)]
    session.rollback()
    page = site.sign_in(boss).open("/help/desk/figures")
    rows = [row for row in page.select("tbody tr") if "Very well" in row.get_text()]
    assert "67%" in rows[0].get_text()
    assert rows[0].select_one("rect:last-child")["width"] == "66.7%"
    assert not page.select("main [style]")


@pytest.mark.parametrize(
    ("hours", "median"), [((1,), 1), ((1, 9), 5), ((9, 1, 2), 2), ((40, 1, 9, 2), 5.5), ((1, 2, 3, 4, 100), 3)]
)
def test_half_of_the_cases_were_answered_and_solved_within_the_median(session, storage, now, hours, median):
    for took in hours:
        case = helpdesk.opened(session, storage)
        case.answered_at = case.opened_at + timedelta(hours=took)
        case.resolved_at = case.opened_at + timedelta(hours=3 * took)
    waiting = helpdesk.opened(session, storage)
    waiting.answered_at = None
    session.commit()
    boss = actor_of(helpdesk.agent(session, supervisor=True), now=now)
    speed = speed_since(session, boss, now - timedelta(days=30))
    assert (speed.opened, speed.answered, speed.solved) == (len(hours) + 1, len(hours), len(hours))
    assert speed.hours_to_answer == pytest.approx(median)
    assert speed.hours_to_solution == pytest.approx(3 * median)


def test_a_solution_that_was_not_one_is_none_of_the_solved_and_what_came_back_counts(session, storage, now):
    nurse, boss = helpdesk.requester(session), actor_of(helpdesk.agent(session, supervisor=True), now=now)
    refused, back, gone = (helpdesk.opened(session, storage, by=nurse) for _ in range(3))
    when, asker = {"now": now, "today": now.date()}, actor_of(nurse, now=now)
    for case in (refused, back, gone):
        told = Reply(Seen(case.number, case.version), "Done.")
        propose_solution(session, boss, told, "explained", storage=storage, **when)
    answer_case(session, asker, AnswerCase(refused.number, "No."), storage=storage, **when)
    for case in (back, gone):
        accept_solution(session, asker, case.number, **when)
    reopen_case(session, asker, back.number, "It is back.", **when)
    session.commit()
    speed = speed_since(session, boss, now - timedelta(days=30))
    assert (speed.opened, speed.solved, speed.reopened, speed.reopened_share) == (3, 1, 1, 0.5)


def test_before_anybody_said_anything_the_page_says_so(site, session, now):
    page = site.sign_in(helpdesk.agent(session, supervisor=True)).open("/help/desk/figures")
    assert "Nobody has said anything yet" in text_of(page)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("CS0000002", [2]), ("2", [2]), ("lopez", [1]), ("maria lopez", [1]), ("acme mar", [1]), ("cme", [1]),
        ("MARIA@EXAMPLE.ORG", [1]), ("650002", [2]), ("example org", []), ("650002 ", [2]), ("nca650002", [2]), ("nca65", [2]), ("vogel nca650002", [2]), ("lopez nca650002", []), ("zz", []), ("%", []),
    ],
)  # fmt: skip
def test_a_case_is_found_by_what_a_caller_says(session, storage, now, typed, found):
    helpdesk.opened(session, storage, audience="organization", organization_name="Acme Foods")
    other = {"first_name": "Oleg", "last_name": "Vogel", "email": "oleg@oak.example", "provider_pin": "NCA650002"}
    helpdesk.opened(session, storage, audience="provider", **other)
    agent = actor_of(helpdesk.agent(session), now=now)
    assert [case.number for case in search_cases(session, agent, typed)] == [f"CS{number:07d}" for number in found]

"""Supervisors steer the help desk: announcements, request types, routing, ready answers, clocks, teams; each with its history."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.domain.accounts.models import Grant, Invitation
from app.domain.helpdesk.models import Case, CaseRule, ReadyAnswer, RequestType
from app.domain.helpdesk.steering.models import DataChange
from app.infra.audit import AuditEntry
from tests import make
from tests.browserless import form_data, text_of
from tests.make import helpdesk

SETTINGS = "/help/desk/settings"


@pytest.fixture
def boss(session, now):
    return helpdesk.agent(session, "recipients", supervisor=True, first_name="Sue", last_name="Visor")


@pytest.fixture
def today(now):
    return now.date()


def days(first=None, last=None):
    typed = {}
    for name, day in (("first_day", first), ("last_day", last)):
        if day:
            typed |= {f"{name}-month": str(day.month), f"{name}-day": str(day.day), f"{name}-year": str(day.year)}
    return typed


def edited(site, path, expect=None, **typed):
    page = site.open(f"{SETTINGS}/{path}")
    return site.submit(page, **({"expect": expect} if expect else {}), **typed)


def test_an_announcement_is_shown_from_its_day_to_its_last_and_keeps_its_history(site, session, boss, today):
    site.sign_in(boss)
    texts = {"text": "The line is busy.", "text_es": "La línea está ocupada."}
    page = edited(site, "announcements/new", audience="recipient", **texts, **days(today, today + timedelta(days=2)))
    assert "Sue Visor" in text_of(page)
    path = site.url.partition(f"{SETTINGS}/")[2]
    assert "The line is busy." in text_of(site.anonymous().open("/help/recipient"))
    assert "The line is busy." not in text_of(site.open("/help/organization"))
    page = edited(site.sign_in(boss), path, text="The line works again.")
    history = text_of(page, ".queue")
    assert "The line is busy." in history
    assert "The line works again." in history
    assert "The line works again." in text_of(site.anonymous().open("/help/recipient"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": ""}, "Write the text"),
        ({"text": "x" * 501}, "use 500 characters or fewer"),
        ({"first_day-day": "1", "first_day-month": "1", "first_day-year": "2021"}, "This day is past"),
        ({"last_day-year": ""}, "Enter the last day"),
        ({"last_day-year": "2020"}, "before the first day"),
    ],
)
def test_an_announcement_that_cannot_be_is_told_beside_its_field(site, session, boss, today, typed, said):
    typed = {"text": "Hello", **days(today, today), **typed}
    page = edited(site.sign_in(boss), "announcements/new", expect=422, **typed)
    assert said in text_of(page, ".usa-form-group--error")
    assert session.scalar(select(func.count()).select_from(DataChange)) == 0


def test_a_new_request_type_is_offered_in_both_languages_and_goes_to_its_team(site, session, boss, today):
    team = helpdesk.team(session, "recipients").id
    typed = {"audience": "recipient", "name": "Booster", "name_es": "Refuerzo", "position": "1", "team": str(team)}
    edited(site.sign_in(boss), "request-types/new", **typed, priority="2", **days(today))
    page = site.anonymous().open("/help/recipient/request")
    assert "Booster" in text_of(page, "#request_type")
    asked = {"first_name": "Maria", "last_name": "Lopez", "email": "m@example.org", "description": "When?"}
    site.submit(page, **asked, request_type="booster")
    case = session.scalars(select(Case)).one()
    assert (case.team_id, case.priority) == (team, 2)
    page = site.open("/help/recipient/request", headers={"Accept-Language": "es"})
    assert "Refuerzo" in text_of(page, "#request_type")


def test_a_type_with_a_last_day_is_offered_no_more_and_an_audience_keeps_one(site, session, boss, today):
    kinds = session.scalars(select(RequestType).where(RequestType.audience == "organization")).all()
    site.sign_in(boss)
    for kind in kinds[:-1]:
        edited(site, f"request-types/{kind.id}", **days(last=today))
    page = edited(site, f"request-types/{kinds[-1].id}", expect=422, **days(last=today))
    assert "Each audience needs a request type" in text_of(page, ".usa-form-group--error")


def test_a_routing_rule_sends_spanish_requests_elsewhere_while_it_holds(site, session, storage, boss, today):
    other = helpdesk.team(session, "accounts").id
    typed = {"audience": "recipient", "request_type": "", "language": "es", "team": str(other), "priority": "1"}
    edited(site.sign_in(boss), "routes/new", **typed, **days(today, today))
    spanish, english = helpdesk.opened(session, storage, language="es"), helpdesk.opened(session, storage)
    assert (spanish.team_id, spanish.priority) == (other, 1)
    assert english.team_id == helpdesk.team(session, "recipients").id


def test_a_rule_for_one_type_goes_before_one_for_all(site, session, storage, boss, today):
    kind = session.scalars(select(RequestType).where(RequestType.code == "proof")).one()
    general, close = helpdesk.team(session, "accounts").id, helpdesk.team(session, "provider").id
    site.sign_in(boss)
    for chosen, team in ((str(kind.id), close), ("", general)):
        edited(site, "routes/new", audience="recipient", request_type=chosen, language="", team=str(team), **days(today))
    assert helpdesk.opened(session, storage).team_id == close
    assert helpdesk.opened(session, storage, request_type="sign_in").team_id == general
    page = edited(site, "routes/new", expect=422, audience="provider", request_type=str(kind.id), **days(today))
    assert "belongs to another audience" in text_of(page, ".usa-form-group--error")


def test_the_clocks_get_other_days_from_a_day_on(site, session, boss, today):
    site.sign_in(boss)
    page = edited(site, "clocks/new", expect=422, first_reminder_days="6", second_reminder_days="6")
    assert "more days than in the field above" in text_of(page, ".usa-form-group--error")
    edited(site, "clocks/new", **days(today + timedelta(days=3)), first_reminder_days="2", second_reminder_days="4")
    rules = session.scalars(select(CaseRule).order_by(CaseRule.effective_from)).all()
    assert [(rule.first_reminder_days, rule.close_days) for rule in rules] == [(3, 8), (2, 8)]
    page = edited(site, f"clocks/{rules[0].id}", expect=422, close_days="20")
    assert "not rewritten" in text_of(page, ".usa-form-group--error")


def test_two_supervisors_who_change_the_same_thing_do_not_lose_each_others_words(site, session, boss, today):
    answer = session.scalars(select(ReadyAnswer).where(ReadyAnswer.name == "No appointment")).one()
    site.sign_in(boss)
    url = f"{SETTINGS}/ready-answers/{answer.id}"
    stale = form_data(site.open(url).select_one("main form")) | {"text": "Mine."}
    edited(site, f"ready-answers/{answer.id}", text="Theirs.")
    page = site.open(url, method="POST", data=stale, expect=409)
    assert "Somebody else changed this meanwhile" in text_of(page)
    form = page.select_one("main form")
    assert form.select_one("textarea").text.strip() == "Mine."
    page = site.open(url, method="POST", data=form_data(form))
    assert "Theirs." in text_of(page, ".queue")
    session.expire_all()
    assert answer.text == "Mine."


def test_what_belongs_to_another_team_is_not_a_supervisors_to_change(site, session, boss, today):
    answer = session.scalars(select(ReadyAnswer).where(ReadyAnswer.name == "Password")).one()
    other = helpdesk.team(session, "accounts")
    site.sign_in(boss)
    for path in (f"ready-answers/{answer.id}", f"teams/{other.id}", f"teams/{other.id}/name", "teams/new"):
        site.open(f"{SETTINGS}/{path}", expect=404 if path.endswith("new") else 403)
    page = site.open(f"{SETTINGS}/ready-answers/new")
    typed = form_data(page.select_one("main form")) | {"team": str(other.id), "name": "x", "text": "y"}
    site.open(f"{SETTINGS}/ready-answers/new", method="POST", data=typed, expect=403)
    page = site.open(f"{SETTINGS}/ready-answers")
    assert "Password" in text_of(page)
    assert str(answer.id) not in str(page)


def test_an_agent_is_invited_by_mail_and_ended_at_once(site, session, storage, boss, now):
    team = helpdesk.team(session, "recipients")
    site.sign_in(boss)
    typed = {"first_name": "Ben", "last_name": "Ode", "email": "ben@example.org", "user_name": "bode"}
    page = edited(site, f"teams/{team.id}", **typed)
    assert "Ben Ode" in text_of(page)
    page = edited(site, f"teams/{team.id}", expect=422, **typed)
    assert "There is one with this already" in text_of(page, ".usa-form-group--error")
    invitation = session.scalars(select(Invitation).where(Invitation.email == "ben@example.org")).one()
    assert (invitation.role, invitation.scope_id) == ("help_desk_agent", team.id)
    site.submit(site.open(f"{SETTINGS}/teams/{team.id}/end/{invitation.id}"))
    ada = helpdesk.agent(session, "recipients", first_name="Ada", last_name="Quinn")
    case = helpdesk.opened(session, storage)
    case.assigned_to_id = ada.id
    session.commit()
    grant = session.scalars(select(Grant).where(Grant.account_id == ada.id)).one()
    site.submit(site.open(f"{SETTINGS}/teams/{team.id}/end/{grant.id}"))
    session.expire_all()
    assert invitation.withdrawn_at
    assert grant.ended_at
    assert case.assigned_to_id is None
    site.sign_in(ada).open("/help/desk", expect=404)


def test_a_supervisor_neither_makes_nor_ends_supervisors_and_staff_of_the_state_do(site, session, boss, now):
    team = helpdesk.team(session, "recipients")
    other = helpdesk.agent(session, "recipients", supervisor=True)
    grant = session.scalars(select(Grant).where(Grant.account_id == other.id)).one()
    page = site.sign_in(boss).open(f"{SETTINGS}/teams/{team.id}")
    assert page.select_one("[name=is_supervisor]") is None
    site.open(f"{SETTINGS}/teams/{team.id}/end/{grant.id}", expect=403)
    site.sign_in(make.administrator(session))
    typed = {"first_name": "Eve", "last_name": "Chief", "email": "eve@example.org", "user_name": "echief"}
    edited(site, f"teams/{team.id}", **typed, is_supervisor="y")
    assert session.scalars(select(Invitation.role).where(Invitation.email == "eve@example.org")).one() == "help_desk_supervisor"
    site.submit(site.open(f"{SETTINGS}/teams/{team.id}/end/{grant.id}"))
    session.expire_all()
    assert grant.ended_at
    edited(site, "teams/new", name="Spanish line")
    assert "Spanish line" in text_of(site.open(f"{SETTINGS}/teams"))


def test_agents_and_requesters_do_not_steer(site, session, boss, now):
    for account in (helpdesk.agent(session, "recipients"), helpdesk.requester(session)):
        site.sign_in(account)
        for path in ("", "/announcements", "/announcements/new", "/teams", "/articles", "/articles/lot-is-hidden/en"):
            site.open(SETTINGS + path, expect=404)


def test_every_change_is_in_the_log_without_its_words(site, session, boss, today):
    edited(site.sign_in(boss), "announcements/new", text="Busy.", **days(today, today))
    entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "help_desk.announcement_changed")).one()
    assert entry.actor_id == boss.id
    assert "Busy" not in str(entry.facts)

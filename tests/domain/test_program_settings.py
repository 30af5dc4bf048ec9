"""Settings of the program: typed, from a day on, with a history that nobody rewrites."""

from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.domain.accounts.access import system
from app.domain.errors import NotAllowed, NotFound
from app.domain.program.settings import (
    ACCESS_CODE_DAYS,
    SELF_REGISTRATION_OPEN,
    BadValue,
    ChangeSetting,
    UnknownSetting,
    change_setting,
    history_of,
    list_settings,
    value_of,
)
from app.jobs.commands import group
from tests import make

OPERATOR = system("test")
FIRST, LATER = date(2021, 3, 10), date(2021, 4, 7)


def decide(session, now, name, typed, day=FIRST):
    change_setting(session, OPERATOR, ChangeSetting(name, typed, day), now=now)
    session.commit()


def is_open(session, day):
    return value_of(session, SELF_REGISTRATION_OPEN, today=day)


def test_a_decision_holds_from_its_day_on_and_the_latest_of_a_day_counts(session, now):
    assert not is_open(session, LATER)
    decide(session, now, "self_registration_open", "yes", LATER)
    assert not is_open(session, date(2021, 4, 6))
    assert is_open(session, LATER)
    decide(session, now, "self_registration_open", "No", LATER)
    assert not is_open(session, LATER)
    assert [one.value for one in history_of(session, OPERATOR, "self_registration_open")] == [False, True]


@pytest.mark.parametrize("typed", ["", "0", "91", "14.5", "a fortnight", "-3", "٣"])
def test_days_of_a_code_are_a_number_from_1_to_90(session, now, typed):
    with pytest.raises(BadValue):
        decide(session, now, "access_code_days", typed)
    assert value_of(session, ACCESS_CODE_DAYS, today=FIRST) == 14


def test_what_is_no_setting_or_no_value_is_refused(session, now):
    with pytest.raises(UnknownSetting):
        decide(session, now, "self_registration", "yes")
    with pytest.raises(BadValue):
        decide(session, now, "self_registration_open", "perhaps")


def test_only_administrators_of_the_state_change_settings(session, now):
    nurse = make.actor(session, make.manager(session, make.location(session)))
    with pytest.raises((NotAllowed, NotFound)):
        change_setting(session, nurse, ChangeSetting("self_registration_open", "yes", FIRST), now=now)
    boss = make.actor(session, make.administrator(session))
    change_setting(session, boss, ChangeSetting("self_registration_open", "yes", LATER), now=now)
    found, *_ = list_settings(session, boss, today=FIRST)
    assert (found.text, found.since, [one.value for one in found.coming]) == ("no", None, [True])


def test_the_history_cannot_be_rewritten(session, now):
    decide(session, now, "self_registration_open", "yes")
    with pytest.raises(DatabaseError):
        session.execute(text("UPDATE program_setting SET changed_by_id = NULL"))
    session.rollback()


def test_the_command_lists_and_changes_and_says_what_is_wrong(app, session, now):
    run = app.test_cli_runner()
    setting = group.commands["setting"]
    assert (
        "from 2021-04-07"
        in run.invoke(setting, ["set", "self_registration_open", "yes", "--from", "2021-04-07"]).output
    )
    shown = run.invoke(setting, ["list"]).output
    assert "self_registration_open = no (as installed)" in shown
    assert "from 2021-04-07: yes" in shown
    wrong = run.invoke(setting, ["set", "self_registration_open", "perhaps"])
    assert (wrong.exit_code, "must be yes or no" in wrong.output) == (1, True)
    assert "There is no setting" in run.invoke(setting, ["set", "x", "yes"]).output

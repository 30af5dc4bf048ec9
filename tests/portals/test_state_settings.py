"""Settings are chosen or typed, hold from a day on, and keep their history."""

import pytest

from app.domain.program.settings import CVRS_MODEL, SECOND_FACTOR_ROLES, value_of
from tests import make
from tests.browserless import text_of

URL = "/state/settings"


@pytest.fixture
def staff(site, session, now):
    return site.sign_in(make.administrator(session))


def test_a_setting_is_chosen_in_words_and_keeps_its_history(staff, session, now):
    page = staff.open(f"{URL}/second_factor_roles")
    ticked = [box["value"] for box in page.select("input[name=value][checked]")]
    assert ticked == ["state_administrator", "state_staff"]
    staff.submit(page, "main form", value=["help_desk_agent", "state_administrator"])
    assert "Help Desk agent, State administrator" in text_of(staff.open(URL))
    page = staff.open(f"{URL}/second_factor_roles")
    staff.submit(page, "main form", value=[])
    assert value_of(session, SECOND_FACTOR_ROLES, today=now.date()) == []
    lines = [row.get_text(" ") for row in staff.open(f"{URL}/second_factor_roles").select("tbody tr")]
    assert len(lines) == 2
    assert "Nobody" in lines[0]
    assert "state_staff" not in text_of(staff.open(URL))


def test_nonsense_is_refused_beside_its_field_and_changes_nothing(staff, session, now):
    for name, value, said in (
        ("cvrs_model", "X", "Not a valid choice"),
        ("access_code_days", "91", "Enter a number of days from 1 to 90"),
        ("cvrs_entity", "=1+", "three letters"),
    ):
        page = staff.open(f"{URL}/{name}")
        token = page.select_one("main form input[name=csrf_token]")["value"]
        typed = {"csrf_token": token, "value": value, "day-month": "3", "day-day": "10", "day-year": "2030"}
        page = staff.open(f"{URL}/{name}", method="POST", data=typed, expect=422)
        assert said in text_of(page, ".usa-form-group--error")
    assert value_of(session, CVRS_MODEL, today=now.date()) == "D"

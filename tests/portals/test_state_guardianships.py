"""Staff join records, end a disputed guardianship, and close and reopen a record."""

import pytest

from app.domain.accounts.models import Account
from app.domain.recipients.models import Recipient
from app.infra.audit import AuditEntry
from tests import make
from tests.browserless import text_of
from tests.make.guardians import CHILD_BORN, dependant
from tests.make.vaccinations import someone


@pytest.fixture
def staff(site, session, now):
    return site.sign_in(make.administrator(session))


@pytest.fixture
def parent(session, now):
    return someone(session, first_name="Rosa", last_name="Diaz", zip="27601")


def test_a_child_on_record_is_joined_after_a_look_at_both(staff, session, parent):
    on_file = someone(session, first_name="Mia", birth_date=CHILD_BORN, zip="27601", city="Raleigh")
    made = dependant(session, parent)
    page = staff.open("/state/guardianships")
    assert "Mia Lopez Rosa Diaz" in text_of(page, "tbody")
    page = staff.open(page.find("a", string="Mia Lopez")["href"])
    assert on_file.code in text_of(page, "table")
    assert session.query(AuditEntry).filter_by(act="recipient.compared", subject_id=on_file.id).count() == 1
    page = staff.submit(page, "form[action]:has(button[value=same])", press="The same child")
    assert "Nobody waits" in text_of(page)
    assert session.get_one(Recipient, made.dependant_id).merged_into_id == on_file.id
    assert "Nothing to decide" in text_of(staff.open(f"/state/guardianships/{made.id}"))
    guardian = staff.sign_in(session.get_one(Account, made.account_id))
    assert on_file.code in text_of(guardian.open(f"/recipient/{made.dependant_id}"))


def test_a_disputed_guardianship_ends_with_a_reason(staff, session, parent):
    made = dependant(session, parent)
    code = session.get_one(Recipient, made.dependant_id).code
    page = staff.submit(staff.open("/state/guardianships"), "#find", code=f" {code.lower()[:4]}-{code[4:]} ")
    assert "Ann Lee" in text_of(page, "tbody")
    page = staff.open(page.find("a", string="End it")["href"])
    staff.submit(page, "#end", expect=422)
    page = staff.submit(page, "#end", because="The court decided")
    assert "The court decided" in text_of(page, "tbody")
    assert page.find("a", string="End it") is None


def test_a_code_of_nobody_is_told_beside_its_field(staff, now):
    page = staff.submit(staff.open("/state/guardianships"), "#find", expect=422, code="NOBODY999")
    assert "No record has this code" in text_of(page, "#find")


def test_a_record_is_closed_and_opened_again(staff, session, now):
    person = someone(session)
    page = staff.submit(staff.open("/state/guardianships"), "#find", code=person.code)
    page = staff.open(page.find("a", string="The person has died")["href"])
    day = {"died_on__month": "3", "died_on__day": "11", "died_on__year": "2021", "sure": "y"}
    assert "not one to come" in text_of(staff.submit(page, "#close", expect=422, **day))
    page = staff.submit(page, "#close", **(day | {"died_on__day": "9"}))
    assert "Died Mar 9, 2021" in text_of(page)
    page = staff.open(page.find("a", string="Open the record again")["href"])
    page = staff.submit(page, "#again", because="Another person of that name")
    assert "The record is open again" in text_of(page)
    acts = [row.act for row in session.query(AuditEntry).filter_by(subject_id=person.id).order_by(AuditEntry.id)]
    assert [act for act in acts if "record_" in act] == ["recipient.record_closed", "recipient.record_opened_again"]


def test_nobody_else_comes_here(site, session, parent, now):
    clinic = make.location(session, "Eastside Clinic")
    for account in (make.manager(session, clinic), make.person(session, parent.id)):
        site.sign_in(account)
        for page in ("guardianships", f"people/{parent.id}", f"people/{parent.id}/close"):
            site.open(f"/state/{page}", expect=404)

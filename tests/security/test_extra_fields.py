"""Fields that a form does not have change nothing: whoever adds them gets what the form gives and no more."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.accounts.models import Account, Grant, Invitation
from app.domain.recipients.models import Recipient
from tests import make
from tests.browserless import form_data
from tests.make.organizations import organization
from tests.make.vaccinations import someone

pytestmark = pytest.mark.once
APP = Path(__file__).parents[2] / "app"
EXTRA = {
    "id": str(make.NOBODY), "account_id": str(make.NOBODY), "recipient_id": str(make.NOBODY), "location_id": str(make.NOBODY),
    "organization_id": str(make.NOBODY), "role": "state_administrator", "scope_kind": "program", "scope_id": "", "is_admin": "1",
    "status": "approved", "version": "99", "code": "AAAAAAAAA", "birth_date": "1900-01-01", "registered_at": "2000-01-01",
    "merged_into_id": str(make.NOBODY), "password_hash": "x", "email_folded": "evil@example.org", "created_at": "2000-01-01",
    "confirmed_at": "2000-01-01", "source": "evil", "language": "xx", "closed_at": "2000-01-01", "grants": "state_administrator",
}  # fmt: skip


def sent_with_more(site, url, selector, **fields):
    """The form as it stands with these fields, and all that it does not have."""
    page = site.open(url)
    form = page.select_one(selector)
    data = form_data(form)
    more = {name: value for name, value in EXTRA.items() if name not in data}
    return site.client.post(form.get("action") or url, data={**more, **data, **fields})


def test_a_person_changes_the_language_of_mails_and_nothing_else(site, session, now):
    person = someone(session, email="maria@example.net")
    before = {column.name: getattr(person, column.name) for column in Recipient.__table__.columns}
    site.sign_in(make.person(session, person.id, email="maria@example.net"))
    assert sent_with_more(site, f"/recipient/{person.id}/reminders", "#language-of-mails", language="es").status_code == 303
    session.expire_all()
    after = {column.name: getattr(session.get_one(Recipient, person.id), column.name) for column in Recipient.__table__.columns}
    assert {name for name in before if before[name] != after[name]} <= {"language", "version"}


def test_somebody_who_changes_the_password_gets_no_role(site, session, now):
    nurse = make.healthcare_provider(session, make.location(session))
    site.sign_in(nurse)
    new = "A-new-Password-1"
    answer = sent_with_more(site, "/account/password", "main form[method=post]", current=make.PASSWORD, password=new, again=new)
    assert answer.status_code == 303
    session.expire_all()
    roles = session.scalars(select(Grant.role).where(Grant.account_id == nurse.id)).all()
    assert roles == ["healthcare_provider"]
    assert session.get_one(Account, nurse.id).password_hash.startswith("$argon2id$")


def test_whoever_invites_a_contact_invites_a_contact_of_that_organization(site, session, now):
    clinic, employer = make.location(session), organization(session)
    site.sign_in(make.manager(session, clinic))
    answer = sent_with_more(
        site, f"/provider/{clinic.id}/organizations/{employer.id}/contacts/new", "main form[method=post]",
        first_name="Pat", last_name="Lee", email="pat@example.org", phone="9195550100", right_person="y",
    )  # fmt: skip
    assert answer.status_code == 303, answer.status_code
    made = session.scalars(select(Invitation).where(Invitation.email == "pat@example.org")).one()
    assert (made.role, made.scope_kind, made.scope_id, made.accepted_at) == ("organization_contact", "organization", employer.id, None)


def test_no_view_hands_a_whole_form_on():
    """Commands are built field by field: what a form does not have reaches nothing."""
    whole = re.compile(r"populate_obj|\*\*request\.(form|values|args|json)|setattr\([^,]+, *name *, *(value|request)")
    found = [f"{path.relative_to(APP)}" for path in (APP / "portals").rglob("*.py") if whole.search(path.read_text())]
    assert found == []

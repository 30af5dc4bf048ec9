"""The way into an enrollment: registering, the link in the mail, and where everything stands."""

import pytest
from sqlalchemy import func, select

from app.domain.accounts import invitations
from app.domain.accounts.access import Role
from app.domain.accounts.models import Account, Invitation
from app.domain.accounts.sessions import PER_NAME
from app.domain.enrollment.corrections import AskCorrection, ReturnEnrollment, ask_correction, return_enrollment
from app.domain.enrollment.models import Correction, Enrollment
from app.infra import clock
from app.infra.outbox import OutboxMessage
from tests import make
from tests.browserless import text_of
from tests.make import enrollment as enrolling


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def register(site, email="ann@harvest.example", *, expect=200, **other):
    typed = {"first_name": "Ann", "last_name": "Lee", "email": email} | other
    return site.submit(site.open("/enrollment/register"), expect=expect, **typed)


def person_of(session, actor):
    return session.get_one(Account, actor.id)


def test_registering_sends_a_link_and_the_link_leads_to_section_a(site, session):
    page = register(site)
    assert "Now, check your email" in text_of(page)
    (invitation,) = session.scalars(select(Invitation))
    assert (invitation.role, invitation.email) == (Role.ORGANIZATION_ADMINISTRATOR, "ann@harvest.example")
    account = enrolling.accepted(session, invitation.id)
    page = site.sign_in(account).open("/account/start/enrollment")
    assert "Fill in Section A" in text_of(page)
    assert "Next: The organization" in text_of(page)


def test_the_password_page_of_the_link_lists_its_criteria(site, session, now):
    register(site)
    (invitation,) = session.scalars(select(Invitation))
    token = invitations.make_link(session, "invitation", now=clock.now(), invitation_id=invitation.id)
    session.commit()
    page = site.open(f"/account/invitations/{token}")
    assert "Provider Enrollment Portal" in text_of(page)
    assert page.select("[data-criteria] li")
    page = site.submit(page, password="short", again="short", expect=422)
    assert "The password still needs" in text_of(page)
    page = site.submit(page, password=make.PASSWORD, again=make.PASSWORD)
    assert "Your user name is ann@harvest.example" in text_of(page)
    assert site.url.startswith("/enrollment/")


def test_the_page_says_the_same_whether_or_not_the_address_is_known(site, session):
    enrolling.started(session)
    known = text_of(register(site, "ann@harvest.example"))
    unknown = text_of(register(site, "bo@harvest.example"))
    assert known == unknown


def test_registering_twice_sends_the_mail_again_and_makes_nothing_twice(site, session):
    register(site)
    register(site)
    assert count(session, Enrollment) == count(session, Invitation) == 1
    assert count(session, OutboxMessage) == 2


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [("email", "nobody", "like name@example.org"), ("first_name", "4nn", "no digits"), ("last_name", "", "Enter your")],
)
def test_what_cannot_be_right_is_said_beside_the_field(site, session, field, typed, said):
    page = register(site, expect=422, **{field: typed})
    assert said in text_of(page, f"#{field}-error")
    assert count(session, Enrollment) == 0


def test_too_many_registrations_from_one_place_have_to_wait(site, session):
    for number in range(PER_NAME):
        register(site, f"ann{number}@harvest.example")
    assert "Too many tries" in text_of(register(site, "late@harvest.example", expect=422))
    assert count(session, Enrollment) == PER_NAME


def test_somebody_with_several_enrollments_chooses_and_may_begin_another(site, session):
    first, account = enrolling.started(session)
    page = site.sign_in(account).open("/enrollment/")
    assert first.code in text_of(page)
    page = site.submit(page, 'form[action="/enrollment/another"]')
    assert "A new enrollment is begun" in text_of(page)
    assert len(site.open("/enrollment/").select(".results li")) == 2
    assert len(site.open("/account/choose").select("#places a")) == 2


def test_a_coordinator_sees_the_stage_and_only_their_own_checklist(site, session):
    applied = enrolling.with_section_a(session, 2)
    one, other = enrolling.locations_of(session, applied)
    site.sign_in(person_of(session, enrolling.coordinator_of(session, one)))
    page = site.open(f"/enrollment/{applied.id}")
    said = text_of(page)
    assert "Vaccine Coordinator, Harvest Pharmacy 1" in said
    assert "Organization Administrator, " not in said
    assert other.name in text_of(page, "#awaited"), "everyone sees who is awaited"
    assert other.name not in text_of(page, "#history")
    site.open(f"/enrollment/{applied.id}/section-a", expect=403)
    site.open(f"/enrollment/{applied.id}/locations", expect=403)


def test_an_officer_reads_section_a_and_changes_nothing(site, session):
    applied = enrolling.awaiting_signatures(session)
    site.sign_in(person_of(session, enrolling.officer_of(session, applied, "ceo")))
    page = site.open(f"/enrollment/{applied.id}")
    assert "Chief Executive Officer" in text_of(page)
    assert "Carl Mora" in text_of(page, "#awaited")
    page = site.open(f"/enrollment/{applied.id}/section-a")
    assert "Harvest Pharmacy" in text_of(page)
    assert not page.select("main form")
    site.open(f"/enrollment/{applied.id}/section-a/ceo", expect=403)
    site.open(f"/enrollment/{applied.id}/locations/new", expect=403)


def test_corrections_are_listed_with_their_field_and_can_be_left_as_they_are(site, session):
    applied = enrolling.submitted(session)
    (place,) = enrolling.locations_of(session, applied)
    state, now = enrolling.state_actor(session), clock.now()
    ask_correction(session, state, AskCorrection(applied.id, "legal_name", "Not as in the register"), now=now)
    ask_correction(session, state, AskCorrection(applied.id, "street", "Which entrance?", place.id), now=now)
    ask_correction(session, state, AskCorrection(applied.id, "iis_id", "Unknown number", place.id), now=now)
    return_enrollment(session, state, ReturnEnrollment(applied.id, "Two things"), now=now)
    session.commit()
    site.sign_in(person_of(session, enrolling.boss_of(session, applied)))
    page = site.open(f"/enrollment/{applied.id}")
    said = text_of(page, "#corrections")
    assert "Legal name of the organization" in said
    assert "Which entrance?" in said
    assert "Unknown number" not in said
    assert "Two things" in text_of(page, "#history")
    link = page.select_one("#corrections a")["href"]
    assert "Not as in the register" in text_of(site.open(link), "#step-form")
    place_link = page.select("#corrections a")[1]["href"]
    assert "Which entrance?" in text_of(site.open(place_link), "#location")
    page = site.submit(page, "#corrections form")
    assert "right as it is" in text_of(page)
    assert len(page.select("#corrections li")) == 1
    assert count(session, Correction) == 3


def test_an_approved_enrollment_is_opened_for_an_update_and_the_update_given_up(site, session):
    applied = enrolling.approved(session)
    site.sign_in(person_of(session, enrolling.boss_of(session, applied)))
    page = site.open(f"/enrollment/{applied.id}")
    assert "enrolled" in text_of(page)
    page = site.submit(page, f'form[action="/enrollment/{applied.id}/update"]')
    assert "You can change Section A now" in text_of(page)
    page = site.open(f"/enrollment/{applied.id}/section-a/organization")
    site.submit(page, press="Pause", legal_name="Harvest Drugs")
    assert session.get_one(Enrollment, applied.id).name == "Harvest Drugs"
    page = site.submit(site.open(f"/enrollment/{applied.id}/update/give-up"))
    assert "as it was approved" in text_of(page)
    session.expire_all()
    assert session.get_one(Enrollment, applied.id).name == "Harvest Pharmacy"


def test_the_history_is_told_in_plain_words(site, session):
    applied = enrolling.approved(session)
    site.sign_in(person_of(session, enrolling.boss_of(session, applied)))
    page = site.open(f"/enrollment/{applied.id}?history=all")
    said = text_of(page, "#history")
    for words in (
        "The enrollment was begun",
        "Section A was completed",
        "Signed: Provider agreement",
        "The location was approved",
    ):
        assert words in said
    assert "_" not in said

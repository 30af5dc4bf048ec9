"""Section A: steps that keep what was typed, two people at once, the review, and completing it."""

import pytest
from sqlalchemy import func, select

from app.domain.accounts.access import Role
from app.domain.accounts.models import Account, Invitation
from app.domain.drafts.models import Draft
from app.domain.enrollment.add_location import AddEnrolledLocation, add_location
from app.domain.enrollment.corrections import AskCorrection, ReturnEnrollment, ask_correction, return_enrollment
from app.domain.enrollment.fields import STEPS_A, fields_of
from app.domain.enrollment.models import Enrollment
from app.domain.enrollment.save_section_a import SaveSectionA, save_section_a
from app.infra import clock
from tests import make
from tests.browserless import text_of
from tests.make import enrollment as enrolling

ANSWERS = enrolling.section_a()


@pytest.fixture
def applied(session):
    return enrolling.started(session)[0]


@pytest.fixture
def base(site, session, applied):
    """The address of Section A; its administrator is signed in."""
    site.sign_in(session.get_one(Account, enrolling.boss_of(session, applied).id))
    return f"/enrollment/{applied.id}/section-a"


def answers_of(step):
    return {field.key: ANSWERS[field.key] for field in fields_of("a", step) if field.key in ANSWERS}


def kept(session, applied):
    return session.get_one(Enrollment, applied.id, populate_existing=True).answers


def drafts(session):
    return session.scalar(select(func.count()).select_from(Draft))


def test_a_practice_fills_in_section_a_and_the_coordinator_is_invited(site, session, base, applied):
    page = site.open(base)
    page = site.open(page.select_one("main .actions a")["href"])
    for number, step in enumerate(STEPS_A, start=1):
        assert f"Step {number} of 5" in text_of(page)
        page = site.submit(page, press="Next", **answers_of(step))
    assert site.url == base
    assert kept(session, applied) == ANSWERS
    assert "You can complete Section A as soon as nothing is missing" in text_of(page)
    page = site.open(page.select_one('main a[href$="/locations"]')["href"])
    page = site.open(page.select_one('main a[href$="/new"]')["href"])
    site.submit(page, press="Save", **enrolling.place())
    page = site.submit(site.open(base), "#complete")
    assert "The Vaccine Coordinators are told by mail" in text_of(page)
    assert "Verab Cole" in text_of(page, "#awaited")
    invited = session.scalars(select(Invitation).where(Invitation.role == Role.VACCINE_COORDINATOR.value)).all()
    assert [one.email for one in invited] == ["vera1@harvest.example"]


def test_values_are_kept_as_the_field_table_keeps_them_and_shown_as_people_read_them(site, session, base, applied):
    page = site.open(f"{base}/organization")
    site.submit(page, press="Next", **answers_of("organization") | {"organization_phone": "+1 (919) 555-0177"})
    assert kept(session, applied)["organization_phone"] == "9195550177"
    assert site.open(f"{base}/organization").select_one("[name=organization_phone]")["value"] == "(919) 555-0177"
    said = text_of(site.open(base))
    assert "(919) 555-0177" in said
    assert "Wake" in said
    assert "North Carolina" in said


def test_next_says_what_is_missing_and_what_is_wrong_beside_the_fields(site, session, base, applied):
    page = site.open(f"{base}/organization")
    page = site.submit(page, press="Next", legal_name="Harvest Pharmacy", organization_phone="12", expect=422)
    assert "ten digits" in text_of(page, "#organization_phone-error")
    assert "Fill in this field" in text_of(page, "#organization_city-error")
    assert page.select_one("[name=legal_name]")["value"] == "Harvest Pharmacy"
    assert page.select_one("title").text.startswith("Error: ")


def test_what_is_not_at_hand_can_be_left_for_later(site, session, base, applied):
    page = site.open(f"{base}/cmo")
    typed = answers_of("cmo") | {"officer_cmo_license_number": ""}
    page = site.submit(page, press="Next", expect=422, **typed)
    page = site.submit(page, press="Save and go on without the rest")
    assert site.url == f"{base}/ceo"
    assert kept(session, applied)["officer_cmo_last_name"] == "Mora"
    assert "missing" in text_of(site.open(base))


def test_pause_keeps_what_can_be_kept_and_the_half_typed_number_waits(site, session, base, applied):
    page = site.open(f"{base}/organization")
    page = site.submit(page, press="Pause", legal_name="Harvest Pharmacy", organization_phone="919 555")
    assert "What you typed is kept" in text_of(page)
    assert kept(session, applied)["legal_name"] == "Harvest Pharmacy"
    assert "organization_phone" not in kept(session, applied)
    page = site.open("/account/start/enrollment")
    assert "You paused a form earlier" in text_of(page)
    page = site.open(f"{base}/organization")
    assert page.select_one("[name=organization_phone]")["value"] == "919 555"
    site.submit(page, press="Next", **answers_of("organization"))
    assert drafts(session) == 0


def test_previous_keeps_the_page_and_goes_back(site, session, base, applied):
    page = site.open(f"{base}/redistribution")
    site.submit(page, press="Previous", redistribution="yes")
    assert site.url == f"{base}/administrator"
    assert kept(session, applied)["redistribution"] == "yes"
    assert site.open(f"{base}/redistribution").select_one("[value=yes]").has_attr("checked")


def test_a_page_with_mistakes_is_still_there_after_the_window_was_closed(site, session, base, applied):
    page = site.open(f"{base}/organization")
    site.submit(page, press="Next", legal_name="Harvest Pharmacy", organization_zip="276", expect=422)
    page = site.open(f"{base}/organization")
    assert page.select_one("[name=legal_name]")["value"] == "Harvest Pharmacy"
    assert page.select_one("[name=organization_zip]")["value"] == "276"


def test_two_people_are_told_of_each_other_field_by_field(site, session, base, applied):
    save = SaveSectionA(applied.id, answers_of("organization"), applied.version)
    save_section_a(session, enrolling.boss_of(session, applied), save, now=clock.now())
    session.commit()
    page = site.open(f"{base}/organization")
    second = make.account(session, Role.ORGANIZATION_ADMINISTRATOR, applied.id, realm="enrollment", first_name="Bo")
    theirs = {"legal_name": "Harvest Drugs", "organization_city": "Cary"}
    version = session.get_one(Enrollment, applied.id, populate_existing=True).version
    command = SaveSectionA(applied.id, theirs, version)
    save_section_a(session, make.actor(session, second), command, now=clock.now())
    session.commit()
    page = site.submit(page, press="Next", legal_name="Harvest Chemists", organization_zip="27606", expect=409)
    said = text_of(page, "#legal_name-error")
    assert "Bo Lee changed this meanwhile" in said
    assert "Harvest Drugs" in said
    assert "Harvest Chemists" in said
    assert page.select_one("[name=organization_city]")["value"] == "Cary", "what was not touched follows"
    assert page.select_one("[name=organization_zip]")["value"] == "27606"
    site.submit(page, press="Next")
    now_kept = kept(session, applied)
    assert now_kept["legal_name"] == "Harvest Chemists"
    assert (now_kept["organization_city"], now_kept["organization_zip"]) == ("Cary", "27606")


def test_two_people_in_different_fields_do_not_disturb_each_other(site, session, base, applied):
    page = site.open(f"{base}/redistribution")
    boss = enrolling.boss_of(session, applied)
    save_section_a(session, boss, SaveSectionA(applied.id, {"legal_name": "Other"}, applied.version), now=clock.now())
    session.commit()
    site.submit(page, press="Next", redistribution="no")
    assert kept(session, applied)["redistribution"] == "no"
    assert kept(session, applied)["legal_name"] == "Other"


def test_section_a_is_not_completed_while_something_is_missing(site, session, base, applied):
    token = site.open(f"{base}/organization").select_one("[name=csrf_token]")["value"]
    page = site.open(f"{base}/complete", method="POST", data={"csrf_token": token}, expect=422)
    assert "Something is still missing" in text_of(page)
    assert session.get_one(Enrollment, applied.id).status == "section_a"


def test_a_returned_section_is_completed_again_only_without_open_corrections(site, session):
    applied = enrolling.submitted(session)
    state, now = enrolling.state_actor(session), clock.now()
    ask_correction(session, state, AskCorrection(applied.id, "legal_name", "Not as in the register"), now=now)
    return_enrollment(session, state, ReturnEnrollment(applied.id), now=now)
    session.commit()
    site.sign_in(session.get_one(Account, enrolling.boss_of(session, applied).id))
    base = f"/enrollment/{applied.id}/section-a"
    page = site.open(base)
    assert "Not as in the register" in text_of(page)
    page = site.submit(page, "#complete", expect=422)
    assert "corrections that are still open" in text_of(page)
    page = site.submit(site.open(f"{base}/organization"), press="Next", legal_name="Harvest Pharmacy Inc.")
    assert "Not as in the register" not in text_of(page)
    site.submit(page, "#complete")
    assert session.get_one(Enrollment, applied.id, populate_existing=True).status == "signatures"


def test_nothing_is_changed_while_the_state_looks_at_it(site, session):
    applied = enrolling.submitted(session)
    site.sign_in(session.get_one(Account, enrolling.boss_of(session, applied).id))
    page = site.open(f"/enrollment/{applied.id}/section-a/organization")
    assert "cannot be changed here now" in text_of(page)
    assert not page.select("main form")


def test_section_a_changed_after_its_completion_stays_complete_and_asks_nobody_twice(site, session):
    applied = enrolling.with_section_a(session)
    boss = enrolling.boss_of(session, applied)
    add_location(session, boss, AddEnrolledLocation(applied.id, enrolling.place(2)), now=clock.now())
    session.commit()
    site.sign_in(session.get_one(Account, boss.id))
    page = site.open(f"/enrollment/{applied.id}/section-a/organization")
    page = site.submit(page, press="Next", legal_name="Harvest Drugs")
    assert "complete" in text_of(page, ".usa-tag--success")
    invited = select(func.count()).where(Invitation.role == Role.VACCINE_COORDINATOR.value)
    assert session.scalar(invited) == 2


def test_a_tampered_form_is_treated_as_typed_anew(site, session, base, applied):
    page = site.open(f"{base}/organization")
    page.select_one("[name=seen]")["value"] = "{broken"
    page.select_one("[name=version]")["value"] = "x"
    site.submit(page, press="Next", **answers_of("organization"))
    assert kept(session, applied)["legal_name"] == "Harvest Pharmacy"


@pytest.mark.parametrize("step", ["nothing", "organization/x", "complete"])
def test_a_step_that_there_is_not_is_not_found(site, base, step):
    site.open(f"{base}/{step}", expect=404)

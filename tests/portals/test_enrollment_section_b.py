"""The Vaccine Coordinator fills in Section B: step by step, with pauses, beside others, and after corrections."""

import pytest

from app.domain.accounts.models import Account
from app.domain.enrollment.corrections import AskCorrection, ReturnEnrollment, ask_correction, return_enrollment
from app.domain.enrollment.fields import fields_of
from app.domain.enrollment.save_section_b import SaveSectionB, save_section_b
from app.infra import clock
from tests.browserless import text_of
from tests.make import enrollment as making


@pytest.fixture
def enrollment(session, now):
    return making.with_section_a(session, places=2)


@pytest.fixture
def location(session, enrollment):
    return making.locations_of(session, enrollment)[0]


@pytest.fixture
def coordinator(site, session, location):
    who = making.coordinator_of(session, location)
    return site.sign_in(session.get_one(Account, who.id))


def at(location, rest=""):
    return f"/enrollment/{location.enrollment_id}/locations/{location.id}/section-b{rest}"


def form_of(section, step):
    """What somebody types on a step, from all answers of Section B."""
    return {field.key: section[field.key] for field in fields_of("b", step) if field.key in section}


def test_section_b_is_filled_in_step_by_step_and_completed(coordinator, session, location):
    page = coordinator.open(at(location))
    for step in ("location_details", "backup", "shipping", "hours", "patients", "storage", "manager"):
        assert coordinator.url.endswith(f"/{step}")
        page = coordinator.submit(page, "#step-form", press="Next", **form_of(making.section_b(), step))
    text = text_of(page)
    assert "Pharmacy: independent" in text
    assert "Go on with what is missing" in text
    assert "You can complete Section B as soon as nothing is missing" in text
    making.filled(session, location)
    page = coordinator.open(at(location, "/review"))
    page = coordinator.submit(page, "#complete")
    assert "Section B is complete" in text_of(page)
    assert coordinator.url.endswith("/agreements")
    session.refresh(location)
    assert location.status == "complete"


def test_a_pause_keeps_even_what_cannot_be_kept_yet(coordinator, session, location):
    page = coordinator.open(at(location, "/backup"))
    page = coordinator.submit(page, "#step-form", press="Pause", backup_first_name="Bea", backup_phone="919 55")
    assert "What you typed is kept" in text_of(page)
    assert "Bea" in text_of(page)
    page = coordinator.open(at(location, "/backup"))
    assert page.select_one("#backup_phone")["value"] == "919 55"
    assert page.select_one("#backup_first_name")["value"] == "Bea"


def test_mistakes_stand_beside_their_fields_and_nothing_typed_is_lost(coordinator, location):
    page = coordinator.open(at(location, "/patients"))
    page = coordinator.submit(
        page, "#step-form", press="Next", expect=422, patients_children="many", patients_adults="1,200"
    )
    assert "Enter a whole number" in text_of(page, "#patients_children-error")
    assert page.select_one("#patients_adults")["value"] == "1,200"


def test_at_least_one_hour_of_receiving_is_needed_to_go_on(coordinator, location):
    page = coordinator.submit(coordinator.open(at(location, "/hours")), "#step-form", press="Next", expect=422)
    assert page.select_one("#receiving_monday_am-error")
    page = coordinator.submit(page, "#step-form", press="Next", receiving_tuesday_pm="1 - 5")
    assert coordinator.url.endswith("/patients")
    assert "1:00 PM - 5:00 PM" in text_of(coordinator.open(at(location, "/review")))


def test_only_some_are_asked_what_only_some_must_answer(coordinator, location):
    page = coordinator.open(at(location, "/shipping"))
    assert "Only if vaccine is given at another address" in text_of(page)
    answers = form_of(making.section_b(administration_differs="yes"), "shipping")
    page = coordinator.submit(page, "#step-form", press="Next", expect=422, **answers)
    assert "Fill in this field" in text_of(page, "#administration_street-error")


def test_two_who_edit_the_same_section_are_told_of_each_other_field_by_field(coordinator, session, location):
    page = coordinator.open(at(location, "/backup"))
    other = making.coordinator_of(session, location)
    answers = {"backup_first_name": "Bob", "backup_email": "bob@harvest.example"}
    save_section_b(session, other, SaveSectionB(location.id, answers, location.version), now=clock.now())
    session.commit()
    page = coordinator.submit(
        page, "#step-form", press="Pause", expect=409, backup_first_name="Bea", backup_last_name="Best"
    )
    error = text_of(page, "#backup_first_name-error")
    assert "“Bob”" in error
    assert "“Bea”" in error
    assert page.select_one("#backup_email")["value"] == "bob@harvest.example"
    coordinator.submit(page, "#step-form", press="Pause")
    session.refresh(location)
    kept = {key: location.answers[key] for key in ("backup_first_name", "backup_last_name", "backup_email")}
    assert list(kept.values()) == ["Bea", "Best", "bob@harvest.example"]


def test_corrections_stand_beside_the_fields_that_the_state_named(site, session, now):
    enrollment = making.submitted(session)
    location = making.locations_of(session, enrollment)[0]
    state = making.state_actor(session)
    for field, comment in (("shipping_phone", "Nobody answers here"), ("receiving", "Are you there on Fridays?"),
                           ("pictures", "The thermometer cannot be read")):  # fmt: skip
        ask_correction(session, state, AskCorrection(enrollment.id, field, comment, location.id), now=clock.now())
    return_enrollment(session, state, ReturnEnrollment(enrollment.id), now=clock.now())
    session.commit()
    site.sign_in(session.get_one(Account, making.coordinator_of(session, location).id))
    page = site.open(at(location))
    for comment in ("Nobody answers here", "Are you there on Fridays?", "The thermometer cannot be read"):
        assert comment in text_of(page)
    assert "Nobody answers here" in text_of(site.open(at(location, "/shipping")))
    assert "Are you there on Fridays?" in text_of(site.open(at(location, "/hours")))
    units = site.open(f"/enrollment/{enrollment.id}/locations/{location.id}/units")
    assert "The thermometer cannot be read" in text_of(units)
    page = site.submit(site.open(at(location, "/review")), "#complete", expect=422)
    assert "corrections that are still open" in text_of(page)
    site.submit(site.open(at(location, "/shipping")), "#step-form", press="Pause", shipping_phone="919 555 0188")
    assert "Nobody answers here" not in text_of(site.open(at(location, "/review")))


def test_an_approved_location_is_updated_or_the_update_given_up(site, session, now):
    enrollment = making.approved(session)
    location = making.locations_of(session, enrollment)[0]
    site.sign_in(session.get_one(Account, making.coordinator_of(session, location).id))
    assert site.open(at(location, "/backup")).select_one("#step-form") is None
    page = site.submit(site.open(at(location, "/review")), "form[action$='/update']")
    assert "You can change Section B now" in text_of(page)
    site.submit(site.open(at(location, "/backup")), "#step-form", press="Pause", backup_first_name="Zoe")
    page = site.submit(site.open(at(location, "/update/give-up")))
    assert "Everything is as it was approved" in text_of(page)
    session.refresh(location)
    assert location.status == "approved"
    assert location.answers["backup_first_name"] == "Bea"


def test_others_of_the_enrollment_read_section_b_and_nobody_else_finds_it(site, session, enrollment, location):
    boss = making.boss_of(session, enrollment)
    site.sign_in(session.get_one(Account, boss.id))
    assert site.open(at(location, "/review")).select_one("#complete") is None
    site.open(at(location, "/backup"), expect=403)
    second = making.locations_of(session, enrollment)[1]
    site.sign_in(session.get_one(Account, making.coordinator_of(session, second).id))
    site.open(at(location, "/review"), expect=404)
    other = making.with_section_a(session, email="eve@second.example", legal_name="Second Clinic", first=7)
    site.sign_in(session.get_one(Account, making.boss_of(session, other).id))
    site.open(at(location, "/review"), expect=404)


def test_the_officers_come_to_section_b_from_the_list_of_locations(site, session, now):
    enrollment = making.awaiting_signatures(session)
    site.sign_in(session.get_one(Account, making.officer_of(session, enrollment, "ceo").id))
    page = site.open(f"/enrollment/{enrollment.id}/locations")
    page = site.open(page.select_one("#found a[href$='/review']")["href"])
    assert "Helmer GX" in text_of(page)
    assert page.select("main form") == []

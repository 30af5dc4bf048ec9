"""What people type into an enrollment, as it is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.enrollment import fields, states
from app.domain.enrollment.errors import FieldsRefused, NotNow
from app.domain.enrollment.lists import POPULATIONS, PROVIDER_TYPES, SETTINGS
from app.domain.enrollment.models import EnrolledLocation, Enrollment
from app.domain.enrollment.values import check, clean

ALL = {**fields.OF_LOCATION, **fields.OF_ENROLLMENT}
pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("key", "typed", "kept"),
    [
        ("organization_phone", "+1 (919) 555-0100", "9195550100"),
        ("organization_zip", "27601 1234", "27601-1234"),
        ("organization_state", "north carolina", "NC"),
        ("county", "Wake County", "37183"),
        ("redistribution", "Y", "yes"),
        ("patients_adults", "1,200", "1200"),
        ("patients_adults", "Unknown", "unknown"),
        ("patients_weekly", "N/A", "not_applicable"),
        ("capacity_frozen", "No capacity", "none"),
        ("receiving_monday_am", "8-12", "08:00-12:00"),
        ("receiving_monday_am", "8:30 AM – 11:45 AM", "08:30-11:45"),
        ("receiving_monday_pm", "1 - 5", "13:00-17:00"),
        ("receiving_monday_pm", "12:30 to 5 pm", "12:30-17:00"),
        ("officer_cmo_middle_initial", "b.", "B"),
        ("coordinator_middle_initial", "ß", "ß"),
        ("officer_ceo_last_name", "O’Neil", "O'Neil"),
        ("settings", ["workplace", "pharmacy", "pharmacy"], ["pharmacy", "workplace"]),
        ("populations", "Adults aged 65 years and older; rural", ["seniors", "rural"]),
        ("provider_type", "Pharmacy: chain", "17"),
        ("legal_name", "  ", ""),
    ],
)
def test_a_value_is_kept_in_one_form_however_it_is_typed(key, typed, kept):
    assert clean(ALL, {key: typed}) == {key: kept}


@pytest.mark.parametrize(
    ("key", "typed", "reason"),
    [
        ("organization_phone", "919", "malformed"),
        ("organization_email", "office@", "malformed"),
        ("organization_zip", "276", "malformed"),
        ("county", "Cork", "unknown"),
        ("patients_adults", "many", "not_a_number"),
        ("patients_adults", "-3", "not_a_number"),
        ("patients_adults", "none", "not_a_number"),
        ("patients_adults", "99999999999", "too_many"),
        ("receiving_monday_am", "whenever", "malformed"),
        ("receiving_monday_am", "25:00-26:00", "malformed"),
        ("receiving_monday_pm", "17:00-13:00", "backwards"),
        ("officer_ceo_first_name", "R2D2", "malformed"),
        ("officer_ceo_first_name", "A" * 41, "too_long"),
        ("legal_name", "Harvest\x00Pharmacy", "malformed"),
    ],
)
def test_a_value_that_cannot_be_kept_is_refused_with_its_reason(key, typed, reason):
    with pytest.raises(FieldsRefused) as refused:
        clean(ALL, {key: typed})
    assert refused.value.reasons == {key: reason}


@given(st.sampled_from(sorted(ALL)), st.text(max_size=60))
def test_what_is_kept_is_kept_again_unchanged_and_nothing_breaks(key, typed):
    kept, reason = check(ALL[key], typed)
    if reason is None:
        assert check(ALL[key], kept) == (kept, None)


def test_the_lists_have_the_lengths_of_the_federal_form():
    assert (len(PROVIDER_TYPES.entries), len(SETTINGS.entries), len(POPULATIONS.entries)) == (28, 17, 18)


def test_every_field_has_one_key_and_every_condition_names_a_field():
    for table in ((*fields.SECTION_A,), (*fields.LOCATION, *fields.SECTION_B)):
        keys = [field.key for field in table]
        assert len(keys) == len(set(keys))
        assert {field.required_if[0] for field in table if field.required_if} <= set(keys)
        assert all(len(field.key) <= 40 for field in table)
    assert {field.step for field in fields.SECTION_A} == set(fields.STEPS_A)
    assert {field.step for field in fields.SECTION_B} == set(fields.STEPS_B)


def test_every_state_of_the_table_fits_its_column_and_a_step_that_is_not_there_is_refused():
    for table, model in ((states.ENROLLMENT_STEPS, Enrollment), (states.LOCATION_STEPS, EnrolledLocation)):
        length = model.__table__.c.status.type.length
        assert all(len(step.after) <= length for step in table)
        assert len({(step.act, before) for step in table for before in step.before}) == sum(
            len(step.before) for step in table
        )
    with pytest.raises(NotNow):
        states.after("enrollment", "approve", states.SECTION_A)
    assert states.can("location", "approve", states.COMPLETE)
    assert not states.can("location", "approve", states.DRAFT)


def test_every_state_can_be_reached_and_left():
    for table in (states.ENROLLMENT_STEPS, states.LOCATION_STEPS):
        reached = {step.after for step in table}
        left = {before for step in table for before in step.before}
        assert left - {""} <= reached
        assert reached - left == {states.DISENROLLED, states.REMOVED} & reached

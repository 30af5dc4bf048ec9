"""A history that may be incomplete says so."""

from datetime import timedelta

import pytest

from app.domain.vaccinations.gaps import gaps_in_history
from app.domain.vaccinations.history import doses_of
from app.domain.vaccinations.questionnaires import QUESTIONNAIRES, assess
from tests import make
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import all_no, dose, someone


@pytest.fixture
def place(session, now):
    return make.location(session)


@pytest.fixture
def maria(session, place):
    return someone(session, place)


def gaps(session, person, screening=None):
    return gaps_in_history(session, person.id, doses_of(session, person.id), screening)


def told(answer):
    return assess(QUESTIONNAIRES[-1], all_no(previous_dose=answer))


@pytest.mark.parametrize(
    ("answer", "without", "with_dose"),
    [("yes", ("says_more",), ()), ("no", (), ("says_none",)), ("unknown", (), ()), (None, (), ())],
)
def test_what_a_person_tells_is_compared_with_the_record(session, place, maria, answer, without, with_dose):
    screening = told(answer) if answer else None
    assert gaps(session, maria, screening) == without
    dose(session, place, maria, make_lot(session, place))
    assert gaps(session, maria, screening) == with_dose


def test_a_dose_that_was_removed_is_a_gap_until_one_of_its_day_is_entered(session, place, maria, now):
    stock = make_lot(session, place)
    mistaken = dose(session, place, maria, stock, given_at=now - timedelta(days=30))
    mistaken.status = "entered-in-error"
    session.commit()
    assert gaps(session, maria) == ("removed",)
    dose(session, place, maria, stock, given_at=now - timedelta(days=30, hours=1))
    assert gaps(session, maria) == ()


def test_a_record_of_the_same_name_and_birth_date_with_doses_is_a_gap_until_it_is_linked(session, place, maria):
    same, other = someone(session, place), someone(session, place, first_name="Ana")
    stock = make_lot(session, place)
    dose(session, place, other, stock)
    assert gaps(session, maria) == ()
    dose(session, place, same, stock)
    assert gaps(session, maria) == ("other_record",)
    same.merged_into_id = maria.id
    session.commit()
    assert gaps(session, maria) == ()

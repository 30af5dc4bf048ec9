"""What the screening answers mean, and what speaks against a dose."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from app.domain.errors import Conflict, NotFound
from app.domain.program.models import Product
from app.domain.program.products import product_by_code
from app.domain.recipients.ages import age_on
from app.domain.vaccinations.cautions import cautions_of_product, cautions_of_screening
from app.domain.vaccinations.errors import IncompleteAnswers, VisitEnded
from app.domain.vaccinations.history import GivenDose, is_complete, series_of
from app.domain.vaccinations.models import Visit
from app.domain.vaccinations.questionnaires import QUESTIONNAIRES, assess, questionnaire_of, questionnaire_on
from app.domain.vaccinations.screen_visit import ScreenVisit, screen_visit
from app.portals.provider.clinic import wording
from tests import make
from tests.make.vaccinations import all_no, nurse_at
from tests.make.vaccinations import visit as make_visit

EDITION = questionnaire_on(date(2021, 3, 10))


def given(product: Product, on: date) -> GivenDose:
    return GivenDose(
        uuid4(),
        uuid4(),
        1,
        datetime(2021, 1, 1),
        on,
        product.name,
        product.manufacturer,
        product.cvx,
        product.schedule(),
        "L1",
        uuid4(),
        "Clinic",
        "LD",
        "Ann",
        "RN",
        "",
        None,
    )


@pytest.mark.once
@pytest.mark.parametrize(
    ("question", "outcome", "minutes"),
    [
        ("sick_today", "defer", 15),
        ("previous_dose", "note", 15),
        ("allergy_ingredient", "contraindication", 30),
        ("allergy_polysorbate", "contraindication", 30),
        ("allergy_previous_dose", "contraindication", 30),
        ("allergy_other_vaccine", "precaution", 30),
        ("severe_reaction_other", "note", 30),
        ("vaccine_14_days", "note", 15),
        ("covid_positive", "note", 15),
        ("antibodies_90_days", "defer", 15),
        ("weak_immune_system", "note", 15),
        ("bleeding_disorder", "note", 15),
        ("pregnant", "note", 15),
    ],
)
def test_each_yes_has_its_meaning(question, outcome, minutes):
    screening = assess(EDITION, all_no(**{question: "yes"}))
    assert [(found.question, found.outcome) for found in screening.findings] == [(question, outcome)]
    assert screening.observe_minutes == minutes
    codes = [caution.code for caution in cautions_of_screening(screening)]
    assert codes == ([] if outcome == "note" else [outcome])


@pytest.mark.once
@pytest.mark.parametrize(
    ("day", "edition", "asked", "not_asked"),
    [
        (date(2020, 12, 14), "2020-winter", "severe_reaction_dose", "allergy_polysorbate"),
        (date(2021, 2, 28), "2020-winter", "vaccine_14_days", "allergy_polysorbate"),
        (date(2021, 3, 1), "2021-spring", "allergy_polysorbate", "severe_reaction_dose"),
        (date(2021, 5, 13), "2021-spring", "vaccine_14_days", "dermal_fillers"),
        (date(2021, 5, 14), "2021-summer", "dermal_fillers", "vaccine_14_days"),
        (date(2026, 1, 1), "2021-summer", "clots_low_platelets", "vaccine_14_days"),
    ],
)
def test_each_day_has_its_edition(day, edition, asked, not_asked):
    found = questionnaire_on(day)
    codes = [question.code for question in found.questions]
    assert (found.edition, questionnaire_of(edition)) == (edition, found)
    assert asked in codes
    assert not_asked not in codes


@pytest.mark.once
@pytest.mark.parametrize("edition", QUESTIONNAIRES, ids=lambda edition: edition.edition)
def test_every_question_is_worded(edition):
    codes = {question.code for question in edition.questions}
    assert len(codes) == len(edition.questions)
    assert codes <= set(wording.QUESTIONS)
    assert codes <= set(wording.IN_SHORT)


@pytest.mark.parametrize(
    ("question", "product", "codes"),
    [
        ("allergy_ingredient", "pfizer", ["contraindication"]),
        ("allergy_ingredient", "moderna-14", ["contraindication"]),
        ("allergy_ingredient", "janssen", ["precaution"]),
        ("allergy_polysorbate", "pfizer", ["precaution"]),
        ("allergy_polysorbate", "janssen", ["contraindication"]),
        ("allergy_previous_dose", "janssen", ["contraindication"]),
        ("clots_low_platelets", "janssen", ["precaution"]),
        ("clots_low_platelets", "pfizer", []),
    ],
)
def test_what_an_answer_means_depends_on_the_vaccine(session, question, product, codes):
    screening = assess(QUESTIONNAIRES[-1], all_no(**{question: "yes"}))
    found = cautions_of_screening(screening, product_by_code(session, product))
    assert [caution.code for caution in found] == codes
    assert [caution.questions for caution in found] == [(question,)] * len(codes)


def test_a_third_dose_is_for_people_with_a_weakened_immune_system_and_from_its_day_on(session):
    pfizer = product_by_code(session, "pfizer")
    doses = [given(pfizer, FIRST), given(pfizer, FIRST + timedelta(days=21))]
    for day, weakened, codes in (
        (date(2021, 8, 12), True, ["complete"]),
        (date(2021, 8, 13), True, []),
        (date(2021, 8, 13), False, ["complete"]),
    ):
        found = cautions_of_product(pfizer, ADULT, day, doses, weakened=weakened)
        assert [caution.code for caution in found] == codes
    assert assess(EDITION, all_no(weak_immune_system="yes")).weakened
    assert not assess(EDITION, all_no(weak_immune_system="unknown")).weakened


@pytest.mark.once
def test_no_to_everything_finds_nothing_and_not_knowing_is_a_note():
    assert assess(EDITION, all_no()).findings == ()
    unknown = assess(EDITION, all_no(allergy_ingredient="unknown"))
    assert [(found.outcome, found.answer) for found in unknown.findings] == [("note", "unknown")]
    assert unknown.observe_minutes == 15


@pytest.mark.once
def test_a_visit_without_answers_is_itself_a_caution():
    assert [caution.code for caution in cautions_of_screening(None)] == ["not_screened"]


def test_answers_are_kept_with_their_edition_and_unreadable_in_the_database(session, now):
    location = make.location(session)
    visit = make_visit(session, location, screened=False)
    edition = questionnaire_on(date(2021, 3, 10)).edition
    command = ScreenVisit(location.id, visit.id, edition, all_no(pregnant="yes"))
    screened, screening = screen_visit(session, nurse_at(location.id), command, now=now)
    session.commit()
    assert (screened.status, screened.questionnaire) == ("screened", "2021-spring")
    assert screened.answers["pregnant"] == "yes"
    assert [found.question for found in screening.findings] == ["pregnant"]
    raw = session.connection().exec_driver_sql("SELECT answers FROM visit").scalar_one()
    assert b"pregnant" not in bytes(raw)


@pytest.mark.parametrize("answers", [{}, all_no(pregnant=""), all_no(pregnant="perhaps")])
def test_every_question_needs_an_answer(session, now, answers):
    location = make.location(session)
    visit = make_visit(session, location, screened=False)
    command = ScreenVisit(location.id, visit.id, EDITION.edition, answers)
    with pytest.raises(IncompleteAnswers) as refusal:
        screen_visit(session, nurse_at(location.id), command, now=now)
    assert "pregnant" in refusal.value.missing


def test_screening_needs_an_open_visit_of_this_location_and_a_known_edition(session, now):
    location, other = make.location(session), make.location(session, "Elsewhere")
    visit = make_visit(session, location)
    nurse = nurse_at(location.id)
    with pytest.raises(Conflict):
        screen_visit(session, nurse, ScreenVisit(location.id, visit.id, "1999", all_no()), now=now)
    with pytest.raises(NotFound):
        screen_visit(
            session, nurse_at(other.id), ScreenVisit(other.id, visit.id, EDITION.edition, all_no()), now=now
        )
    session.get(Visit, visit.id).status = "left"
    session.flush()
    with pytest.raises(VisitEnded):
        screen_visit(session, nurse, ScreenVisit(location.id, visit.id, EDITION.edition, all_no()), now=now)


FIRST = date(2021, 3, 1)
ADULT = date(1950, 4, 28)


@pytest.mark.parametrize(
    ("first", "second", "days", "codes"),
    [
        ("pfizer", "pfizer", 16, ["interval"]),
        ("pfizer", "pfizer", 17, []),
        ("pfizer", "pfizer", 21, []),
        ("pfizer", "pfizer", 300, []),
        ("moderna-10", "moderna-10", 23, ["interval"]),
        ("moderna-10", "moderna-10", 24, []),
        ("moderna-10", "moderna-14", 31, []),
        ("moderna-10", "moderna-14", 23, ["interval"]),
        ("pfizer", "moderna-10", 27, ["interval", "mix"]),
        ("pfizer", "moderna-10", 28, ["mix"]),
        ("moderna-10", "pfizer", 24, ["interval", "mix"]),
        ("janssen", "pfizer", 60, ["complete", "mix"]),
        ("janssen", "janssen", 10, ["complete"]),
        ("pfizer", "pfizer", 0, ["interval"]),
    ],
)
def test_a_second_dose_is_measured_against_the_first(session, first, second, days, codes):
    earlier = [given(product_by_code(session, first), FIRST)]
    product = product_by_code(session, second)
    found = cautions_of_product(product, ADULT, FIRST + timedelta(days=days), earlier)
    assert [caution.code for caution in found] == codes
    early = next((caution for caution in found if caution.code == "interval"), None)
    if early:
        again = cautions_of_product(product, ADULT, early.earliest, earlier)
        assert "interval" not in [caution.code for caution in again]


def test_a_third_dose_finds_the_series_complete(session):
    pfizer = product_by_code(session, "pfizer")
    doses = [given(pfizer, FIRST), given(pfizer, FIRST + timedelta(days=21))]
    found = cautions_of_product(pfizer, ADULT, FIRST + timedelta(days=100), doses)
    assert [caution.code for caution in found] == ["complete"]


@pytest.mark.parametrize(
    ("product", "day", "born", "age"),
    [
        ("pfizer", date(2021, 3, 10), date(2005, 3, 11), 15),
        ("pfizer", date(2021, 3, 10), date(2005, 3, 10), None),
        ("pfizer", date(2021, 5, 9), date(2008, 1, 1), 13),
        ("pfizer", date(2021, 5, 10), date(2008, 1, 1), None),
        ("pfizer", date(2021, 5, 10), date(2009, 5, 11), 11),
        ("moderna-10", date(2021, 5, 10), date(2004, 1, 1), 17),
        ("janssen", date(2021, 3, 10), date(2003, 3, 10), None),
    ],
)
def test_the_youngest_age_is_the_one_of_the_day(session, product, day, born, age):
    found = cautions_of_product(product_by_code(session, product), born, day, [])
    assert [caution.age for caution in found if caution.code == "age"] == ([age] if age is not None else [])


@pytest.mark.once
@pytest.mark.parametrize(
    ("day", "age"), [(date(2021, 2, 28), 16), (date(2021, 3, 1), 17), (date(2024, 2, 29), 20)]
)
def test_somebody_born_on_february_29_is_a_year_older_on_march_1_of_a_common_year(day, age):
    assert age_on(date(2004, 2, 29), day) == age


def test_a_series_is_complete_after_two_doses_or_one_of_janssen(session):
    pfizer, janssen = product_by_code(session, "pfizer"), product_by_code(session, "janssen")
    assert not is_complete([])
    assert not is_complete([given(pfizer, FIRST)])
    assert is_complete([given(pfizer, FIRST), given(pfizer, FIRST + timedelta(days=21))])
    assert is_complete([given(janssen, FIRST)])
    assert series_of([given(pfizer, FIRST)], FIRST).next_from == date(2021, 3, 22)
    assert series_of([given(janssen, FIRST)], FIRST).next_from is None

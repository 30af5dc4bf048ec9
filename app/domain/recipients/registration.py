"""What a person answers to be registered, and when those answers are complete.

Answers on health, living and work are encrypted in the record; the rest are columns. Nobody has to tell
gender, race, ethnicity or health: "Prefer not to say" is an answer, an empty field is not.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from app.domain.errors import Conflict, Refusal
from app.domain.program.conditions import CONDITIONS, LIVING, NONE
from app.domain.program.counties import county_by_fips
from app.domain.program.demographics import DECLINED, ETHNICITIES, GENDERS, RACES
from app.domain.program.industries import INDUSTRIES
from app.domain.program.lookup import Choice, Choices
from app.domain.program.states import STATES
from app.domain.program.terms import FIRST
from app.domain.recipients.ages import age_on
from app.domain.recipients.models import Recipient
from app.domain.recipients.row_values import Unclear, read_email, read_name, read_phone, read_suffix, read_zip

ADULT = 18
TERMS = FIRST["terms"]
LONGEST = {"street": 255, "street_2": 255, "city": 80, "guardian": 120, "email": 254}

YES_NO = Choices((Choice("yes", "Yes"), Choice("no", "No")))
IN_PERSON = Choices((*YES_NO.entries, Choice("not_working", "I do not work at this time")))
WORK_WITH = Choices(
    (
        Choice("patients", "I see patients in person, such as a doctor, dentist or therapist, or at their front desk"),
        Choice("school", "I work in child care, or in a school up to grade 12"),
        Choice("college", "I work at a college or university"),
        Choice("none", "None of these fits"),
        Choice(DECLINED, "Prefer not to say"),
    )
)
STUDENT = Choices(
    (
        Choice("no", "No"),
        Choice("high_school", "Yes, in high school or below"),
        Choice("college_housing", "Yes, in college, and I live in a dormitory or other student housing"),
        Choice("college", "Yes, in college, and I live elsewhere"),
        Choice(DECLINED, "Prefer not to say"),
    )
)
PREGNANT = Choices((*YES_NO.entries, Choice(DECLINED, "Prefer not to say")))
CONTACT_WAYS = Choices(
    (Choice("email", "E-mail"), Choice("text", "Text message"), Choice("none", "Do not contact me"))
)
LANGUAGES = Choices((Choice("en", "English"), Choice("es", "Spanish"), Choice("other", "Another language")))


@dataclass(frozen=True, slots=True)
class Registration:
    """All answers of one person, in the form in which they are kept; "" or () where nothing was answered.

    `phone` is ten digits, `zip` 99999 or 99999-9999, `county_fips` five digits and only where the state is
    North Carolina; `terms` and `sharing` are the edition agreed to, `guardian` is who agrees for people below
    18. The rest are codes of the program's lists.
    """

    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    email: str
    phone: str
    contact_way: str
    language: str
    street: str
    street_2: str
    city: str
    county_fips: str
    state_abbr: str
    zip: str
    in_state: str
    gender: str
    races: tuple[str, ...]
    ethnicity: str
    industry: str
    in_person: str
    patient_contact: str
    work_with: str
    student: str
    living: str
    conditions: tuple[str, ...]
    pregnant: str
    terms: str
    sharing: str
    guardian: str


IN_COLUMNS = (
    *(
        "first_name",
        "middle_name",
        "last_name",
        "suffix",
        "phone",
        "street",
        "street_2",
        "city",
        "county_fips",
    ),
    *("state_abbr", "zip", "gender", "ethnicity", "industry", "language"),
)
ENCRYPTED = (
    *("contact_way", "in_state", "in_person", "patient_contact", "work_with", "student"),
    *("living", "conditions", "pregnant"),
    *("terms", "sharing", "guardian"),
)
_LISTS: dict[str, Choices[Any]] = {
    "contact_way": CONTACT_WAYS,
    "language": LANGUAGES,
    "state_abbr": STATES,
    "in_state": YES_NO,
    "gender": GENDERS,
    "ethnicity": ETHNICITIES,
    "industry": INDUSTRIES,
    "in_person": IN_PERSON,
    "patient_contact": YES_NO,
    "work_with": WORK_WITH,
    "student": STUDENT,
    "living": LIVING,
}


class IncompleteRegistration(Refusal):
    """Answers are missing or cannot be true: `fields` names them, in the order in which they are asked."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(", ".join(names))
        self.fields = names


class RecordChanged(Conflict):
    """Somebody, most likely a clinic, changed the record since: `version` is what it is now."""

    def __init__(self, version: int) -> None:
        super().__init__(str(version))
        self.version = version


@dataclass(frozen=True, slots=True)
class Difference:
    """An answer of the person that the record has otherwise."""

    name: str
    answered: Any
    recorded: Any


def registration_of(recipient: Recipient) -> Registration:
    """What the record answers already, from an upload, a visit or an earlier registration."""
    kept = recipient.answers or {}
    values = {name: getattr(recipient, name) for name in IN_COLUMNS}
    values |= {name: kept.get(name, "") for name in ENCRYPTED}
    values["conditions"] = tuple(kept.get("conditions", ()))
    return Registration(email=recipient.email or "", races=tuple(recipient.races), **values)


def differences(mine: Registration, theirs: Registration) -> Iterator[Difference]:
    """Where two sets of answers differ, in the order in which they are asked."""
    for field in fields(Registration):
        answered, recorded = getattr(mine, field.name), getattr(theirs, field.name)
        if answered != recorded:
            yield Difference(field.name, answered, recorded)


def needs_guardian(birth_date: date, today: date) -> bool:
    """True where a parent or guardian must agree: below 18 years."""
    return age_on(birth_date, today) < ADULT


def check(answers: Registration, *, birth_date: date, today: date, terms: str = TERMS) -> None:
    """Raises IncompleteRegistration unless the answers are complete and possible. `terms`: the version to agree to."""
    wrong = {
        *_wrong_names(answers),
        *_wrong_reach(answers),
        *(name for name, known in _LISTS.items() if known.by_code(getattr(answers, name)) is None),
        *(name for name in ("terms", "sharing") if getattr(answers, name) != terms),
    }
    if not _several(answers.races, RACES, alone={DECLINED}):
        wrong.add("races")
    if not _several(answers.conditions, CONDITIONS, alone={DECLINED, NONE}):
        wrong.add("conditions")
    if answers.pregnant and PREGNANT.by_code(answers.pregnant) is None:
        wrong.add("pregnant")
    if needs_guardian(birth_date, today) and not answers.guardian:
        wrong.add("guardian")
    if wrong:
        raise IncompleteRegistration(
            tuple(field.name for field in fields(Registration) if field.name in wrong)
        )


def _wrong_names(answers: Registration) -> Iterator[str]:
    for name, longest, required in (
        ("first_name", 40, True),
        ("middle_name", 40, False),
        ("last_name", 80, True),
    ):
        text = getattr(answers, name)
        if (required or text) and not _reads(
            lambda text=text, longest=longest: read_name(text, longest=longest)
        ):
            yield name
    if answers.suffix and not _reads(lambda: read_suffix(answers.suffix)):
        yield "suffix"


def _wrong_reach(answers: Registration) -> Iterator[str]:
    """What is wrong with address, e-mail and telephone, and with the way of contact that they allow."""
    for name, longest in LONGEST.items():
        text = getattr(answers, name)
        if len(text) > longest or not text.isprintable():
            yield name
    yield from (name for name in ("street", "city") if not getattr(answers, name))
    if (answers.state_abbr == "NC") != bool(county_by_fips(answers.county_fips)):
        yield "county_fips"
    if not _reads(lambda: read_zip(answers.zip, state=answers.state_abbr)):
        yield "zip"
    if answers.email and not _reads(lambda: read_email(answers.email)):
        yield "email"
    if answers.phone and not _reads(lambda: read_phone(answers.phone)):
        yield "phone"
    if (answers.contact_way == "email" and not answers.email) or (
        answers.contact_way == "text" and not answers.phone
    ):
        yield "contact_way"


def _reads(read: Any) -> bool:
    try:
        read()
    except Unclear:
        return False
    return True


def _several(codes: tuple[str, ...], known: Choices[Any], *, alone: set[str]) -> bool:
    """True for one known code or more, where those that rule out all others stand alone."""
    good = bool(codes) and all(known.by_code(code) for code in codes)
    return good and (len(codes) == 1 or not alone & set(codes))

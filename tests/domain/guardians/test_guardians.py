"""Guardians: nobody learns who is on record, the right ends by itself at 18, staff join, end and close."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.accounts import sessions
from app.domain.accounts.access import Permission, Role, system
from app.domain.accounts.models import Account, Invitation
from app.domain.eligibility.models import EligibilityStatus
from app.domain.errors import Conflict, NotAllowed, NotFound
from app.domain.recipients.closing.close_record import (
    CloseRecord,
    ImpossibleDay,
    OpenRecordAgain,
    ReasonMissing,
    close_record,
    may_be_mailed,
    open_record_again,
)
from app.domain.recipients.guardians import errors
from app.domain.recipients.guardians.add_dependant import AddDependant, add_dependant, of_age_on
from app.domain.recipients.guardians.decide import (
    DecideGuardianship,
    EndGuardianship,
    decide_guardianship,
    end_guardianship,
    set_consent,
)
from app.domain.recipients.guardians.hand_over import hand_over_due
from app.domain.recipients.guardians.models import Guardianship
from app.domain.recipients.guardians.queries import consent_of, dependants_of, undecided
from app.domain.recipients.joining.change_email import ask_to_change_email
from app.domain.recipients.models import Recipient
from app.domain.recipients.own_record import own_record
from app.infra import clock
from app.infra.outbox import OutboxMessage
from tests import make
from tests.make.eligibility import answer
from tests.make.guardians import CHILD_BORN, dependant
from tests.make.vaccinations import ZONE, someone

BORN_2004 = date(2004, 6, 15)


@pytest.fixture
def parent(session, now):
    return someone(session, first_name="Rosa", email="rosa@example.net", zip="27601")


@pytest.fixture
def staff(session, now):
    return make.actor(session, make.administrator(session))


def acting(session, made, *, at=None):
    """The guardian as somebody who acts, at a moment."""
    session.expire_all()
    account = sessions.load_account(session, made.account_id)
    return sessions.actor_of(account, now=at or clock.now())


def test_a_child_who_is_on_record_already_is_added_like_one_who_is_not(session, parent, staff):
    on_file = someone(session, first_name="Mia", birth_date=CHILD_BORN, zip="27601")
    known, unknown = dependant(session, parent), dependant(session, parent, first_name="Ana")
    for made in (known, unknown):
        record = own_record(session, acting(session, made), made.dependant_id).recipient
        assert (record.source, record.registered_at, record.id) == ("guardian", None, made.dependant_id)
    with pytest.raises(NotFound):
        own_record(session, acting(session, known), on_file.id)
    assert [one.id for one in undecided(session, staff).items] == [known.id]


def test_a_child_added_twice_is_one(session, parent):
    assert dependant(session, parent).id == dependant(session, parent, first_name="MIA").id
    assert session.query(Recipient).filter_by(source="guardian").count() == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"birth_date": date(2003, 3, 10)}, errors.NotAMinor),
        ({"birth_date": date(2021, 3, 11)}, errors.NotAMinor),
        ({"first_name": "M1a"}, errors.UnclearName),
        ({"last_name": " "}, errors.UnclearName),
    ],
)
def test_only_minors_with_a_name_are_added(session, parent, changes, refusal):
    with pytest.raises(refusal):
        dependant(session, parent, **changes)


def test_who_turns_18_tomorrow_is_added_today(session, parent):
    made = dependant(session, parent, birth_date=date(2003, 3, 11))
    assert made.until == datetime(2021, 3, 11, 5, tzinfo=UTC)


def test_a_minor_acts_for_nobody(session, now):
    with pytest.raises(errors.GuardianTooYoung):
        dependant(session, someone(session, birth_date=date(2004, 1, 1)))


def test_nobody_adds_children_without_end(session, parent):
    for letter in "ABCDEFGHIJ":
        dependant(session, parent, first_name=f"Mi{letter.lower()}")
    with pytest.raises(errors.TooManyDependants):
        dependant(session, parent, first_name="Eleven")


def test_only_for_ones_own_record_can_a_child_be_added(session, parent):
    made = dependant(session, parent)
    command = AddDependant(made.dependant_id, "Ana", "Lopez", CHILD_BORN, "parent", True)
    with pytest.raises(NotAllowed):
        add_dependant(session, acting(session, made), command, zone=ZONE, now=clock.now())
    stranger = make.actor(session, make.person(session, someone(session).id))
    with pytest.raises(NotFound):
        add_dependant(
            session, stranger, AddDependant(parent.id, "Ana", "Lopez", CHILD_BORN, "parent", True), zone=ZONE,
            now=clock.now(),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("born", "of_age"), [(date(2003, 3, 10), date(2021, 3, 10)), (date(2004, 2, 29), date(2022, 3, 1))]
)
def test_people_are_of_age_on_their_birthday(born, of_age):
    assert of_age_on(born) == of_age


def test_at_18_the_right_ends_at_midnight_even_when_no_worker_runs(session, parent):
    made = dependant(session, parent)
    midnight = datetime(2023, 6, 15, 4, tzinfo=UTC)
    assert made.until == midnight
    before, after = acting(session, made, at=midnight - timedelta(seconds=1)), acting(session, made, at=midnight)
    assert before.may(Permission.VIEW_OWN_RECORD, at=made.dependant_id)
    with pytest.raises(NotFound):
        own_record(session, after, made.dependant_id)
    assert dependants_of(session, after, now=midnight) == []
    assert consent_of(session, made.dependant_id, now=midnight) is None


@pytest.mark.parametrize(("own_address", "invited"), [("mia@example.net", 1), ("user", 0), (None, 0)])
def test_who_comes_of_age_is_invited_at_an_address_of_their_own(session, database, parent, own_address, invited):
    made = dependant(session, parent)
    guardian = session.get_one(Account, made.account_id)
    child = session.get_one(Recipient, made.dependant_id)
    child.email = guardian.email if own_address == "user" else own_address
    child.email_folded = child.email
    session.commit()
    assert hand_over_due(database, now=made.until - timedelta(seconds=1)) == 0
    session.rollback()
    assert hand_over_due(database, now=made.until) == 1
    assert hand_over_due(database, now=made.until) == 0
    session.expire_all()
    assert session.get_one(Guardianship, made.id).ended_why == "adult"
    assert session.query(Invitation).filter_by(role=Role.RECIPIENT.value).count() == invited
    assert session.query(OutboxMessage).filter_by(kind="recipients.handed_over").count() == 1


@pytest.mark.parametrize("given_by", ["guardian", "guardian for the own record", "child"])
def test_an_address_that_a_guardian_gave_opens_nothing_at_18(session, database, parent, given_by):
    made = dependant(session, parent)
    child = session.get_one(Recipient, made.dependant_id)
    account = session.get_one(Account, made.account_id)
    about, actor = (parent if "own" in given_by else child), make.actor(session, account)
    if given_by == "child":
        actor = system("upload")
    ask_to_change_email(session, actor, about, "Second@example.net", now=made.since)
    child.email = child.email_folded = "second@example.net"
    session.commit()
    hand_over_due(database, now=made.until)
    session.expire_all()
    assert session.query(Invitation).filter_by(role=Role.RECIPIENT.value).count() == (given_by == "child")


def test_staff_join_the_records_when_the_guardian_has_shown_who_they_are(session, parent, staff, now):
    on_file = someone(session, first_name="Mia", birth_date=CHILD_BORN, zip="27601")
    made = dependant(session, parent)
    mine = session.get_one(Recipient, made.dependant_id)
    mine.registered_at, mine.answers, mine.city = now, {"living": "none", "guardian": "Rosa"}, "Durham"
    session.commit()
    decide_guardianship(session, staff, DecideGuardianship(made.id, same=True), zone=ZONE, now=now)
    decide_guardianship(session, staff, DecideGuardianship(made.id, same=True), zone=ZONE, now=now)
    session.commit()
    seen = own_record(session, acting(session, made), made.dependant_id).recipient
    assert (seen.id, seen.city, seen.answers["guardian"]) == (on_file.id, "Durham", "Rosa")
    assert consent_of(session, on_file.id, now=now).guardian_name == "Ann Lee"
    assert undecided(session, staff).items == []
    with pytest.raises(Conflict):
        decide_guardianship(session, staff, DecideGuardianship(made.id, same=False), zone=ZONE, now=now)


def test_a_child_joined_in_the_evening_is_not_told_of_tomorrow(session, parent, staff):
    on_file = someone(session, first_name="Mia", birth_date=BORN_2004, zip="27601")
    made = dependant(session, parent, birth_date=BORN_2004)
    answer(session, session.get_one(Recipient, made.dependant_id), conditions=("diabetes",), guardian="Rosa")
    evening = datetime(2021, 3, 17, 1, 30, tzinfo=UTC)
    decide_guardianship(session, staff, DecideGuardianship(made.id, same=True), zone=ZONE, now=evening)
    session.commit()
    status = session.get_one(EligibilityStatus, on_file.id).sealed
    assert (status["m"], status["o"], status["t"]) == ("4.1,5", "", [])


def test_a_right_ends_at_midnight_whatever_the_clocks_did_between_the_two_birth_dates(session, parent, staff, now):
    on_file = someone(session, first_name="Mia", birth_date=date(2004, 12, 15))
    made = dependant(session, parent)
    made.possible_id = on_file.id
    session.commit()
    decide_guardianship(session, staff, DecideGuardianship(made.id, same=True), zone=ZONE, now=now)
    assert made.until == datetime(2022, 12, 15, tzinfo=ZONE)


def test_another_child_stays_another_child(session, parent, staff, now):
    on_file = someone(session, first_name="Mia", birth_date=CHILD_BORN, zip="27601")
    made = dependant(session, parent)
    decide_guardianship(session, staff, DecideGuardianship(made.id, same=False), zone=ZONE, now=now)
    assert own_record(session, acting(session, made), made.dependant_id).recipient.id != on_file.id


def test_only_staff_decide_and_end_what_is_disputed(session, parent, staff, now):
    made, other = dependant(session, parent), dependant(session, someone(session, first_name="Another"))
    for refused in (acting(session, made), acting(session, other)):
        with pytest.raises(NotFound):
            decide_guardianship(session, refused, DecideGuardianship(made.id, same=True), zone=ZONE, now=now)
    with pytest.raises(NotFound):
        end_guardianship(session, acting(session, other), EndGuardianship(made.id), now=now)
    with pytest.raises(errors.ReasonMissing):
        end_guardianship(session, staff, EndGuardianship(made.id, " "), now=now)
    end_guardianship(session, staff, EndGuardianship(made.id, "The court decided"), now=now)
    session.commit()
    with pytest.raises(NotFound):
        own_record(session, acting(session, made), made.dependant_id)
    with pytest.raises(Conflict):
        set_consent(session, acting(session, made), made.id, given=False, now=now)


def test_consent_is_given_and_taken_back(session, parent, now):
    made = dependant(session, parent, consent=False)
    who, child = acting(session, made), made.dependant_id
    assert consent_of(session, child, now=now) is None
    set_consent(session, who, made.id, given=True, now=now)
    assert consent_of(session, child, now=now).text == "2021-05"
    set_consent(session, who, made.id, given=False, now=now)
    assert consent_of(session, child, now=now) is None


def test_a_record_is_closed_by_death_and_opened_again_with_a_reason(session, staff, now):
    person, today = someone(session), date(2021, 3, 10)
    for day in (date(2021, 3, 11), date(1950, 4, 27)):
        with pytest.raises(ImpossibleDay):
            close_record(session, staff, CloseRecord(person.id, day), now=now, today=today)
    close_record(session, staff, CloseRecord(person.id, today), now=now, today=today)
    close_record(session, staff, CloseRecord(person.id, today), now=now, today=today)
    merged = someone(session, first_name="Twin")
    merged.merged_into_id = person.id
    session.commit()
    assert not may_be_mailed(session, merged.id)
    with pytest.raises(ReasonMissing):
        open_record_again(session, staff, OpenRecordAgain(person.id, ""), now=now, today=today)
    open_record_again(session, staff, OpenRecordAgain(person.id, "Another person"), now=now, today=today)
    assert may_be_mailed(session, person.id)
    with pytest.raises(Conflict):
        open_record_again(session, staff, OpenRecordAgain(person.id, "Another person"), now=now, today=today)


def test_a_clinic_closes_the_records_of_its_own_people_only(session, now):
    clinic, other = make.location(session, "Eastside Clinic"), make.location(session, "Westside Clinic")
    person, today = someone(session, clinic), date(2021, 3, 10)
    nurse, stranger = (make.actor(session, make.healthcare_provider(session, at)) for at in (clinic, other))
    with pytest.raises(NotFound):
        close_record(session, stranger, CloseRecord(person.id, today, clinic.id), now=now, today=today)
    with pytest.raises(NotFound):
        close_record(session, stranger, CloseRecord(person.id, today, other.id), now=now, today=today)
    with pytest.raises(NotAllowed if nurse.knows(None) else NotFound):
        close_record(session, nurse, CloseRecord(person.id, today), now=now, today=today)
    close_record(session, nurse, CloseRecord(person.id, today, clinic.id), now=now, today=today)
    assert not may_be_mailed(session, person.id)

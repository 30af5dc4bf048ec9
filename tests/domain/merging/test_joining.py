"""Two records of one person: who reads which, chains and circles, two who decide at once, uploads meanwhile."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from app.domain.accounts.access import system
from app.domain.errors import Conflict, NotAllowed, NotFound
from app.domain.recipients.closing.close_record import (
    CloseRecord,
    close_record,
    closed_among,
    closure_of,
    may_be_mailed,
)
from app.domain.recipients.finding.find_people import find_people
from app.domain.recipients.joining.accounts import account_of_recipient
from app.domain.recipients.matching import Candidates
from app.domain.recipients.merging.errors import ChoiceMissing, SamePerson, UndoLaterFirst
from app.domain.recipients.merging.merge_people import merge_people
from app.domain.recipients.merging.pairs import list_pairs
from app.domain.recipients.queries import get_recipient, list_uploaded_people, named, recipients_visible_to
from app.domain.recipients.register import list_at
from app.domain.reminders.choices import live_stop
from app.domain.reminders.models import ReminderStop
from app.domain.vaccinations.administer_dose import AdministerDose, administer_dose
from app.domain.vaccinations.check_in import CheckIn, check_in
from app.domain.vaccinations.errors import NeedsReasons
from app.infra import clock
from tests import make
from tests.make.eligibility import answer
from tests.make.guardians import dependant
from tests.make.inventory import lot as make_lot
from tests.make.merging import STAFF, command_for, joined, separated
from tests.make.organizations import organization
from tests.make.providers import location
from tests.make.vaccinations import ZONE, dose, nurse_at, someone, visit


@pytest.fixture
def clinic(session, now):
    return location(session, "Eastside Clinic")


@pytest.fixture
def three(session, now):
    return [someone(session, last_name=name) for name in ("First", "Second", "Third")]


def merge_once_more(session, kept, other, **told):
    now = clock.now()
    return merge_people(session, STAFF, command_for(kept, other, **told), today=now.date(), now=now)


def test_a_chain_leads_straight_to_the_record_kept_last(session, three):
    first, second, third = three
    joined(session, second, first)
    later = joined(session, third, second)
    assert (first.merged_into_id, second.merged_into_id) == (third.id, third.id)
    separated(session, later)
    assert (first.merged_into_id, second.merged_into_id) == (second.id, None)


def test_no_circle_can_be_made(session, three):
    first, second, third = three
    joined(session, second, first)
    joined(session, third, second)
    for kept, other in ((first, third), (first, second), (third, first), (first, first)):
        with pytest.raises(SamePerson):
            merge_once_more(session, kept, other)


def test_the_later_joining_is_undone_first(session, three):
    first, second, third = three
    earlier = joined(session, second, first)
    later = joined(session, third, second)
    with pytest.raises(UndoLaterFirst):
        separated(session, earlier)
    session.rollback()
    separated(session, later)
    separated(session, earlier)
    assert [one.merged_into_id for one in three] == [None, None, None]
    with pytest.raises(Conflict):
        separated(session, earlier)


def test_of_two_who_join_the_same_pair_the_second_is_told(session, database, three):
    first, second, _third = three
    commands = [command_for(first, second), command_for(second, first)]
    session.rollback()
    with database.transaction() as own:
        merge_people(own, STAFF, commands[0], today=clock.now().date(), now=clock.now())
    with database.transaction() as own, pytest.raises(SamePerson):
        merge_people(own, STAFF, commands[1], today=clock.now().date(), now=clock.now())


def test_what_both_tell_must_be_chosen(session, three):
    first, second, _third = three
    with pytest.raises(ChoiceMissing) as refused:
        merge_once_more(session, first, second, chosen={"last_name": ""})
    assert refused.value.names == ("last_name",)


def test_only_staff_of_the_state_may(session, clinic, three):
    first, second, _third = three
    for act in (
        lambda actor: merge_people(session, actor, command_for(first, second), today=clock.now().date(), now=clock.now()),
        lambda actor: find_people(session, actor, "first"),
        lambda actor: list_pairs(session, actor, today=clock.now().date()),
    ):
        with pytest.raises((NotFound, NotAllowed)):
            act(nurse_at(clinic.id))


def test_a_clinic_that_lists_one_record_finds_the_person_and_forgets_them_when_separated(session, clinic):
    kept, other = someone(session), someone(session, clinic, first_name="Mary")
    merge = joined(session, kept, other)
    nurse = nurse_at(clinic.id)
    assert [one.id for one in session.scalars(recipients_visible_to(nurse, clinic.id))] == [kept.id]
    assert {get_recipient(session, nurse, clinic.id, one.id).id for one in (kept, other)} == {kept.id}
    separated(session, merge)
    assert [one.id for one in session.scalars(recipients_visible_to(nurse, clinic.id))] == [other.id]
    with pytest.raises(NotFound):
        get_recipient(session, nurse, clinic.id, kept.id)


def test_a_clinic_where_the_person_came_since_keeps_them(session, clinic):
    kept, other = someone(session), someone(session, clinic, first_name="Mary")
    merge = joined(session, kept, other)
    visit(session, clinic, kept)
    separated(session, merge)
    assert get_recipient(session, nurse_at(clinic.id), clinic.id, kept.id).id == kept.id


def test_a_person_who_waits_under_the_other_record_is_not_checked_in_twice(session, clinic):
    kept, other = someone(session, clinic), someone(session, clinic, first_name="Mary")
    waits = visit(session, clinic, other)
    joined(session, kept, other)
    now = clock.now()
    again = check_in(session, nurse_at(clinic.id), CheckIn(clinic.id, recipient_id=kept.id), now=now, today=waits.day)
    assert again.id == waits.id


def test_a_dose_at_a_visit_of_the_other_record_follows_the_doses_of_both(session, clinic, now):
    kept, other = someone(session, clinic), someone(session, clinic, first_name="Mary", birth_date=date(2012, 1, 1))
    lot = make_lot(session, clinic)
    first = dose(session, clinic, kept, lot, given_at=now - timedelta(days=3))
    waits = visit(session, clinic, other)
    joined(session, kept, other)
    command = AdministerDose(clinic.id, waits.id, lot.id, "LD", "Ann Lee", "RN", fact_sheet_given=True)
    with pytest.raises(NeedsReasons) as refusal:
        administer_dose(session, nurse_at(clinic.id), command, now=now, zone=ZONE)
    assert [caution.code for caution in refusal.value.cautions] == ["interval"]
    said = replace(command, reasons={"interval": "She travels", "age": "unneeded"})
    second = administer_dose(session, nurse_at(clinic.id), said, now=now, zone=ZONE)
    assert (first.dose_number, second.dose_number, second.recipient_id) == (1, 2, other.id)


def test_an_employer_sees_the_same_people_as_before(session, now):
    employer = organization(session, "Harvest Foods")
    kept, other = someone(session, registered_at=now), someone(session, first_name="Mary")
    list_at(session, "organization", employer.id, [known_as(session, other)], how="upload", now=now)
    joined(session, kept, other)
    (seen,) = list_uploaded_people(session, make.actor(session, make.contact(session, employer.id)), employer.id).items
    assert (seen.full_name, seen.registered) == ("Mary Lopez", True)


def names_at(session, employer, typed=""):
    contact = make.actor(session, make.contact(session, employer.id, email=f"{typed or 'all'}@example.org"))
    return [one.full_name for one in list_uploaded_people(session, contact, employer.id, name=typed).items]


def test_an_employer_sees_the_name_that_it_sent_whatever_the_record_says_since(session, now):
    employer = organization(session, "Harvest Foods")
    kept, other = someone(session), someone(session, last_name="Ortega")
    list_at(session, "organization", employer.id, [known_as(session, kept)], how="upload", now=now)
    merge = joined(session, kept, other, chosen={"last_name": "other"})
    assert kept.last_name == "Ortega"
    assert names_at(session, employer) == ["Maria Lopez"]
    assert (names_at(session, employer, "lopez"), names_at(session, employer, "ortega")) == (["Maria Lopez"], [])
    separated(session, merge)
    answer(session, kept, first_name="Mary")
    assert names_at(session, employer) == names_at(session, employer, "maria") == ["Maria Lopez"]


def sent_again(session, employer, *records, now):
    """The employer sends a file that names each record as it is, and sees its list."""
    known = [known_as(session, one) for one in records]
    list_at(session, "organization", employer.id, known, how="upload", now=now, sent=[Row(one) for one in records])
    session.flush()
    return names_at(session, employer)


def test_an_employer_that_sends_the_old_details_sees_the_name_that_it_sent(session, now):
    employer = organization(session, "Harvest Foods")
    kept, other = someone(session), someone(session, first_name="Mary")
    joined(session, kept, other)
    assert sent_again(session, employer, other, now=now) == ["Mary Lopez"]


def test_an_employer_that_sends_a_joined_person_again_sees_them_once(session, now):
    employer = organization(session, "Harvest Foods")
    kept, other = someone(session), someone(session, first_name="Mary")
    sent_again(session, employer, other, now=now)
    joined(session, kept, other)
    assert sent_again(session, employer, other, now=now) == ["Mary Lopez"]


def test_a_clinic_that_sends_the_old_details_lists_the_person_under_the_name_that_was_kept(session, clinic, three, now):
    first, second, _third = three
    joined(session, second, first)
    list_at(session, "location", clinic.id, [known_as(session, first)], how="upload", now=now)
    query = recipients_visible_to(nurse_at(clinic.id), clinic.id)
    assert [one.id for one in session.scalars(query.where(*named("second")))] == [second.id]


def known_as(session, recipient):
    return next(
        match.known
        for match in Candidates(session, [Row(recipient)]).matches(Row(recipient))
        if match.known.id == recipient.id
    )


class Row:
    """A record as a row of an upload names it."""

    def __init__(self, recipient):
        self.first_name, self.last_name, self.birth_date = recipient.first_name, recipient.last_name, recipient.birth_date
        self.email, self.phone, self.zip = recipient.email or "", recipient.phone, recipient.zip
        self.external_id = ""


def test_an_upload_of_the_old_details_is_the_kept_person(session, clinic, three):
    first, second, third = three
    joined(session, second, first)
    joined(session, third, second)
    (match,) = Candidates(session, [Row(first)]).matches(Row(first))
    list_at(session, "location", clinic.id, [match.known], how="upload", now=clock.now())
    assert match.known.kept_id == third.id
    assert get_recipient(session, nurse_at(clinic.id), clinic.id, third.id).id == third.id


@pytest.mark.parametrize("phone", ["9195550100", "9195550111"])
def test_an_upload_with_the_telephone_of_either_record_is_the_kept_person(session, now, phone):
    kept, other = (someone(session, phone=number) for number in ("9195550100", "9195550111"))
    joined(session, kept, other)
    row = Row(kept)
    row.phone = phone
    (match,) = Candidates(session, [row]).matches(row)
    assert (match.kind, match.known.kept_id) == ("same", kept.id)


def test_deaths_stops_and_accounts_of_either_record_count(session, three, now):
    first, second, third = three
    account = make.person(session, first.id)
    close_record(session, STAFF, CloseRecord(first.id, now.date()), now=now, today=now.date())
    session.add(ReminderStop(recipient_id=first.id, stopped_at=now, how="page"))
    session.commit()
    joined(session, second, first, died=True)
    assert closure_of(session, second.id) is not None
    assert closed_among(session, [second.id, third.id]) == {second.id}
    assert not may_be_mailed(session, second.id)
    assert live_stop(session, second.id) is not None
    assert account_of_recipient(session, second.id).id == account.id


def test_a_death_that_was_a_mistake_is_on_record_again_when_separated(session, three, now):
    first, second, _third = three
    close_record(session, STAFF, CloseRecord(first.id, now.date()), now=now, today=now.date())
    session.commit()
    merge = joined(session, second, first, died=False)
    assert may_be_mailed(session, second.id)
    separated(session, merge)
    assert not may_be_mailed(session, first.id)
    assert may_be_mailed(session, second.id)


def test_guardians_act_for_the_kept_record(session, three, now):
    from app.domain.recipients.guardians.queries import guardians_of

    parent, child = three[0], someone(session, first_name="Mia", birth_date=now.date() - timedelta(days=4000))
    made = dependant(session, parent, birth_date=child.birth_date)
    from app.domain.recipients.models import Recipient

    joined(session, child, session.get_one(Recipient, made.dependant_id))
    assert [one.guardianship.id for one in guardians_of(session, system("test"), child.id)] == [made.id]

"""Who signs what, once, for which facts; and that the enrollment goes on by itself."""


import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.domain.accounts.access import Role
from app.domain.enrollment.add_location import AddEnrolledLocation, add_location
from app.domain.enrollment.agreements import PROVIDER_AGREEMENT, REDISTRIBUTION_AGREEMENT, STORAGE_ATTESTATION, current
from app.domain.enrollment.complete_section_a import complete_section_a
from app.domain.enrollment.complete_section_b import complete_section_b
from app.domain.enrollment.duties import digest
from app.domain.enrollment.errors import AlreadySigned, NotForYou, NotNow, TextChanged, WrongName
from app.domain.enrollment.models import Enrollment, EnrollmentEvent, Signature
from app.domain.enrollment.progress import documents_for
from app.domain.enrollment.save_section_a import SaveSectionA, save_section_a
from app.domain.enrollment.save_section_b import SaveSectionB, save_section_b
from app.domain.enrollment.sign import sign
from app.domain.enrollment.storage_units import AddUnit, add_unit
from app.domain.errors import NotAllowed
from tests.domain.enrollment.test_sections import mails
from tests.make import enrollment as making
from tests.together import at_once


def events(session, act):
    return list(session.scalars(select(EnrollmentEvent).where(EnrollmentEvent.act == act)))


def test_a_signature_keeps_name_account_time_address_text_and_facts(session, now):
    enrollment = making.with_section_a(session)
    location = making.locations_of(session, enrollment)[0]
    vera = making.completed(session, enrollment, location)
    made = session.scalars(select(Signature).where(Signature.document == STORAGE_ATTESTATION)).one()
    newest = current(STORAGE_ATTESTATION, "en")
    assert (made.text_version, made.language, made.text_sha256) == (newest.version, "en", newest.sha256)
    assert (made.account_id, made.address, made.capacity) == (vera.id, "192.0.2.7", "coordinator")
    assert made.signed_at >= now
    assert made.facts["storage_units"] == [["Helmer", "GX", "freezer"]]
    assert made.facts["organization"] == "Harvest Pharmacy"
    assert made.facts_sha256 == digest({key: value for key, value in made.facts.items() if key != "organization"})


def test_a_signature_is_never_changed_nor_deleted(session, now):
    making.awaiting_signatures(session)
    for statement in (
        "UPDATE signature SET typed_name = 'Somebody else'",
        "UPDATE signature SET text_sha256 = 'other'",
        "UPDATE signature SET facts = '{}'",
        "DELETE FROM signature",
        "DELETE FROM enrollment_event",
        "UPDATE enrollment_event SET why = 'other'",
    ):
        with pytest.raises(DBAPIError, match="append-only"):
            session.execute(text(statement))
        session.rollback()


def test_officers_are_invited_when_every_location_is_complete_and_signed_and_not_before(session, now):
    enrollment = making.with_section_a(session, places=2)
    first, second = making.locations_of(session, enrollment)
    making.completed(session, enrollment, first)
    vera = making.filled(session, second)
    complete_section_b(session, vera, second.id, now=now)
    making.signed(session, vera, enrollment, PROVIDER_AGREEMENT, "coordinator", second)
    assert (enrollment.status, mails(session, "officer_invited")) == ("locations", [])
    making.signed(session, vera, enrollment, STORAGE_ATTESTATION, "coordinator", second)
    assert enrollment.status == "signatures"
    assert len(mails(session, "officer_invited")) == 2


def test_the_enrollment_is_submitted_with_the_last_signature(session, now):
    enrollment = making.awaiting_signatures(session)
    ceo, cmo = (making.officer_of(session, enrollment, capacity) for capacity in ("ceo", "cmo"))
    making.signed(session, ceo, enrollment, PROVIDER_AGREEMENT, "ceo")
    assert (enrollment.status, enrollment.submitted_at) == ("signatures", None)
    making.signed(session, cmo, enrollment, PROVIDER_AGREEMENT, "cmo")
    assert enrollment.status == "submitted"
    assert enrollment.submitted_at is not None
    assert len(mails(session, "submitted")) == 1


def test_redistribution_is_signed_by_both_officers_only_where_it_applies(session, now):
    plain = making.awaiting_signatures(session)
    ceo = making.officer_of(session, plain, "ceo")
    assert [duty.document for duty in documents_for(session, ceo, plain)] == [PROVIDER_AGREEMENT]
    with pytest.raises(NotForYou):
        making.signed(session, ceo, plain, REDISTRIBUTION_AGREEMENT, "ceo")
    session.rollback()
    moving = making.awaiting_signatures(session, redistribution="yes", email="other@harvest.example")
    making.sign_as_officers(session, moving)
    assert moving.status == "submitted"
    signed = session.scalars(select(Signature).where(Signature.document == REDISTRIBUTION_AGREEMENT)).all()
    assert {one.capacity for one in signed} == {"ceo", "cmo"}


def test_one_person_who_is_both_officers_has_one_account_and_signs_in_both_capacities(session, now):
    same = {f"officer_cmo_{part}": value for part, value in (
        ("first_name", "Olga"), ("last_name", "Ortiz"), ("email", "olga@harvest.example"))}  # fmt: skip
    enrollment = making.awaiting_signatures(session, **same)
    assert len(mails(session, "officer_invited")) == 1
    olga = making.officer_of(session, enrollment, "ceo")
    assert making.officer_of(session, enrollment, "cmo").id == olga.id
    for capacity in ("ceo", "cmo"):
        making.signed(session, olga, enrollment, PROVIDER_AGREEMENT, capacity)
    assert enrollment.status == "submitted"


def test_an_officer_does_not_sign_for_the_other_nor_a_coordinator_for_them(session, now):
    enrollment = making.awaiting_signatures(session)
    location = making.locations_of(session, enrollment)[0]
    ceo, vera = making.officer_of(session, enrollment, "ceo"), making.coordinator_of(session, location)
    with pytest.raises(NotForYou):
        making.signed(session, ceo, enrollment, PROVIDER_AGREEMENT, "cmo")
    with pytest.raises(NotForYou):
        making.signed(session, ceo, enrollment, STORAGE_ATTESTATION, "coordinator", location)
    with pytest.raises(NotAllowed):
        making.signed(session, vera, enrollment, PROVIDER_AGREEMENT, "ceo")
    with pytest.raises(NotAllowed):
        making.signed(session, making.boss_of(session, enrollment), enrollment, PROVIDER_AGREEMENT, "ceo")


def test_a_coordinator_signs_only_what_is_complete(session, now):
    enrollment = making.with_section_a(session)
    location = making.locations_of(session, enrollment)[0]
    vera = making.filled(session, location)
    with pytest.raises(NotNow):
        making.signed(session, vera, enrollment, PROVIDER_AGREEMENT, "coordinator", location)


def test_an_older_text_than_the_newest_is_read_again_before_signing(session, now):
    enrollment = making.awaiting_signatures(session)
    ceo = making.officer_of(session, enrollment, "ceo")
    with pytest.raises(TextChanged):
        making.signed(session, ceo, enrollment, PROVIDER_AGREEMENT, "ceo", text_sha256="0" * 64)
    with pytest.raises(TextChanged):
        making.signed(session, ceo, enrollment, PROVIDER_AGREEMENT, "ceo", text_version=0)


@pytest.mark.parametrize("typed", ["Olga Ortiz", "olga ORTIZ", "Dr. Olga M. Ortiz, MD", "  Olga   Órtiz "])
def test_the_name_is_typed_as_in_the_account_with_or_without_title(session, now, typed):
    enrollment = making.awaiting_signatures(session)
    ceo = making.officer_of(session, enrollment, "ceo")
    assert making.signed(session, ceo, enrollment, PROVIDER_AGREEMENT, "ceo", typed_name=typed).typed_name


@pytest.mark.parametrize("typed", ["", "Ortiz", "Carl Mora", "Ortiz Olga"])
def test_another_name_is_refused(session, now, typed):
    enrollment = making.awaiting_signatures(session)
    ceo = making.officer_of(session, enrollment, "ceo")
    with pytest.raises(WrongName) as wrong:
        making.signed(session, ceo, enrollment, PROVIDER_AGREEMENT, "ceo", typed_name=typed)
    assert wrong.value.expected == "Olga Ortiz"


def test_what_is_signed_is_not_signed_twice(session, now):
    enrollment = making.awaiting_signatures(session)
    ceo = making.officer_of(session, enrollment, "ceo")
    making.signed(session, ceo, enrollment, PROVIDER_AGREEMENT, "ceo")
    with pytest.raises(AlreadySigned):
        making.signed(session, ceo, enrollment, PROVIDER_AGREEMENT, "ceo")


def test_two_officers_who_sign_at_the_same_moment_submit_once(session, database, now):
    enrollment = making.awaiting_signatures(session)
    acts = []
    for capacity in ("ceo", "cmo"):
        who = making.officer_of(session, enrollment, capacity)
        command = making.signing(session, who, enrollment, PROVIDER_AGREEMENT, capacity)
        acts.append(lambda own, who=who, command=command: sign(own, who, command, now=now))
    session.commit()
    assert at_once(database, *acts) == [None, None]
    session.expire_all()
    assert session.get_one(Enrollment, enrollment.id).status == "submitted"
    assert len(events(session, "submit")) == 1
    assert len(mails(session, "submitted")) == 1


def test_a_double_click_under_the_agreement_signs_once(session, database, now):
    enrollment = making.awaiting_signatures(session)
    who = making.officer_of(session, enrollment, "ceo")
    command = making.signing(session, who, enrollment, PROVIDER_AGREEMENT, "ceo")
    session.commit()
    ended = at_once(database, *[lambda own: sign(own, who, command, now=now)] * 2)
    assert sorted(map(str, map(type, ended))) == sorted([str(AlreadySigned), str(type(None))])
    assert len(session.scalars(select(Signature).where(Signature.capacity == "ceo")).all()) == 1


def test_a_new_storage_unit_has_the_attestation_signed_again_and_nothing_else(session, now):
    enrollment = making.awaiting_signatures(session)
    location = making.locations_of(session, enrollment)[0]
    vera = making.coordinator_of(session, location)
    add_unit(session, vera, AddUnit(location.id, "So-Low", "U85", "ultra_low", making.PICTURE, making.PICTURE), now=now)
    assert (location.status, enrollment.status) == ("draft", "locations")
    complete_section_b(session, vera, location.id, now=now)
    due = [duty.document for duty in documents_for(session, vera, enrollment) if not duty.valid]
    assert due == [STORAGE_ATTESTATION]
    making.signed(session, vera, enrollment, STORAGE_ATTESTATION, "coordinator", location)
    assert enrollment.status == "signatures"
    old, new = session.scalars(
        select(Signature).where(Signature.document == STORAGE_ATTESTATION).order_by(Signature.id)
    )
    assert old.superseded_at is not None
    assert new.superseded_at is None


def test_a_changed_telephone_number_is_signed_by_nobody(session, now):
    enrollment = making.awaiting_signatures(session)
    making.signed(session, making.officer_of(session, enrollment, "ceo"), enrollment, PROVIDER_AGREEMENT, "ceo")
    boss = making.boss_of(session, enrollment)
    phone = {"organization_phone": "9195550199"}
    save_section_a(session, boss, SaveSectionA(enrollment.id, phone, enrollment.version), now=now)
    location = making.locations_of(session, enrollment)[0]
    vera = making.coordinator_of(session, location)
    weekly = {"patients_weekly": "13"}
    save_section_b(session, vera, SaveSectionB(location.id, weekly, location.version), now=now)
    complete_section_b(session, vera, location.id, now=now)
    assert enrollment.status == "signatures"
    making.signed(session, making.officer_of(session, enrollment, "cmo"), enrollment, PROVIDER_AGREEMENT, "cmo")
    assert enrollment.status == "submitted"


def test_a_changed_legal_name_is_signed_by_the_officer_who_had_signed(session, now):
    enrollment = making.awaiting_signatures(session)
    ceo = making.officer_of(session, enrollment, "ceo")
    making.signed(session, ceo, enrollment, PROVIDER_AGREEMENT, "ceo")
    boss = making.boss_of(session, enrollment)
    name = {"legal_name": "Harvest Pharmacy LLC"}
    save_section_a(session, boss, SaveSectionA(enrollment.id, name, enrollment.version), now=now)
    making.signed(session, making.officer_of(session, enrollment, "cmo"), enrollment, PROVIDER_AGREEMENT, "cmo")
    assert enrollment.status == "signatures"
    making.signed(session, ceo, enrollment, PROVIDER_AGREEMENT, "ceo")
    assert enrollment.status == "submitted"


def asked_again(session):
    return sorted(mail.payload["to"] for mail in mails(session, "signature_asked"))


def test_an_officer_whose_signature_holds_no_more_is_told(session, now):
    enrollment = making.awaiting_signatures(session)
    ceo, boss = making.officer_of(session, enrollment, "ceo"), making.boss_of(session, enrollment)
    making.signed(session, ceo, enrollment, PROVIDER_AGREEMENT, "ceo")
    name = {"legal_name": "Harvest Pharmacy LLC"}
    save_section_a(session, boss, SaveSectionA(enrollment.id, name, enrollment.version), now=now)
    assert asked_again(session) == ["ceo"]
    street = {"organization_street": "9 Oak Street"}
    save_section_a(session, boss, SaveSectionA(enrollment.id, street, enrollment.version), now=now)
    assert asked_again(session) == ["ceo"]


def test_an_officer_who_has_signed_is_told_that_redistribution_is_to_be_signed_now(session, now):
    enrollment = making.awaiting_signatures(session)
    ceo, boss = making.officer_of(session, enrollment, "ceo"), making.boss_of(session, enrollment)
    making.signed(session, ceo, enrollment, PROVIDER_AGREEMENT, "ceo")
    answer = {"redistribution": "yes"}
    save_section_a(session, boss, SaveSectionA(enrollment.id, answer, enrollment.version), now=now)
    assert asked_again(session) == ["ceo"]


def test_a_location_more_sends_the_enrollment_back_and_is_signed_for(session, now):
    enrollment = making.awaiting_signatures(session)
    ceo = making.officer_of(session, enrollment, "ceo")
    making.signed(session, ceo, enrollment, PROVIDER_AGREEMENT, "ceo")
    boss = making.boss_of(session, enrollment)
    added = add_location(session, boss, AddEnrolledLocation(enrollment.id, making.place(2)), now=now)
    assert enrollment.status == "locations"
    making.completed(session, enrollment, added)
    assert enrollment.status == "signatures"
    assert [duty.valid for duty in documents_for(session, ceo, enrollment)] == [False]


def test_a_new_officer_is_invited_and_the_earlier_one_is_out(session, now):
    enrollment = making.awaiting_signatures(session)
    olga = making.officer_of(session, enrollment, "ceo")
    boss = making.boss_of(session, enrollment)
    new = {
        "officer_ceo_first_name": "Ines",
        "officer_ceo_last_name": "Iles",
        "officer_ceo_email": "ines@harvest.example",
    }
    save_section_a(session, boss, SaveSectionA(enrollment.id, new, enrollment.version), now=now)
    session.commit()
    assert len(mails(session, "officer_invited")) == 3
    ines = making.officer_of(session, enrollment, "ceo")
    assert ines.id != olga.id
    making.signed(session, ines, enrollment, PROVIDER_AGREEMENT, "ceo")
    assert making.holder(session, Role.OFFICER_CEO, enrollment.id).id == ines.id


def test_emptying_an_answer_of_section_a_holds_the_signatures_up(session, now):
    enrollment = making.awaiting_signatures(session)
    boss = making.boss_of(session, enrollment)
    save_section_a(session, boss, SaveSectionA(enrollment.id, {"organization_phone": ""}, enrollment.version), now=now)
    assert (enrollment.status, enrollment.section_a_done) == ("locations", False)
    phone = {"organization_phone": "9195550100"}
    save_section_a(session, boss, SaveSectionA(enrollment.id, phone, enrollment.version), now=now)
    complete_section_a(session, boss, enrollment.id, now=now)
    assert enrollment.status == "signatures"

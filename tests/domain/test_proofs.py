"""A proof is issued once, says what the record says, and can be checked by whoever holds it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.domain.errors import NotFound
from app.domain.vaccinations.check_proof import check_proof
from app.domain.vaccinations.errors import BadDose, NoDosesYet
from app.domain.vaccinations.issue_proof import WhichProof, issue_proof, issued_pdf, proof_state
from app.domain.vaccinations.models import Proof
from app.domain.vaccinations.proof_codes import ALPHABET, LENGTH, new_code, read_code
from app.infra.audit import AuditEntry
from tests import make
from tests.make.inventory import lot as make_lot
from tests.make.proofs import ISSUER
from tests.make.vaccinations import dose, nurse_at, someone


@pytest.fixture
def location(session, now):
    return make.location(session)


@pytest.fixture
def maria(session, location):
    recipient = someone(session, location, middle_name="Elena")
    dose(session, location, recipient, make_lot(session, location, number="EN6199"))
    return recipient


def drawn(contents, code, card, paper, language):
    assert card.startswith("ey")
    return f"{contents.holder_name} {len(contents.doses)} {code} {paper} {language}".encode()


@pytest.fixture
def issue(session, storage, location, now):
    def made(recipient, actor=None, now=now, **other):
        which = WhichProof(recipient.id, other.pop("location_id", location.id), **other)
        actor = actor or nurse_at(location.id)
        proof = issue_proof(session, actor, which, storage=storage, render=drawn, issuer=ISSUER, now=now)
        session.commit()
        return proof

    return made


def test_a_proof_is_made_once_and_served_as_it_was_kept(session, storage, location, maria, issue):
    first, second = issue(maria), issue(maria)
    assert first.id == second.id
    pdf = issued_pdf(session, nurse_at(location.id), WhichProof(maria.id, location.id), storage=storage)
    assert pdf == f"Maria Elena Lopez 1 {first.code} letter en".encode()
    acts = session.scalars(select(AuditEntry.act).where(AuditEntry.subject_id == maria.id)).all()
    assert acts.count("recipient.proof_issued") == 1


def test_papers_and_languages_have_a_proof_each(session, maria, issue):
    kinds = ({}, {"paper": "a4"}, {"paper": "wallet"}, {"language": "es"})
    assert len({issue(maria, **kind).id for kind in kinds}) == 4
    for wrong in ({"paper": "a3"}, {"language": "xx"}):
        with pytest.raises(BadDose):
            issue(maria, **wrong)


def test_a_second_dose_makes_the_next_proof_a_new_one_and_the_old_code_says_so(
    session, location, maria, issue, now
):
    old = issue(maria)
    dose(session, location, maria, make_lot(session, location))
    state = proof_state(session, nurse_at(location.id), WhichProof(maria.id, location.id))
    assert (state.proof.id, state.is_current) == (old.id, False)
    new = issue(maria, now=now + timedelta(hours=1))
    assert new.code != old.code
    assert check_proof(session, old.code).verdict == "replaced"
    assert check_proof(session, old.code).contents is None
    assert len(check_proof(session, new.code).contents.doses) == 2


def test_a_corrected_name_makes_a_new_proof_and_a_changed_phone_does_not(session, maria, issue):
    old = issue(maria)
    maria.phone = "9195550100"
    session.commit()
    assert issue(maria).id == old.id
    wallet = issue(maria, paper="wallet")
    maria.last_name = "Lopez-Diaz"
    session.commit()
    assert issue(maria).id != old.id
    for former in (old, wallet):
        assert check_proof(session, former.code).verdict == "replaced"


def test_a_genuine_proof_tells_what_was_printed(session, maria, issue, now):
    proof = issue(maria)
    check = check_proof(session, proof.code)
    assert (check.verdict, check.issued_at) == ("genuine", now)
    contents = check.contents
    assert (contents.holder_name, contents.birth_date) == ("Maria Elena Lopez", date(1950, 4, 28))
    [shown] = contents.doses
    assert (shown.number, shown.lot_number, shown.given_on) == (1, "EN6199", date(2021, 3, 10))
    assert (shown.location_name, shown.clinician_name) == ("Eastside Clinic", "Ann Lee, RN")


def test_a_revoked_proof_and_an_unknown_code_are_told_apart_from_a_misread_one(session, maria, issue, now):
    proof = issue(maria)
    proof.revoked_at, proof.revoked_because = now, "mistake"
    session.commit()
    assert check_proof(session, proof.code).verdict == "revoked"
    assert check_proof(session, "0" * 26).verdict == "unknown"
    for typed in ("", "0" * 25, "U" * 26, "é" * 26):
        assert check_proof(session, typed).verdict == "misread"


def test_the_code_is_understood_however_it_is_typed(session, maria, issue):
    code = issue(maria).code
    typed = code.lower().replace("0", "o").replace("1", "l")
    typed = " - ".join(typed[start : start + 4] for start in range(0, 26, 4))
    assert check_proof(session, f"  {typed}\n").verdict == "genuine"


@pytest.mark.once
@given(st.text(max_size=60))
def test_reading_a_code_never_fails_and_gives_a_code_or_nothing(typed):
    code = read_code(typed)
    assert code is None or (len(code) == LENGTH and set(code) <= set(ALPHABET))


@pytest.mark.once
def test_codes_are_long_and_without_letters_that_look_alike():
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert not set("".join(codes)) & set("OILU")
    assert all(read_code(code) == code for code in codes)


def test_there_is_no_proof_without_a_dose(session, location, issue):
    with pytest.raises(NoDosesYet):
        issue(someone(session, location))


def test_a_clinic_prints_for_its_own_people_and_a_person_for_themselves(
    session, storage, location, maria, issue
):
    stranger = someone(session)
    other = make.location(session, "Elsewhere")
    for recipient, actor, place in (
        (stranger, nurse_at(location.id), location.id),
        (maria, nurse_at(other.id), other.id),
        (maria, nurse_at(location.id), None),
        (maria, make.actor(session, make.person(session, stranger.id)), None),
    ):
        with pytest.raises(NotFound):
            issue(recipient, actor, location_id=place)
        session.rollback()
        with pytest.raises(NotFound):
            issued_pdf(session, actor, WhichProof(recipient.id, place), storage=storage)
    own = make.actor(session, make.person(session, maria.id))
    assert issue(maria, own, location_id=None).recipient_id == maria.id
    assert issue(maria).id == issue(maria, own, location_id=None).id


def test_a_person_whose_records_were_merged_gets_the_proof_of_all_doses(session, location, maria, issue):
    copy = someone(session, location, last_name="Lopes")
    dose(session, location, copy, make_lot(session, location))
    copy.merged_into_id = maria.id
    session.commit()
    own = make.actor(session, make.person(session, copy.id))
    proof = issue(copy, own, location_id=None)
    assert proof.recipient_id == maria.id
    assert [shown.number for shown in check_proof(session, proof.code).contents.doses] == [1, 2]
    assert session.scalars(select(Proof)).one().id == proof.id

"""Somebody corrects the name: what says the old one is withdrawn at once, and nothing else is."""

import pytest
from sqlalchemy import select

from app.domain.vaccinations.check_proof import check_proof
from app.domain.vaccinations.issue_proof import WhichProof, issue_proof, proof_state
from app.domain.vaccinations.models import HealthCard, Proof
from tests import make
from tests.make.eligibility import answer, registered
from tests.make.inventory import lot as make_lot
from tests.make.proofs import ISSUER
from tests.make.vaccinations import dose


@pytest.fixture
def maria(session, now):
    clinic, person = make.location(session), registered(session, email="maria@example.net")
    dose(session, clinic, person, make_lot(session, clinic))
    return person


@pytest.fixture
def issue(session, storage, maria, now):
    actor = make.actor(session, make.person(session, maria.id, email="maria@example.net"))

    def made(paper="letter"):
        proof = issue_proof(
            session, actor, WhichProof(maria.id, paper=paper), storage=storage, issuer=ISSUER, now=now,
            render=lambda *told: b"%PDF",
        )  # fmt: skip
        session.commit()
        return proof.code

    made.actor = actor
    return made


def verdict(session, code):
    session.expire_all()
    return check_proof(session, code).verdict


def live_cards(session):
    return session.scalars(select(HealthCard).where(HealthCard.revoked_at.is_(None))).all()


@pytest.mark.parametrize("corrected", [{"last_name": "Lopes"}, {"first_name": "Mary"}, {"middle_name": "Elena"}])
def test_a_corrected_name_withdraws_every_proof_and_the_card_at_once(session, maria, issue, corrected):
    codes = [issue("letter"), issue("wallet")]
    assert [verdict(session, code) for code in codes] == ["genuine", "genuine"]
    assert len(live_cards(session)) == 1
    answer(session, maria, **corrected)
    assert [verdict(session, code) for code in codes] == ["revoked", "revoked"]
    assert live_cards(session) == []
    assert {proof.revoked_because for proof in session.scalars(select(Proof))} == {"corrected"}
    assert verdict(session, issue()) == "genuine"


def test_what_a_proof_does_not_say_withdraws_nothing(session, maria, issue):
    code = issue()
    answer(session, maria, street="2 Elm Street", phone="9195550101", conditions=("cancer",))
    assert verdict(session, code) == "genuine"
    assert len(live_cards(session)) == 1
    assert proof_state(session, issue.actor, WhichProof(maria.id)).is_current

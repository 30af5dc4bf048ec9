"""A health card says the least that proves the doses, is issued once, and every forged or outdated one is refused."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from app.domain.accounts.access import system
from app.domain.errors import NotFound
from app.domain.vaccinations.check_card import check_card
from app.domain.vaccinations.health_cards import claims_of
from app.domain.vaccinations.issue_proof import WhichProof, issue_proof, issued_card
from app.domain.vaccinations.models import HealthCard, SigningKey
from app.domain.vaccinations.proof_contents import ProofContents, ProvenDose
from app.domain.vaccinations.signing_keys import issuer_of, published_keys, revocation_list, rotate_signing_key
from app.domain.vaccinations.trusted_issuers import BadIssuer, TrustIssuer, distrust_issuer, trust_issuer
from app.infra.health_cards import keys
from app.infra.health_cards.signed import is_signed_by, read, sign
from tests import make
from tests.make.inventory import lot as make_lot
from tests.make.proofs import ISSUER
from tests.make.vaccinations import dose, nurse_at, someone

ELSEWHERE = "https://cards.example.org"


@pytest.fixture
def location(session, now):
    return make.location(session)


@pytest.fixture
def maria(session, location):
    recipient = someone(session, location, middle_name="Elena", gender="female", phone="9195550100")
    dose(session, location, recipient, make_lot(session, location, number="EN6199"))
    return recipient


@pytest.fixture
def issue(session, storage, location, now):
    def made(recipient, *, issuer=ISSUER, now=now, **other):
        which = WhichProof(recipient.id, location.id, **other)
        actor = nurse_at(location.id)
        issue_proof(session, actor, which, storage=storage, render=lambda *_: b"x", issuer=issuer, now=now)
        session.commit()
        return issued_card(session, actor, which)

    return made


@pytest.fixture
def check(session, now):
    def asked(token, *, now=now, demonstration=False):
        return check_card(session, token, demonstration=demonstration, now=now)

    return asked


def resigned(token, key, **changed):
    return sign(read(token).claims | changed, key)


def test_the_card_says_the_least_that_proves_the_doses(maria, issue, now):
    claims = read(issue(maria)).claims
    rid = claims["vc"].pop("rid")
    assert re.fullmatch(r"[a-z0-9]{7}", rid)
    assert claims == {
        "iss": "https://cvms.test",
        "nbf": int(now.timestamp()),
        "vc": {
            "type": ["https://smarthealth.cards#health-card"],
            "credentialSubject": {
                "fhirVersion": "4.0.1",
                "fhirBundle": {
                    "resourceType": "Bundle",
                    "type": "collection",
                    "entry": [
                        {
                            "fullUrl": "resource:0",
                            "resource": {
                                "resourceType": "Patient",
                                "name": [{"family": "Lopez", "given": ["Maria", "E"]}],
                                "birthDate": "1950-04-28",
                            },
                        },
                        {
                            "fullUrl": "resource:1",
                            "resource": {
                                "resourceType": "Immunization",
                                "status": "completed",
                                "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "208"}]},
                                "patient": {"reference": "resource:0"},
                                "occurrenceDateTime": "2021-03-10",
                                "lotNumber": "EN6199",
                            },
                        },
                    ],
                },
            },
        },
    }


def test_one_card_serves_all_papers_and_languages_until_the_record_changes(session, location, maria, issue, check, now):
    card = issue(maria)
    assert {issue(maria, paper="wallet"), issue(maria, language="es")} == {card}
    dose(session, location, maria, make_lot(session, location))
    new = issue(maria, now=now + timedelta(hours=1))
    assert (check(card).verdict, check(card).contents) == ("replaced", None)
    later = now + timedelta(hours=1)
    assert check(new, now=later).verdict == "genuine"
    assert len(check(new, now=later).contents.doses) == 2
    listed = revocation_list(session, read(card).kid, demonstration=False)
    assert listed == {"kid": read(card).kid, "method": "rid", "ctr": 1, "rids": [read(card).claims["vc"]["rid"]]}
    assert published_keys(session, demonstration=False)[0]["crlVersion"] == 1


def test_nobody_gets_the_card_of_somebody_else(session, location, maria, issue):
    issue(maria)
    other = make.location(session, "Elsewhere")
    for actor, place in ((nurse_at(other.id), other.id), (nurse_at(location.id), None)):
        with pytest.raises(NotFound):
            issued_card(session, actor, WhichProof(maria.id, place))
    stranger = someone(session, location)
    with pytest.raises(NotFound):
        issued_card(session, nurse_at(location.id), WhichProof(stranger.id, location.id))


def test_a_new_key_signs_and_what_the_old_one_signed_stays_valid(session, location, maria, issue, check, now):
    old = issue(maria)
    key = rotate_signing_key(session, system("test"), ISSUER, now=now + timedelta(minutes=1))
    session.commit()
    assert issue(maria) == old
    rosa = someone(session, location, first_name="Rosa")
    dose(session, location, rosa, make_lot(session, location))
    new = issue(rosa)
    assert (read(new).kid, read(old).kid != key.kid) == (key.kid, True)
    assert [check(card).verdict for card in (old, new)] == ["genuine", "genuine"]
    published = published_keys(session, demonstration=False)
    assert [one["kid"] for one in published] == [key.kid, read(old).kid]
    for one, token in zip(published, (new, old), strict=True):
        assert (one["kty"], one["use"], one["alg"], one["crv"]) == ("EC", "sig", "ES256", "P-256")
        assert "d" not in one
        assert is_signed_by(token, one)


def test_private_keys_and_cards_lie_encrypted(session, maria, issue):
    card = issue(maria)
    private = session.scalars(select(SigningKey)).one().private["d"]
    for column, secret in (("signing_key.private", private), ("health_card.token", card)):
        table, name = column.split(".")
        raw = session.scalar(text(f"SELECT {name} FROM {table}"))
        assert secret.encode() not in bytes(raw)


def test_a_demonstration_says_so_on_the_card_and_its_key_is_not_the_real_ones(session, maria, issue, check):
    issuer = issuer_of("http://127.0.0.1:8000/", demonstration=True)
    assert issuer.url == "https://127.0.0.1:8000"
    card = issue(maria, issuer=issuer)
    found = check(card, demonstration=True)
    assert (found.verdict, found.contents.name) == ("genuine", "DEMO Maria E Lopez")
    assert check(card, demonstration=False).verdict == "unknown"
    assert published_keys(session, demonstration=False) == []
    assert revocation_list(session, read(card).kid, demonstration=False) is None


def test_forged_cut_resigned_and_untimely_cards_are_refused(session, maria, issue, check, now):
    card = issue(maria)
    head, body, signature = card.split(".")
    ours, theirs = session.scalars(select(SigningKey)).one().private, keys.new_private_key()
    other = read(card).claims | {"iss": "https://evil.example"}
    changed = sign(other, ours).split(".")[1]
    assert check(card).verdict == "genuine"
    assert check(f"{head}.{changed}.{signature}").verdict == "changed"
    assert check(f"{head}.{body}.{signature[:-4]}AAAA").verdict == "changed"
    assert check(f"{head}.{resigned(card, theirs).split('.', 1)[1]}").verdict == "changed"
    assert check(resigned(card, theirs)).verdict == "unknown"
    for cut in (card[:-40], f"{head}.{body}."):
        assert check(cut).verdict == "changed"
    for cut in (f"{head}.{body}", f"{head}.{body[:-8]}.{signature}", card[:-1], card[4:], "", "..", "ey"):
        assert check(cut).verdict == "misread"
    moment = now.timestamp()
    for verdict, dates in (
        ("genuine", {"exp": moment + 60}),
        ("expired", {"exp": moment}),
        ("too_early", {"nbf": moment + 60}),
        ("misread", {"nbf": "soon"}),
        ("misread", {"exp": True}),
        ("misread", {"nbf": None}),
    ):
        assert check(resigned(card, ours, **dates)).verdict == verdict


def test_a_card_that_stands_in_no_book_of_ours_is_not_ours_whoever_signed_it(session, maria, issue, check):
    card = issue(maria)
    ours = session.scalars(select(SigningKey)).one().private
    for rid in ("other", None, 7):
        vc = read(card).claims["vc"] | {"rid": rid}
        assert check(resigned(card, ours, vc=vc)).verdict == "unknown"


def test_a_withdrawn_card_says_so(session, maria, issue, check, now):
    card = issue(maria)
    stored = session.scalars(select(HealthCard)).one()
    stored.revoked_at, stored.revoked_because = now, "corrected"
    session.commit()
    assert check(card).verdict == "revoked"


def holder(**other):
    doses = (ProvenDose(1, "", "", "LOT 1", date(2021, 3, 10), "A clinic", "", "", "207"),)
    return replace(ProofContents("", "Meyer", "Ana", "", date(2021, 3, 10), doses), **other)


def test_cards_of_trusted_issuers_are_checked_and_named(session, check, now):
    key = keys.new_private_key()
    card = sign(claims_of(holder(), issuer_of(ELSEWHERE, demonstration=False), "r", now=now), key)
    assert check(card).verdict == "unknown"
    command = TrustIssuer(ELSEWHERE, " Another  State ", {"keys": [keys.public_part(key)]})
    trust_issuer(session, system("test"), command, now=now)
    session.commit()
    found = check(card)
    assert (found.verdict, found.issuer, found.contents.name) == ("genuine", "Another State", "Ana Meyer")
    assert found.contents.doses[0].vaccine == "Moderna COVID-19 vaccine"
    head, _, signature = card.split(".")
    forged = sign(read(card).claims | {"nbf": 1}, key).split(".")[1]
    assert check(f"{head}.{forged}.{signature}").verdict == "changed"
    assert check(resigned(card, key, iss=ELSEWHERE + "/other")).verdict == "unknown"
    trust_issuer(session, system("test"), replace(command, key_list={"keys": [new_public()]}), now=now)
    assert check(card).verdict == "unknown"
    assert distrust_issuer(session, system("test"), ELSEWHERE, reason="Misused", now=now)
    assert check(resigned(card, key)).verdict == "unknown"
    assert not distrust_issuer(session, system("test"), ELSEWHERE, reason="Misused", now=now)


def new_public():
    return keys.public_part(keys.new_private_key())


@pytest.mark.parametrize(
    ("url", "name", "list_of"),
    [
        ("http://cards.example.org", "A", lambda key: {"keys": [key]}),
        (ELSEWHERE + "/", "A", lambda key: {"keys": [key]}),
        (ELSEWHERE + "?a", "A", lambda key: {"keys": [key]}),
        (ELSEWHERE, " ", lambda key: {"keys": [key]}),
        (ELSEWHERE, "A", lambda key: {"keys": []}),
        (ELSEWHERE, "A", lambda key: [key]),
        (ELSEWHERE, "A", lambda key: {"keys": [key | {"d": "secret"}]}),
        (ELSEWHERE, "A", lambda key: {"keys": [key | {"kid": "mine"}]}),
        (ELSEWHERE, "A", lambda key: {"keys": [key | {"x": key["y"]}]}),
        (ELSEWHERE, "A", lambda key: {"keys": [key | {"crv": "P-384"}]}),
        (ELSEWHERE, "A", lambda key: {"keys": ["key"]}),
    ],
)
def test_an_issuer_is_trusted_only_with_a_proper_address_and_keys(session, now, url, name, list_of):
    with pytest.raises(BadIssuer):
        trust_issuer(session, system("test"), TrustIssuer(url, name, list_of(new_public())), now=now)


def test_a_signed_card_of_odd_shape_is_no_card(session, check, now):
    key = keys.new_private_key()
    trust_issuer(
        session, system("test"), TrustIssuer(ELSEWHERE, "A", {"keys": [keys.public_part(key)]}), now=now
    )
    usual = claims_of(holder(), issuer_of(ELSEWHERE, demonstration=False), "r", now=now)
    for odd in (None, 7, [], {"type": []}, {"credentialSubject": {"fhirBundle": {"entry": [None, 1, {}]}}}):
        assert check(sign(usual | {"vc": odd}, key)).verdict == "misread"
    wild = json.loads(json.dumps(usual).replace('"Ana"', '"\\u202eAna\\u0000", 5, {}'))
    assert check(sign(wild, key)).contents.name == "Ana Meyer"
    wild = json.loads(json.dumps(usual).replace('"207"', "[1]"))
    assert check(sign(wild, key)).contents.doses[0].vaccine == ""

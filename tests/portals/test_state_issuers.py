"""Staff keep the directory of other issuers: trusted by pasted keys, given new ones, ended with a reason, all remembered."""

import io
import json
from datetime import date

import pytest
from sqlalchemy import select

from app.domain.vaccinations.health_cards import claims_of
from app.domain.vaccinations.issuers.models import IssuerChange
from app.domain.vaccinations.models import TrustedIssuer
from app.domain.vaccinations.proof_contents import ProofContents, ProvenDose
from app.domain.vaccinations.signing_keys import Issuer
from app.infra.health_cards import keys
from app.infra.health_cards.digits import qr_text
from app.infra.health_cards.signed import sign
from tests import make
from tests.browserless import text_of
from tests.make.proofs import trusted_issuer

URL = "https://cards.example.org"
DOSES = (ProvenDose(1, "", "", "LOT 1", date(2021, 3, 1), "A clinic", "", "", "207"),)


@pytest.fixture
def key():
    return keys.new_private_key()


@pytest.fixture
def staff(site, session, now):
    return site.sign_in(make.administrator(session, first_name="Sal", last_name="State"))


def key_list(*private):
    return json.dumps({"keys": [keys.public_part(one) for one in private]})


def trust(staff, expect=200, **told):
    values = {"name": "Another State", "url": URL, "key_list": "", **told}
    return staff.submit(staff.open("/state/issuers/new"), expect=expect, **values)


def hold_out(staff, code):
    return staff.submit(staff.open("/proof"), code=code)


def card_of(key, now):
    contents = ProofContents("", "Meyer", "Ana", "", date(1990, 5, 14), DOSES)
    return qr_text(sign(claims_of(contents, Issuer(URL, demonstration=False), "r", now=now), key))


def test_a_trusted_issuers_card_is_genuine_until_trust_ends_and_every_step_is_remembered(staff, key, now):
    assert "No other issuer is trusted yet" in text_of(staff.open("/state/issuers"))
    page = trust(staff, key_list=key_list(key))
    assert f"Another State {URL} 1" in text_of(page)
    assert "Another State signed it" in text_of(hold_out(staff, card_of(key, now)))
    page = staff.open(page.find("a", string="Another State")["href"])
    assert keys.thumbprint(key) in text_of(page)
    new = keys.new_private_key()
    page = staff.submit(page, "#keys", name="The Other State", key_list=key_list(new))
    assert "These keys hold from now on" in text_of(page)
    assert "We do not know who signed" in text_of(hold_out(staff, card_of(key, now)))
    ending = staff.open(page.find("a", string="End trust")["href"])
    ending = staff.submit(ending, expect=422, reason=" ")
    page = staff.submit(ending, reason="Their key was stolen")
    assert "No other issuer is trusted yet" in text_of(page)
    assert "We do not know who signed" in text_of(hold_out(staff, card_of(new, now)))
    told = text_of(staff.open("/state/issuers/history"))
    assert "Trust ended: Their key was stolen Sal State The Other State" in told
    assert told.index("Trust ended") < told.index("New keys or name: 1 key") < told.index("Trusted: 1 key")


def test_the_keys_come_as_a_file_as_well(staff, key, session):
    form = staff.open("/state/issuers/new").select_one("main form[method=post]")
    sent = {
        "csrf_token": form.find(attrs={"name": "csrf_token"})["value"], "request_key": "one", "name": "A", "url": URL,
        "file": (io.BytesIO(key_list(key, keys.new_private_key()).encode()), "jwks.json"),
    }  # fmt: skip
    staff.open("/state/issuers/new", method="POST", data=sent, content_type="multipart/form-data")
    assert len(session.scalars(select(TrustedIssuer)).one().keys) == 2


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({}, "Paste the keys, or choose a file"),
        ({"key_list": "<html>"}, "This is no JSON"),
        ({"key_list": "[" * 100_000}, "This is no JSON"),
        ({"key_list": "[]"}, "the list must look like"),
        ({"key_list": '{"keys": [{"kty": "RSA"}]}'}, "not a signing key on the curve P-256"),
        ({"key_list": json.dumps({"keys": [keys.new_private_key()]})}, "holds its private part"),
        ({"key_list": "x" * 300_001}, "longer than any list of keys"),
        ({"url": "http://cards.example.org", "key_list": "{}"}, "must be https"),
        ({"url": "https://[cards", "key_list": "{}"}, "must be https"),
        ({"url": "https://cvms.test", "key_list": "{}"}, "our own address"),
        ({"name": " ", "key_list": "{}"}, "Enter who issues the cards"),
    ],
)  # fmt: skip
def test_what_cannot_be_trusted_is_said_beside_its_field_and_nothing_typed_is_lost(staff, session, told, said):
    page = trust(staff, expect=422, **told)
    assert said in text_of(page, ".usa-error-message")
    assert page.find(id="url")["value"] == told.get("url", URL)
    assert session.scalars(select(TrustedIssuer)).all() == []


def test_sent_twice_it_is_decided_once(staff, key, session):
    trust(staff, key_list=key_list(key))
    trust(staff, key_list=key_list(key))
    assert [change.kind for change in session.scalars(select(IssuerChange))] == ["trusted"]


def test_a_long_directory_is_paged_by_name(staff, session):
    for number in range(51):
        trusted_issuer(session, f"https://cards{number}.example.org", f"State {number:02d}")
    page = staff.open("/state/issuers")
    assert "State 49" in text_of(page)
    assert "State 50" not in text_of(page)
    assert "State 50" in text_of(staff.open(page.select_one(".pager a[rel=next]")["href"]))
    history = staff.open("/state/issuers/history")
    assert "State 00" not in text_of(history)
    assert "State 00" in text_of(staff.open(history.select_one(".pager a[rel=next]")["href"]))

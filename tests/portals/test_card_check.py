"""Anybody can hold out a health card, typed, scanned or as a file, and is told what is so."""

import io
import json

import pypdfium2
import pytest
from sqlalchemy import func, select

from app.documents.proofs.card_file import card_file
from app.documents.proofs.issued import proof_issuer, proof_renderer
from app.domain.accounts.models import Attempt
from app.domain.vaccinations.health_cards import claims_of
from app.domain.vaccinations.issue_proof import WhichProof, issue_proof, issued_card, issued_pdf
from app.domain.vaccinations.models import Proof
from app.domain.vaccinations.proof_contents import contents_from_json
from app.domain.vaccinations.signing_keys import Issuer
from app.infra import clock
from app.infra.audit import AuditEntry
from app.infra.health_cards.digits import qr_text
from app.infra.health_cards.keys import new_private_key, public_part
from app.infra.health_cards.signed import read, sign
from app.jobs.commands import group
from app.portals.front.proof.throttle import MISSES
from tests import make
from tests.browserless import text_of
from tests.make.inventory import lot
from tests.make.vaccinations import dose, nurse_at, someone


@pytest.fixture
def place(session, now):
    return make.location(session)


@pytest.fixture
def maria(session, place):
    person = someone(session, place, middle_name="Elena", last_name="Lopez")
    dose(session, place, person, lot(session, place, number="EN6199"))
    return person


@pytest.fixture
def issue(session, storage, settings, place):
    """Issue the proof of a person; its card and its PDF."""

    def made(person, paper="letter"):
        which, nurse = WhichProof(person.id, place.id, paper), nurse_at(place.id)
        issue_proof(
            session, nurse, which, storage=storage, issuer=proof_issuer(settings), now=clock.now(),
            render=proof_renderer(settings, now=clock.now()),
        )  # fmt: skip
        session.commit()
        return issued_card(session, nurse, which), issued_pdf(session, nurse, which, storage=storage)

    return made


def hold_out(site, *, expect=200, file=None, name="card", **typed):
    page = site.anonymous().open("/proof")
    more = {"file": (io.BytesIO(file), name)} if file is not None else {}
    assert page.select_one("main form input[type=file]")["name"] == "file"
    data = {"csrf_token": page.select_one("main [name=csrf_token]")["value"], **typed, **more}
    return site.open("/proof", method="POST", data=data, expect=expect, content_type="multipart/form-data")


def as_picture(pdf, dpi=150):
    out = io.BytesIO()
    with pypdfium2.PdfDocument(pdf) as document:
        document[0].render(scale=dpi / 72).to_pil().save(out, "JPEG")
    return out.getvalue()


def test_a_scanned_or_pasted_card_tells_what_it_says_and_nothing_is_kept(site, session, maria, issue):
    card, _ = issue(maria)
    kept = session.scalar(select(func.count()).select_from(AuditEntry))
    for typed in (qr_text(card), qr_text(card).upper(), f"  {qr_text(card)}\r\n", card):
        said = text_of(hold_out(site, code=typed))
        assert "This health card is genuine North Carolina issued it" in said
        assert "Name Maria E Lopez Date of birth Apr 28, 1950 Dose 1 Mar 10, 2021 Pfizer" in said
        assert "Lot EN6199" in said
        assert site.url == "/proof"
        assert site.response.headers["Cache-Control"] == "no-store"
    assert session.scalar(select(func.count()).select_from(AuditEntry)) == kept
    assert session.scalar(select(func.count()).select_from(Attempt)) == 0


@pytest.mark.once
@pytest.mark.parametrize("paper", ["letter", "wallet"])
def test_a_picture_the_pdf_and_the_file_are_read(site, maria, issue, paper):
    card, pdf = issue(maria, paper)
    for file, name in ((as_picture(pdf), "photo.jpg"), (pdf, "proof.pdf"), (card_file(card), "a.smart-health-card")):
        assert "This health card is genuine" in text_of(hold_out(site, file=file, name=name))


@pytest.mark.once
def test_files_that_show_nothing_are_told_beside_the_field(site, maria, issue):
    blank = as_picture(issue(maria)[1], dpi=20)
    for file, words in (
        (blank, "no square code"),
        (b"MZ", "cannot open"),
        (b"{", "cannot open"),
        (b'{"verifiableCredential": 7}', "cannot open"),
        (json.dumps({"verifiableCredential": ["eyA.x.y", 7]}).encode(), "neither a proof of ours"),
    ):
        assert words in text_of(hold_out(site, expect=422, file=file), "#file-error")


def test_changed_foreign_and_outdated_cards_are_refused_and_show_nothing(site, session, place, maria, issue):
    card, _ = issue(maria)
    head, body, signature = card.split(".")
    stranger = new_private_key()
    forged = sign(read(card).claims | {"nbf": 1}, stranger)
    dose(session, place, maria, lot(session, place))
    issue(maria)
    for token, words in (
        (f"{head}.{forged.split('.')[1]}.{signature}", "This health card was changed"),
        (f"{head}.{body}.{signature[:-20]}", "This health card was changed"),
        (forged, "We do not know who signed this health card"),
        (card, "This health card is out of date"),
    ):
        said = text_of(hold_out(site, code=qr_text(token)))
        assert words in said
        for secret in ("genuine North", "Lopez", "1950", "EN6199"):
            assert secret not in said
    assert "not whole" in text_of(hold_out(site, expect=422, code=qr_text(card)[:-201]), "#code-error")


def test_an_issuer_that_staff_trust_is_named(site, session, app, tmp_path, maria, issue, now):
    issue(maria)
    key, url = new_private_key(), "https://cards.example.org"
    contents = contents_from_json(session.scalars(select(Proof)).one().facts)
    card = qr_text(sign(claims_of(contents, Issuer(url, demonstration=False), "r", now=now), key))
    assert "We do not know who signed" in text_of(hold_out(site, code=card))
    listed = tmp_path / "jwks.json"
    run = app.test_cli_runner().invoke
    for content, words in (("{}", "must look like"), ("", "Expecting value"), ('{"keys": [{}]}', "P-256")):
        listed.write_text(content)
        failed = run(group, ["trust-issuer", url, "Another State", str(listed)])
        assert failed.exit_code == 1
        assert words in failed.output
    listed.write_text(json.dumps({"keys": [public_part(key)]}))
    session.rollback()
    assert "can be checked with 1 keys" in run(group, ["trust-issuer", url, "Another State", str(listed)]).output
    assert "Another State signed it. Whether they withdrew it" in text_of(hold_out(site, code=card))
    session.rollback()
    assert "not known any more" in run(group, ["distrust-issuer", url]).output
    assert "was not trusted. Trusted are: none" in run(group, ["distrust-issuer", url]).output
    assert "We do not know who signed" in text_of(hold_out(site, code=card))


def test_keys_and_revocations_may_be_fetched_by_anybody_and_kept_for_minutes(
    site, session, app, place, maria, issue
):
    card, _ = issue(maria)
    session.rollback()
    made = app.test_cli_runner().invoke(group, ["rotate-signing-key"]).output
    dose(session, place, maria, lot(session, place))
    issue(maria)
    jwks = site.anonymous().get("/.well-known/jwks.json")
    new, old = jwks.json["keys"]
    assert new["kid"] in made
    assert (old["kid"], old["crlVersion"]) == (read(card).kid, 1)
    assert "Set-Cookie" not in site.client.get("/.well-known/jwks.json?lang=es").headers
    revoked = site.get(f"/.well-known/crl/{old['kid']}.json")
    assert revoked.json["rids"] == [read(card).claims["vc"]["rid"]]
    assert site.get(f"/.well-known/crl/{new['kid']}.json").json["rids"] == []
    site.get("/.well-known/crl/other.json", expect=404)
    for answer in (jwks, revoked):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cache-Control"] == "public, max-age=300"
        assert "Set-Cookie" not in answer.headers
    again = site.client.get("/.well-known/jwks.json", headers={"If-None-Match": jwks.headers["ETag"]})
    assert again.status_code == 304


def test_a_person_takes_the_card_as_a_file(site, session, maria, issue):
    site.sign_in(make.person(session, maria.id))
    site.get(f"/recipient/{maria.id}/proof/card", expect=404)
    page = site.open(f"/recipient/{maria.id}/proof")
    site.submit(page, "#make-proof", paper="wallet", language="es")
    link = site.open(site.url).select_one("a[href$='/proof/card']")["href"]
    file = site.get(link)
    assert file.mimetype == "application/smart-health-card"
    assert ".smart-health-card" in file.headers["Content-Disposition"]
    [token] = file.json["verifiableCredential"] if file.is_json else json.loads(file.data)["verifiableCredential"]
    assert read(token).claims["iss"] == "https://cvms.test"
    assert site.get(f"/recipient/{maria.id}/proof/download?paper=wallet&language=es").data.startswith(b"%PDF")


def test_the_clinic_prints_each_paper_in_each_language(site, session, place, maria):
    site.sign_in(make.manager(session, place))
    page = site.open(f"/provider/{place.id}/clinic/recipients/{maria.id}/proof")
    page = site.submit(page, "#make-proof", paper="wallet", language="es")
    link = page.select_one("a[href*='proof.pdf']")["href"]
    assert "paper=wallet" in link
    assert "language=es" in link
    assert site.get(link).data.startswith(b"%PDF")
    site.open(f"/provider/{place.id}/clinic/recipients/{maria.id}/proof?language=fr", expect=404)


def test_who_guesses_is_stopped(site, session, maria, issue):
    card, _ = issue(maria)
    forged = qr_text(sign(read(card).claims, new_private_key()))
    for _ in range(MISSES):
        hold_out(site, code=forged)
    hold_out(site, expect=429, code=qr_text(card))
    hold_out(site, expect=429, file=card_file(card))

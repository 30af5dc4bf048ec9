"""Two verifiers that we did not write fetch our keys over TLS and judge our cards, read back from the PDF."""

import datetime
import ipaddress
import json
import os
import shutil
import ssl
import subprocess
import threading
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from healthcards import parser
from jwcrypto.common import JWException
from werkzeug.serving import make_server

from app import factory
from app.documents.proofs.issued import proof_issuer, proof_renderer
from app.domain.vaccinations.issue_proof import WhichProof, issue_proof, issued_pdf
from app.infra import clock
from app.infra.health_cards import keys
from app.infra.health_cards.digits import qr_text, token_of
from app.infra.health_cards.signed import read, sign
from tests import make
from tests.conftest import settings_for
from tests.documents.pdf_parts import codes_on, rasterised
from tests.make.inventory import lot
from tests.make.vaccinations import dose, nurse_at, someone

pytestmark = pytest.mark.once
VERIFIER = Path(__file__).parents[1] / "verifier"
LOCAL = ipaddress.ip_address("127.0.0.1")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate of this machine for an hour: (certificate with key, certificate)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "cvms test")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(LOCAL)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("tls")
    public = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "public.pem").write_bytes(public)
    (folder / "both.pem").write_bytes(private + public)
    return folder / "both.pem", folder / "public.pem"


@pytest.fixture
def issuer(tmp_path, sqlite_template, certificate, monkeypatch):
    """The parts of an installation that answers at its https address."""
    shutil.copy(sqlite_template, tmp_path / "cvms.db")
    both, public = certificate
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(both)
    settings = settings_for(tmp_path, f"sqlite:///{tmp_path / 'cvms.db'}")
    machines = factory.make_machines(settings)
    server = make_server("127.0.0.1", 0, factory.create_app(machines=machines), threaded=True, ssl_context=tls)
    object.__setattr__(settings, "public_url", f"https://127.0.0.1:{server.server_port}")
    running = threading.Thread(target=server.serve_forever)
    running.start()
    monkeypatch.setenv("SSL_CERT_FILE", str(public))
    yield machines
    server.shutdown()
    running.join()
    server.server_close()
    machines.database.dispose()
    machines.queue.close()


@pytest.fixture
def scanned(issuer):
    """What a scanner reads from the wallet card of somebody with two doses."""
    with issuer.database.session(write=True) as session:
        clinic = make.location(session)
        maria = someone(session, clinic, first_name="María", last_name="Hernández-Ortiz")
        for _ in range(2):
            dose(session, clinic, maria, lot(session, clinic))
        which, nurse = WhichProof(maria.id, clinic.id, "wallet"), nurse_at(clinic.id)
        issue_proof(
            session, nurse, which, storage=issuer.storage, issuer=proof_issuer(issuer.settings), now=clock.now(),
            render=proof_renderer(issuer.settings, now=clock.now()),
        )  # fmt: skip
        session.commit()
        pdf = issued_pdf(session, nurse, which, storage=issuer.storage)
    return codes_on(rasterised(pdf, 150))[0].text


@pytest.fixture
def bad_cards(scanned):
    """The card forged, cut, and signed anew by somebody who writes our key's name over it."""
    token, stranger = token_of(scanned), keys.new_private_key()
    head, body, signature = token.split(".")
    claims = json.loads(json.dumps(read(token).claims).replace("Ortiz", "Smith"))
    resigned = sign(claims, stranger)
    return {
        "forged": f"{head}.{resigned.split('.')[1]}.{signature}",
        "cut": f"{head}.{body}.{signature[:-20]}",
        "resigned": f"{head}.{resigned.split('.', 1)[1]}",
    }


def test_healthcards_takes_our_card_and_refuses_what_was_done_to_it(scanned, bad_cards):
    card = parser.JWS(parser.decode_qr_to_jws(scanned))
    assert card.verified
    assert card.as_dict()["payload"] == read(token_of(scanned)).claims
    for bad in (*bad_cards.values(), sign(card.as_dict()["payload"], keys.new_private_key())):
        with pytest.raises(JWException):
            parser.JWS(bad)


def test_shc_sdk_takes_our_card_and_refuses_what_was_done_to_it(issuer, scanned, bad_cards, certificate):
    install_verifier()
    url = issuer.settings.public_url
    key = issuer_keys(issuer)
    asked = {"keys": {url: {"keys": key}}, "cards": [scanned, *map(qr_text, bad_cards.values())]}
    done = subprocess.run(
        ["node", "verify.js"], cwd=VERIFIER, input=json.dumps(asked), capture_output=True, text=True, timeout=60,
        env=os.environ | {"NODE_EXTRA_CA_CERTS": str(certificate[1])}, check=True,
    )  # fmt: skip
    genuine, *refused = json.loads(done.stdout)
    assert genuine == read(token_of(scanned)).claims
    assert refused == [None, None, None]


def issuer_keys(machines):
    client = factory.create_app(machines=machines).test_client()
    return client.get("/.well-known/jwks.json").json["keys"]


def install_verifier():
    """For whoever runs this file without `make test`, which installs it before."""
    if not (VERIFIER / "node_modules" / "@pathcheck").exists():
        subprocess.run(["npm", "ci", "--ignore-scripts", "--silent"], cwd=VERIFIER, check=True, timeout=300)

"""Attacks on the public check of proofs: cards, pictures and files that are made to harm."""

import io
import json
import struct
import time
import zlib
from base64 import urlsafe_b64encode

import pytest
from PIL import Image

from app.domain.vaccinations.signing_keys import current_key
from app.infra.health_cards.digits import qr_text
from app.infra.health_cards.keys import new_private_key, public_part
from tests.browserless import text_of
from tests.make.proofs import ISSUER


def part(content):
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def squeezed(content):
    made = zlib.compressobj(9, zlib.DEFLATED, -15)
    return made.compress(content) + made.flush()


def card(kid, *, claims=None, **header):
    """A card that nobody signed."""
    head = {"alg": "ES256", "zip": "DEF", "kid": kid} | header
    body = squeezed(json.dumps(claims if claims is not None else {"iss": "https://x.example", "nbf": 1}).encode())
    return f"{part(json.dumps(head).encode())}.{part(body)}.{part(bytes(64))}"


def hold_out(site, *, expect=200, file=None, name="card", **typed):
    page = site.anonymous().open("/proof")
    if file is not None:
        typed["file"] = (io.BytesIO(file), name)
    form = {"csrf_token": page.select_one("main [name=csrf_token]")["value"]} | typed
    return site.open("/proof", method="POST", data=form, content_type="multipart/form-data", expect=expect)


@pytest.mark.parametrize("strange", ["\x00", "a\x00b", "\ud800", "\udfff/x", "", "x" * 3000, "'; --"])
def test_a_card_with_a_strange_key_or_issuer_is_answered_like_any_unknown_one(site, session, now, strange):
    for made in (card(strange), card("key", claims={"iss": strange, "nbf": 1})):
        page = hold_out(site, code=made)
        assert "do not know" in text_of(page)
        session.rollback()


@pytest.mark.parametrize(
    "header", [{"crit": 5}, {"crit": ["zip"]}, {"crit": {"a": 1}}, {"b64": False}, {"typ": 5}, {"jwk": {}}, {"x5c": 3}]
)
def test_a_card_that_names_our_key_with_a_strange_header_is_changed(site, session, now, header):
    key = current_key(session, ISSUER, now=now)
    session.commit()
    page = hold_out(site, code=card(key.kid, **header))
    assert "changed" in text_of(page)


def test_addresses_of_proofs_and_of_lists_may_hold_anything(site, session, now):
    for strange in ("%00", "%ff%fe", "%ED%A0%80", "..%2f..%2fetc%2fpasswd", "%0d%0aSet-Cookie:%20a=b", "x" * 4000):
        site.open(f"/proof/{strange}", expect=404)
        assert site.client.get(f"/.well-known/crl/{strange}.json").status_code == 404


def test_what_anybody_may_cache_holds_no_cookie(site, session, now):
    site.open("/proof")
    for url in ("/.well-known/jwks.json",):
        answer = site.client.get(url)
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers


def png_of_declared_size(width, height):
    """A PNG of a few bytes whose header names a size."""
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(2000))) + chunk(b"IEND", b"")


def bomb():
    out = io.BytesIO()
    Image.new("L", (30_000, 1_600)).save(out, "PNG")
    return out.getvalue()


def pdf(page):
    """A PDF of one page with this dictionary beside it."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
        b"3 0 obj<</Type/Page/Parent 2 0 R" + page + b">>endobj\ntrailer<</Root 1 0 R>>"
    )


HOSTILE = {
    "nothing": b"",
    "zero.pdf": b"%PDF-",
    "loop.pdf": pdf(b"/Contents 3 0 R/MediaBox[0 0 612 792]"),
    "itself.pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]/Count 9>>endobj\ntrailer<</Root 1 0 R>>",
    "huge.pdf": pdf(b"/MediaBox[0 0 1e9 1e9]"),
    "thin.pdf": pdf(b"/MediaBox[0 0 0.0001 100000000]"),
    "million.pdf": b"%PDF-1.4\n" + b"(" * 200_000,
    "header.png": png_of_declared_size(60_000, 60_000),
    "wrong.png": png_of_declared_size(3_000, 3_000),
    "picture.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    "page.html": b"<script>alert(1)</script>",
    "cards.smart-health-card": b'{"verifiableCredential":' + b"[" * 100_000,
    "number.smart-health-card": b'{"verifiableCredential":[' + b"9" * 10_000 + b"]}",
    "text.smart-health-card": b'{"verifiableCredential":"shc:/1234"}',
    "half.smart-health-card": b'{"verifiableCredential":["\\ud800","ey\\ud800.a.b","ey.\\u0000.b"]}',
    "bytes.smart-health-card": b'{"\xff',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_beside_the_field_within_seconds(site, session, now, name):
    began = time.monotonic()
    page = hold_out(site, file=HOSTILE[name], name=name, expect=422)
    assert page.select_one("#file-error, [id^=file][class*=error]"), text_of(page)
    assert time.monotonic() - began < 12


def test_a_picture_that_swells_harms_nobody(site, session, now):
    page = hold_out(site, file=bomb(), name="proof.png", expect=422)
    assert "no square code" in text_of(page)


def test_a_name_of_a_file_is_never_shown_or_used(site, session, now):
    page = hold_out(site, file=b"no picture", name="../../<b>x</b>\x00\r\nX: y.png", expect=422)
    assert "<b>x" not in str(page)


def test_a_card_signed_with_a_key_that_it_brings_along_is_unknown(site, session, now):
    mine = new_private_key()
    made = card("mine", jwk=public_part(mine), jku="https://attacker.example/keys")
    assert "do not know" in text_of(hold_out(site, code=qr_text(made)))

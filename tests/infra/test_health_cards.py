"""Reading what may be a health card: never a crash, never a guess."""

import json
import zlib
from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.infra.health_cards import digits, keys, signed

pytestmark = pytest.mark.once
KEY = keys.new_private_key()
CARD = signed.sign({"iss": "https://cvms.test", "name": "María"}, KEY)
HEADER = json.dumps({"zip": "DEF", "alg": "ES256", "kid": "k"}).encode()


def plain(part):
    return urlsafe_b64encode(part).rstrip(b"=").decode()


def raw_deflate(content):
    return zlib.compress(content)[2:-4]


def test_a_card_comes_back_from_its_code_in_any_case_and_with_blanks():
    text = digits.qr_text(CARD)
    assert text.startswith("shc:/")
    assert text[5:].isdecimal()
    assert {digits.token_of(odd) for odd in (text, text.upper(), f" {text[:40]}\n{text[40:]} ")} == {CARD}
    assert signed.is_signed_by(CARD, keys.public_part(KEY))
    assert signed.read(CARD).claims["name"] == "María"


def test_the_name_of_a_key_is_its_thumbprint():
    """The example of RFC 7638 is RSA; this one is of the health cards framework."""
    key = {
        "kty": "EC",
        "crv": "P-256",
        "x": "11XvRWy1I2S0EyJlyf_bWfw_TQ5CJJNLw78bHXNxcgw",
        "y": "eZXwxvO1hvCY0KucrPfKo7yAyMT6Ajc3N7OkAB6VYy8",
    }
    assert keys.thumbprint(key) == "3Kfdg-XwP-7gXyywtUfUADwBumDOPKMQx-iELL11W9s"


@given(st.text(max_size=80))
def test_whatever_is_scanned_is_a_card_or_none(text):
    assert digits.token_of(text) is None or text.strip()[:5].lower() == "shc:/"
    assert digits.token_of(f"shc:/{text}") != text or text == ""


@given(st.text(max_size=200), st.binary(max_size=200))
def test_whatever_is_read_is_refused_in_one_way(text, content):
    for token in (text, f"{plain(HEADER)}.{plain(content)}.{plain(content)}", f"{plain(content)}.{text}.x"):
        with pytest.raises(signed.NotACard):
            signed.read(token)


def test_a_content_that_swells_is_refused_before_it_does():
    bomb = raw_deflate(b"[" * 50_000_000)
    assert len(bomb) < 60_000
    for content in (bomb[:14_000], raw_deflate(b"[" * 200_000), raw_deflate(b'{"a":1}') + b"more"):
        with pytest.raises(signed.NotACard):
            signed.read(f"{plain(HEADER)}.{plain(content)}.AA")


@pytest.mark.parametrize("header", [{"alg": "none"}, {"alg": "HS256"}, {"zip": None}, {"kid": 3}])
def test_another_algorithm_than_ours_is_no_card(header):
    odd = json.dumps(json.loads(HEADER) | header).encode()
    with pytest.raises(signed.NotACard):
        signed.read(f"{plain(odd)}.{plain(raw_deflate(b'{}'))}.AA")

"""A health card as a signed text: JWS in compact form, ES256, its content deflated without a header.

Source: the SMART Health Cards Framework (spec.smarthealth.cards, 1.3 and 1.4).
"""

import binascii
import json
import zlib
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from joserfc.registry import HeaderParameter

from app.infra.health_cards.keys import Jwk, thumbprint

LONGEST = 20_000
"""Signs of a card that we look at; one code holds about two thousand."""

_LARGEST_CONTENT = 256 * 1024
# joserfc refuses headers that it was not told of.
_REGISTRY = jws.JWSRegistry(
    header_registry={"zip": HeaderParameter("Compression of the content", "str")}, algorithms=["ES256"]
)


class NotACard(Exception):
    """A text that cannot be a health card."""


@dataclass(frozen=True, slots=True)
class Unchecked:
    """What a card claims, before its signature was looked at: believe nothing of it."""

    token: str
    kid: str
    claims: dict[str, Any]


def sign(claims: dict[str, Any], private_key: Jwk) -> str:
    """The signed card of these claims."""
    text = json.dumps(claims, separators=(",", ":"), ensure_ascii=False)
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    content = squeeze.compress(text.encode()) + squeeze.flush()
    header = {"zip": "DEF", "alg": "ES256", "kid": thumbprint(private_key)}
    return jws.serialize_compact(header, content, ECKey.import_key(private_key), registry=_REGISTRY)


def read(token: str) -> Unchecked:
    """The claims of a card without any check of who made them. Raises NotACard."""
    parts = token.split(".")
    if len(token) > LONGEST or len(parts) != 3:
        raise NotACard
    try:
        header, claims = json.loads(_bytes_of(parts[0])), json.loads(_inflated(_bytes_of(parts[1])))
        _bytes_of(parts[2])
    except (ValueError, RecursionError, zlib.error, binascii.Error) as error:
        raise NotACard from error
    if not isinstance(header, dict) or not isinstance(claims, dict):
        raise NotACard
    kid = header.get("kid")
    if header.get("alg") != "ES256" or header.get("zip") != "DEF" or not isinstance(kid, str):
        raise NotACard
    return Unchecked(token, kid, claims)


def is_signed_by(token: str, public_key: Jwk) -> bool:
    """Whether this key made the signature, over exactly this text."""
    try:
        jws.deserialize_compact(token, ECKey.import_key(public_key), registry=_REGISTRY)
    except (JoseError, ValueError, TypeError):  # the library trusts the shape of what a header lists
        return False
    return True


def _bytes_of(part: str) -> bytes:
    if not part.isascii() or "=" in part:
        raise ValueError("not base64url")
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _inflated(content: bytes) -> bytes:
    """Inflated, but never beyond what a card can be: a few bytes can swell to gigabytes."""
    swell = zlib.decompressobj(-15)
    text = swell.decompress(content, _LARGEST_CONTENT)
    if not swell.eof or swell.unused_data:
        raise ValueError("cut, too large, or something is hidden behind it")
    return text

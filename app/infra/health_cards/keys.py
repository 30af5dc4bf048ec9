"""Keys that sign health cards: P-256, named by their own thumbprint (RFC 7638), as the framework demands."""

from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

Jwk = dict[str, Any]

_CURVE = "P-256"
_COORDINATE = 43
"""32 bytes in base64url without padding."""


class BadKey(Exception):
    """Not a public key that can check health cards; the text says why."""


def new_private_key() -> Jwk:
    """A new key with its private part `d`."""
    key = ECKey.generate_key(_CURVE)
    return {name: str(value) for name, value in key.as_dict(private=True).items() if name in {"kty", "crv", "x", "y", "d"}}


def thumbprint(key: Jwk) -> str:
    """The name of a key: the base64url SHA-256 of its public part."""
    return ECKey.import_key({name: key[name] for name in ("kty", "crv", "x", "y")}).thumbprint()


def public_part(key: Jwk) -> Jwk:
    """The key as it is published, with its name and without `d`."""
    return {
        "kty": "EC", "kid": thumbprint(key), "use": "sig", "alg": "ES256", "crv": _CURVE, "x": key["x"], "y": key["y"],
    }  # fmt: skip


def read_public_key(key: Any) -> Jwk:
    """A key of somebody else's list, as we keep it. Raises BadKey."""
    if not isinstance(key, dict):
        raise BadKey("a key is not an object")
    if "d" in key:
        raise BadKey("a key holds its private part, which must never leave its owner")
    if (key.get("kty"), key.get("crv")) != ("EC", _CURVE) or key.get("use", "sig") != "sig":
        raise BadKey("a key is not a signing key on the curve P-256")
    if not all(isinstance(key.get(part), str) and len(key[part]) == _COORDINATE for part in ("x", "y")):
        raise BadKey("a key has no coordinates of 32 bytes")
    try:
        public = public_part(key)
    except (JoseError, ValueError) as error:
        raise BadKey("a key is no point of its curve") from error
    if key.get("kid") != public["kid"]:
        raise BadKey("a key's kid is not its thumbprint (RFC 7638)")
    return public

"""Signing in at an outside identity provider, as NCID is one: OpenID Connect, authorization code with PKCE.

Authlib does the protocol: state, nonce, signature, issuer, audience and times are checked there. What is decided here:
which provider (one, from the settings), which signatures are taken, how long we wait, and what we believe of it.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from joserfc.errors import JoseError
from requests import RequestException

from app.config import OpenIdSettings

WAIT_SECONDS = 8
SIGNATURES = frozenset({"RS256", "PS256", "ES256", "RS384", "ES384", "RS512", "ES512", "EdDSA"})
STRONG = frozenset({"mfa", "hwk"})
_LONGEST = {"issuer": 300, "subject": 255}


class ProviderFailed(Exception):
    """The provider cannot be reached, or what it said cannot be believed. The text is for the log, not for the page."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the provider says is there. `shown` is for the person to recognise; `strong`: it asked for a second factor."""

    issuer: str
    subject: str
    shown: str
    strong: bool


def send_away(settings: OpenIdSettings, redirect_uri: str) -> Any:
    """A redirect to the provider; state, nonce and verifier wait in the signed cookie. Raises ProviderFailed."""
    try:
        return _client(settings).authorize_redirect(redirect_uri)
    except (RequestException, AuthlibBaseError, ValueError, RuntimeError, KeyError) as error:
        raise ProviderFailed(type(error).__name__) from error


def take_answer(settings: OpenIdSettings) -> Identity:
    """The identity behind the provider's answer in the current request. Raises ProviderFailed."""
    try:
        token = _client(settings).authorize_access_token()
        claims = token["userinfo"]
        subject = str(claims["sub"])
    except (RequestException, AuthlibBaseError, JoseError, ValueError, RuntimeError, KeyError, TypeError) as error:
        raise ProviderFailed(type(error).__name__) from error
    if not 0 < len(subject) <= _LONGEST["subject"] or claims.get("iss") != settings.issuer:
        raise ProviderFailed("issuer or subject")
    shown = str(claims.get("preferred_username") or claims.get("email") or claims.get("name") or subject)
    means = claims.get("amr")
    return Identity(settings.issuer, subject, shown[:80], bool(STRONG & set(means if isinstance(means, list) else ())))


class _Client(FlaskOAuth2App):  # type: ignore[misc]
    """Authlib's client of one provider, with the answers of its discovery page looked over."""

    expected_issuer = ""

    def load_server_metadata(self) -> dict[str, Any]:
        """The provider's own description, once. Raises ProviderFailed where it is somebody else's."""
        found: dict[str, Any] = super().load_server_metadata()
        if found.get("issuer") != self.expected_issuer:
            raise ProviderFailed("issuer of the discovery page")
        offered = found.get("id_token_signing_alg_values_supported") or ["RS256"]
        found["id_token_signing_alg_values_supported"] = sorted(SIGNATURES & set(offered))
        return found


@lru_cache(maxsize=4)
def _client(settings: OpenIdSettings) -> _Client:
    made = _Client(
        FlaskIntegration("openid"), "openid", client_id=settings.client_id, client_secret=settings.client_secret,
        server_metadata_url=f"{settings.issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile email", "code_challenge_method": "S256", "default_timeout": WAIT_SECONDS,
        },
    )  # fmt: skip
    made.expected_issuer = settings.issuer
    return made

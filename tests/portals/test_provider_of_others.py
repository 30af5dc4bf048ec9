"""Signing in at an identity provider that others wrote (oidc-provider-mock), which answers in this process."""

import warnings
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from tests import make
from tests.browserless import text_of
from tests.conftest import settings_for
from tests.portals.test_outside_identity import START, link, sign_in_there

pytestmark = [pytest.mark.long, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


@dataclass
class OfOthers:
    """Its address, and how it gets to know somebody."""

    issuer: str

    def knows(self, subject: str, **claims: Any) -> None:
        """Somebody whom it vouches for."""
        requests.put(f"{self.issuer}/users/{subject}", json=claims, timeout=5).raise_for_status()


@pytest.fixture
def provider():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import oidc_provider_mock

        with oidc_provider_mock.run_server_in_thread(require_client_registration=False) as server:
            yield OfOthers(f"http://localhost:{server.server_port}")


@pytest.fixture
def settings(database_url, tmp_path, provider):
    return settings_for(
        tmp_path, database_url, OIDC_ISSUER=provider.issuer, OIDC_CLIENT_ID="cvms", OIDC_CLIENT_SECRET="not for others"
    )


def test_an_identity_of_theirs_is_linked_once_and_signs_in_from_then_on(site, session, provider, now):
    make.manager(session, make.location(session), name="mmiller", email="mm@example.org")
    provider.knows("ncid-mm", preferred_username="ncid-mm")
    link(site, "ncid-mm")
    site.anonymous()
    sign_in_there(site, "ncid-mm", f"{START}?next=/account/")
    assert site.url == "/account/"
    provider.knows("stranger", email="mm@example.org", email_verified=True)
    site.anonymous()
    assert "first time" in text_of(sign_in_there(site, "stranger"), "body")

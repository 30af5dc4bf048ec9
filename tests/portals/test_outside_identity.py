"""Signing in at an outside identity provider: one answers on loopback, strictly, and may lie."""

import re
import time
from functools import partial
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import requests
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import func, select

from app.domain.accounts import second_factor
from app.domain.accounts.models import OutsideIdentity
from app.infra.kept_mail import latest_mails
from app.jobs.deliver_mail import deliver_due
from tests import identity_provider, make
from tests.browserless import text_of
from tests.conftest import settings_for

START = "/account/outside/provider"


@pytest.fixture(scope="module")
def running():
    with identity_provider.running() as provider:
        yield provider


@pytest.fixture
def provider(running):
    running.lie = None
    return running


@pytest.fixture
def settings(database_url, tmp_path, provider):
    return settings_for(
        tmp_path, database_url, OIDC_ISSUER=provider.issuer, OIDC_CLIENT_ID=identity_provider.CLIENT,
        OIDC_CLIENT_SECRET=identity_provider.SECRET,
    )


@pytest.fixture
def nurse(session, now):
    return make.manager(session, make.location(session), name="mmiller", email="mm@example.org")


def go_there(site, start=START):
    """Press the button; returns where the provider is asked."""
    return site.client.get(start).headers["Location"]


def come_back(site, asked, subject):
    """Say there who one is, and open the address that the provider answers with."""
    answer = requests.post(asked, data={"sub": subject}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    assert back.netloc == "cvms.test"
    return f"{back.path}?{back.query}"


def sign_in_there(site, subject, start=START):
    return site.open(come_back(site, go_there(site, start), subject))


def link(site, subject):
    """The first time: sign in as before, then say that both are the same person."""
    page = sign_in_there(site, subject)
    assert "first time with NCID" in text_of(page, "body")
    page = site.submit(page, name="mmiller", password=make.PASSWORD)
    assert f"“{subject}”" in text_of(page)
    return site.submit(page, press="Link them")


def test_an_identity_is_linked_with_the_password_once_and_signs_in_from_then_on(site, nurse, provider, machines, session):
    provider.knows("ncid-mm", preferred_username="ncid-mm")
    assert "Sign in with NCID" in text_of(site.open("/account/sign-in/provider"))
    assert "NCID" not in text_of(site.open("/account/sign-in/recipient"))
    link(site, "ncid-mm")
    deliver_due(machines.database, machines.settings)
    with machines.database.reading() as reading:
        assert any("linked to your account" in mail.text for mail in latest_mails(reading))
    site.anonymous()
    sign_in_there(site, "ncid-mm", f"{START}?next=/account/")
    assert site.url == "/account/"
    site.submit(site.open("/account/"), "form[action*=unlink]")
    assert session.scalar(select(func.count(OutsideIdentity.id))) == 0
    site.anonymous()
    assert "first time" in text_of(sign_in_there(site, "ncid-mm"), "body")


def test_the_same_mailbox_there_and_here_links_nothing_by_itself(site, nurse, provider):
    provider.knows("stranger", email="mm@example.org", email_verified=True)
    sign_in_there(site, "stranger")
    assert site.url.startswith("/account/sign-in/provider")


def test_a_forged_or_replayed_answer_signs_nobody_in(site, nurse, provider, app, session):
    provider.knows("ncid-mm", preferred_username="ncid-mm")
    link(site, "ncid-mm")
    site.anonymous()
    back = come_back(site, go_there(site), "ncid-mm")
    state = parse_qs(urlsplit(back).query)["state"][0]
    refused = f"/account/outside/callback?error=access_denied&state={state}"
    for wrong in (back.replace(state, "another"), re.sub("code=[^&]+", "code=invented", back), refused):
        page = site.open(wrong, expect=400)
        assert "did not end well" in text_of(page)
    site.open("/account/")
    assert site.url != "/account/"


LIES = {
    "another nonce": lambda provider, claims: claims.update(nonce="of another sign-in"),
    "another audience": lambda provider, claims: claims.update(aud="another program"),
    "another issuer": lambda provider, claims: claims.update(iss="https://evil.example"),
    "another person without a name": lambda provider, claims: claims.update(sub=""),
    "over since an hour": lambda provider, claims: claims.update(exp=int(time.time()) - 3600),
    "another key": lambda provider, claims: provider.signed(claims, RSAKey.generate_key(2048, {"kid": "one"})),
    "our secret as key": lambda provider, claims: provider.signed(claims, OctKey.import_key(identity_provider.SECRET), "HS256"),
    "no signature": lambda provider, claims: f"{provider.signed(claims).rpartition('.')[0]}.",
}


def test_a_token_that_is_not_what_it_should_be_signs_nobody_in(site, nurse, provider):
    provider.knows("ncid-mm", preferred_username="ncid-mm")
    link(site, "ncid-mm")
    for lie in LIES.values():
        site.anonymous()
        provider.lie = partial(lie, provider)
        page = site.open(come_back(site, go_there(site), "ncid-mm"), expect=400)
        assert "did not end well" in text_of(page)
        site.open("/account/")
        assert site.url != "/account/"


def test_an_answer_for_another_browser_is_refused(site, nurse, provider):
    provider.knows("ncid-mm", preferred_username="ncid-mm")
    theirs = come_back(site, go_there(site), "ncid-mm")
    site.anonymous()
    site.open(theirs, expect=404)
    go_there(site)
    site.open(theirs, expect=400)


def test_the_second_factor_is_asked_for_unless_the_provider_did(site, nurse, provider, session, now):
    provider.knows("ncid-mm", preferred_username="ncid-mm")
    link(site, "ncid-mm")
    second_factor.prepare(session, nurse, now=now)
    _address, secret = second_factor.address_for_app(session, nurse, name="x", issuer="x", now=now)
    second_factor.confirm(session, nurse, pyotp.TOTP(secret).at(now), now=now)
    session.commit()
    site.anonymous()
    sign_in_there(site, "ncid-mm")
    site.open("/account/")
    assert "/second-factor" in site.url
    provider.knows("ncid-mm", preferred_username="ncid-mm", amr=["pwd", "mfa"])
    site.anonymous()
    sign_in_there(site, "ncid-mm", f"{START}?next=/account/")
    assert site.url == "/account/"


def test_an_identity_belongs_to_one_account_only(site, nurse, provider, session):
    provider.knows("shared", preferred_username="shared")
    link(site, "shared")
    other = make.manager(session, make.location(session), name="other")
    site.sign_in(other)
    with site.client.session_transaction() as cookie:
        cookie["outside"] = {"issuer": provider.issuer, "subject": "shared", "shown": "shared", "at": 4_000_000_000}
    for password, words in (("not mine", "not your password"), (make.PASSWORD, "another account")):
        page = site.submit(site.open("/account/outside/link"), press="Link them", password=password, expect=422)
        assert words in text_of(page)


def test_a_provider_that_does_not_answer_is_told_plainly(site, session, now, machines):
    object.__setattr__(machines.settings.openid, "issuer", "http://127.0.0.1:9")
    page = site.open(START, expect=400)
    assert "sign in with your user name and password" in text_of(page)

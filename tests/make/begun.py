"""What people have begun and go on with: links in their mails, a password without its code, an identity not yet linked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import pyotp
import requests
from sqlalchemy.orm import Session

from app.domain.accounts import second_factor, sessions
from app.domain.accounts.access import Role, system
from app.domain.accounts.invitations import Invite, invite, make_link
from app.domain.accounts.models import Account
from app.domain.accounts.outside import link_identity
from app.domain.accounts.password_reset import ask_for_reset
from app.domain.program.settings import ChangeSetting, change_setting
from app.domain.providers.models import Location
from app.domain.recipients.joining.change_email import ask_to_confirm_email
from app.domain.recipients.joining.self_register import SelfRegister, ask_to_register
from app.domain.recipients.models import Recipient
from app.domain.reminders.choices import stop_token
from app.infra import clock
from app.infra.kept_mail import KeptMail, latest_mails
from app.jobs import worker  # noqa: F401 -- registers the composers, as the worker does
from app.jobs.deliver_mail import deliver_due
from tests.browserless import Site
from tests.every_form import Cookies, cookies_of
from tests.make.accounts import PASSWORD, account, administrator, manager
from tests.make.recipients import on_record


@dataclass(frozen=True)
class Visitor:
    """Somebody who walks through the `portals` from `starts` on, and tries every page not seen yet of those in `tries`.

    Who has no account comes with `cookies`, a machine with a `token`.
    """

    role: str
    portals: tuple[str, ...]
    account: Account | None = None
    cookies: Cookies = ()
    starts: Sequence[str] = ()
    token: str = ""
    tries: tuple[str, ...] = ()


_LINK = re.compile(r"http://cvms\.test(/[^\s>\"]*)")


def links_of_mails(site: Site, session: Session, ids: dict[str, Any]) -> list[str]:
    """Every address that the mails of this world name, and three more that wait to be followed."""
    now = clock.now()
    mapped = account(session, Role.HELP_DESK_REQUESTER, realm="helpdesk", name="known", email="known@example.org")
    offer = Invite(Role.RECIPIENT, ids["recipient_id"], "new@example.org", "Maria", "Other", "recipient")
    invite(session, system("test"), offer, now=now)
    again = Invite(
        Role.LOCATION_MANAGER, ids["location_id"], mapped.email or "", mapped.first_name, mapped.last_name, "provider"
    )
    invite(session, system("test"), again, now=now)
    old = invite(
        session, system("test"), Invite(Role.STATE_STAFF, None, "late@state.example", "Lee", "Late", "state"), now=now
    )
    expired = make_link(session, "invitation", now=now - timedelta(days=400), invitation_id=old.id)
    ask_for_reset(session, "helpdesk", "known", now=now)
    _registrations(session)
    session.commit()
    told = _addresses(site, session)
    stop = f"/recipient/reminders/stop/{stop_token(ids['recipient_id'])}"
    return [*told, stop, f"/account/invitations/{expired}/renew", f"/account/invitations/{expired}"]


def _registrations(session: Session) -> None:
    """Somebody new, and somebody who is on record with another address; each is asked by mail."""
    now = clock.now()
    change_setting(
        session, system("test"), ChangeSetting("self_registration_open", "yes", now.date() - timedelta(days=9)), now=now
    )
    session.commit()
    known = on_record(
        session, ("Nora", "", "Nolan", "04/28/1950", "nora@example.net", "9195550177", "Raleigh", "27601")
    )
    ask_to_confirm_email(session, system("test"), session.get_one(Recipient, known.id), now=now)
    for first, last, email in (("Nina", "Novak", "nina@example.net"), ("Nora", "Nolan", "other.nora@example.net")):
        ask_to_register(session, SelfRegister(first, last, date(1950, 4, 28), email, "en", now.date()), now=now)
    session.commit()


def _addresses(site: Site, session: Session) -> list[str]:
    """As delivered. Two follow theirs to register: each is asked by mail whether they are somebody on record."""
    session.commit()
    machines = site.app.extensions["cvms"]
    deliver_due(machines.database, machines.settings)
    for mail in _mails(site):
        if mail.to.startswith("other."):
            page = site.anonymous().open(_LINK.findall(mail.text)[0])
            site.submit(page, password=PASSWORD, again=PASSWORD)
    session.rollback()
    deliver_due(machines.database, machines.settings)
    return sorted({link.rstrip(".,)") for mail in _mails(site) for link in _LINK.findall(mail.text)})


def _mails(site: Site) -> list[KeptMail]:
    with site.app.extensions["cvms"].database.reading() as session:
        return latest_mails(session, limit=500)


def half_signed_in(site: Site, session: Session) -> list[Visitor]:
    """Browsers of people who owe a code, who must set an app up, and who have just done so."""
    now, made = clock.now(), []
    for waits, start in (("code", ""), ("set_up", "/set-up"), ("", "/codes"), ("", "/codes.txt")):
        one = administrator(session)
        second_factor.prepare(session, one, now=now)
        if waits != "set_up":
            _, secret = second_factor.address_for_app(session, one, name="x", issuer="x", now=now) or ("", "")
            second_factor.confirm(session, one, pyotp.TOTP(secret).at(now), now=now)
        token = sessions.start_session(session, one.id, device="test", now=now, waits_for=waits)
        session.commit()
        starts = (f"/account/second-factor{start}", "/account/")
        made.append(
            Visitor(f"who owes {waits or 'nothing'}", ("account",), cookies=_with_token(site, token), starts=starts)
        )
    return made


def _with_token(site: Site, token: str) -> Cookies:
    browser = site.anonymous().client
    with browser.session_transaction() as cookie:
        cookie["_user_id"] = token
    return cookies_of(browser)


def come_from_outside(site: Site, session: Session, clinic: Location) -> list[Visitor]:
    """Somebody known to an outside identity provider: away to it, back from it, and one whose identity is linked."""
    provider = site.app.extensions["cvms"].settings.openid
    if provider is None:
        return []
    known = manager(session, clinic)
    link_identity(session, known, provider.issuer, "linked", now=clock.now())
    session.commit()
    requests.put(f"{provider.issuer}/users/ncid", json={"preferred_username": "ncid"}, timeout=5).raise_for_status()
    asked = site.sign_in(manager(session, clinic)).client.get("/account/outside/provider").headers["Location"]
    answer = requests.post(asked, data={"sub": "ncid"}, allow_redirects=False, timeout=5)
    back = urlsplit(answer.headers["Location"])
    return [
        Visitor("whose identity is linked", ("account",), known, starts=("/account/",)),
        Visitor(
            "back from outside", ("account",), cookies=cookies_of(site.client),
            starts=(f"{back.path}?{back.query}", "/account/outside/provider"),
        ),
    ]  # fmt: skip

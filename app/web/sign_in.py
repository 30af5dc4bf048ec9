"""Who is signed in: Flask-Login keeps a random token in the cookie, the row behind it says whether it still counts."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from flask import Flask, Response, g, request, url_for
from flask import session as cookie
from flask_login import LoginManager, UserMixin, login_user, logout_user

from app.domain.accounts import second_factor, sessions
from app.domain.accounts.access import Role
from app.domain.program.settings import SECOND_FACTOR_ROLES, value_of
from app.domain.reminders.follow_language import follow_language
from app.web import context, languages
from app.web.answers import go

if TYPE_CHECKING:
    from app.domain.accounts.models import Account

log = structlog.get_logger()

OUTSIDE = "outside"
"""Where the cookie holds an outside identity that belongs to no account yet: it outlives the sign-in that follows."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody whose password was right and who has not shown the second factor. `waits_for`: code or set_up."""

    account: "Account"
    waits_for: str


class SignedIn(UserMixin):
    """What Flask-Login holds: the token, nothing about the person."""

    def __init__(self, token: str) -> None:
        self.token = token

    def get_id(self) -> str:
        """The token that goes into the cookie."""
        return self.token


def install(app: Flask) -> None:
    """Load the person before each request."""
    manager = LoginManager()
    manager.session_protection = None
    manager.init_app(app)
    manager.user_loader(SignedIn)
    app.before_request(load_person)


def load_person() -> Response | None:
    """Put the account and the actor of a live session into the request.

    A session that waits for its second factor opens public pages only. Whoever has a temporary password chooses another
    one before anything else.
    """
    token = cookie.get("_user_id")
    if not token or request.endpoint is None:
        return None
    settings, now = context.settings(), context.now()
    behind = sessions.find_session(
        context.db(), str(token), idle=timedelta(seconds=settings.session_idle_seconds),
        longest=timedelta(seconds=settings.session_longest_seconds), now=now,
    )  # fmt: skip
    if behind is None:
        logout_user()
        g.session_lost = True
        return None
    found, account = behind
    if found.waits_for:
        g.waiting = Waiting(account, found.waits_for)
        return None
    g.account, g.actor, g.signed_in_at = account, sessions.actor_of(account, now=now), found.started_at
    parts, session_id, seen_at = context.database(), found.id, found.seen_at
    context.afterwards(lambda: sessions.touch_session(parts, session_id, seen_at, now=now))
    if account.password_is_temporary and request.endpoint not in WITH_TEMPORARY_PASSWORD:
        return go(url_for("account.change_password"))
    return None


WITH_TEMPORARY_PASSWORD = frozenset({"account.change_password", "account.choose_language", "account.sign_out", "static"})


def demanding_roles() -> frozenset[Role]:
    """The roles whose holders must use a second factor here."""
    if not context.settings().demands_second_factor:
        return frozenset()
    return frozenset(Role(name) for name in value_of(context.db(), SECOND_FACTOR_ROLES, today=context.today()))


def waiting() -> Waiting | None:
    """Who has shown a password in this browser and owes the second factor."""
    return g.get("waiting")


def sign_in(account: "Account", *, new: bool = False, passed: bool = False) -> None:
    """Begin a session for this browser. What was in the cookie before is thrown away.

    Unless the second factor was `passed`, the session waits for it where the account has one or a role demands one.
    A language that was chosen before is taken along; `new`, an account whose password was chosen on this page, speaks as the page does.
    """
    language = cookie.get("language") or (languages.current() if new else None)
    session, now = context.db(), context.now()
    waits = "" if passed else second_factor.what_sign_in_waits_for(
        session, account, demanding=demanding_roles(), now=now
    )  # fmt: skip
    token = sessions.start_session(
        session, account.id, device=request.headers.get("User-Agent", ""), now=now, waits_for=waits
    )
    log.info("sign_in.began", account=str(account.id), waits=waits or "no")
    arrived = cookie.get(OUTSIDE)
    cookie.clear()
    cookie.permanent = False
    cookie.update({OUTSIDE: arrived} if arrived else {})
    login_user(SignedIn(token))
    if waits:
        if waits == "set_up":
            second_factor.prepare(session, account, now=now)
        g.waiting = Waiting(account, waits)
        cookie.update({"language": language} if language else {})
        return
    g.pop("waiting", None)
    g.account = sessions.load_account(session, account.id)
    g.actor = sessions.actor_of(g.account, now=now)
    if language and language != g.account.language:
        follow_language(session, g.actor, language, now=now)
    # Also where nobody is known, as on a page that is not here, it is the language of whoever sits there.
    cookie["seen_in"] = language or g.account.language


def sign_out() -> None:
    """End this browser's session."""
    token = cookie.get("_user_id")
    if token:
        sessions.end_session(context.db(), str(token), now=context.now())
    language = languages.current()
    logout_user()
    cookie.clear()
    cookie["seen_in"] = language
    for known in ("account", "actor", "waiting"):
        g.pop(known, None)

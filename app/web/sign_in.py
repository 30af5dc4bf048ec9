"""Who is signed in: Flask-Login keeps a random token in the cookie, the row behind it says whether it still counts."""

from datetime import timedelta
from typing import Any

from flask import Flask, Response, g, request, url_for
from flask import session as cookie
from flask_login import LoginManager, UserMixin, login_user, logout_user

from app.domain.accounts import sessions
from app.domain.reminders.follow_language import follow_language
from app.web import context, languages
from app.web.answers import go


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

    Whoever has a temporary password chooses another one before anything else.
    """
    token = cookie.get("_user_id")
    if not token or request.endpoint is None:
        return None
    settings, now = context.settings(), context.now()
    found = sessions.find_session(
        context.db(), str(token), idle=timedelta(seconds=settings.session_idle_seconds),
        longest=timedelta(seconds=settings.session_longest_seconds), now=now,
    )  # fmt: skip
    account = sessions.load_account(context.db(), found.account_id) if found else None
    if found is None or account is None:
        logout_user()
        g.session_lost = True
        return None
    g.account, g.actor = account, sessions.actor_of(account, now=now)
    parts, session_id, seen_at = context.database(), found.id, found.seen_at
    context.afterwards(lambda: sessions.touch_session(parts, session_id, seen_at, now=now))
    if account.password_is_temporary and request.endpoint not in WITH_TEMPORARY_PASSWORD:
        return go(url_for("account.change_password"))
    return None


WITH_TEMPORARY_PASSWORD = frozenset({"account.change_password", "account.choose_language", "account.sign_out", "static"})


def sign_in(account: Any, *, new: bool = False) -> None:
    """Begin a session for this browser. What was in the cookie before is thrown away.

    A language that was chosen before is taken along; `new`, an account made on this page, speaks as the page does.
    """
    language = cookie.get("language") or (languages.current() if new else None)
    token = sessions.start_session(
        context.db(), account.id, device=request.headers.get("User-Agent", ""), now=context.now()
    )
    cookie.clear()
    cookie.permanent = False
    login_user(SignedIn(token))
    g.account = sessions.load_account(context.db(), account.id)
    g.actor = sessions.actor_of(g.account, now=context.now())
    if language and language != g.account.language:
        follow_language(context.db(), g.actor, language, now=context.now())


def sign_out() -> None:
    """End this browser's session."""
    token = cookie.get("_user_id")
    if token:
        sessions.end_session(context.db(), str(token), now=context.now())
    language = languages.current()
    logout_user()
    cookie.clear()
    cookie["seen_in"] = language
    g.pop("account", None)
    g.pop("actor", None)

"""In which language a page speaks, and the switch that every page of a recipient carries.

Whoever is signed in has a language; others have what they chose in this browser (`?lang=` in a link of ours, or the
switch), and before that what the browser asks for. The portals of staff speak English only.
"""

from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from babel import Locale
from flask import Flask, current_app, request, url_for
from flask import session as cookie
from flask_babel import get_locale, get_translations, gettext
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from app.web import context
from app.web.answers import page_of_form

SOURCE = "en"
LANGUAGES = {"en": "English", "es": "Español"}
_BILINGUAL = frozenset({None, "front", "account", "recipient", "helpdesk"})
_SHARED_SCREEN = "kiosk"
_ENGLISH_PLACES = ("/help/desk", "/components", "/.well-known/")
# How days and hours are written where we are: 3:00 p. m., not 15:00.
_WRITTEN_AS = {"en": Locale("en"), "es": Locale("es", "US")}


class Switch(NamedTuple):
    """The other language as the header offers it: its code, its own name, and the page on which the reader stays."""

    code: str
    name: str
    back: str


def install(app: Flask) -> None:
    """Remember the language of a link before the page is made; sentences in templates are text, whoever wrote them."""
    app.before_request(_remember_link)
    app.jinja_env.globals.update(gettext=_said, ngettext=_said_of_many)


@pass_eval_context
def _said(where: EvalContext, sentence: str, **values: Any) -> str:
    """`_("…")` of a template. Jinja's own takes every sentence for markup, also a name that is data: `_(team.name)`."""
    text = str(gettext(sentence))
    said = escape(text) if where.autoescape else text
    return said % values if values else said


@pass_eval_context
def _said_of_many(where: EvalContext, one: str, many: str, num: int, **values: Any) -> str:
    """`ngettext` of a template, escaped as well."""
    text = str(get_translations().ungettext(one, many, num))
    return (escape(text) if where.autoescape else text) % {"num": num, **values}


def select() -> str:
    """The code of the language of this request. A shared screen remembers none: the next person may speak another."""
    if request.blueprint == _SHARED_SCREEN:
        asked = request.args.get("lang", SOURCE)
        return asked if asked in LANGUAGES else SOURCE
    account = context.find_account()
    if not speaks_all():
        return SOURCE
    known = (account.language,) if account else (cookie.get("language"), cookie.get("seen_in"))
    found = next((code for code in known if code in LANGUAGES), None)
    return found or request.accept_languages.best_match(LANGUAGES, SOURCE) or SOURCE


def current() -> str:
    """The code of the language in which the page is being made."""
    return str(get_locale() or SOURCE)


def written() -> Locale:
    """How days, hours and numbers are written in the page's language."""
    return _WRITTEN_AS.get(current(), _WRITTEN_AS[SOURCE])


def speaks_all() -> bool:
    """True on pages that exist in every language."""
    return request.blueprint in _BILINGUAL and not request.path.startswith(_ENGLISH_PLACES)


def switch() -> Switch | None:
    """The way to the other language; None on pages that have only one."""
    if not speaks_all():
        return None
    code = next(code for code in LANGUAGES if code != current())
    return Switch(code, LANGUAGES[code], _address_of_page())


def page_at(url: str) -> str:
    """The local address, or the front door where it leads to no page that can simply be opened."""
    try:
        current_app.url_map.bind("").match(urlsplit(url).path, method="GET")
    except HTTPException:
        return url_for("front.home")
    return url


def _address_of_page() -> str:
    """This page as it was asked for; for the answer to a form without a page of its own, the page of that form."""
    address = urlsplit(page_of_form())
    if not address.path:
        return url_for("front.home")
    asked = [pair for pair in parse_qsl(address.query, keep_blank_values=True) if pair[0] != "lang"]
    return f"{address.path}?{urlencode(asked)}".rstrip("?")


def _remember_link() -> None:
    code = request.args.get("lang")
    if code in LANGUAGES and request.method == "GET" and context.find_account() is None and speaks_all():
        cookie["language"] = code

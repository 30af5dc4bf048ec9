"""While the program rests, every page can be read and nothing can be changed: a form is answered with a page that keeps what
was typed, to be copied or sent again later.

What was typed goes nowhere but into that page: not into the database, which must not change, and not into an address.
"""

from collections.abc import Collection
from dataclasses import dataclass

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import validate_csrf
from wtforms.validators import ValidationError

from app.domain.program.notices.current import Rest
from app.web import context, languages
from app.web.notice_words import rest_words
from app.web.resume import is_secret

OPEN = frozenset(
    {
        *("account.sign_in", "account.sign_out", "account.sign_out_everywhere", "account.choose_language"),
        *("state.read_only", "state.new_notice", "state.cancel_notice"),
        *("provider.recipients", "provider.stock_history", "provider.clinic_day", "provider.find_right_person"),
        *("organization.people", "front.proof_page", "helpdesk.find_case"),
        *("state.people", "state.users", "state.access_log", "state.choose_other"),
    }
)
"""Signing in and out, ending the rest, and searches, which are sent by POST so that no name stands in an address."""
SIGNING_IN = ("account.second_factor",)
_UNSEEN = frozenset({"csrf_token", "request_key"})
_TECHNICAL = frozenset({"version", "seen", "go", "next", "kept", "back", "press"})
_AT_LEAST, _UNKNOWN, _AT_MOST = 60, 600, 24 * 3600


@dataclass(frozen=True, slots=True)
class Typed:
    """What came with a refused form. `fields` go with it when it is sent again, `lines` are to be read and copied.

    `whole`: sending these fields is sending the form; a password or a file does not come back.
    """

    fields: list[tuple[str, str]]
    lines: list[str]
    whole: bool


def install(app: Flask) -> None:
    """Look before each form. After the person is known: the page is in their language."""
    app.before_request(_refuse_while_resting)


def rest_now() -> Rest | None:
    """Whether the program rests at the moment of this request."""
    parts, now = context.machines(), context.now()
    return parts.announcements.standing(parts.database, now=now).rest(now)


def _refuse_while_resting() -> Response | None:
    endpoint = request.endpoint
    if request.method != "POST" or endpoint is None or endpoint in OPEN or endpoint.startswith(SIGNING_IN):
        return None
    rest = rest_now()
    if rest is None:
        return None
    context.let_go()
    rule = request.url_rule
    body = render_template(
        "errors/resting.html", words=rest_words(rest), typed=typed_in_form(), ours=is_ours(), send_to=request.full_path.rstrip("?"),
        back_url=request.path if rule is not None and "GET" in (rule.methods or ()) else None,
    )  # fmt: skip
    response = make_response(body, 503)
    response.headers["Retry-After"] = str(_seconds(rest))
    return response


def typed_in_form(*, but: Collection[str] = _UNSEEN) -> Typed:
    """The fields of the form that came; `but` those, which a form that is sent again gets anew."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in but]
    kept = [(name, value) for name, value in fields if not is_secret(name)]
    shown = [(name, value) for name, value in kept if name not in _TECHNICAL | _UNSEEN and value.strip()]
    named = languages.current() == languages.SOURCE  # the names of fields are English words
    lines = [f"{_word(name)}: {value}" if named else value for name, value in shown]
    files = any(file.filename for file in request.files.values())
    return Typed(kept, lines, whole=len(kept) == len(fields) and not files)


def _word(name: str) -> str:
    words = name.replace("__", " ").replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]


def is_ours() -> bool:
    """False for a form of somebody else's page, which must not be sent again in this person's name."""
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True


def _seconds(rest: Rest) -> int:
    if rest.until is None:
        return _UNKNOWN
    return min(_AT_MOST, max(_AT_LEAST, int((rest.until - context.now()).total_seconds()) + 1))

"""Words of the settings: fields, values, refusals."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.errors import Refusal
from app.domain.helpdesk.articles.write_article import ArticleChanged
from app.domain.helpdesk.errors import BadRequest
from app.domain.helpdesk.steering.history import DataChanged, Days, Past
from app.portals.helpdesk import wording
from app.web.filters import day as written_day
from app.web.forms import Form, add_error

LANGUAGES: dict[str, Any] = {"en": _l("English"), "es": _l("Spanish")}
KINDS: dict[str, Any] = {"answer": _l("Question and answer"), "guide": _l("Guide")}
FIELDS: dict[str, Any] = {
    "audience": _l("Audience"), "text": _l("Text"), "text_es": _l("Text in Spanish"), "first_day": _l("First day"),
    "last_day": _l("Last day"), "name": _l("Name"), "name_es": _l("Name in Spanish"),
    "position": _l("Place in the list"), "team": _l("Team"), "priority": _l("Priority"),
    "request_type": _l("Request type"), "language": _l("Language"),
    "first_reminder_days": _l("First reminder after days"), "second_reminder_days": _l("Second reminder after days"),
    "close_days": _l("Closed after days without an answer"), "reopen_days": _l("Can be opened again for days"),
    "link_days": _l("The link of a mail works for days"), "invited": _l("Invited"), "ended": _l("Ended"),
}  # fmt: skip
_FAULTS: dict[str, Any] = {
    "past": _l("This day is past, and what was is not rewritten. Choose today or a later day"),
    "before_first": _l("This is before the first day"),
    "last_one": _l("Each audience needs a request type without a last day. Make another one first"),
    "other_audience": _l("This type belongs to another audience. Choose one of the same audience"),
    "not_after": _l("Enter more days than in the field above"),
    "bad_user_name": _l("Use no spaces"),
    "invited": _l("This address is invited to the team already. The invitation waits to be accepted"),
    "bad_slug": _l("Use small letters, digits and hyphens, such as lot-is-hidden"),
    "bad_page": _l("There is no such page. Take its name from another article, or leave this empty"),
    "bad_link": _l(
        "A link in the text leads nowhere. Links to pages of ours are written page: and the name of the page, links to "
        "articles article: and the name of the article"
    ),
}


def tell(form: Form, refusal: Refusal) -> int:
    """Put a refusal beside its field; returns the status to answer with."""
    if isinstance(refusal, DataChanged | ArticleChanged):
        newest = refusal.seen if isinstance(refusal, DataChanged) else str(refusal.version)
        form["seen"].data = newest
        form.form_errors.append(
            _("Somebody else changed this meanwhile. See the history, then save again to keep what you typed.")
        )
        return 409
    assert isinstance(refusal, BadRequest)
    add_error(form[refusal.field], why(refusal))
    return 422


def why(refusal: BadRequest) -> str:
    """The sentence beside the field."""
    if refusal.fault == "out_of_range":
        return _("This is beyond what is sensible. The limit is %(limit)s", limit=refusal.limit)
    if refusal.fault == "taken":
        return _("There is one with this already. Choose another, or change that one")
    if refusal.fault in _FAULTS:
        return str(_FAULTS[refusal.fault])
    return wording.why(refusal)[1]


def audience(code: str) -> str:
    """Who sees it; everybody where none is named."""
    return str(wording.READERS[code]) if code else _("Everybody")


def days(period: Days) -> str:
    """From when to when."""
    if period.last is None:
        return _("From %(start)s on", start=written_day(period.first))
    return _("%(start)s to %(end)s", start=written_day(period.first), end=written_day(period.last))


def state(period: Days, today: date) -> tuple[str, str]:
    """Kind and word of a tag: does it hold today?"""
    if period.first > today:
        return "info", _("Coming")
    if period.last is not None and period.last < today:
        return "neutral", _("Over")
    return "success", _("Holds")


def details(change: Past) -> list[tuple[str, str, str]]:
    """The details of a change, named and worded."""
    return [
        (str(FIELDS.get(name, name)), _value(name, before), _value(name, after))
        for name, before, after in change.details
    ]


def _value(name: str, value: str) -> str:
    if name == "audience":
        return audience(value)
    if not value:
        return ""
    if name == "language":
        return str(LANGUAGES.get(value, value))
    if name in ("first_day", "last_day"):
        return written_day(date.fromisoformat(value))
    if name == "priority":
        return str(wording.PRIORITIES[int(value)])
    return value

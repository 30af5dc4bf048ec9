"""Announcements as banners, and the words for a program that rests."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.domain.program.notices.current import Announced, Rest, Standing
from app.web import languages
from app.web.filters import clock, day, moment


@dataclass(frozen=True, slots=True)
class Banner:
    """Something everybody on the page should know. kind: info, warning or error."""

    kind: str
    text: str
    title: str = ""


def banners_of(standing: Standing, portal: str, now: datetime) -> list[Banner]:
    """What stands above a page of the portal: that the program rests, and what is announced."""
    shown = standing.shown(portal, now)
    found = [banner_of(one, now) for one in shown]
    rest = standing.rest(now)
    if rest is not None and not any(one.rests(now) and rest.until == one.ends_at for one in shown):
        found.insert(0, Banner("warning", rest_words(rest), _("Nothing can be changed right now")))
    return found


def banner_of(notice: Any, now: datetime) -> Banner:
    """A notice, kept or announced, in the page's language where it was written in it."""
    spanish = languages.current() == "es"
    title, text = (notice.title_es or notice.title, notice.text_es or notice.text) if spanish else (notice.title, notice.text)
    if notice.kind != "downtime":
        return Banner("info", text, title)
    rests = [_("In that time everything can be read and nothing can be changed.")] if notice.read_only else []
    return Banner("warning", " ".join([text, *rests, _("When: %(span)s", span=span_of(notice))]), title)


def span_of(notice: Announced) -> str:
    """From when to when, the day named once where it is one day."""
    ends = clock(notice.ends_at) if day(notice.starts_at) == day(notice.ends_at) else moment(notice.ends_at)
    return _("%(start)s to %(end)s", start=moment(notice.starts_at), end=ends)


def rest_words(rest: Rest) -> str:
    """What can be done while the program rests."""
    if rest.until is None:
        return _("You can read everything. It will not take long; please try again in a few minutes.")
    return _("You can read everything. From %(moment)s on you can make changes again.", moment=moment(rest.until))

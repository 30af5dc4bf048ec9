"""What is announced now and later, a new notice with its preview, taking one back, and the program that rests."""

from typing import Any
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.errors import Conflict
from app.domain.program.notices import schedule
from app.domain.program.notices.read_only import SwitchReadOnly, list_switches, switch_read_only
from app.domain.program.notices.schedule import NoticeRefused
from app.domain.program.notices.tell import people_to_tell
from app.portals.state.notices.forms import WORDS, NoticeForm, SwitchForm
from app.portals.state.portal import portal
from app.web import context
from app.web.answers import done, show
from app.web.context import actor, db, now
from app.web.forms import Form, add_error
from app.web.notice_words import banner_of, span_of
from app.web.paging import Pager, after_from_request
from app.web.resting import rest_now

_MANAGE = Permission.MANAGE_NOTICES


@portal.page("/notices", needs=_MANAGE)
def notices() -> Response:
    """Whether the program rests, and everything that was ever announced, newest first."""
    return _list(SwitchForm())


def _list(form: SwitchForm) -> Response:
    context.machines().announcements.forget()  # whoever comes here to end a rest must see how it stands now
    found = schedule.list_notices(db(), actor(), after=after_from_request())
    return show(
        "state/notices/list.html", notices=found.items, pager=Pager(found), now=now(), where=_where, span_of=span_of,
        rest=rest_now(), switches=list_switches(db(), actor()), form=form,
    )  # fmt: skip


@portal.action("/notices/new", needs=_MANAGE)
def new_notice() -> Response:
    """Looked at first, and then announced."""
    form, preview, told = NoticeForm(), None, 0
    if form.submitted():
        try:
            command = form.command(context.settings().zone, now())
            preview = schedule.check_notice(command, now=now())
            if request.form.get("go") == "announce":
                schedule.schedule_notice(db(), actor(), command, now=now())
                _tell_everybody()
                return done(url_for("state.notices"), _("It is announced."))
            told = people_to_tell(db(), actor(), preview.portals, now=now()) if preview.mail_at else 0
            context.looked_only()
        except NoticeRefused as refusal:
            _say(form, refusal)
    return show(
        "state/notices/new.html", form=form, preview=preview, told=told, where=_where,
        banner=banner_of(preview, now()) if preview else None, spanish=_spanish(preview),
    )  # fmt: skip


@portal.action("/notices/<uuid:notice_id>", needs=_MANAGE)
def cancel_notice(notice_id: UUID) -> Response:
    """One notice, and the button that takes it back or ends it."""
    found, form = schedule.get_notice(db(), actor(), notice_id), Form()
    if form.submitted():
        try:
            schedule.cancel_notice(db(), actor(), notice_id, now=now())
        except Conflict:
            return done(url_for("state.notices"), _("It is over already."), "info")
        _tell_everybody()
        return done(url_for("state.notices"), _("It is taken back."))
    return show(
        "state/notices/notice.html", form=form, notice=found, now=now(), where=_where, span_of=span_of,
        banner=banner_of(found, now()), spanish=_spanish(found),
    )  # fmt: skip


@portal.action("/notices/read-only", needs=_MANAGE, methods=("POST",))
def read_only() -> Response:
    """Rest at once, or be back. To stop every portal takes a reason: one press on the wrong button does not do it."""
    form, on = SwitchForm(), request.form.get("on") == "yes"
    because = (form.because.data or "").strip()[:255]
    if on and not because:
        add_error(form.because, _("Say why. It stops the work in every portal at once"))
        return _list(form)
    switch_read_only(db(), actor(), SwitchReadOnly(on, because), now=now())
    _tell_everybody()
    return done(url_for("state.notices"), _("Nothing can be changed from now on.") if on else _("Changes can be made again."))


def _tell_everybody() -> None:
    """Pages of this process show it at once, and the mails are begun."""
    announcements = context.machines().announcements
    announcements.forget()
    context.afterwards(announcements.forget)
    context.wake("notices")


def _say(form: NoticeForm, refusal: NoticeRefused) -> None:
    """The mistake beside its field."""
    words = {
        "missing": _("Recipients see it: it is needed"),
        "order": _("It must end after it begins"),
        "past": _("This is over already"),
        "long": _("Announce 90 days at most"),
        "late": _("It must be shown before it begins"),
    }
    field = {"ends": form.ends_on, "shown": form.shown}.get(refusal.field) or form[refusal.field]
    add_error(field, _("Choose one portal at least") if refusal.field == "portals" else words[refusal.why])


def _where(notice: Any) -> str:
    """The portals in words."""
    return _("All portals") if len(notice.portals) == len(WORDS) else ", ".join(str(WORDS[one]) for one in notice.portals)


def _spanish(notice: object) -> tuple[str, str] | None:
    """Title and text in Spanish, where there are any."""
    found = (getattr(notice, "title_es", ""), getattr(notice, "text_es", ""))
    return found if all(found) else None

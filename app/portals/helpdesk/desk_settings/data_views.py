"""Lists and forms of the help desk's data, each with its history."""

from typing import Any
from uuid import UUID

from flask import Response, abort, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.helpdesk.errors import BadRequest
from app.domain.helpdesk.steering.history import DataChanged, history_of, mark_of
from app.portals.helpdesk.desk_settings import words
from app.portals.helpdesk.desk_settings.forms import DataForm
from app.portals.helpdesk.desk_settings.nouns import NOUNS, Noun
from app.portals.helpdesk.portal import portal
from app.web import context
from app.web.answers import done, show

MANAGE = Permission.MANAGE_HELP_DESK
_SETTINGS = "/desk/settings"


@portal.page(_SETTINGS, needs=MANAGE)
def desk_settings() -> Response:
    """What can be steered."""
    return show("helpdesk/desk_settings/home.html", nouns=NOUNS.values())


@portal.page(f"{_SETTINGS}/<noun>", needs=MANAGE)
def data_list(noun: str) -> Response:
    """All of one kind: what holds, what comes, what is over."""
    kind = _noun(noun)
    return show("helpdesk/desk_settings/list.html", noun=kind, rows=kind.rows(), words=words, today=context.today())


@portal.action(f"{_SETTINGS}/<noun>/new", needs=MANAGE)
def new_data(noun: str) -> Response:
    """Another one; a new decision about the clocks begins with what holds now."""
    kind = _noun(noun)
    known: dict[str, Any] = {}
    if noun == "clocks":
        holding = [row for row in kind.rows() if row.days.first <= context.today()]
        known = kind.fill(kind.get(holding[0].id)) if holding else {}
    return _edit(kind, None, kind.form(data={**known, "first_day": context.today()}))


@portal.action(f"{_SETTINGS}/<noun>/<uuid:data_id>", needs=MANAGE)
def one_of_data(noun: str, data_id: UUID) -> Response:
    """One: changing it, and what was changed before."""
    kind = _noun(noun)
    kept = kind.get(data_id)
    return _edit(kind, data_id, kind.form(data={**kind.fill(kept), "seen": mark_of(context.db(), data_id)}))


def _noun(code: str) -> Noun:
    return NOUNS.get(code) or abort(404)


def _edit(kind: Noun, data_id: UUID | None, form: DataForm) -> Response:
    kind.offer(form)
    for name in kind.fixed if data_id else ():
        del form[name]
    status = None
    if form.submitted():
        try:
            kept = kind.save(form, data_id)
        except (BadRequest, DataChanged) as refusal:
            context.db().rollback()
            status = words.tell(form, refusal)
        else:
            return done(url_for("helpdesk.one_of_data", noun=kind.code, data_id=kept.id), _("Saved."))
    return show(
        "helpdesk/desk_settings/edit.html", form=form, noun=kind, status=status, words=words, is_new=data_id is None,
        history=history_of(context.db(), data_id) if data_id else [],
    )  # fmt: skip

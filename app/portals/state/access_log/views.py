"""The access log: searched by person, user, period and kind, and taken along. Both are logged."""

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.oversight.access_log import Asked, find_person, find_user, search_log, who_is
from app.portals.state.access_log import export_views, wording
from app.portals.state.access_log.asking import arguments_of, asked_for, note
from app.portals.state.access_log.forms import LogSearch
from app.portals.state.portal import portal
from app.web.answers import show
from app.web.context import actor, db
from app.web.forms import add_error
from app.web.paging import Pager, after_from_request
from app.web.sealed import answer_at

__all__ = ["export_views"]

_NEEDS = Permission.VIEW_ACCESS_LOG


@portal.action("/access-log", needs=_NEEDS)
def access_log() -> Response:
    """Newest first, a page at a time. What was typed about a person stands in no address."""
    form = LogSearch()
    if form.submitted():
        target = _target(form)
        if target is not None:
            return answer_at(target)
    asked = asked_for()
    found = search_log(db(), actor(), asked, after=after_from_request())
    code, user = who_is(db(), actor(), asked)
    note(asked)
    return show(
        "state/access_log/list.html", fragment="list", form=form, lines=found.items, pager=Pager(found), words=wording,
        code=code, user=user, arguments=arguments_of(asked) | form.arguments(), narrowed=asked != Asked(),
    )  # fmt: skip


def _target(form: LogSearch) -> str | None:
    """The address of the answer; None where nobody has the code or the name (the form says so)."""
    person = user = None
    if (form.person.data or "").strip():
        person = find_person(db(), actor(), form.person.data or "")
        if person is None:
            add_error(form.person, _("No record has this code"))
    if (form.user.data or "").strip():
        users = find_user(db(), actor(), form.user.data or "")
        user = users[0] if len(users) == 1 else None
        if not users:
            add_error(form.user, _("Nobody has exactly this user name or e-mail address"))
        elif user is None:
            add_error(form.user, _("Several users share this e-mail address. Enter the user name instead."))
    return None if form.errors else url_for("state.access_log", person=person, user=user, **form.arguments())

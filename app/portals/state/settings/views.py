"""Every setting as it stands today, and one setting: its new value and its history."""

from flask import Response, abort, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.program.settings import (
    KEYS,
    BadValue,
    ChangeSetting,
    change_setting,
    history_of,
    list_settings,
)
from app.portals.state.portal import portal
from app.portals.state.settings.forms import form_for
from app.portals.state.settings.wording import value_words
from app.web.answers import done, show
from app.web.context import actor, db, now, today
from app.web.forms import add_error

_CHANGE = Permission.CHANGE_SETTINGS


@portal.page("/settings", needs=_CHANGE)
def settings_page() -> Response:
    """All settings of the program."""
    return show("state/settings/list.html", settings=list_settings(db(), actor(), today=today()), words=value_words)


@portal.action("/settings/<name>", needs=_CHANGE)
def setting_page(name: str) -> Response:
    """One setting. A value for a later day waits until that day."""
    if name not in KEYS:
        abort(404)
    key = KEYS[name]
    standing = next(one for one in list_settings(db(), actor(), today=today()) if one.key.name == name)
    form = form_for(key, standing.value, day=today())
    if form.submitted() and form.day.data:
        if form.day.data < today():
            add_error(form.day, _("This day is past. A change holds from today on or later"))
        else:
            try:
                change_setting(db(), actor(), ChangeSetting(name, form.text, form.day.data), now=now())
            except BadValue as refusal:
                add_error(form.value, _("Enter %(what)s", what=_(refusal.expected)))
            else:
                return done(url_for("state.settings_page"), _("The setting is changed."))
    return show(
        "state/settings/setting.html", form=form, key=key, standing=standing,
        history=history_of(db(), actor(), name), words=value_words,
    )  # fmt: skip

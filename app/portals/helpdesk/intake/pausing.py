"""Pause: a request that somebody who is signed in puts aside, kept encrypted until they go on or begin anew."""

from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from flask import Response, g, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.domain.drafts import drafts
from app.domain.helpdesk.lists import AUDIENCES
from app.web import context
from app.web.answers import done

if TYPE_CHECKING:
    from uuid import UUID

    from app.domain.drafts.models import Draft

KIND = "help request"
_NOT_KEPT = {"csrf_token", "request_key", "website", "go"}


def kept(audience: str) -> "Draft | None":
    """What was put aside of a request of this audience."""
    account = context.find_account()
    return drafts.find_draft(context.db(), account.id, KIND, _subject(audience)) if account else None


def all_kept() -> list[tuple[str, "Draft"]]:
    """Every request that was put aside, with its audience."""
    subjects = {_subject(audience): audience for audience in AUDIENCES}
    found = drafts.paused_drafts(context.db(), context.account().id)
    return [(subjects[draft.subject_id], draft) for draft in found if draft.kind == KIND and draft.subject_id in subjects]


def take_up(aside: "Draft | None") -> dict[str, Any]:
    """For the form: what was typed before the pause, unless something else was sent or is brought back."""
    if aside is None or request.method == "POST" or request.args.get("resume") == "1":
        return {}
    return {"formdata": MultiDict([(str(name), str(value)) for name, value in aside.data["fields"]])}


def turn(audience: str) -> Response | None:
    """Pause, or begin anew, where one of these buttons was pressed; nothing is looked at before it is kept."""
    account, act = context.find_account(), request.form.get("go")
    if account is None or act not in ("pause", "forget") or g.get("csrf_failed"):
        return None
    if act == "forget":
        forget(audience)
        return done(url_for("helpdesk.intake", audience=audience))
    fields = [[name, value] for name, value in request.form.items(multi=True) if name not in _NOT_KEPT]
    drafts.save_draft(
        context.db(), account.id, KIND, _subject(audience), "", {"fields": fields}, now=context.now(), paused=True
    )
    return done(
        url_for("helpdesk.my_cases"), _("Your request is paused. What you typed is kept; files are chosen when you go on.")
    )


def forget(audience: str) -> None:
    """It was sent, or is begun anew."""
    account = context.find_account()
    if account is not None:
        drafts.drop_draft(context.db(), account.id, KIND, _subject(audience))


def _subject(audience: str) -> "UUID":
    return uuid5(NAMESPACE_URL, f"help/{audience}")

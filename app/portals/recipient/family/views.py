"""People I act for: add a child, open the record, agree to vaccination, stop."""

from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.errors import Conflict, NotFound
from app.domain.recipients.guardians import errors
from app.domain.recipients.guardians.add_dependant import AddDependant, add_dependant
from app.domain.recipients.guardians.decide import EndGuardianship, end_guardianship, set_consent
from app.domain.recipients.guardians.queries import Dependant, dependants_of
from app.portals.recipient.family.forms import RELATIONS, AddForm, EndForm
from app.portals.recipient.portal import portal
from app.web import context
from app.web.answers import done, show
from app.web.context import actor, db, now
from app.web.forms import add_error

_ACT = Permission.ACT_FOR_OTHERS


@portal.page("/<uuid:recipient_id>/family", needs=_ACT)
def family(recipient_id: UUID) -> Response:
    """Everybody whom I act for."""
    people = dependants_of(db(), actor(), now=now())
    return show("recipient/family/list.html", place=recipient_id, people=people, relations=RELATIONS)


@portal.action("/<uuid:recipient_id>/family/add", needs=_ACT)
def add_to_family(recipient_id: UUID) -> Response:
    """Add a child to act for."""
    form = AddForm()
    if form.submitted():
        command = AddDependant(
            recipient_id, form.first_name.data or "", form.last_name.data or "", form.birth_date.data,
            form.relation.data, form.consent.data,
        )  # fmt: skip
        if _added(form, command):
            return done(
                url_for("recipient.family", recipient_id=recipient_id),
                _("You can act for your child from now on. Please register the child next."),
            )
    return show("recipient/family/add.html", form=form, place=recipient_id)


@portal.action("/<uuid:recipient_id>/family/<uuid:guardianship_id>/consent", needs=_ACT, methods=("POST",))
def consent(recipient_id: UUID, guardianship_id: UUID) -> Response:
    """Agree to vaccination, or take that back."""
    given = request.form.get("given") == "yes"
    back = url_for("recipient.family", recipient_id=recipient_id)
    try:
        set_consent(db(), actor(), guardianship_id, given=given, now=now())
    except Conflict:
        return done(back, _("You do not act for this person any more."), "info")
    return done(
        back, _("Thank you. The clinic sees that you agree.") if given else _("You have taken your consent back.")
    )


@portal.action("/<uuid:recipient_id>/family/<uuid:guardianship_id>/end", needs=_ACT)
def leave_family(recipient_id: UUID, guardianship_id: UUID) -> Response:
    """I do not act for this person any more."""
    back = url_for("recipient.family", recipient_id=recipient_id)
    one, form = _one(guardianship_id), EndForm()
    if form.submitted():
        end_guardianship(db(), actor(), EndGuardianship(guardianship_id), now=now())
        return done(back, _("You do not act for this person any more."))
    return show("recipient/family/end.html", form=form, place=recipient_id, one=one, back=back)


def _one(guardianship_id: UUID) -> Dependant:
    for one in dependants_of(db(), actor(), now=now()):
        if one.guardianship.id == guardianship_id:
            return one
    raise NotFound


def _added(form: AddForm, command: AddDependant) -> bool:
    """True when the child was added; else what to mend stands beside its field."""
    try:
        add_dependant(db(), actor(), command, zone=context.settings().zone, now=now())
    except errors.NotAMinor:
        told = _(
            "Here you can add people below 18 only. Adults have an account of their own: please ask them to register"
        )
        add_error(form.birth_date, told)
    except errors.GuardianTooYoung:
        add_error(form.right, _("You must be 18 or older to act for a child"))
    except errors.UnclearName as refusal:
        add_error(form[refusal.field], _("Use letters, hyphens, apostrophes and spaces only, as in the legal name"))
    except errors.TooManyDependants:
        add_error(form.right, _("You have added many children today. Please call us to add more"))
    else:
        return True
    return False

"""The state invites an organization to enroll: its future administrator gets a mail with a link."""

from typing import Any

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.accounts.access import Permission
from app.domain.enrollment.errors import FieldsRefused
from app.domain.enrollment.start_enrollment import StartEnrollment, invite_organization
from app.portals.state.portal import portal
from app.web import context
from app.web.answers import done, show
from app.web.forms import Form, add_error
from app.web.organization_form import email_field, text_field


class InviteForm(Form):
    """Who will be the Organization Administrator."""

    first_name: Any = text_field(_l("First name"), 40, required=_l("Enter the first name"))
    last_name: Any = text_field(_l("Last name"), 80, required=_l("Enter the last name"))
    email: Any = email_field()


@portal.action("/enrollments/invite", needs=Permission.REVIEW_ENROLLMENTS)
def invite_enrollment() -> Response:
    """One form; the new enrollment then stands in the queue, at its first stage."""
    form = InviteForm()
    if form.submitted():
        names = ("first_name", "last_name", "email")
        command = StartEnrollment(**{name: str(form[name].data or "") for name in names})
        try:
            made = invite_organization(context.db(), context.actor(), command, now=context.now())
        except FieldsRefused as refused:
            for key in refused.reasons:
                name = key.removeprefix("administrator_")
                add_error(form[name], _wrong(name))
        else:
            context.wake("mail")
            url = url_for("state.enrollment", enrollment_id=made.id)
            return done(url, _("The invitation is on its way to %(email)s.", email=command.email.strip()))
    return show("state/enrollments/invite.html", form=form)


def _wrong(name: str) -> str:
    if name == "email":
        return _("Enter one complete e-mail address, such as name@example.org")
    return _("Enter a name as it is written, without web addresses and signs that cannot be seen")

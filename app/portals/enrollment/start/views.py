"""Before there is an enrollment: what it takes, registering, and choosing among several."""

from datetime import datetime

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts import attempts
from app.domain.accounts.access import Permission
from app.domain.accounts.names import fold_name
from app.domain.accounts.sessions import PER_NAME, WINDOW
from app.domain.enrollment import fields
from app.domain.enrollment.errors import FieldsRefused
from app.domain.enrollment.queries import my_enrollments
from app.domain.enrollment.start_enrollment import StartEnrollment, start_another, start_enrollment
from app.portals.enrollment.portal import portal
from app.portals.enrollment.questions import reason_text
from app.portals.enrollment.start.forms import EmptyForm, RegisterForm
from app.web import context
from app.web.answers import done, go, show
from app.web.enrollment_words import STAGES
from app.web.forms import add_error
from app.web.portal import PUBLIC, SIGNED_IN

MAILS_PER_BOX = 3
"""So many links within the window; more would flood somebody who never asked, and end the links sent before."""


@portal.page("/start", needs=PUBLIC)
def start() -> Response:
    """What enrolling takes, who takes part, and the two ways in."""
    return show("enrollment/start/start.html")


@portal.action("/register", needs=PUBLIC)
def register() -> Response:
    """An Organization Administrator registers. The next page is the same whether or not the address is known."""
    form = RegisterForm()
    if form.submitted():
        address, now, parts = context.client_address(), context.now(), context.database()
        blocked = attempts.blocked(context.db(), "register", address, limit=PER_NAME, within=WINDOW, now=now)
        context.afterwards(lambda: attempts.note(parts, "register", address, now=now))
        if blocked:
            form.form_errors.append(_("Too many tries. Please wait fifteen minutes, then try again."))
        elif _begin(form, now):
            context.wake("mail")
            return go(url_for("enrollment.look_into_mail"))
    return show("enrollment/start/register.html", form=form)


@portal.page("/look-into-your-mail", needs=PUBLIC)
def look_into_mail() -> Response:
    """Says that a link is on its way, and what to do when it does not come."""
    return show("enrollment/start/look_into_mail.html")


@portal.page("/", needs=SIGNED_IN)
def mine() -> Response:
    """The enrollments in which somebody has a part."""
    found = my_enrollments(context.db(), context.actor())
    may_begin = context.actor().anywhere(Permission.EDIT_SECTION_A)
    return show("enrollment/start/mine.html", enrollments=found, stages=STAGES, may_begin=may_begin)


@portal.action("/another", needs=Permission.EDIT_SECTION_A, methods=("POST",))
def another() -> Response:
    """An administrator begins one more enrollment in the account that they have."""
    if not EmptyForm().submitted():
        return go(url_for("enrollment.mine"))
    made = start_another(context.db(), context.actor(), now=context.now())
    url = url_for("enrollment.overview", enrollment_id=made.id)
    return done(url, _("A new enrollment is begun. Its code is %(code)s.", code=made.code))


def _begin(form: RegisterForm, now: datetime) -> bool:
    """False where something is wrong; a mailbox that was written to often enough gets no more, and no page tells."""
    parts, whose = context.database(), fold_name(form.email.data or "")
    if attempts.blocked(context.db(), "register-mail", whose, limit=MAILS_PER_BOX, within=WINDOW, now=now):
        return True
    names = ("first_name", "last_name", "email")
    try:
        command = StartEnrollment(**{name: str(form[name].data or "") for name in names})
        start_enrollment(context.db(), command, now=now)
    except FieldsRefused as refused:
        for key, reason in refused.reasons.items():
            add_error(form[key.removeprefix("administrator_")], reason_text(fields.OF_ENROLLMENT[key], reason))
        return False
    context.afterwards(lambda: attempts.note(parts, "register-mail", whose, now=now))
    return True

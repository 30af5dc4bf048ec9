"""The code of a sheet from a clinic sets a password; the user name is shown, to be noted on the sheet."""

from functools import partial

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts import attempts, invitations
from app.domain.accounts.sessions import PER_NAME, WINDOW
from app.domain.recipients.joining.access_codes import CodeUnknown, hash_code, use_access_code
from app.portals.account.access_code.forms import CodeForm
from app.portals.account.portal import portal
from app.portals.account.wording import weak_password_text
from app.web import context
from app.web import sign_in as signing
from app.web.answers import done, show
from app.web.forms import add_error
from app.web.portal import PUBLIC

PER_ADDRESS = 20


@portal.action("/recipient/code", needs=PUBLIC)
def access_code() -> Response:
    """Code, birth date and a new password, then straight in."""
    form = CodeForm()
    if form.submitted() and _may_try(form):
        typed, born = form.code.data or "", form.birth_date.data
        try:
            account = use_access_code(context.db(), typed, born, form.password.data or "", now=context.now())
        except invitations.WeakPassword as error:
            add_error(form.password, weak_password_text(error.unmet))
        except CodeUnknown:
            _note_failure(typed)
            form.form_errors.append(
                _(
                    "The code or the date of birth is not right, or the code is too old. Check both, or ask for a new code."
                )
            )
        else:
            signing.sign_in(account, new=True)
            context.wake("mail")
            name = invitations.sign_in_name_of(account, "recipient")
            target = url_for("account.start", realm="recipient")
            return done(target, _("Welcome. Your user name is %(name)s: please note it on your sheet.", name=name))
    return show("account/access_code/code.html", form=form)


def _may_try(form: CodeForm) -> bool:
    """A sheet that was lost works for weeks: its birth date cannot be found out by trying for as long."""
    blocked = partial(attempts.blocked, context.db(), "access-code", now=context.now())
    code = hash_code(form.code.data or "")
    if blocked(context.client_address(), limit=PER_ADDRESS, within=WINDOW):
        form.form_errors.append(_("Too many tries. Please wait fifteen minutes, or call the help line."))
        return False
    if blocked(code, limit=PER_NAME, within=attempts.KEPT):
        form.form_errors.append(
            _("This code was tried too often. Ask a clinic for a new one, call the help line, or try again tomorrow.")
        )
        return False
    return True


def _note_failure(typed: str) -> None:
    keys, parts, now = (context.client_address(), hash_code(typed)), context.database(), context.now()
    context.afterwards(lambda: attempts.note(parts, "access-code", *keys, now=now))

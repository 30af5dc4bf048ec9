"""REGISTER: user id and temporary password come by mail."""

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts import attempts
from app.domain.accounts.names import fold_name
from app.domain.accounts.sessions import PER_NAME, WINDOW
from app.domain.helpdesk.accept_terms import accept_terms, terms_to_agree
from app.domain.helpdesk.errors import BadRequest, WrongCode
from app.domain.helpdesk.register_requester import RegisterRequester, register_requester
from app.domain.program.terms import version_to_accept
from app.portals.helpdesk import wording
from app.portals.helpdesk.portal import portal
from app.portals.helpdesk.registration.forms import AgreeForm, RegisterForm
from app.web import context
from app.web.answers import done, go, show
from app.web.forms import add_error
from app.web.portal import PUBLIC, SIGNED_IN
from app.web.terms import terms_to_show

MAILS_PER_BOX = 3


@portal.action("/register", needs=PUBLIC)
def register() -> Response:
    """The form. The next page is the same whether or not the address is known."""
    form = RegisterForm()
    if form.submitted() and _register(form):
        return go(url_for("helpdesk.registered"))
    return show("helpdesk/registration/register.html", form=form)


@portal.page("/registered", needs=PUBLIC)
def registered() -> Response:
    """Now, check your email."""
    return show("helpdesk/registration/registered.html")


@portal.page("/terms", needs=PUBLIC)
def terms() -> Response:
    """What is agreed to when registering."""
    return show("helpdesk/registration/terms.html", **terms_to_show("helpdesk"))


@portal.action("/agree", needs=SIGNED_IN)
def agree() -> Response:
    """Newer terms, for whoever agreed to earlier ones."""
    asked = terms_to_agree(context.db(), context.account().id, context.today())
    if not asked:
        return go(url_for("helpdesk.my_cases"))
    form = AgreeForm()
    if form.submitted():
        try:
            accept_terms(
                context.db(), context.actor(), form.version.data or "", today=context.today(), now=context.now()
            )
            return done(url_for("helpdesk.my_cases"), _("Thank you. You have agreed to the terms."))
        except BadRequest:
            add_error(form.terms, _("The terms changed while you read. Please look at them once more."))
    form.version.data = asked
    return show("helpdesk/registration/agree.html", form=form, **terms_to_show("helpdesk"))


def _register(form: RegisterForm) -> bool:
    """False where something is to be mended. A mailbox that got enough mails gets no more, and no page tells."""
    address, now, parts = context.client_address(), context.now(), context.database()
    mailbox = fold_name(form.email.data or "")
    if attempts.blocked(context.db(), "help-register", address, limit=PER_NAME, within=WINDOW, now=now):
        form.form_errors.append(_("Too many tries. Please wait fifteen minutes, then try again."))
        return False
    context.afterwards(lambda: attempts.note(parts, "help-register", address, now=now))
    full = attempts.blocked(context.db(), "help-register-mail", mailbox, limit=MAILS_PER_BOX, within=WINDOW, now=now)
    if form.website.data or full:
        return True
    names = ("first_name", "last_name", "email", "code")
    terms = version_to_accept(context.db(), "helpdesk", context.today())
    try:
        command = RegisterRequester(**{name: str(form[name].data or "") for name in names}, terms=terms)
        register_requester(context.db(), command, now=now, terms=terms)
    except (BadRequest, WrongCode) as refusal:
        field, sentence = wording.why(refusal)
        add_error(form[field], sentence)
        return False
    context.afterwards(lambda: attempts.note(parts, "help-register-mail", mailbox, now=now))
    context.wake("mail")
    return True

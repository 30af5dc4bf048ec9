"""Anybody registers when the state has opened it; the pages are the same whoever is on record already."""

from functools import partial

from flask import Response, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.domain.accounts import attempts, invitations, sessions
from app.domain.accounts.access import Actor
from app.domain.accounts.names import fold_name
from app.domain.errors import Refusal
from app.domain.recipients.joining import change_email, decide_likeness, self_register
from app.portals.account.forms import EmptyForm, NewPasswordForm
from app.portals.account.portal import portal
from app.portals.account.registering.forms import RegisterForm, SamePersonForm
from app.portals.account.sent_again import signed_in_again
from app.portals.account.wording import weak_password_text
from app.web import context
from app.web import sign_in as signing
from app.web.answers import apology, done, go, show
from app.web.forms import add_error
from app.web.portal import PUBLIC

PER_ADDRESS = 20
MAILS_PER_BOX_AND_DAY = 6


@portal.action("/recipient/register", needs=PUBLIC)
def register() -> Response:
    """Name, birth date and e-mail; what follows is always the same page."""
    if not self_register.is_open(context.db(), today=context.today()):
        return show("account/registering/closed.html")
    form = RegisterForm()
    if form.submitted() and _ask(form):
        return go(url_for("account.registering_mail"))
    return show("account/registering/register.html", form=form)


@portal.page("/recipient/register/check-your-email", needs=PUBLIC)
def registering_mail() -> Response:
    """Now, check your email."""
    return show("account/registering/check_your_email.html")


@portal.action("/recipient/register/<token>", needs=PUBLIC)
def confirm_registration(token: str) -> Response:
    """The mail's link: the address is confirmed, a password is chosen, and the questions begin."""
    session, now = context.db(), context.now()
    try:
        asked, link = self_register.open_registration(session, token, now=now)
    except Refusal as refusal:
        return signed_in_again(self_register.PURPOSE, token) or _no_use(refusal)
    form = NewPasswordForm()
    if form.submitted():
        try:
            account = self_register.complete_self_registration(session, asked, link, form.password.data or "", now=now)
        except invitations.WeakPassword as error:
            add_error(form.password, weak_password_text(error.unmet))
        except (invitations.LinkUsed, self_register.KnownAlready) as refusal:
            return _no_use(refusal)
        else:
            signing.sign_in(account, new=True)
            context.wake("mail")
            name = invitations.sign_in_name_of(account, "recipient")
            target = url_for("account.start", realm="recipient")
            return done(target, _("Welcome. Your user name is %(name)s: please note it.", name=name))
    return show("account/registering/password.html", form=form, asked=asked)


@portal.action("/recipient/same-person/<token>", needs=PUBLIC)
def same_person(token: str) -> Response:
    """Whoever reads the mailbox on record says that the new registration is theirs, too."""
    session, now = context.db(), context.now()
    try:
        likeness, link = decide_likeness.open_likeness(session, token, now=now)
    except Refusal as refusal:
        return _no_use(refusal)
    form = SamePersonForm()
    if form.submitted() and _knows_birth_date(form, likeness):
        whoever = Actor(kind="link", id=link.id)
        decide_likeness.confirm_one_person(session, likeness, link, today=context.today(), now=now, actor=whoever)
        target = url_for("account.sign_in", realm="recipient")
        return done(target, _("Thank you. Both are one record now: sign in with the user name of either."))
    return show("account/registering/same_person.html", form=form, email=likeness.asked.email)


@portal.action("/recipient/confirm-email/<token>", needs=PUBLIC)
def confirm_new_email(token: str) -> Response:
    """The link of the mail to a new address: it counts from now on."""
    session, now = context.db(), context.now()
    try:
        change, link = change_email.open_change(session, token, now=now)
    except Refusal as refusal:
        return _no_use(refusal)
    form = EmptyForm()
    if form.submitted():
        change_email.confirm_email(session, change, link, now=now)
        return done(url_for("account.start", realm="recipient"), _("Thank you. From now on we write to this address."))
    return show("account/registering/confirm_email.html", form=form, email=change.email)


def _ask(form: RegisterForm) -> bool:
    """Keep it and send the mail. A mailbox that got enough mails gets no more, and no page tells."""
    session, now, parts = context.db(), context.now(), context.database()
    whence, whose = context.client_address(), fold_name(form.email.data or "")
    blocked = partial(attempts.blocked, session, now=now)
    too_many = blocked("self-register", whence, limit=PER_ADDRESS, within=sessions.WINDOW)
    enough = blocked("self-register-mail", whose, limit=MAILS_PER_BOX_AND_DAY, within=attempts.KEPT)
    context.afterwards(lambda: attempts.note(parts, "self-register", whence, now=now))
    if too_many:
        form.form_errors.append(_("Too many tries. Please wait fifteen minutes, then try again."))
        return False
    context.afterwards(lambda: attempts.note(parts, "self-register-mail", whose, now=now))
    if not enough:
        language = "es" if str(get_locale()).startswith("es") else "en"
        command = self_register.SelfRegister(
            form.first_name.data or "",
            form.last_name.data or "",
            form.birth_date.data,
            whose,
            context.today(),
            language,
        )
        self_register.ask_to_register(session, command, now=now)
        context.wake("mail")
    return True


def _knows_birth_date(form: SamePersonForm, likeness: decide_likeness.Likeness) -> bool:
    key, now, parts = str(likeness.asked.id), context.now(), context.database()
    if attempts.blocked(context.db(), "claim", key, limit=sessions.PER_NAME, within=attempts.KEPT, now=now):
        form.form_errors.append(_("Too many tries. Please try again tomorrow, or call the help line."))
        return False
    if form.birth_date.data == likeness.on_file.birth_date:
        return True
    context.afterwards(lambda: attempts.note(parts, "claim", key, now=now))
    add_error(form.birth_date, _("This is not the date of birth we have. Check it, or call the help line."))
    return False


def _no_use(refusal: Refusal) -> Response:
    sign_in = url_for("account.sign_in", realm="recipient")
    if isinstance(refusal, invitations.LinkUsed | self_register.KnownAlready):
        return apology(404, _("This link was used already"),
                       _("You have an account: sign in with your user name and password."), back_url=sign_in)  # fmt: skip
    if isinstance(refusal, invitations.LinkExpired):
        return apology(404, _("This link is too old"),
                       _("Register again: it takes a minute, and a fresh link is sent to you."),
                       back_url=url_for("account.register"))  # fmt: skip
    return apology(404, _("We do not know this link"),
                   _("Perhaps it was cut in two by your mail program. Copy the whole link from the mail."))  # fmt: skip

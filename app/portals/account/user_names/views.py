"""A user name is asked for by e-mail; the answer is the same page whatever is found."""

from functools import partial

from flask import Response, abort, url_for
from flask_babel import gettext as _

from app.domain.accounts import attempts
from app.domain.accounts.names import fold_name
from app.domain.accounts.sessions import WINDOW
from app.domain.accounts.user_names import ask_for_user_names
from app.portals.account.portal import portal
from app.portals.account.user_names.forms import FindNameForm
from app.portals.account.wording import REALM_WORDS
from app.web import context
from app.web.answers import go, show
from app.web.portal import PUBLIC

PER_ADDRESS = 20
MAILS_PER_BOX_AND_DAY = 5


@portal.action("/<realm>/find-user-name", needs=PUBLIC)
def find_user_name(realm: str) -> Response:
    """The e-mail address is typed; the names go there."""
    if realm not in REALM_WORDS:
        abort(404)
    form = FindNameForm()
    if form.submitted() and _ask(realm, form):
        return go(url_for("account.user_name_mail", realm=realm))
    return show("account/user_names/find.html", form=form, realm=realm, words=REALM_WORDS[realm])


@portal.page("/<realm>/find-user-name/check-your-email", needs=PUBLIC)
def user_name_mail(realm: str) -> Response:
    """Now, check your email."""
    if realm not in REALM_WORDS:
        abort(404)
    return show("account/user_names/check_your_email.html", realm=realm)


def _ask(realm: str, form: FindNameForm) -> bool:
    """A mailbox that got enough mails gets no more, and no page tells."""
    session, now, parts = context.db(), context.now(), context.database()
    whence, whose = context.client_address(), fold_name(form.email.data or "")
    blocked = partial(attempts.blocked, session, now=now)
    too_many = blocked("find-name", whence, limit=PER_ADDRESS, within=WINDOW)
    enough = blocked("find-name-mail", whose, limit=MAILS_PER_BOX_AND_DAY, within=attempts.KEPT)
    context.afterwards(lambda: attempts.note(parts, "find-name", whence, now=now))
    if too_many:
        form.form_errors.append(_("Too many tries. Please wait fifteen minutes, then try again."))
        return False
    context.afterwards(lambda: attempts.note(parts, "find-name-mail", whose, now=now))
    if not enough:
        ask_for_user_names(session, realm, whose, now=now)
        context.wake("mail")
    return True

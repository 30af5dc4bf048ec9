"""A form behind a mail's link that comes once more: its answer was lost on a slow line, or the button was pressed twice."""

import structlog
from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts import sessions, used_links
from app.portals.account.forms import NewPasswordForm
from app.web import context
from app.web import sign_in as signing
from app.web.answers import done

log = structlog.get_logger()


def signed_in_again(purpose: str, token: str, realm: str = "") -> Response | None:
    """Let in who types the password that the link set, as the sign-in page would; None for everybody else. Tries are counted.

    `realm`: whose page it is, where the address says it; else the one in which the account got its latest name.
    """
    form, session, now = NewPasswordForm(), context.db(), context.now()
    account = used_links.account_behind(session, purpose, token) if form.submitted() else None
    if account is None or not account.names:
        return None
    known = next((name for name in reversed(account.names) if name.realm == realm), account.names[-1])
    typed = sessions.Credentials(known.realm, known.name, form.password.data or "", context.client_address())
    try:
        account = sessions.authenticate(session, context.database(), typed, now=now)
    except (sessions.WrongNameOrPassword, sessions.TooManyAttempts, sessions.AccountAsleep) as refusal:
        log.warning("sign_in.refused", realm=known.realm, why=type(refusal).__name__)
        if isinstance(refusal, sessions.WrongNameOrPassword):
            parts = context.database()
            context.afterwards(lambda: sessions.note_failure(parts, typed, now=now))
        return None
    signing.sign_in(account)
    target = url_for("account.start", realm=known.realm)
    return done(target, _("Welcome. Your user name is %(name)s: please note it.", name=known.name))

"""A case opened by the link of a mail, without an account."""

from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts import attempts
from app.domain.accounts.names import fold_name
from app.domain.accounts.sessions import PER_NAME, WINDOW
from app.domain.helpdesk import links
from app.domain.helpdesk.errors import LinkExpired, LinkUnknown
from app.portals.helpdesk.cases.conversation import Reader, act_page, answer_page, case_page, file_download, rate_page
from app.portals.helpdesk.cases.forms import RenewForm
from app.portals.helpdesk.portal import portal
from app.web import context
from app.web.answers import done, show
from app.web.case_files import look_at_files_first
from app.web.portal import PUBLIC

MAILS_PER_BOX = 3
_LINK = "/cases/<number>/<token>"


@portal.page(_LINK, needs=PUBLIC)
def linked_case(number: str, token: str) -> Response:
    """The conversation, for whoever holds the link."""
    reader = _reader(number, token)
    return case_page(reader) if reader else _too_old()


@portal.action(f"{_LINK}/answer", needs=PUBLIC, first=look_at_files_first)
def answer_linked_case(number: str, token: str) -> Response:
    """An answer."""
    reader = _reader(number, token)
    return answer_page(reader) if reader else _too_old()


@portal.action(f"{_LINK}/do/<act>", needs=PUBLIC, methods=("POST",))
def do_linked_case(number: str, token: str, act: str) -> Response:
    """Accept or withdraw."""
    reader = _reader(number, token)
    return act_page(reader, act) if reader else _too_old()


@portal.action(f"{_LINK}/rate", needs=PUBLIC, methods=("POST",))
def rate_linked_case(number: str, token: str) -> Response:
    """How it was."""
    reader = _reader(number, token)
    return rate_page(reader) if reader else _too_old()


@portal.page(f"{_LINK}/files/<uuid:attachment_id>", needs=PUBLIC)
def linked_file(number: str, token: str, attachment_id: UUID) -> Response:
    """One file of the case."""
    reader = _reader(number, token)
    return file_download(reader, attachment_id) if reader else _too_old()


@portal.action("/renew", needs=PUBLIC)
def renew_link() -> Response:
    """A fresh link by mail. The answer is the same whether or not number and address belong together."""
    form = RenewForm()
    if form.submitted():
        parts, address, now = context.database(), context.client_address(), context.now()
        mailbox = fold_name(form.email.data or "")
        full = attempts.blocked(context.db(), "help-renew-mail", mailbox, limit=MAILS_PER_BOX, within=WINDOW, now=now)
        if attempts.blocked(context.db(), "help-renew", address, limit=PER_NAME, within=WINDOW, now=now):
            form.form_errors.append(_("Too many tries. Please wait fifteen minutes, then try again."))
        else:
            context.afterwards(lambda: attempts.note(parts, "help-renew", address, now=now))
            context.afterwards(lambda: attempts.note(parts, "help-renew-mail", mailbox, now=now))
            if not full:
                links.renew_link(context.db(), form.number.data or "", form.email.data or "", now=now)
            context.wake("mail")
            return done(
                url_for("helpdesk.home"),
                _("If number and address belong together, a mail with a new link is on its way."),
            )
    return show("helpdesk/cases/renew.html", form=form)


def _reader(number: str, token: str) -> Reader | None:
    try:
        actor, case = links.open_link(context.db(), number, token, now=context.now())
    except (LinkExpired, LinkUnknown):
        return None
    pages = {
        "page": "linked_case", "answer": "answer_linked_case", "do": "do_linked_case", "rate": "rate_linked_case",
        "file": "linked_file",
    }  # fmt: skip

    def url(page: str, **more: object) -> str:
        return url_for(f"helpdesk.{pages[page]}", number=case.number, token=token, **more)  # type: ignore[arg-type]

    return Reader(actor, case, url)


def _too_old() -> Response:
    return show("helpdesk/cases/renew.html", form=RenewForm(formdata=None), too_old=True, status=404)

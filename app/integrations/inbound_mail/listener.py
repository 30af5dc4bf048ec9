"""A listener that the site's mail server hands mails to, by LMTP or SMTP on a port of this machine.

A mail is taken only when `take` has kept it: until then the other server keeps it and tries again, so that a crash
loses nothing. It does so as well where `take` says LATER.
"""

from collections.abc import Callable

import structlog
from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from app.integrations.inbound_mail.read_mail import MOST_BYTES, InboundMail, NotAMail, read_mail

log = structlog.get_logger()

Take = Callable[[InboundMail], str]
TAKEN = "taken"
LATER = "later"
_NOT_NOW = "451 4.3.0 Please try again later"


class Handler:
    """What the mail library calls."""

    def __init__(self, take: Take) -> None:
        self._take = take

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        """Read a mail and have it kept. The answer is for the other mail server."""
        data = envelope.content or b""
        try:
            mail = read_mail(data if isinstance(data, bytes) else data.encode(), envelope.rcpt_tos)
            outcome = self._take(mail)
        except NotAMail:
            return "554 5.6.0 This cannot be read as a mail"
        except Exception as error:
            log.error("inbound_mail.broke", error=type(error).__name__, exc_info=True)
            return _NOT_NOW
        if outcome == LATER:
            return _NOT_NOW
        return "250 2.0.0 Taken" if outcome == TAKEN else f"550 5.1.1 {outcome}"


class LmtpController(Controller):
    """The same over LMTP, as Postfix and Exim speak it to local programs."""

    def factory(self) -> SMTP:
        """One conversation."""
        return LMTP(self.handler, data_size_limit=MOST_BYTES, enable_SMTPUTF8=True)


def make_listener(take: Take, *, host: str, port: int, lmtp: bool = True) -> Controller:
    """A listener that is not yet started."""
    if lmtp:
        return LmtpController(Handler(take), hostname=host, port=port)
    return Controller(Handler(take), hostname=host, port=port, data_size_limit=MOST_BYTES, enable_SMTPUTF8=True)

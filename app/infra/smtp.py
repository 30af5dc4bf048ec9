"""The conversation with a mail server. One connection a mail: slow enough to be simple, and nothing is half-sent."""

import smtplib
import ssl
from collections.abc import Mapping
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, formatdate, parseaddr
from urllib.parse import unquote, urlsplit

TIMEOUT_SECONDS = 20


class Refused(Exception):
    """The server says that it will never take this mail."""


class NotNow(Exception):
    """The server cannot be reached or asks to try later. Nothing was sent."""


def make_message(
    *, sender: str, to: str, to_name: str, subject: str, text: str, message_id: str,
    headers: Mapping[str, str] | None = None,
) -> EmailMessage:  # fmt: skip
    """Build a plain-text mail with a fixed Message-ID, so that a receiver can tell a repetition.

    `headers` are further ones, of our own making, as they are. Line breaks in names and subjects become spaces: nothing typed can add a header. A domain beyond ASCII is written
    as servers know it. Raises Refused for a mailbox that is no address.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = _addressee(" ".join(to_name.split()), to)
    message["Subject"] = " ".join(subject.split())
    message["Date"] = formatdate()
    message["Message-ID"] = f"<{message_id}@{parseaddr(sender)[1].rpartition('@')[2] or 'cvms'}>"
    message["Auto-Submitted"] = "auto-generated"
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text)
    return message


def _addressee(name: str, address: str) -> str | Address:
    local, _, domain = address.rpartition("@")
    try:
        if address.isascii():
            return formataddr((name, address))
        return Address(name, local, domain.encode("idna").decode())
    except (ValueError, HeaderParseError) as error:
        raise Refused("not an address") from error


def send(smtp_url: str, message: EmailMessage) -> None:
    """Hand one mail to the server.

    Raises NotNow (safe to try again) or Refused; any other error after the data began leaves the outcome unsure.
    """
    server = _greeted(smtp_url)
    try:
        server.send_message(message)
    except smtplib.SMTPNotSupportedError as error:
        raise Refused("the server takes no addresses beyond ASCII") from error
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        raise (Refused if code >= 500 else NotNow)(f"address refused ({code})") from error
    except smtplib.SMTPResponseException as error:
        raise (Refused if error.smtp_code >= 500 else NotNow)(f"server answered {error.smtp_code}") from error
    finally:
        server.close()


def _greeted(smtp_url: str) -> smtplib.SMTP:
    """The server, ready to take a mail. Whatever is wrong before that says nothing about the mail: raises NotNow."""
    parts = urlsplit(smtp_url)
    host, user = parts.hostname or "localhost", parts.username
    try:
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, parts.port or 465, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_SECONDS)
    except (OSError, smtplib.SMTPException) as error:
        raise NotNow(type(error).__name__) from error
    try:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if user:
            server.login(unquote(user), unquote(parts.password or ""))
    except (OSError, smtplib.SMTPException) as error:
        server.close()
        raise NotNow(type(error).__name__) from error
    return server

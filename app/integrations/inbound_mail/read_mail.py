"""What a mail says: to which case, from whom, the new words without what they quote, files, and whether a machine sent it."""

import email
import email.policy
import html
import re
from dataclasses import dataclass
from email.errors import MessageError
from email.message import EmailMessage
from email.utils import parseaddr
from uuid import UUID

import nh3
from mailparser_reply import EmailReplyParser

MOST_BYTES = 25 * 1024 * 1024
MOST_PARTS = 200
_TOKEN = re.compile(r"\+([0-9a-f]{20})@", re.IGNORECASE)
_OURS = re.compile(r"<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@")
_BREAKS = re.compile(r"<(?:br|/p|/div|/tr|/li)\b[^>]*>", re.IGNORECASE)
_LANGUAGES = ["en", "es"]


_BROKEN = (MessageError, LookupError, ValueError, TypeError, AttributeError, RecursionError)
"""What Python's library raises over headers that are none, such as `From: <`."""


class NotAMail(Exception):
    """Bytes that are no mail, one whose headers nobody can read, or one with hundreds of parts."""


@dataclass(frozen=True, slots=True)
class InboundMail:
    """A mail as it was understood. `token` is of the case that it answers, "" where it answers none.

    kind: "answer"; "automatic" for out-of-office notes, lists and whatever else a machine sent; "bounce" when one of
    our mails came back, with its outbox id in `bounced` and the other server's reason in `text`.
    """

    kind: str
    token: str
    sender: str
    message_id: str
    text: str
    files: tuple[tuple[str, bytes], ...] = ()
    bounced: UUID | None = None


def read_mail(data: bytes, recipients: list[str]) -> InboundMail:
    """Understand a mail as it came over the wire; `recipients` are those of the envelope. Raises NotAMail."""
    try:
        return _understood(data, recipients)
    except _BROKEN as broken:
        raise NotAMail from broken


def _understood(data: bytes, recipients: list[str]) -> InboundMail:
    message = email.message_from_bytes(data, policy=email.policy.default)
    if not isinstance(message, EmailMessage) or not message.keys():
        raise NotAMail
    parts = list(message.walk())
    if len(parts) > MOST_PARTS:
        raise NotAMail
    sender = parseaddr(str(message.get("From", "")))[1]
    message_id = str(message.get("Message-ID", "")).strip()[:255]
    token = _token_of([*recipients, str(message.get("To", "")), str(message.get("Cc", ""))])
    bounced = _bounced(message, parts) if _has_failed(parts) else None
    if bounced is not None:
        return InboundMail("bounce", "", sender, message_id, _reason(parts), bounced=bounced)
    if _is_automatic(message):
        return InboundMail("automatic", token, sender, message_id, "")
    return InboundMail("answer", token, sender, message_id, _new_words(message), _files(message))


def _token_of(addresses: list[str]) -> str:
    for address in addresses:
        found = _TOKEN.search(address)
        if found:
            return found.group(1).lower()
    return ""


def _is_automatic(message: EmailMessage) -> bool:
    """RFC 3834 and the customs of older machines; an empty return path is a machine's, too."""
    if str(message.get("Auto-Submitted", "no")).strip().lower() != "no":
        return True
    if str(message.get("Precedence", "")).strip().lower() in {"bulk", "junk", "list", "auto_reply"}:
        return True
    if any(name in message for name in ("X-Autoreply", "X-Autorespond", "List-Id", "X-Auto-Response-Suppress")):
        return True
    if str(message.get("Return-Path", "x")).strip() == "<>":
        return True
    local = parseaddr(str(message.get("From", "")))[1].partition("@")[0].lower()
    return local in {"mailer-daemon", "postmaster", "no-reply", "noreply"} or not local


def _bounced(message: EmailMessage, parts: list[EmailMessage]) -> UUID | None:
    """The outbox id of our mail that a delivery status notification (RFC 3464) is about."""
    if message.get_content_type() != "multipart/report":
        return None
    if not any(part.get_content_type() == "message/delivery-status" for part in parts):
        return None
    for part in parts:
        if part is not message:
            found = _OURS.search(str(part.get("Message-ID", "")))
            if found:
                return UUID(found.group(1))
    found = _OURS.search(message.as_string()[:200_000].partition("Message-ID")[2][:400])
    return UUID(found.group(1)) if found else None


def _has_failed(parts: list[EmailMessage]) -> bool:
    """False for a report that a mail is late, or has arrived: the other server goes on trying, or is done (RFC 3464, 2.3.3)."""
    actions = {str(part["Action"]).strip().lower() for part in parts if part["Action"]}
    return not actions or "failed" in actions


def _reason(parts: list[EmailMessage]) -> str:
    for part in parts:
        for name in ("Diagnostic-Code", "Status"):
            if part.get(name):
                return " ".join(str(part.get(name)).split())[:200]
    return "no reason given"


def _new_words(message: EmailMessage) -> str:
    """The text without what it quotes; HTML becomes text, and nothing of it runs anywhere."""
    body = message.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    try:
        text = str(body.get_content())
    except (LookupError, UnicodeDecodeError, KeyError):
        raw = body.get_payload(decode=True)
        text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else ""
    if body.get_content_type() == "text/html":
        text = html.unescape(nh3.clean(_BREAKS.sub("\n", text), tags=set(), clean_content_tags={"script", "style"}))
    text = text.replace("\r\n", "\n").replace("\x00", "")
    replies = EmailReplyParser(languages=_LANGUAGES).parse_reply(text=text)
    return (replies or text).strip()


def _files(message: EmailMessage) -> tuple[tuple[str, bytes], ...]:
    found = []
    for part in message.iter_attachments():
        data = part.get_payload(decode=True)
        if part.get_filename() and isinstance(data, bytes):
            found.append((str(part.get_filename()), data))
    return tuple(found)

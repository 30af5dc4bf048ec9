"""A form outlives its session: what was typed travels, encrypted, through the sign-in page and back."""

import json
import time
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from flask import g, request
from werkzeug.datastructures import MultiDict

from app.domain.drafts import drafts
from app.infra import crypto
from app.web import context
from app.web.answers import page_of_form

KIND = "interrupted"
LASTS_SECONDS = 12 * 3600
_never = {"csrf_token", "request_key"}
_SECRET = {"again", "current"}


def pack_typed() -> str:
    """The fields of the refused POST as an encrypted text for a hidden field. Passwords are left out.

    Empty where there are none, and for the form of another page, which would give them to the wrong one.
    """
    rule = request.url_rule
    if rule is None or "GET" not in (rule.methods or ()):
        return ""
    fields = [
        [name, value]
        for name, value in request.form.items(multi=True)
        if name not in _never and not is_secret(name)
    ]
    if not fields:
        return ""
    return crypto.encrypt(json.dumps([page_of_form(), int(time.time()), fields]).encode()).decode()


def is_secret(name: str) -> bool:
    """True for the name of a field that holds a password: what is typed there is never kept and never shown."""
    return name in _SECRET or "password" in name.lower()


def keep_typed(packed: str, account_id: UUID) -> str | None:
    """After the password: keep the fields as the account's draft; returns the address to go back to.

    None when it cannot be read.
    """
    try:
        page, made_at, fields = json.loads(crypto.decrypt(packed.encode()))
    except (crypto.CannotDecrypt, ValueError):
        return None
    if time.time() - made_at > LASTS_SECONDS:
        return None
    path, asks, _query = page.partition("?")
    drafts.save_draft(
        context.db(), account_id, KIND, uuid5(NAMESPACE_URL, path), "", {"fields": fields}, now=context.now()
    )
    return f"{page}{'&' if asks else '?'}resume=1"


def resumed_fields() -> "MultiDict[str, Any] | None":
    """On a page opened to resume: what was typed before the session was lost."""
    if "resumed" not in g:
        g.resumed = None
        account = context.find_account()
        if request.args.get("resume") == "1" and account is not None:
            draft = drafts.find_draft(context.db(), account.id, KIND, uuid5(NAMESPACE_URL, request.path))
            if draft is not None:
                g.resumed = MultiDict([(str(name), str(value)) for name, value in draft.data["fields"]])
    return g.resumed

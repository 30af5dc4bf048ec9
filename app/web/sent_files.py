"""Files that come with a form, before any view sees them: not too many a day, and nothing harmful.

Portal does this for every form. A file that is refused is taken out of the request, so that nothing can keep it; the
form comes back with the reason beside its field.
"""

import time
from typing import TYPE_CHECKING

import structlog
from flask import g, request
from flask_babel import gettext as _
from werkzeug.datastructures import ImmutableMultiDict

from app.domain.program import daily_files
from app.infra import metrics
from app.infra.harmful import NotScanned
from app.web import context
from app.web.filters import moment

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

log = structlog.get_logger()


def look_first() -> None:
    """Count and scan the files of this POST. No transaction may be open: a scanner takes its time."""
    sent = [(field, file) for field, file in request.files.items(multi=True) if file.filename]
    if not sent:
        return
    account, began = context.find_account(), time.monotonic()
    with structlog.contextvars.bound_contextvars(account=str(account.id) if account else None):
        why = _why_too_many([file for _field, file in sent])
        reasons = [(field, file, why or _why_harmful(file, began)) for field, file in sent]
    refused: dict[str, list[str]] = {}
    for field, file, reason in reasons:
        if reason:
            file.close()
            refused.setdefault(field, []).append(reason)
    g.refused_files = {field: list(dict.fromkeys(told)) for field, told in refused.items()}
    for _field, nothing in request.files.items(multi=True):
        if not nothing.filename:
            nothing.close()  # a field that was left empty: what is not among the request's files is closed by nobody
    request.files = ImmutableMultiDict([(field, file) for field, file, reason in reasons if not reason])


def refused() -> dict[str, list[str]]:
    """What to say beside which fields of the form that came."""
    found: dict[str, list[str]] = g.get("refused_files", {})
    return found


def _sender() -> str:
    account = context.find_account()
    return f"account {account.id}" if account else f"address {context.client_address()}"


def _why_too_many(files: "list[FileStorage]") -> str | None:
    """The sentence where this sender has sent as much as a day allows; else the files are counted."""
    parts, sender, now = context.database(), _sender(), context.now()
    sizes = [_size(file) for file in files]
    with parts.transaction() as session:
        until = daily_files.count_files(session, sender, sizes, now=now, today=context.today())
    if until is not None:
        metrics.count_refused_file("too_many")
        log.warning("upload.too_many", files=len(files))
        return _(
            "Very many files, or very large ones, came from you within a day. You can send more from %(when)s on.",
            when=moment(until),
        )
    return None


def _why_harmful(file: "FileStorage", began: float) -> str | None:
    """The sentence for a file that cannot be taken; None for one that is clean, and where nothing scans.

    All files of a form together have the time of one, or a form of hundreds would keep a web worker for hours.
    """
    scanner, name = context.machines().scanner, file.filename
    if scanner is None:
        return None
    try:
        if time.monotonic() - began >= scanner.seconds:
            metrics.count_refused_file("silent")
            raise NotScanned("silent")
        found = scanner.find(file.stream)
    except NotScanned as failed:
        if failed.why == "too_large":
            return _("“%(name)s” is too large to be looked through for viruses. Send it smaller, or in parts.", name=name)
        return _(
            "We could not look through “%(name)s” for viruses just now, so it was not taken. Choose it again in a few minutes.",
            name=name,
        )
    if not found:
        return None
    return _(
        "“%(name)s” holds something harmful: a virus scanner found it, so nothing of it was kept. Do not open it, tell "
        "whoever looks after your computer, and send a clean file.",
        name=name,
    )


def _size(file: "FileStorage") -> int:
    size = file.stream.seek(0, 2)
    file.stream.seek(0)
    return int(size)

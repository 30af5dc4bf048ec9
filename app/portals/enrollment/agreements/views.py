"""The agreements of an enrollment: the list, each to read and to sign, and each signed one as PDF."""

from typing import Any
from uuid import UUID

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.documents.agreements import signed_agreement
from app.domain.accounts.access import Permission
from app.domain.accounts.sessions import load_account
from app.domain.enrollment import states
from app.domain.enrollment.agreements import DOCUMENTS, LANGUAGES, REDISTRIBUTION_AGREEMENT, Agreement, current
from app.domain.enrollment.errors import AlreadySigned, NotForYou, NotNow, TextChanged, WrongName
from app.domain.enrollment.queries import get_enrollment, get_signature, signatures_of
from app.domain.enrollment.sign import Sign, sign
from app.portals.enrollment.agreements.forms import SignForm
from app.portals.enrollment.agreements.signing import Signing, signings_of
from app.portals.enrollment.portal import portal
from app.web import context, enrollment_words
from app.web.answers import done, download, show
from app.web.forms import add_error, choices
from app.web.pencil import version_from

PLACE = "/<uuid:enrollment_id>/agreements"
_VIEW = Permission.VIEW_ENROLLMENT
_LANGUAGE_NAMES = {"en": "English", "es": "Español"}


@portal.page(PLACE, needs=_VIEW)
def agreements(enrollment_id: UUID) -> Response:
    """What the reader signs and has signed, and the texts to read."""
    session, actor = context.db(), context.actor()
    found = get_enrollment(session, actor, enrollment_id)
    whole = actor.may(Permission.VIEW_SECTION_A, at=enrollment_id)
    return show(
        "enrollment/agreements/list.html", enrollment=found, signings=signings_of(found), texts=_texts(found),
        words=enrollment_words, officers=signatures_of(session, found) if whole else [],
    )  # fmt: skip


@portal.action(f"{PLACE}/<document>", needs=_VIEW)
def agreement(enrollment_id: UUID, document: str) -> Response:
    """Read one; who has to sign it signs below the text."""
    found = get_enrollment(context.db(), context.actor(), enrollment_id)
    if document not in _texts(found):
        abort(404)
    text = current(document, _language())
    due = [one for one in signings_of(found) if one.document == document and one.state == "due"]
    form = SignForm(data={"sign_for": [one.key for one in due]})
    form.sign_for.choices = choices((one.key, one.words) for one in due)
    status = None
    if due and form.submitted():
        try:
            return _sign(found, form, [one for one in due if one.key in (form.sign_for.data or [])])
        except WrongName as wrong:
            add_error(form.typed_name, _("Write your name as it is in your account: %(name)s", name=wrong.expected))
        except TextChanged:
            form.form_errors.append(_("The text has changed since you opened this page. Please read it once more."))
            status = 409
        except (NotNow, NotForYou):
            form.form_errors.append(_("This cannot be signed at the moment, so nothing was signed."))
            status = 409
    form.version.data, form.sha256.data, form.language.data = str(text.version), text.sha256, text.language
    return show(
        "enrollment/agreements/agreement.html", form=form, status=status, enrollment=found, text=text, due=due,
        languages=_LANGUAGE_NAMES, label=enrollment_words.DOCUMENTS[document], parts=_parts(text),
    )  # fmt: skip


@portal.page(f"{PLACE}/signatures/<uuid:signature_id>.pdf", needs=_VIEW)
def signature_pdf(enrollment_id: UUID, signature_id: UUID) -> Response:
    """The agreement as it was signed."""
    session, actor = context.db(), context.actor()
    found = get_enrollment(session, actor, enrollment_id)
    signature = get_signature(session, actor, enrollment_id, signature_id)
    signer = load_account(session, signature.account_id)
    pdf = signed_agreement(
        context.settings(), signature, enrollment_code=found.code, account_name=signer.full_name if signer else ""
    )
    return download(pdf, f"{signature.document}.pdf", "application/pdf")


def _sign(enrollment: Any, form: SignForm, chosen: list[Signing]) -> Response:
    """Give the chosen signatures, all or none. Raises WrongName, TextChanged, NotNow or NotForYou."""
    url = url_for("enrollment.agreements", enrollment_id=enrollment.id)
    given = 0
    for one in chosen:
        command = Sign(
            enrollment.id, one.document, one.capacity, form.typed_name.data or "", form.language.data or "",
            version_from(form.version.data), form.sha256.data or "", context.client_address(), one.enrolled_location_id,
        )  # fmt: skip
        try:
            sign(context.db(), context.actor(), command, now=context.now())
        except AlreadySigned:
            continue
        given += 1
    context.wake("mail")
    if enrollment.status == states.SUBMITTED:
        return done(url, _("Signed. All signatures are there: the application went to the state."))
    return done(url, ngettext("Signed.", "Signed %(num)s times.", given))


def _texts(enrollment: Any) -> list[str]:
    """The documents of this enrollment: redistribution only where it applies."""
    return [one for one in DOCUMENTS if one != REDISTRIBUTION_AGREEMENT or enrollment.redistribution]


def _language() -> str:
    """In which language the text is read: as asked for, else as its reader has chosen for other pages."""
    asked = request.values.get("language") or context.account().language
    return asked if asked in LANGUAGES else LANGUAGES[0]


def _parts(text: Agreement) -> list[tuple[str, list[Any]]]:
    """The paragraphs, with conditions that follow each other as one list."""
    parts: list[tuple[str, list[Any]]] = []
    for one in text.paragraphs:
        if one.kind == "condition" and parts and parts[-1][0] == "condition":
            parts[-1][1].append(one)
        else:
            parts.append((one.kind, [one]))
    return parts

"""What a person sees first: registration, doses, proof."""

from uuid import UUID

from flask import Response, abort, request, url_for

from app.documents.proofs.card_file import card_file
from app.documents.proofs.issued import proof_issuer, proof_renderer
from app.domain.accounts.access import Permission
from app.domain.eligibility.status import status_of
from app.domain.recipients.joining.change_email import pending_change
from app.domain.recipients.own_record import own_record
from app.domain.vaccinations.errors import NoDosesYet
from app.domain.vaccinations.history import doses_of, series_of
from app.domain.vaccinations.issue_proof import (
    LANGUAGES,
    PAPERS,
    WhichProof,
    issue_proof,
    issued_card,
    issued_pdf,
    proof_state,
)
from app.domain.vaccinations.recalled_people import recalls_about
from app.infra.qr import qr_png_data_uri
from app.portals.recipient.portal import portal
from app.portals.recipient.record.forms import ProofForm
from app.portals.recipient.registration.answers import agrees_to_current, filling_of
from app.web import context, languages, support
from app.web.answers import done, download, show
from app.web.eligibility_words import standing_of

_VIEW = Permission.VIEW_OWN_RECORD


@portal.page("/<uuid:recipient_id>", needs=_VIEW)
def record(recipient_id: UUID) -> Response:
    """The home page of one person."""
    session = context.db()
    found = own_record(session, context.actor(), recipient_id)
    filling = filling_of(found, recipient_id)
    doses = doses_of(session, found.recipient.id)
    context.note_read("recipient.own_record_opened", "recipient", found.recipient.id)
    return show(
        "recipient/record.html",
        place=recipient_id,
        recipient=found.recipient,
        draft=filling.draft,
        agree_again=found.recipient.registered_at is not None and not agrees_to_current(found.recipient),
        rests=filling.rests,
        waiting=pending_change(session, found.recipient.id),
        doses=doses,
        standing=standing_of(status_of(session, found.recipient, today=context.today())),
        series=series_of(doses, context.today()),
        recalls=recalls_about(session, context.actor(), recipient_id) if doses else [],
        code_picture=qr_png_data_uri(found.recipient.code),
    )


@portal.action("/<uuid:recipient_id>/proof", needs=_VIEW)
def proof(recipient_id: UUID) -> Response:
    """Make the proof, then offer it for download."""
    form = ProofForm()
    if form.submitted():
        which = WhichProof(recipient_id, paper=form.paper.data, language=form.language.data)
        try:
            issue_proof(
                context.db(), context.actor(), which, storage=context.storage(), now=context.now(),
                render=proof_renderer(support.program(), now=context.now()), issuer=proof_issuer(context.settings()),
            )  # fmt: skip
        except NoDosesYet:
            return done(url_for("recipient.proof", recipient_id=recipient_id))
        return done(
            url_for("recipient.proof", recipient_id=recipient_id, paper=which.paper, language=which.language)
        )
    return _show_proof(form, _asked_for(recipient_id))


@portal.page("/<uuid:recipient_id>/proof/download", needs=_VIEW)
def download_proof(recipient_id: UUID) -> Response:
    """The stored PDF."""
    which = _asked_for(recipient_id)
    data = issued_pdf(context.db(), context.actor(), which, storage=context.storage())
    return download(data, "proof-of-vaccination.pdf", "application/pdf")


@portal.page("/<uuid:recipient_id>/proof/card", needs=_VIEW)
def download_card(recipient_id: UUID) -> Response:
    """The SMART Health Card as a file that wallets take in."""
    card = issued_card(context.db(), context.actor(), WhichProof(recipient_id))
    return download(card_file(card), "vaccination.smart-health-card", "application/smart-health-card")


def _asked_for(recipient_id: UUID) -> WhichProof:
    paper, language = request.args.get("paper", "letter"), request.args.get("language", languages.current())
    if paper not in PAPERS or language not in LANGUAGES:
        abort(404)
    return WhichProof(recipient_id, paper=paper, language=language)


def _show_proof(form: ProofForm, which: WhichProof) -> Response:
    state = proof_state(context.db(), context.actor(), which)
    if request.method != "POST":
        form.paper.data, form.language.data = which.paper, which.language
    return show(
        "recipient/proof.html",
        form=form,
        place=which.recipient_id,
        doses=state.doses,
        ready=state.is_current,
        paper=which.paper,
        language=which.language,
    )

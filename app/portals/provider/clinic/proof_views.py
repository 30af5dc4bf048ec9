"""The proof of a recipient, printed at the site."""

import dataclasses
from uuid import UUID

from flask import Response, request, url_for
from flask_babel import gettext as _

from app.documents.proofs.issued import proof_issuer, proof_renderer
from app.domain.accounts.access import Permission
from app.domain.errors import NotFound
from app.domain.vaccinations.errors import NoDosesYet
from app.domain.vaccinations.issue_proof import LANGUAGES, PAPERS, WhichProof, issue_proof, issued_pdf, proof_state
from app.portals.provider.clinic.forms import ProofForm
from app.portals.provider.portal import portal
from app.web import support
from app.web.answers import download, go, show
from app.web.context import actor, db, note_read, now, settings, storage

_RULE = "/<uuid:location_id>/clinic/recipients/<uuid:recipient_id>"


@portal.action(f"{_RULE}/proof", needs=Permission.PRINT_PROOFS)
def proof_page(location_id: UUID, recipient_id: UUID) -> Response:
    """Make the proof, or download the one that was made."""
    form = ProofForm()
    which = _asked_for(location_id, recipient_id)
    state = proof_state(db(), actor(), which)
    note_read("recipient.opened", "recipient", recipient_id, location_id)
    if form.submitted():
        try:
            render = proof_renderer(support.program("recipient"), now=now())
            chosen = WhichProof(recipient_id, location_id, paper=form.paper.data, language=form.language.data)
            issue_proof(
                db(), actor(), chosen, storage=storage(), render=render, issuer=proof_issuer(settings()), now=now()
            )
        except NoDosesYet:
            form.form_errors.append(_("There is no dose on record yet, so there is nothing to prove"))
        else:
            return go(url_for("provider.proof_page", **dataclasses.asdict(chosen)))
    elif request.method == "GET":
        form.paper.data, form.language.data = which.paper, which.language
    return show("provider/clinic/proof.html", form=form, state=state, location_id=location_id, which=which)


@portal.page(f"{_RULE}/proof.pdf", needs=Permission.PRINT_PROOFS)
def proof_pdf(location_id: UUID, recipient_id: UUID) -> Response:
    """The PDF as it was issued."""
    which = _asked_for(location_id, recipient_id)
    pdf = issued_pdf(db(), actor(), which, storage=storage())
    note_read("recipient.proof_downloaded", "recipient", recipient_id, location_id)
    return download(pdf, "vaccination-proof.pdf", "application/pdf")


def _asked_for(location_id: UUID, recipient_id: UUID) -> WhichProof:
    paper, language = request.args.get("paper", "letter"), request.args.get("language", "en")
    if paper not in PAPERS or language not in LANGUAGES:
        raise NotFound
    return WhichProof(recipient_id, location_id, paper, language)

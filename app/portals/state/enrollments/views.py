"""The state's review: the queue, an application, each of its locations, pictures and signed agreements."""

from uuid import UUID

from flask import Response, request

from app.documents.agreements import signed_agreement
from app.domain.accounts.access import Permission
from app.domain.accounts.sessions import load_account
from app.domain.enrollment import comparison, progress, queries, states
from app.domain.enrollment.lists import PROVIDER_TYPES
from app.domain.enrollment.queue import QueueFilters, list_queue
from app.domain.errors import NotFound
from app.domain.program.counties import COUNTIES
from app.portals.state.enrollments import decision_views, invite_views, shown
from app.portals.state.portal import portal
from app.web import context, enrollment_words
from app.web.answers import download, show
from app.web.paging import Pager, after_from_request

__all__ = ["decision_views", "invite_views"]

_REVIEW = Permission.REVIEW_ENROLLMENTS
_ONE = "/enrollments/<uuid:enrollment_id>"
_LACKING = {"section_a", "section_b", "signatures", "corrections"}


@portal.page("/enrollments", needs=_REVIEW)
def enrollments() -> Response:
    """The queue, longest waiting first."""
    asked = {key: request.args.get(key, "")[:100] for key in ("stage", "county", "kind", "lacking", "text")}
    if "stage" not in request.args:
        asked["stage"] = states.SUBMITTED
    filters = QueueFilters(
        stage="" if asked["stage"] == "all" else asked["stage"], county_fips=asked["county"], text=asked["text"],
        provider_type=asked["kind"], lacking=asked["lacking"] if asked["lacking"] in _LACKING else "",  # type: ignore[arg-type]
    )  # fmt: skip
    found = list_queue(context.db(), context.actor(), filters, after=after_from_request())
    return show(
        "state/enrollments/queue.html", fragment="queue", rows=found.items, pager=Pager(found), asked=asked,
        words=enrollment_words, counties=COUNTIES, kinds=PROVIDER_TYPES, now=context.now(),
    )  # fmt: skip


@portal.page(_ONE, needs=_REVIEW)
def enrollment(enrollment_id: UUID) -> Response:
    """One application: where it stands, Section A, its locations, signatures and history."""
    session, actor = context.db(), context.actor()
    found = queries.get_enrollment(session, actor, enrollment_id)
    corrections = queries.corrections_of(session, actor, found)
    return show(
        "state/enrollments/enrollment.html",
        enrollment=found,
        steps=shown.steps_of(shown.SECTION_A, found.answers, found.approved, corrections),
        locations=queries.list_locations(session, actor, enrollment_id, size=500).items,
        corrections=corrections,
        has_changes=bool(comparison.changes_of_enrollment(found)),
        awaited=progress.awaited(session, found),
        missing=progress.missing(session, found),
        signatures=queries.signatures_of(session, found),
        events=queries.events_of(session, found),
        can=states.can,
        words=enrollment_words,
    )


@portal.page(f"{_ONE}/locations/<uuid:enrolled_location_id>", needs=_REVIEW)
def enrolled_location(enrollment_id: UUID, enrolled_location_id: UUID) -> Response:
    """One location: Section B, storage units with their pictures, practising providers, and the decision."""
    session, actor = context.db(), context.actor()
    found = queries.get_enrollment(session, actor, enrollment_id)
    place = queries.get_enrolled_location(session, actor, enrolled_location_id, enrollment_id=enrollment_id)
    corrections = queries.corrections_of(session, actor, found, location=place)
    providers = queries.providers_of(session, place, after=after_from_request())
    waits = found.status == states.SUBMITTED and place.status == states.COMPLETE
    return show(
        "state/enrollments/location.html",
        enrollment=found,
        location=place,
        steps=shown.steps_of(shown.SECTION_B, place.answers, place.approved, corrections),
        units=queries.units_of(session, place),
        lists=shown.changes_of_lists(session, place),
        providers=providers.items,
        pager=Pager(providers),
        corrections=corrections,
        signatures=queries.signatures_of(session, found, location=place),
        waits=waits,
        can=states.can,
        words=enrollment_words,
    )


@portal.page(
    f"{_ONE}/locations/<uuid:enrolled_location_id>/units/<uuid:unit_id>/<any(inside,outside):side>.jpg", needs=_REVIEW
)
def unit_picture(enrollment_id: UUID, enrolled_location_id: UUID, unit_id: UUID, side: str) -> Response:
    """A picture of a storage unit, as it was taken in."""
    session, actor = context.db(), context.actor()
    place = queries.get_enrolled_location(session, actor, enrolled_location_id, enrollment_id=enrollment_id)
    unit = queries.get_unit(session, actor, unit_id, enrolled_location_id=place.id)
    key = unit.inside_key if side == "inside" else unit.outside_key
    if not key:
        raise NotFound
    response = Response(context.storage().get(key), mimetype="image/jpeg")
    response.headers["Content-Disposition"] = "inline"
    return response


@portal.page(f"{_ONE}/signatures/<uuid:signature_id>.pdf", needs=_REVIEW)
def signature_pdf(enrollment_id: UUID, signature_id: UUID) -> Response:
    """The agreement as it was signed."""
    session, actor = context.db(), context.actor()
    found = queries.get_enrollment(session, actor, enrollment_id)
    signature = queries.get_signature(session, actor, enrollment_id, signature_id)
    signer = load_account(session, signature.account_id)
    pdf = signed_agreement(
        context.settings(), signature, enrollment_code=found.code, account_name=signer.full_name if signer else ""
    )
    return download(pdf, f"{signature.document}.pdf", "application/pdf")

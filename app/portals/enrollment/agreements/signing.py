"""What the reader signs in an enrollment, in words: which documents are due, given, or not due yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask_babel import gettext as _

from app.domain.enrollment import states
from app.domain.enrollment.duties import COORDINATOR, Duty
from app.domain.enrollment.progress import documents_for
from app.domain.enrollment.queries import my_locations
from app.web import context
from app.web.enrollment_words import DOCUMENTS, WHO

if TYPE_CHECKING:
    from app.domain.enrollment.models import EnrolledLocation, Enrollment, Signature


@dataclass(frozen=True, slots=True)
class Signing:
    """One signature of the reader's. `state`: signed, due, or later, when it cannot be given yet.

    `again`: it was given once, and what it was given for has changed since.
    """

    key: str
    document: str
    capacity: str
    enrolled_location_id: UUID | None
    place_name: str
    state: str
    signature: "Signature | None"

    @property
    def again(self) -> bool:
        """True when it must be given a second time."""
        return self.state != "signed" and self.signature is not None

    @property
    def words(self) -> str:
        """As whom, and for what."""
        if self.place_name:
            return _("as Vaccine Coordinator of %(name)s", name=self.place_name)
        return _("as %(role)s, for the organization and all its locations", role=WHO[self.capacity])


def signings_of(enrollment: "Enrollment") -> list[Signing]:
    """All that the reader signs in this enrollment, in the order of the documents."""
    session, actor = context.db(), context.actor()
    places = {one.id: one for one in my_locations(session, actor, enrollment.id)}
    order = list(DOCUMENTS)
    found = [_signing(enrollment, duty, places) for duty in documents_for(session, actor, enrollment)]
    return sorted(found, key=lambda one: order.index(one.document))


def _signing(enrollment: "Enrollment", duty: Duty, places: Mapping[UUID, "EnrolledLocation"]) -> Signing:
    place: Any = places.get(duty.enrolled_location_id) if duty.enrolled_location_id else None
    return Signing(
        key=f"{duty.capacity}:{duty.enrolled_location_id or ''}",
        document=duty.document,
        capacity=duty.capacity,
        enrolled_location_id=duty.enrolled_location_id,
        place_name=(place.name or place.code) if place else "",
        state=_state(enrollment.status, duty, place),
        signature=duty.signature,
    )


def _state(stage: str, duty: Duty, place: Any) -> str:
    if duty.capacity == COORDINATOR:
        if duty.valid or (place is not None and place.status == states.APPROVED):
            return "signed"
        ready = stage in states.SECTION_B_STAGES and place is not None and place.status == states.COMPLETE
        return "due" if ready else "later"
    if duty.valid:
        return "signed"
    return "due" if stage == states.SIGNATURES else "later"

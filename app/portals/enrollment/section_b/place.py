"""One location of an enrollment, as a page of Section B finds it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.enrollment import states
from app.domain.enrollment.queries import corrections_of, get_enrolled_location, get_enrollment
from app.domain.enrollment.save_section_b import TAKES_ANSWERS
from app.web import context
from app.web.answers import done

if TYPE_CHECKING:
    from app.domain.enrollment.models import Correction, EnrolledLocation, Enrollment

ONE = "/<uuid:enrollment_id>/locations/<uuid:enrolled_location_id>"
VIEW, EDIT = Permission.VIEW_ENROLLMENT, Permission.EDIT_SECTION_B


@dataclass(frozen=True, slots=True)
class Place:
    """A location with its enrollment. `mine`: the reader is its Vaccine Coordinator; `may_edit`: and may change it now."""

    enrollment: "Enrollment"
    location: "EnrolledLocation"
    mine: bool
    may_edit: bool
    corrections: "list[Correction]"

    @property
    def name(self) -> str:
        """What the location is called."""
        return self.location.name or self.location.code

    @property
    def ids(self) -> dict[str, Any]:
        """What every address below this location names."""
        return {"enrollment_id": self.enrollment.id, "enrolled_location_id": self.location.id}

    @property
    def review_url(self) -> str:
        """Section B as a whole."""
        return url_for("enrollment.section_b_review", **self.ids)

    def asked_of(self, *keys: str) -> "list[Correction]":
        """What the state asks to be corrected in any of these fields."""
        return [one for one in self.corrections if one.field in keys]

    def refuse(self) -> Response:
        """Say that nothing can be changed now, on the page that tells where the location stands."""
        return done(
            self.review_url, _("This location cannot be changed at the moment, so nothing was saved."), "warning"
        )


def find_place(enrollment_id: UUID, enrolled_location_id: UUID) -> Place:
    """The location of the address. Raises NotFound."""
    session, actor = context.db(), context.actor()
    location = get_enrolled_location(session, actor, enrolled_location_id, enrollment_id=enrollment_id)
    enrollment = get_enrollment(session, actor, enrollment_id)
    mine = actor.may(EDIT, at=location.id)
    is_open = enrollment.status in states.SECTION_B_STAGES and location.status in TAKES_ANSWERS
    corrections = corrections_of(session, actor, enrollment, location=location)
    return Place(enrollment, location, mine, mine and is_open, corrections)

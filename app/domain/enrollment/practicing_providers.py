"""The clinicians with prescribing authority at a location, one by one. From 25 on a workbook is offered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.enrollment.errors import FieldsRefused, Reason, SameProvider
from app.domain.enrollment.fields import Field
from app.domain.enrollment.lists import TITLES
from app.domain.enrollment.models import PracticingProvider
from app.domain.enrollment.queries import get_provider
from app.domain.enrollment.save_section_b import location_for_section_b, part_changed
from app.domain.enrollment.values import clean
from app.infra.search import fold

FIELDS: tuple[Field, ...] = (
    Field("first_name", "First name", "b", "providers", "person", longest=40),
    Field("last_name", "Last name", "b", "providers", "person", longest=80),
    Field("title", "Title", "b", "providers", "choice", choices=TITLES),
    Field("license_number", "License number", "b", "providers", longest=30),
)
BY_KEY: Mapping[str, Field] = {field.key: field for field in FIELDS}


@dataclass(frozen=True, slots=True)
class AddProvider:
    """`title` is a code of TITLES."""

    enrolled_location_id: UUID
    first_name: str
    last_name: str
    title: str
    license_number: str


def add_provider(session: Session, actor: Actor, command: AddProvider, *, now: datetime) -> PracticingProvider:
    """Add one clinician. Raises FieldsRefused, SameProvider or NotNow."""
    enrollment, location = location_for_section_b(session, actor, command.enrolled_location_id)
    values: dict[str, str] = clean(BY_KEY, {key: getattr(command, key) for key in BY_KEY})
    missing: dict[str, Reason] = {key: "missing" for key, value in values.items() if not value}
    if missing:
        raise FieldsRefused(missing)
    if fold_license(values["license_number"]) in known_licenses(session, location.id):
        raise SameProvider
    made = make_provider(location.id, values, now)
    session.add(made)
    part_changed(session, actor, enrollment, location, {"providers"}, now=now)
    return made


def remove_provider(session: Session, actor: Actor, provider_id: UUID, *, now: datetime) -> PracticingProvider:
    """Take a clinician off the list. Raises NotNow."""
    provider = get_provider(session, actor, provider_id)
    enrollment, location = location_for_section_b(session, actor, provider.enrolled_location_id)
    session.refresh(provider)
    if provider.removed_at is None:
        provider.removed_at = now
        part_changed(session, actor, enrollment, location, {"providers"}, now=now)
    return provider


def make_provider(enrolled_location_id: UUID, values: Mapping[str, str], now: datetime) -> PracticingProvider:
    """A clinician from cleaned values."""
    return PracticingProvider(
        enrolled_location_id=enrolled_location_id, first_name=values["first_name"], last_name=values["last_name"],
        title=values["title"], license_number=values["license_number"],
        license_folded=fold_license(values["license_number"]), added_at=now,
    )  # fmt: skip


def fold_license(number: str) -> str:
    """A license number as it is compared: without case, spaces and dashes."""
    return fold(number).replace(" ", "")[:30]


def known_licenses(session: Session, enrolled_location_id: UUID) -> set[str]:
    """The license numbers of the location's clinicians, folded."""
    return set(
        session.scalars(
            select(PracticingProvider.license_folded).where(
                PracticingProvider.enrolled_location_id == enrolled_location_id,
                PracticingProvider.removed_at.is_(None),
            )
        )
    )

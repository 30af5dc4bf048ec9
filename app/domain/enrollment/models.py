"""A practice asks to join: one enrollment for the organization, one enrolled location for each of its places."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, validates

from app.infra import ddl
from app.infra.db import Base, new_id


class Enrollment(Base):
    """The application of one provider organization: Section A, and the stage at which all of it stands.

    `answers` are those of Section A by the keys of `fields.py`; `changed` says at which version each was changed
    last. `approved` are the answers that the state approved and that are in force, whatever `answers` became since.
    `stage_since` is when `status` became what it is; `reminded_…` how many days after that somebody was reminded.
    """

    __tablename__ = "enrollment"
    __table_args__ = (Index(None, "status", "stage_since", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    status: Mapped[str] = mapped_column(String(20), default="section_a")
    section_a_done: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(255), default="")
    redistribution: Mapped[bool] = mapped_column(default=False)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    changed: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    approved: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    provider_organization_id: Mapped[UUID | None] = mapped_column(ForeignKey("provider_organization.id"))
    administrator_invitation_id: Mapped[UUID | None] = mapped_column(ForeignKey("invitation.id"))
    ceo_invitation_id: Mapped[UUID | None] = mapped_column(ForeignKey("invitation.id"))
    cmo_invitation_id: Mapped[UUID | None] = mapped_column(ForeignKey("invitation.id"))
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    edited_by_id: Mapped[UUID | None]
    stage_since: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    reminded_administrator: Mapped[int] = mapped_column(default=0)
    reminded_ceo: Mapped[int] = mapped_column(default=0)
    reminded_cmo: Mapped[int] = mapped_column(default=0)
    imported_from: Mapped[str | None] = mapped_column(String(80), unique=True)

    @validates("answers")
    def _mirror(self, _key: str, answers: dict[str, Any]) -> dict[str, Any]:
        self.name = answers.get("legal_name", "")
        self.redistribution = answers.get("redistribution") == "yes"
        return answers


class EnrolledLocation(Base):
    """One place of the organization: what the administrator says of it, and Section B by its Vaccine Coordinator.

    `number` counts within the enrollment and is never used again. `location_id` is the location of the Provider
    Portal, made at approval. `awaited_since` is since when something of the coordinator's is open, None while nothing is.
    """

    __tablename__ = "enrolled_location"
    __table_args__ = (
        UniqueConstraint("enrollment_id", "number"),
        Index(None, "status", "awaited_since"),
        Index(None, "county_fips"),
        Index(None, "provider_type"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    enrollment_id: Mapped[UUID] = mapped_column(ForeignKey("enrollment.id"))
    number: Mapped[int]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    status: Mapped[str] = mapped_column(String(20), default="not_started")
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str] = mapped_column(String(255), default="")
    county_fips: Mapped[str] = mapped_column(String(5), default="")
    provider_type: Mapped[str] = mapped_column(String(4), default="")
    coordinator_first_name: Mapped[str] = mapped_column(String(40), default="")
    coordinator_last_name: Mapped[str] = mapped_column(String(80), default="")
    coordinator_email: Mapped[str] = mapped_column(String(254), default="")
    coordinator_phone: Mapped[str] = mapped_column(String(10), default="")
    answers: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    changed: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    approved: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    location_id: Mapped[UUID | None] = mapped_column(ForeignKey("location.id"))
    coordinator_invitation_id: Mapped[UUID | None] = mapped_column(ForeignKey("invitation.id"))
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    edited_by_id: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    awaited_since: Mapped[datetime | None]
    reminded: Mapped[int] = mapped_column(default=0)
    imported_from: Mapped[str | None] = mapped_column(String(80), unique=True)

    @validates("answers")
    def _mirror(self, _key: str, answers: dict[str, Any]) -> dict[str, Any]:
        self.name = answers.get("name", "")
        self.county_fips = answers.get("county", "")
        self.provider_type = answers.get("provider_type", "")
        for part in ("first_name", "last_name", "email", "phone"):
            setattr(self, f"coordinator_{part}", answers.get(f"coordinator_{part}", ""))
        return answers

    @property
    def coordinator_name(self) -> str:
        """The Vaccine Coordinator's name as one would say it; empty while nobody is named."""
        return f"{self.coordinator_first_name} {self.coordinator_last_name}".strip()


class StorageUnit(Base):
    """A refrigerator or freezer with its two pictures, kept by their storage keys.

    `approved`: the state has approved the location with this unit. A unit that is removed from an approved location
    stays in force until the update is approved.
    """

    __tablename__ = "storage_unit"
    __table_args__ = (Index(None, "enrolled_location_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    enrolled_location_id: Mapped[UUID] = mapped_column(ForeignKey("enrolled_location.id"))
    brand: Mapped[str] = mapped_column(String(80))
    model: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(30))
    inside_key: Mapped[str | None] = mapped_column(String(80))
    outside_key: Mapped[str | None] = mapped_column(String(80))
    approved: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class PracticingProvider(Base):
    """A clinician with prescribing authority at the location. `approved` as with storage units."""

    __tablename__ = "practicing_provider"
    __table_args__ = (Index(None, "enrolled_location_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    enrolled_location_id: Mapped[UUID] = mapped_column(ForeignKey("enrolled_location.id"))
    first_name: Mapped[str] = mapped_column(String(40))
    last_name: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(20))
    license_number: Mapped[str] = mapped_column(String(30))
    license_folded: Mapped[str] = mapped_column(String(30))
    approved: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Signature(Base):
    """One person's signature under the exact text that was shown. Only `superseded_at` is ever set later.

    document: provider_agreement, redistribution_agreement or storage_attestation. capacity: coordinator, ceo or cmo.
    `facts` are the facts that the text was signed for, `facts_sha256` their digest: other facts need a new signature.
    """

    __tablename__ = "signature"
    __table_args__ = (
        Index(None, "enrollment_id", "id"),
        Index(
            "uq_signature_officer", "enrollment_id", "document", "capacity", unique=True,
            sqlite_where=text("superseded_at IS NULL AND enrolled_location_id IS NULL"),
            postgresql_where=text("superseded_at IS NULL AND enrolled_location_id IS NULL"),
        ),
        Index(
            "uq_signature_location", "enrolled_location_id", "document", "capacity", unique=True,
            sqlite_where=text("superseded_at IS NULL AND enrolled_location_id IS NOT NULL"),
            postgresql_where=text("superseded_at IS NULL AND enrolled_location_id IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    enrollment_id: Mapped[UUID] = mapped_column(ForeignKey("enrollment.id"))
    enrolled_location_id: Mapped[UUID | None] = mapped_column(ForeignKey("enrolled_location.id"))
    document: Mapped[str] = mapped_column(String(30))
    capacity: Mapped[str] = mapped_column(String(12))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("account.id"))
    typed_name: Mapped[str] = mapped_column(String(130))
    text_version: Mapped[int]
    language: Mapped[str] = mapped_column(String(5))
    text_sha256: Mapped[str] = mapped_column(String(64))
    signed_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(60))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    facts_sha256: Mapped[str] = mapped_column(String(64))
    superseded_at: Mapped[datetime | None]


class EnrollmentEvent(Base):
    """One step of an enrollment or of one of its locations: who, when, from, to and why. Never changed.

    `facts` holds field names and counts; of a denied update also what was asked for, so that it is not lost.
    """

    __tablename__ = "enrollment_event"
    __table_args__ = (Index(None, "enrollment_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    enrollment_id: Mapped[UUID] = mapped_column(ForeignKey("enrollment.id"))
    enrolled_location_id: Mapped[UUID | None] = mapped_column(ForeignKey("enrolled_location.id"))
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(String(40))
    before: Mapped[str] = mapped_column(String(20), default="")
    after: Mapped[str] = mapped_column(String(20), default="")
    by_id: Mapped[UUID | None]
    why: Mapped[str] = mapped_column(String(2000), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Correction(Base):
    """What the state asks to be corrected in one named field. Settled when the field changes or its owner says so."""

    __tablename__ = "correction"
    __table_args__ = (Index(None, "enrollment_id", "settled_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    enrollment_id: Mapped[UUID] = mapped_column(ForeignKey("enrollment.id"))
    enrolled_location_id: Mapped[UUID | None] = mapped_column(ForeignKey("enrolled_location.id"))
    field: Mapped[str] = mapped_column(String(40))
    comment: Mapped[str] = mapped_column(String(1000))
    asked_by_id: Mapped[UUID | None]
    asked_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]


_SIGNED = (
    *("enrollment_id", "enrolled_location_id", "document", "capacity", "account_id", "typed_name", "text_version"),
    *("language", "text_sha256", "signed_at", "address", "facts_sha256"),
)
ddl.append_only(EnrollmentEvent.__tablename__)
ddl.extra(
    "sqlite",
    Signature.__tablename__,
    "CREATE TRIGGER IF NOT EXISTS signature_no_delete BEFORE DELETE ON signature "
    "BEGIN SELECT RAISE(ABORT, 'signature is append-only'); END",
    "CREATE TRIGGER IF NOT EXISTS signature_no_update BEFORE UPDATE ON signature "
    f"WHEN OLD.superseded_at IS NOT NULL OR OLD.facts IS NOT NEW.facts "
    f"OR {' OR '.join(f'OLD.{name} IS NOT NEW.{name}' for name in _SIGNED)} "
    "BEGIN SELECT RAISE(ABORT, 'signature is append-only'); END",
)
ddl.extra(
    "postgresql",
    Signature.__tablename__,
    "CREATE OR REPLACE FUNCTION signature_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF TG_OP = 'DELETE' OR OLD.superseded_at IS NOT NULL OR OLD.facts::text IS DISTINCT FROM NEW.facts::text OR "
    f"({', '.join(f'OLD.{name}' for name in _SIGNED)}) IS DISTINCT FROM "
    f"({', '.join(f'NEW.{name}' for name in _SIGNED)}) "
    "THEN RAISE EXCEPTION 'signature is append-only'; END IF; RETURN NEW; END $$",
    "DROP TRIGGER IF EXISTS signature_is_kept ON signature",
    "CREATE TRIGGER signature_is_kept BEFORE UPDATE OR DELETE ON signature "
    "FOR EACH ROW EXECUTE FUNCTION signature_is_kept()",
)

"""Visits, screening, administrations and proofs."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.inventory.models import Lot
from app.domain.program.models import Product
from app.domain.recipients.models import Recipient
from app.infra import ddl
from app.infra.crypto import EncryptedJson
from app.infra.db import Base, new_id


class Visit(Base):
    """One coming of a recipient to a location. status: arrived -> screened -> vaccinated, or left (not vaccinated).

    While a visit is open the location may read the record: it is what opens it.
    """

    __tablename__ = "visit"
    __table_args__ = (
        Index(None, "location_id", "day", "status"),
        Index(
            "uq_visit_open", "location_id", "recipient_id", "day", unique=True,
            sqlite_where=text("status IN ('arrived', 'screened')"),
            postgresql_where=text("status IN ('arrived', 'screened')"),
        ),
        Index(None, "recipient_id"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    location_id: Mapped[UUID] = mapped_column(ForeignKey("location.id"))
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"))
    day: Mapped[date]
    status: Mapped[str] = mapped_column(String(12), default="arrived")
    walk_in: Mapped[bool] = mapped_column(default=False)
    arrived_at: Mapped[datetime]
    arrived_by_id: Mapped[UUID | None]
    questionnaire: Mapped[str | None] = mapped_column(String(20))
    answers: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    screened_at: Mapped[datetime | None]
    screened_by_id: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(255), default="")

    recipient: Mapped[Recipient] = relationship(lazy="joined")


class VisitConsent(Base):
    """A parent or guardian agreed at the clinic to the dose of one visit. `relation`: as in guardianships."""

    __tablename__ = "visit_consent"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), unique=True)
    guardian_name: Mapped[str] = mapped_column(String(130))
    relation: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(20))
    consented_at: Mapped[datetime]
    recorded_by_id: Mapped[UUID | None]


class Administration(Base):
    """One dose given. Never deleted; a mistaken one is `entered-in-error`. What was changed later is in DoseChange.

    `source` is empty for a dose given at the location. Otherwise it was given elsewhere, `location_id` is who entered
    it, and `place_name`, `outside_lot` and `evidence` say where, from which lot, and what was seen of it.
    """

    __tablename__ = "administration"
    __table_args__ = (
        Index(None, "recipient_id", "given_on"),
        Index(None, "location_id", "id"),
        Index(None, "product_id", "given_on", "id"),
        Index(None, "recorded_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"))
    visit_id: Mapped[UUID | None] = mapped_column(ForeignKey("visit.id"), index=True)
    location_id: Mapped[UUID] = mapped_column(ForeignKey("location.id"))
    lot_id: Mapped[UUID | None] = mapped_column(ForeignKey("lot.id"), index=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    status: Mapped[str] = mapped_column(String(20), default="completed")
    dose_number: Mapped[int]
    given_at: Mapped[datetime]
    given_on: Mapped[date]
    site: Mapped[str] = mapped_column(String(4))
    route: Mapped[str] = mapped_column(String(8), default="C28161")
    clinician_name: Mapped[str] = mapped_column(String(130))
    clinician_suffix: Mapped[str] = mapped_column(String(10), default="")
    fact_sheet: Mapped[str] = mapped_column(String(30), default="")
    overrides: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    notes: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[UUID | None]
    source: Mapped[str] = mapped_column(String(16), default="", server_default="")
    place_name: Mapped[str] = mapped_column(String(120), default="", server_default="")
    outside_lot: Mapped[str] = mapped_column(String(30), default="", server_default="")
    evidence: Mapped[Any] = mapped_column(EncryptedJson, nullable=True)

    lot: Mapped[Lot | None] = relationship(lazy="joined")
    product: Mapped[Product] = relationship(lazy="joined")


class DoseChange(Base):
    """What happened to a dose after it was recorded, never changed. kind: corrected, removed, moved, entered, event,
    doubled (the same dose stood in a record that was joined), restored (that joining was undone).

    `details`: the reason, and the facts before and after as they were shown; or the note of an adverse event.
    `recipient_id`: whose dose it was before.
    """

    __tablename__ = "dose_change"
    __table_args__ = (Index(None, "administration_id", "id"), Index(None, "recipient_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    administration_id: Mapped[UUID] = mapped_column(ForeignKey("administration.id"))
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"))
    location_id: Mapped[UUID] = mapped_column(ForeignKey("location.id"))
    kind: Mapped[str] = mapped_column(String(12))
    details: Mapped[Any] = mapped_column(EncryptedJson)
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None]


# Not ddl.append_only: `details` are written anew when the encryption key is changed, and nothing else ever is.
_KEPT = "id, administration_id, recipient_id, location_id, kind, made_at, made_by_id"
ddl.extra(
    "sqlite",
    DoseChange.__tablename__,
    *(
        f"CREATE TRIGGER IF NOT EXISTS dose_change_no_{verb.split()[0].lower()} BEFORE {verb} ON dose_change "
        "BEGIN SELECT RAISE(ABORT, 'dose_change is append-only'); END"
        for verb in (f"UPDATE OF {_KEPT}", "DELETE")
    ),
)
ddl.extra(
    "postgresql",
    DoseChange.__tablename__,
    "CREATE OR REPLACE FUNCTION dose_change_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'dose_change is append-only'; END $$",
    "DROP TRIGGER IF EXISTS dose_change_append_only ON dose_change",
    f"CREATE TRIGGER dose_change_append_only BEFORE UPDATE OF {_KEPT} OR DELETE ON dose_change "
    "FOR EACH ROW EXECUTE FUNCTION dose_change_append_only()",
)


class DoubledDose(Base):
    """A dose that two joined records both held: `administration_id` counts no more, `same_as_id` does.

    `merge_id` is the joining; when that is undone, the dose counts again.
    """

    __tablename__ = "doubled_dose"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    merge_id: Mapped[UUID] = mapped_column(ForeignKey("recipient_merge.id"), index=True)
    administration_id: Mapped[UUID] = mapped_column(ForeignKey("administration.id"))
    same_as_id: Mapped[UUID] = mapped_column(ForeignKey("administration.id"))
    marked_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class Proof(Base):
    """A proof of vaccination as it was issued: the stored PDF and the code printed on it.

    `facts` are the encrypted facts shown on it, `facts_hash` tells whether the record changed since.
    """

    __tablename__ = "proof"
    __table_args__ = (
        Index(
            "uq_proof_live", "recipient_id", "paper", "language", unique=True,
            sqlite_where=text("revoked_at IS NULL"), postgresql_where=text("revoked_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(26), unique=True)
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"))
    paper: Mapped[str] = mapped_column(String(10), default="letter")
    language: Mapped[str] = mapped_column(String(5), default="en")
    facts: Mapped[Any] = mapped_column(EncryptedJson)
    facts_hash: Mapped[str] = mapped_column(String(64))
    storage_key: Mapped[str] = mapped_column(String(80))
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[UUID | None]
    revoked_at: Mapped[datetime | None]
    revoked_because: Mapped[str] = mapped_column(String(60), default="")


class SigningKey(Base):
    """A key that signs health cards: the newest one signs, all stay published, since old cards need theirs.

    `demonstration`: made where a demonstration runs; a real installation neither uses nor publishes it.
    """

    __tablename__ = "signing_key"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kid: Mapped[str] = mapped_column(String(43), unique=True)
    public: Mapped[Any] = mapped_column(JSON)
    private: Mapped[Any] = mapped_column(EncryptedJson)
    demonstration: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]


class HealthCard(Base):
    """A SMART Health Card as it was issued: one for all papers and languages of a person's proof.

    `rid` is what a revocation list names: random, so that it tells nothing. `facts_hash` is the proof's.
    """

    __tablename__ = "health_card"
    __table_args__ = (
        Index(
            "uq_health_card_live", "recipient_id", unique=True,
            sqlite_where=text("revoked_at IS NULL"), postgresql_where=text("revoked_at IS NULL"),
        ),
        Index(
            "ix_health_card_revoked", "kid", "rid",
            sqlite_where=text("revoked_at IS NOT NULL"), postgresql_where=text("revoked_at IS NOT NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    recipient_id: Mapped[UUID] = mapped_column(ForeignKey("recipient.id"), index=True)
    kid: Mapped[str] = mapped_column(String(43))
    rid: Mapped[str] = mapped_column(String(24), unique=True)
    token: Mapped[Any] = mapped_column(EncryptedJson)
    facts_hash: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoked_because: Mapped[str] = mapped_column(String(60), default="")


class TrustedIssuer(Base):
    """Somebody else whose health cards we can check: their address as cards name it, and their public keys."""

    __tablename__ = "trusted_issuer"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    url: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    keys: Mapped[Any] = mapped_column(JSON)
    changed_at: Mapped[datetime]

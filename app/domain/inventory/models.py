"""Lots at a location and the append-only ledger of their doses."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.program.models import Product
from app.infra import ddl
from app.infra.db import Base, new_id

UNKNOWN_EXPIRY = date(2069, 12, 31)


class Lot(Base):
    """A product's lot on the shelf of one location. `balance` is moved by the ledger's trigger only (in doses).

    `arrived_on` is the first day on which doses of it were there (None: not known). No dose may be given from it
    since `recalled_at` (the lot's number was recalled), `stopped_at` (its product was stopped), both program-wide,
    or `quarantined_at` (the location set it apart); its doses stay counted until they are returned or thrown away.
    """

    __tablename__ = "lot"
    __table_args__ = (
        UniqueConstraint("location_id", "product_id", "number_folded"),
        CheckConstraint("balance >= 0", name="balance_not_negative"),
        Index(None, "location_id", "expires_on"),
        Index(None, "product_id", "number_folded"),
        Index(None, "expires_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    location_id: Mapped[UUID] = mapped_column(ForeignKey("location.id"))
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    number: Mapped[str] = mapped_column(String(30))
    number_folded: Mapped[str] = mapped_column(String(30))
    expires_on: Mapped[date]
    balance: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    arrived_on: Mapped[date | None]
    recalled_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    quarantined_at: Mapped[datetime | None]
    quarantined_because: Mapped[str] = mapped_column(String(255), default="")

    product: Mapped[Product] = relationship(lazy="joined")


class StockEntry(Base):
    """One movement of doses, never changed. `doses` is signed; `balance_after` is filled by reading, not stored.

    `subject_id` is what moved them: an administration, a delivery, a count, a transfer. Entries of 0 doses tell what
    happened to the lot without moving any (set apart, released, another expiration date). `product_id` repeats the
    lot's, so that the history of a product is read from one index.
    """

    __tablename__ = "stock_entry"
    __table_args__ = (
        Index(None, "lot_id", "id"),
        Index(None, "location_id", "made_at", "id"),
        Index(None, "location_id", "kind", "made_at", "id"),
        Index(None, "lot_id", "made_at", "id"),
        Index(None, "lot_id", "kind", "made_at", "id"),
        Index(None, "location_id", "product_id", "made_at", "id"),
        Index(None, "location_id", "product_id", "kind", "made_at", "id"),
        Index(None, "location_id", "made_by_id", "made_at", "id"),
        Index(None, "location_id", "made_by_id", "kind", "made_at", "id"),
        Index(None, "subject_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    location_id: Mapped[UUID] = mapped_column(ForeignKey("location.id"))
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    kind: Mapped[str] = mapped_column(String(20))
    doses: Mapped[int]
    reason: Mapped[str] = mapped_column(String(255), default="")
    subject_id: Mapped[UUID | None]
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None]


ddl.append_only(StockEntry.__tablename__)
ddl.extra(
    "sqlite",
    StockEntry.__tablename__,
    "CREATE TRIGGER IF NOT EXISTS stock_entry_moves_balance AFTER INSERT ON stock_entry "
    "BEGIN UPDATE lot SET balance = balance + NEW.doses WHERE id = NEW.lot_id; END",
)
ddl.extra(
    "postgresql",
    StockEntry.__tablename__,
    "CREATE OR REPLACE FUNCTION stock_entry_moves_balance() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN UPDATE lot SET balance = balance + NEW.doses WHERE id = NEW.lot_id; RETURN NEW; END $$",
    "DROP TRIGGER IF EXISTS stock_entry_moves_balance ON stock_entry",
    "CREATE TRIGGER stock_entry_moves_balance AFTER INSERT ON stock_entry "
    "FOR EACH ROW EXECUTE FUNCTION stock_entry_moves_balance()",
)


class Shipment(Base):
    """A delivery that a location received into one lot. Doses as expected, received and damaged on arrival."""

    __tablename__ = "shipment"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    location_id: Mapped[UUID] = mapped_column(ForeignKey("location.id"), index=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    reference: Mapped[str] = mapped_column(String(60), default="")
    doses_expected: Mapped[int]
    doses_received: Mapped[int]
    doses_damaged: Mapped[int] = mapped_column(default=0)
    received_on: Mapped[date | None]
    received_at: Mapped[datetime]
    received_by_id: Mapped[UUID | None]


class Deprecation(Base):
    """Doses that left the shelf without being given: kind is waste, expired or return.

    `happened_at` is when it was found. One that was entered by mistake is voided: the doses come back and both stay
    to be read.
    """

    __tablename__ = "deprecation"
    __table_args__ = (Index(None, "location_id", "id"), Index(None, "lot_id", "id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    location_id: Mapped[UUID] = mapped_column(ForeignKey("location.id"))
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    kind: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(30))
    doses: Mapped[int]
    explanation: Mapped[str] = mapped_column(String(255), default="")
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    recorded_by_id: Mapped[UUID | None]
    voided_at: Mapped[datetime | None]
    voided_by_id: Mapped[UUID | None]
    voided_because: Mapped[str] = mapped_column(String(255), default="")

    lot: Mapped[Lot] = relationship()


class LotChange(Base):
    """One change of what is said about a lot: field is expires_on or total_doses. Never changed itself."""

    __tablename__ = "lot_change"
    __table_args__ = (Index(None, "lot_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    field: Mapped[str] = mapped_column(String(20))
    was: Mapped[str] = mapped_column(String(20))
    became: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(30))
    explanation: Mapped[str] = mapped_column(String(255), default="")
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[UUID | None]


ddl.append_only(LotChange.__tablename__)


class Stocktake(Base):
    """The doses of a location's shelf were counted. `difference` is the sum over its lines, in doses."""

    __tablename__ = "stocktake"
    __table_args__ = (Index(None, "location_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    location_id: Mapped[UUID] = mapped_column(ForeignKey("location.id"))
    lots: Mapped[int]
    difference: Mapped[int]
    note: Mapped[str] = mapped_column(String(255), default="")
    counted_at: Mapped[datetime]
    counted_by_id: Mapped[UUID | None]

    lines: Mapped[list["StocktakeLine"]] = relationship(order_by="StocktakeLine.id", lazy="selectin")


class StocktakeLine(Base):
    """One lot in a count: how many doses should have been there, and how many were."""

    __tablename__ = "stocktake_line"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    stocktake_id: Mapped[UUID] = mapped_column(ForeignKey("stocktake.id"), index=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    expected: Mapped[int]
    counted: Mapped[int]
    explanation: Mapped[str] = mapped_column(String(255), default="")

    lot: Mapped[Lot] = relationship(lazy="joined")


class Vial(Base):
    """A vial that was opened: its doses must be given before `use_by`. Its doses are part of the lot's balance.

    Once closed, `doses_wasted` of those left were thrown away and `doses_missing` are neither given (as far as is
    entered) nor thrown away: very likely given and not entered yet.
    """

    __tablename__ = "vial"
    __table_args__ = (
        CheckConstraint("doses_left >= 0", name="doses_left_not_negative"),
        Index(None, "location_id", "closed_at", "opened_at"),
        Index(None, "lot_id", "closed_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    location_id: Mapped[UUID] = mapped_column(ForeignKey("location.id"))
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    doses: Mapped[int]
    doses_left: Mapped[int]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[UUID | None]
    use_by: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[UUID | None]
    doses_wasted: Mapped[int] = mapped_column(default=0)
    doses_missing: Mapped[int] = mapped_column(default=0)
    explanation: Mapped[str] = mapped_column(String(255), default="")

    lot: Mapped[Lot] = relationship(lazy="joined")


class Recall(Base):
    """The program takes a lot (by its number) or a whole product (`number_folded` empty) out of use everywhere.

    `told_through` is the last administration whose recipient was told, `told_at` when all of them were.
    """

    __tablename__ = "recall"
    __table_args__ = (
        Index(
            "uq_recall_live", "product_id", "number_folded", unique=True,
            sqlite_where=text("lifted_at IS NULL"), postgresql_where=text("lifted_at IS NULL"),
        ),
        Index(None, "told_at"),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    number: Mapped[str] = mapped_column(String(30), default="")
    number_folded: Mapped[str] = mapped_column(String(30), default="")
    reason: Mapped[str] = mapped_column(String(255))
    made_at: Mapped[datetime]
    made_by_id: Mapped[UUID | None]
    lots: Mapped[int] = mapped_column(default=0)
    doses: Mapped[int] = mapped_column(default=0)
    told_through: Mapped[UUID | None]
    told_at: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]
    lifted_by_id: Mapped[UUID | None]
    lifted_because: Mapped[str] = mapped_column(String(255), default="")

    product: Mapped[Product] = relationship(lazy="joined")

    @property
    def of_product(self) -> bool:
        """True when the whole product is stopped, not one lot."""
        return not self.number_folded


class RecallNotice(Base):
    """A recipient of doses that were recalled later was found and, where there is an address, mailed. Once each.

    Only the id is kept here: people live in an area that knows this one, not the other way round.
    """

    __tablename__ = "recall_notice"
    __table_args__ = (UniqueConstraint("recall_id", "recipient_id"), Index(None, "recipient_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    recall_id: Mapped[UUID] = mapped_column(ForeignKey("recall.id"))
    recipient_id: Mapped[UUID]
    mailed: Mapped[bool]
    made_at: Mapped[datetime]


class StockWarning(Base):
    """Something that a location was warned of. kind: expiring, expiry_unknown, running_low, long_transit.

    `subject_id` is the lot, the product or the transfer. While it holds, nobody is mailed about it a second time;
    `cleared_at` is when it held no more.
    """

    __tablename__ = "stock_warning"
    __table_args__ = (
        Index(
            "uq_stock_warning_live", "location_id", "kind", "subject_id", unique=True,
            sqlite_where=text("cleared_at IS NULL"), postgresql_where=text("cleared_at IS NULL"),
        ),
    )  # fmt: skip

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    location_id: Mapped[UUID] = mapped_column(ForeignKey("location.id"))
    kind: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[UUID]
    raised_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]


class WarningRound(Base):
    """The warnings of a local day were all looked at."""

    __tablename__ = "warning_round"

    day: Mapped[date] = mapped_column(primary_key=True)
    finished_at: Mapped[datetime]

"""Lots at a location and the append-only ledger of their doses."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.program.models import Product
from app.infra import ddl
from app.infra.db import Base, new_id

UNKNOWN_EXPIRY = date(2069, 12, 31)


class Lot(Base):
    """A product's lot on the shelf of one location. `balance` is moved by the ledger's trigger only (in doses)."""

    __tablename__ = "lot"
    __table_args__ = (
        UniqueConstraint("location_id", "product_id", "number_folded"),
        CheckConstraint("balance >= 0", name="balance_not_negative"),
        Index(None, "location_id", "expires_on"),
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

    product: Mapped[Product] = relationship(lazy="joined")


class StockEntry(Base):
    """One movement of doses, never changed. `doses` is signed; `balance_after` is filled by reading, not stored."""

    __tablename__ = "stock_entry"
    __table_args__ = (Index(None, "lot_id", "id"), Index(None, "location_id", "id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"))
    location_id: Mapped[UUID] = mapped_column(ForeignKey("location.id"))
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
    received_at: Mapped[datetime]
    received_by_id: Mapped[UUID | None]

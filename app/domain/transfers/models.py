"""Transfers, their lines, and every step that they took."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.domain.inventory.models import Lot
from app.domain.program.models import Product
from app.domain.providers.models import Location
from app.infra import ddl
from app.infra.db import Base, new_id


class Transfer(Base):
    """Vaccine that goes from one location to another. kind: transfer or redistribution; status as in `states.py`.

    `shipped_at` stays set after the end; doses are on the way while status is shipped or returning.
    """

    __tablename__ = "transfer"
    __table_args__ = (
        CheckConstraint("from_location_id <> to_location_id", name="two_places"),
        Index(None, "from_location_id", "id"),
        Index(None, "to_location_id", "id"),
        Index(None, "status", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    from_location_id: Mapped[UUID] = mapped_column(ForeignKey("location.id"))
    to_location_id: Mapped[UUID] = mapped_column(ForeignKey("location.id"))
    status: Mapped[str] = mapped_column(String(12), default="requested")
    reason: Mapped[str] = mapped_column(String(500))
    planned_on: Mapped[date]
    transport: Mapped[str] = mapped_column(String(20))
    contact_name: Mapped[str] = mapped_column(String(130))
    contact_phone: Mapped[str] = mapped_column(String(10))
    requested_at: Mapped[datetime]
    requested_by_id: Mapped[UUID | None]
    decided_at: Mapped[datetime | None]
    shipped_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    from_location: Mapped[Location] = relationship(foreign_keys=[from_location_id], lazy="joined")
    to_location: Mapped[Location] = relationship(foreign_keys=[to_location_id], lazy="joined")
    lines: Mapped[list["TransferLine"]] = relationship(order_by="TransferLine.id", lazy="selectin")


class TransferLine(Base):
    """One lot in a transfer, by the sender's lot. Doses as asked for, shipped, arrived and, of these, damaged.

    `doses_arrived` is what reached the receiver, or came back to the sender. `lot_number` and `expires_on` are copied
    when it is asked for, so that both sides read the same line.
    """

    __tablename__ = "transfer_line"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    transfer_id: Mapped[UUID] = mapped_column(ForeignKey("transfer.id"), index=True)
    lot_id: Mapped[UUID] = mapped_column(ForeignKey("lot.id"), index=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    lot_number: Mapped[str] = mapped_column(String(30))
    expires_on: Mapped[date]
    doses: Mapped[int]
    doses_shipped: Mapped[int | None]
    doses_arrived: Mapped[int | None]
    doses_damaged: Mapped[int | None]
    discrepancy: Mapped[str] = mapped_column(String(20), default="")
    explanation: Mapped[str] = mapped_column(String(255), default="")
    received_lot_id: Mapped[UUID | None] = mapped_column(ForeignKey("lot.id"))

    product: Mapped[Product] = relationship(lazy="joined")
    lot: Mapped[Lot] = relationship(foreign_keys=[lot_id])

    @property
    def doses_lost(self) -> int:
        """Shipped and never arrived; below 0 when more arrived than the sender counted. 0 while on the way."""
        if self.doses_arrived is None:
            return 0
        return (self.doses_shipped or 0) - self.doses_arrived


class TransferStep(Base):
    """One step of a transfer: who, when, from, to and why. Never changed."""

    __tablename__ = "transfer_step"
    __table_args__ = (Index(None, "transfer_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    transfer_id: Mapped[UUID] = mapped_column(ForeignKey("transfer.id"))
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(String(12))
    before: Mapped[str] = mapped_column(String(12))
    after: Mapped[str] = mapped_column(String(12))
    by_id: Mapped[UUID | None]
    why: Mapped[str] = mapped_column(String(500), default="")


ddl.append_only(TransferStep.__tablename__)

"""Two complete worlds: what one holds is foreign to everybody of the other. Every maker commits."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Role, system
from app.domain.accounts.models import Account
from app.domain.enrollment.models import Correction, PracticingProvider, Signature, StorageUnit
from app.domain.inventory.count_stock import CountedLot, CountStock, count_stock
from app.domain.inventory.deprecate import Deprecate, deprecate
from app.domain.inventory.recall import MakeRecall, recall
from app.domain.recipients.merging.models import ClosePair
from app.domain.recipients.models import Recipient
from app.domain.uploads.models import Upload, UploadRow
from app.infra import clock
from app.infra.db import new_id
from tests.make import enrollment, transfers
from tests.make.accounts import account, administrator, contact, healthcare_provider, manager, person
from tests.make.guardians import dependant
from tests.make.inventory import lot
from tests.make.kiosks import offered
from tests.make.merging import joined
from tests.make.notices import notice
from tests.make.organizations import organization, point_of_contact
from tests.make.proofs import trusted_issuer
from tests.make.providers import location
from tests.make.vaccinations import dose, someone, visit

NOBODY = UUID(int=0)


@dataclass(frozen=True)
class TwoWorlds:
    """`places` are accounts with the ids that they may use; `foreign_ids` name things of the other world."""

    places: list[tuple[Account, dict[str, UUID]]]
    foreign_ids: dict[str, UUID]
    shared_nouns: frozenset[str] = frozenset({"organization_id", "contact_id"})

    @property
    def people(self) -> list[Account]:
        """Who has a place of their own; staff of the whole program are not among them."""
        return [account for account, own in self.places if own]


def two_worlds(session: Session) -> TwoWorlds:
    """One world with people of every role, and another one whose things they must not reach."""
    clinic, employer = location(session, "Eastside Clinic"), organization(session, "Harvest Foods")
    employer.confirmed_at = clock.now()
    patient = someone(session, clinic, first_name="Rosa", last_name="Diaz")
    places: list[tuple[Account, dict[str, UUID]]] = [
        (manager(session, clinic), {"location_id": clinic.id}),
        (healthcare_provider(session, clinic), {"location_id": clinic.id}),
        (contact(session, employer.id), {"organization_id": employer.id}),
        (person(session, patient.id), {"recipient_id": patient.id}),
        *_enrolling(session),
        (administrator(session), {}),
        (account(session, Role.STATE_VIEWER, realm="state"), {}),
        (account(session, Role.PRIVACY_OFFICER, realm="state"), {}),
    ]
    return TwoWorlds(places, _foreign_ids(session) | _foreign_enrollment(session))


def _enrolling(session: Session) -> list[tuple[Account, dict[str, UUID]]]:
    """An enrollment with everybody who has a part in it."""
    applied = enrollment.with_section_a(session)
    (place,) = enrollment.locations_of(session, applied)
    people = [
        session.get_one(Account, enrollment.boss_of(session, applied).id),
        account(session, Role.VACCINE_COORDINATOR, place.id, realm="enrollment"),
        account(session, Role.OFFICER_CEO, applied.id, realm="enrollment"),
        account(session, Role.OFFICER_CMO, applied.id, realm="enrollment"),
    ]
    return [(one, {"enrollment_id": applied.id}) for one in people]


def _foreign_enrollment(session: Session) -> dict[str, UUID]:
    applied = enrollment.with_section_a(session, email="other@example.org")
    (place,) = enrollment.locations_of(session, applied)
    enrollment.completed(session, applied, place)
    correction = Correction(
        enrollment_id=applied.id, field="legal_name", comment="Look again", asked_at=clock.now(), sent_at=clock.now()
    )
    session.add(correction)
    session.commit()
    ids = {"enrollment_id": applied.id, "enrolled_location_id": place.id, "correction_id": correction.id}
    for name, table in (("unit_id", StorageUnit), ("provider_id", PracticingProvider), ("signature_id", Signature)):
        ids[name] = session.scalars(select(table.id).limit(1)).one()
    return ids


def _foreign_ids(session: Session) -> dict[str, UUID]:
    clinic, employer = location(session, "Westside Clinic"), organization(session, "Other Foods")
    boss = manager(session, clinic)
    patient, waiting = someone(session, clinic, last_name="Other"), someone(session, clinic, last_name="Waiting")
    stock = lot(session, clinic)
    given = dose(session, clinic, patient, stock)
    present = visit(session, clinic, waiting)
    upload = Upload(
        scope_kind="location", scope_id=clinic.id, filename="a.csv", sha256="0" * 64, storage_key="none",
        sent_by_id=boss.id, sent_at=clock.now(), attested_name="Ann Lee", attestation="1", status="done",
    )  # fmt: skip
    session.add(upload)
    session.flush()
    row = UploadRow(
        upload_id=upload.id, number=2, fate="held", subject_id=patient.id, cells={}, mistakes=[], settled_at=clock.now()
    )
    session.add(row)
    now = clock.now()
    wasted = deprecate(
        session, system("test"), Deprecate(clinic.id, stock.id, "waste", "broken", 1), now=now, today=now.date()
    )
    recalled = recall(session, system("test"), MakeRecall("janssen", "1", "Test"), now=now)
    counted = CountStock(clinic.id, (CountedLot(stock.id, stock.balance, stock.balance),))
    stocktake = count_stock(session, system("test"), counted, now=now)
    pair_id, merge_id = _alike_and_joined(session, patient, waiting)
    session.commit()
    return {
        "pair_id": pair_id, "merge_id": merge_id, "other_person_id": waiting.id,
        "guardianship_id": dependant(session, someone(session, clinic, last_name="Parent")).id, "person_id": patient.id,
        "location_id": clinic.id, "organization_id": employer.id, "recipient_id": patient.id, "lot_id": stock.id,
        "visit_id": present.id, "dose_id": given.id, "upload_id": upload.id, "row_id": row.id, "message_id": new_id(),
        "user_id": boss.id, "kiosk_id": offered(session, clinic).id, "notice_id": notice(session).id,
        "contact_id": point_of_contact(session, employer).id, "deprecation_id": wasted.id,
        "issuer_id": trusted_issuer(session).id, "recall_id": recalled.id, "stocktake_id": stocktake.id,
        "transfer_id": transfers.requested(session, clinic, location(session, "Third Clinic"), (stock, 1)).id,
    }  # fmt: skip


def _alike_and_joined(session: Session, left: Recipient, right: Recipient) -> tuple[UUID, UUID]:
    """Two people who look alike, and two records that were joined."""
    pair = ClosePair(left_id=left.id, right_id=right.id, points=20, agreement={}, found_at=clock.now())
    session.add(pair)
    session.commit()
    return pair.id, joined(session, someone(session, last_name="Once"), someone(session, last_name="Twice")).id

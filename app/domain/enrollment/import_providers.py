"""Practising providers by workbook, for locations with 25 and more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.enrollment.import_locations import Fate, Imported
from app.domain.enrollment.models import PracticingProvider
from app.domain.enrollment.practicing_providers import fold_license, known_licenses, make_provider
from app.domain.enrollment.save_section_b import location_for_section_b, part_changed
from app.infra.spreadsheet.read_rows import ReadRow


@dataclass(frozen=True, slots=True)
class ImportProviders:
    """Rows as `provider_rows.read_providers` gives them."""

    enrolled_location_id: UUID
    rows: Iterable[ReadRow]


def import_providers(session: Session, actor: Actor, command: ImportProviders, *, now: datetime) -> Imported:
    """Add the good rows. Somebody with the same license number is there already. Raises NotNow."""
    enrollment, location = location_for_section_b(session, actor, command.enrolled_location_id)
    known = known_licenses(session, location.id)
    added: list[PracticingProvider] = []
    fates: dict[int, Fate] = {}
    rows = list(command.rows)
    for row in rows:
        if not row.is_good:
            fates[row.number] = "mistaken"
            continue
        license_number = fold_license(row.values["license_number"])
        if license_number in known:
            fates[row.number] = "present"
            continue
        known.add(license_number)
        added.append(make_provider(location.id, row.values, now))
        fates[row.number] = "added"
    if added:
        session.add_all(added)
        part_changed(session, actor, enrollment, location, {"providers"}, now=now)
    return Imported(fates, tuple(row for row in rows if not row.is_good))

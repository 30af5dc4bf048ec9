"""A state for the pages to be opened in: everything that grows with the people, and one small clinic that does not.

Run: python -m bench statewide [recipients]. A million recipients have two million doses, 100,000 organizations, 3,000
locations and 50,000 cases. Nine people in ten are listed by forty large locations, so that those grow with the state, and
the others by the many small ones. An employer has as many in its list as a large location. Of ten people nine have a
dose, eight two, three three; half have an account; one mail was sent to each; for ten there is an organization, for twenty
a case. The lots and today's queue of the first location, and what the employer uploaded, are the same at any size.
"""

import sys
import time
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.orm import Session

from app import config
from app.domain.accounts.access import system
from app.domain.accounts.models import Account
from app.domain.helpdesk.desk import install_help_desk
from app.domain.helpdesk.models import Case
from app.domain.inventory.models import Lot
from app.domain.inventory.receive_shipment import ReceiveShipment, receive_shipment
from app.domain.organizations.models import Organization
from app.domain.organizations.searchable import make_searchable
from app.domain.program.models import Product
from app.domain.program.products import install_products
from app.domain.providers.models import Location, ProviderOrganization
from app.domain.recipients.models import Listing, Recipient
from app.domain.uploads.models import Upload, UploadRow
from app.domain.vaccinations.models import Administration, Visit
from app.infra import clock, crypto, migrations
from app.infra.db import Database, new_id
from bench import helpdesk_cases, people, servers
from bench.organizations import organizations
from tests import make
from tests.make import helpdesk
from tests.make.vaccinations import ZONE, dose, visit

KEY = "bench" * 8
LARGE, FEWEST_PLACES, FEWEST_CASES = 40, 60, 2_500
"""No list of a small state is shorter than a page: what is compared is the finding, not the length."""
PLACES = [UUID(int=number) for number in range(1, LARGE + 1)]
EMPLOYER = UUID(int=2_000)
FEWEST_UPLOADS, ROWS_OF_UPLOAD = 60, 50
QUEUE, LOTS = 6, 4
ROLES = ("manager", "contact", "recipient", "administrator", "supervisor")
COUNTED = {
    "recipients": Recipient, "doses": Administration, "organizations": Organization, "locations": Location, "cases": Case,
}  # fmt: skip

_OTHERS = {
    "sqlite": {
        "day": "'2021-02-1' || substr(r.phone, 10, 1)",
        "second": "substr(r.id, 1, 12) || '8' || substr(r.id, 14)",
        "third": "substr(r.id, 1, 12) || '9' || substr(r.id, 14)",
    },
    "postgresql": {
        "day": "CAST('2021-02-1' || substr(r.phone, 10, 1) AS date)",
        "second": "CAST(overlay(CAST(r.id AS text) placing '8' from 15) AS uuid)",
        "third": "CAST(overlay(CAST(r.id AS text) placing '9' from 15) AS uuid)",
    },
}  # fmt: skip
_VISITS = """
INSERT INTO visit (id, location_id, recipient_id, day, status, walk_in, arrived_at, ended_at, reason)
SELECT r.id, l.scope_id, r.id, {day}, 'vaccinated', {no}, r.created_at, r.created_at, ''
FROM recipient r JOIN listing l ON l.recipient_id = r.id AND l.scope_kind = 'location'
WHERE substr(r.phone, 10, 1) <= '{last}' ON CONFLICT DO NOTHING
"""
_DOSES = """
INSERT INTO administration (id, recipient_id, visit_id, location_id, product_id, status, dose_number, given_at,
    given_on, site, route, clinician_name, clinician_suffix, fact_sheet, recorded_at)
SELECT {id}, r.id, r.id, l.scope_id, :product, 'completed', {number}, r.created_at, {day}, 'LD', 'C28161', 'Ann Lee', 'RN',
    '', r.created_at
FROM recipient r JOIN listing l ON l.recipient_id = r.id AND l.scope_kind = 'location'
WHERE substr(r.phone, 10, 1) <= '{last}' ON CONFLICT DO NOTHING
"""
_MAILS = """
INSERT INTO outbox_message (id, kind, payload, about_id, due_at, in_bulk, status, attempts, done_at)
SELECT r.id, 'accounts.invited', '{{}}', r.id, r.created_at, {yes}, 'done', 1, r.created_at FROM recipient r
"""
_EMPLOYED = """
INSERT INTO listing (id, scope_kind, scope_id, recipient_id, last_folded, first_folded, external_id, how, listed_at)
SELECT {second}, 'organization', :employer, r.id, l.last_folded, l.first_folded, '', 'upload', l.listed_at
FROM recipient r JOIN listing l ON l.recipient_id = r.id WHERE l.scope_id = :place
"""
_ACCOUNTS = """
INSERT INTO account (id, first_name, last_name, email, email_folded, language, created_at)
SELECT r.id, r.first_name, r.last_name, r.email, r.email_folded, 'en', r.created_at
FROM recipient r WHERE r.registered_at IS NOT NULL
"""
_SIGN_IN_NAMES = """
INSERT INTO sign_in_name (id, account_id, realm, name, name_folded)
SELECT r.id, r.id, 'recipient', r.code, r.code FROM recipient r WHERE r.registered_at IS NOT NULL
"""
_GRANTS = """
INSERT INTO "grant" (id, account_id, role, scope_kind, scope_id, given_at)
SELECT r.id, r.id, 'recipient', 'recipient', r.id, r.created_at FROM recipient r WHERE r.registered_at IS NOT NULL
"""
_REGISTERED = "UPDATE recipient SET registered_at = created_at WHERE substr(phone, 10, 1) < '5'"


def build(database: Database, count: int) -> None:
    """Bring an empty database to a state of so many recipients; keeps one that was built. What is sealed is so with KEY."""
    crypto.configure(config.load({"SECRET_KEY": KEY}).encryption_keys)
    migrations.upgrade(database)
    people.build(database, count, _shares(count))
    with database.reading() as session:
        built = session.get(Organization, EMPLOYER) is not None
        if not built and session.get(Location, PLACES[0]) is not None:
            raise SystemExit(f"{database.url} was left half built: delete it under instance/bench and run again")
    if not built:
        _say(database, "locations")
        with database.session(write=True) as session:
            _add_locations(session, count)
        _add_what_grows(database)
        _add_cases(database, max(count // 20, FEWEST_CASES))
        _add_organizations(database, max(count // 10, 100))
        _add_uploads(database, max(count // 500, FEWEST_UPLOADS))
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE"))
    with database.session(write=True) as session:
        _queue_of_today(session)


def _places(count: int) -> list[UUID]:
    """Three locations for a thousand people, and never fewer than a page of a list."""
    return [UUID(int=number) for number in range(1, max(count * 3 // 1000, FEWEST_PLACES) + 1)]


def _shares(count: int) -> list[UUID]:
    """The places with whose lists the people are shared out, each as often as its share is large."""
    small = _places(count)[LARGE:]
    return [*PLACES * max(len(small) * 9 // LARGE, 1), *small]


def _add_locations(session: Session, count: int) -> None:
    install_products(session)
    places, now = _places(count), clock.now()
    today = clock.local_date(now, ZONE)
    counties = ("37183", "37119", "37063", "37081", "37067", "37051")
    session.execute(
        insert(ProviderOrganization),
        [{"id": place, "name": f"Practice {place.int}", "created_at": now} for place in places],
    )
    session.execute(
        insert(Location),
        [
            {
                "id": place, "provider_organization_id": place, "name": f"Clinic {place.int:02}", "city": "Raleigh",
                "provider_pin": f"{700000 + place.int}", "zip": "27601", "created_at": now,
                "county_fips": counties[place.int % len(counties)],
            }
            for place in places
        ],
    )  # fmt: skip
    for place in places:
        for number in range(LOTS if place.int <= LARGE else 1):
            shipment = ReceiveShipment(place, "pfizer", f"EN{place.int:02}{number}", today + timedelta(days=60), 500, 500)
            receive_shipment(session, system("bench"), shipment, now=now, today=today)
    session.commit()


def _add_cases(database: Database, count: int) -> None:
    _say(database, f"{count:,} cases")
    with database.transaction() as session:
        install_help_desk(session)
    with database.transaction() as session:
        helpdesk_cases.put(session, count)


def _add_what_grows(database: Database) -> None:
    words = _OTHERS[database.engine.dialect.name] | (
        {"yes": "1", "no": "0"} if database.is_sqlite else {"yes": "true", "no": "false"}
    )
    with database.reading() as session:
        product = session.scalars(select(Product.id).where(Product.code == "pfizer")).one()
    id_of = {"product": product.hex if database.is_sqlite else product}
    place = {"employer": EMPLOYER, "place": PLACES[0]}
    for what, statement, values in (
        ("registrations", _REGISTERED, {}),
        ("accounts", _ACCOUNTS, {}),
        ("sign-in names", _SIGN_IN_NAMES, {}),
        ("grants", _GRANTS, {}),
        ("visits", _VISITS.format(**words, last=8), {}),
        ("first doses", _DOSES.format(**words, last=8, id="r.id", number=1), id_of),
        ("second doses", _DOSES.format(**words, last=7, id=words["second"], number=2), id_of),
        ("third doses", _DOSES.format(**words, last=2, id=words["third"], number=3), id_of),
        ("mails", _MAILS.format(**words), {}),
        ("employer", _EMPLOYED.format(**words), {n: v.hex if database.is_sqlite else v for n, v in place.items()}),
    ):
        _say(database, what)
        with database.transaction() as session:
            session.execute(text(statement), values)


def _add_organizations(database: Database, count: int) -> None:
    made, done = organizations(count), 0
    while some := list(islice(made, 10_000)):
        with database.transaction() as session:
            session.add_all(some)
            make_searchable(session, some)
        done += len(some)
        _say(database, f"{done:,} organizations")


def _add_uploads(database: Database, count: int) -> None:
    """Files of employers with one held row each; ten of them are the employer's, whose presence says that all is built."""
    with database.session(write=True) as session:
        senders = list(session.scalars(select(Organization.id).order_by(Organization.id).limit(100)))
        known = session.scalars(select(Recipient).order_by(Recipient.id).limit(1)).one()
        session.add(
            employer := Organization(
                id=EMPLOYER, name="Harvest Foods", industry="food", city="Raleigh", state_abbr="NC", zip="27601",
                created_at=clock.now(), confirmed_at=clock.now(),
            )
        )  # fmt: skip
        make_searchable(session, [employer])
        contact, uploads = _accounts(session), []
        for number in range(count):
            uploads.append({
                "id": new_id(), "scope_kind": "organization", "filename": "people.xlsx", "sha256": f"{number:064}",
                "scope_id": EMPLOYER if number >= count - 10 else senders[number % len(senders)],
                "storage_key": "none", "sent_by_id": contact, "sent_at": clock.now() - timedelta(days=1),
                "attested_name": "Ann Lee", "attestation": "1", "status": "done", "rows_total": ROWS_OF_UPLOAD,
                "rows_settled": ROWS_OF_UPLOAD, "held_count": 1, "created_count": ROWS_OF_UPLOAD - 1,
            })  # fmt: skip
        session.execute(insert(Upload), uploads)
        session.execute(insert(UploadRow), [row for upload in uploads for row in _rows_of(upload["id"], known)])
        session.commit()


def _rows_of(upload_id: UUID, known: Recipient) -> list[dict[str, Any]]:
    cells = {"first_name": known.first_name, "last_name": known.last_name, "birth_date": f"{known.birth_date:%m/%d/%Y}"}
    return [
        {
            "id": new_id(), "upload_id": upload_id, "number": number, "fate": "created" if number > 2 else "held",
            "subject_id": known.id, "cells": None if number > 2 else cells, "mistakes": None if number > 2 else [],
            "settled_at": clock.now(),
        }
        for number in range(2, ROWS_OF_UPLOAD + 2)
    ]  # fmt: skip


def _accounts(session: Session) -> UUID:
    """One account for each role that has a menu, found by `account_of`; returns the contact's."""
    place = session.get_one(Location, PLACES[0])
    patient = session.scalars(
        select(Visit.recipient_id).where(Visit.location_id == place.id).order_by(Visit.id).limit(1)
    ).one()
    make.manager(session, place, **_named("manager"))
    make.person(session, patient, **_named("recipient"))
    make.administrator(session, **_named("administrator"))
    helpdesk.agent(session, supervisor=True, **_named("supervisor"))
    return make.contact(session, EMPLOYER, **_named("contact")).id


def _named(role: str) -> dict[str, str]:
    return {"name": f"bench-{role}", "email": f"{role}@bench.example.org"}


def account_of(session: Session, role: str) -> Account:
    """The account of one of ROLES."""
    return session.scalars(select(Account).where(Account.email_folded == _named(role)["email"])).one()


def somebody(session: Session) -> Recipient:
    """Whom the first location lists."""
    listed = select(Recipient).join(Listing, Listing.recipient_id == Recipient.id).where(Listing.scope_id == PLACES[0])
    return session.scalars(listed.order_by(Listing.id).limit(1)).one()


def _queue_of_today(session: Session) -> None:
    """QUEUE people wait at the first location, and half as many were there already today."""
    place = session.get_one(Location, PLACES[0])
    today = clock.local_date(clock.now(), ZONE)
    if session.scalar(select(func.count(Visit.id)).where(Visit.location_id == place.id, Visit.day == today)):
        return
    session.execute(
        update(Visit)
        .where(Visit.location_id == place.id, Visit.status.in_(("arrived", "screened")))
        .values(status="left", ended_at=clock.now())
    )
    came = select(Recipient).join(Listing, Listing.recipient_id == Recipient.id).where(Listing.scope_id == place.id)
    people_here = session.scalars(came.order_by(Listing.last_folded, Listing.first_folded).limit(QUEUE + QUEUE // 2))
    stock = session.scalars(select(Lot).where(Lot.location_id == place.id).limit(1)).one()
    for number, patient in enumerate(people_here.all()):
        if number < QUEUE:
            visit(session, place, patient, screened=number % 2 == 0)
        else:
            dose(session, place, patient, stock)
    session.commit()


def main(count: int = 1_000_000) -> dict[str, Any]:
    """Build the state on both databases, and tell how long it took and what is in it."""
    found: dict[str, Any] = {}
    with servers.postgresql(f"statewide-{count}") as server:
        for database in (servers.embedded(f"statewide-{count}"), server):
            kind, started = database.engine.dialect.name, time.perf_counter()
            build(database, count)
            found[f"{kind}_s"] = round(time.perf_counter() - started, 1)
            with database.reading() as session:
                found |= {f"{kind}_{words}": rows for words, rows in sizes(session)}
    return found


def sizes(session: Session) -> list[tuple[str, int]]:
    """What there is most of, and how much."""
    return [(words, session.scalar(select(func.count()).select_from(table)) or 0) for words, table in COUNTED.items()]


def _say(database: Database, what: str) -> None:
    print(f"{database.engine.dialect.name}: {what:40}", end="\r", file=sys.stderr)

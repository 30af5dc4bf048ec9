"""A world in which every page has something to show, and who may open what. Every maker commits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.accounts.access import Role
from app.domain.accounts.models import Account
from app.domain.enrollment.models import StorageUnit
from app.domain.helpdesk.models import Requester
from app.domain.providers.models import Location
from app.infra.storage import FolderStorage
from tests.browserless import Site
from tests.make import begun, helpdesk, scenes
from tests.make.accounts import account, administrator, contact, healthcare_provider, manager, person
from tests.make.begun import Visitor
from tests.make.kiosks import kiosk
from tests.make.worlds import two_worlds

METRICS_TOKEN = "a-token-for-the-machine-that-measures"
STATIC = "/static/icon.svg"
DOORS = frozenset(
    {
        *(
            "account.start",
            "account.sign_out",
            "account.outside_sign_in",
            "account.outside_callback",
            "account.renew_invitation",
        ),
        *("enrollment.section_b", "recipient.registration"),
        *("helpdesk.insert_text", "helpdesk.note_on_case", "helpdesk.reply_to_case"),
    }
)
"""Pages that show nothing themselves: they only lead to another one."""


@dataclass
class Everything:
    """`ids` fill addresses, `typed` forms: what is known here. `links` are those in mails."""

    visitors: list[Visitor]
    links: list[str]
    ids: dict[str, Any]
    typed: dict[str, str] = field(default_factory=dict)


def everything(site: Site, session: Session, storage: FolderStorage) -> Everything:
    """Everybody with everything that they may see."""
    ids: dict[str, Any] = dict(two_worlds(session).foreign_ids)
    ids["number"] = helpdesk.opened(session, storage).number
    clinic = session.get_one(Location, ids["location_id"])
    links = begun.links_of_mails(site, session, ids)
    visitors = [
        *_clinic(site, session, clinic),
        *_door(session, clinic),
        *_employer(site, session, ids["organization_id"]),
        *_people(site, session, storage, ids["recipient_id"]),
        *_enrolling(site, session, ids),
        *_state(site, session, storage),
        *_help_desk(session, storage, clinic),
        *begun.half_signed_in(site, session),
        *begun.come_from_outside(site, session, clinic),
        Visitor("who leaves", ("account",), healthcare_provider(session, clinic), starts=("/account/sign-out", STATIC)),
        Visitor("the machine that measures", ("front",), starts=("/metrics",), token=METRICS_TOKEN),
        Visitor("nobody", ("account", "front", "enrollment", "helpdesk", "recipient"), starts=links, tries=("account", "front", "enrollment", "helpdesk")),
    ]  # fmt: skip
    _pictures(session, storage)
    return Everything(visitors, links, ids, {"last_name": "Lopez", "detail": "27601", "confirm": "yes"})


def _pictures(session: Session, storage: FolderStorage) -> None:
    """Every storage unit has pictures that are there."""
    key = storage.put("pictures", b"\xff\xd8\xff\xd9")
    session.execute(update(StorageUnit).values(inside_key=key, outside_key=key))
    session.commit()


def _one(role: str, portal: str, who: Account, starts: Sequence[str] = ()) -> Visitor:
    """Somebody with one portal, who tries all of it."""
    return Visitor(role, (portal,), who, starts=starts, tries=(portal,))


def _led(role: str, portal: str, who: Account, starts: Sequence[str]) -> Visitor:
    """Somebody who only follows links, from where they know."""
    return Visitor(role, (portal,), who, starts=starts)


def _clinic(site: Site, session: Session, clinic: Location) -> list[Visitor]:
    boss, portals = manager(session, clinic), ("provider", "account")
    starts = ("/account/choose", *scenes.of_a_clinic(site, session, clinic, boss))
    return [
        Visitor("manager", portals, boss, starts=starts, tries=portals),
        _one("healthcare provider", "provider", healthcare_provider(session, clinic)),
    ]


def _door(session: Session, clinic: Location) -> list[Visitor]:
    _, token = kiosk(session, clinic, "Back door")
    screen = (("cvms_kiosk", "/kiosk", token),)
    return [
        Visitor("kiosk", ("kiosk",), cookies=screen, tries=("kiosk",)),
        Visitor("no kiosk yet", ("kiosk",), starts=("/kiosk/pair",)),
    ]


def _employer(site: Site, session: Session, organization_id: UUID) -> list[Visitor]:
    sender, starts = scenes.of_an_employer(site, session)
    return [
        _led("contact with people", "organization", sender, starts),
        _one("contact", "organization", contact(session, organization_id)),
    ]


def _people(site: Site, session: Session, storage: FolderStorage, recipient_id: UUID) -> list[Visitor]:
    scened = scenes.of_people(site, session, storage)
    new = person(session, recipient_id, email="other@example.org")
    return [
        *(_led("recipient", "recipient", who, starts) for who, starts in scened),
        _one("recipient", "recipient", new),
    ]


def _enrolling(site: Site, session: Session, ids: dict[str, Any]) -> list[Visitor]:
    def somebody(role: Role, scope_id: UUID) -> Visitor:
        return _one(role.value, "enrollment", account(session, role, scope_id, realm="enrollment"))

    return [
        *(
            _led(f"{who.email} enrolling", "enrollment", who, starts)
            for who, starts in scenes.of_enrollments(site, session)
        ),
        somebody(Role.ORGANIZATION_ADMINISTRATOR, ids["enrollment_id"]),
        somebody(Role.VACCINE_COORDINATOR, ids["enrolled_location_id"]),
        somebody(Role.OFFICER_CMO, ids["enrollment_id"]),
    ]


def _state(site: Site, session: Session, storage: FolderStorage) -> list[Visitor]:
    boss = administrator(session)
    starts, review = scenes.of_the_state(site, session, storage, boss)
    starts += ["/help/desk/settings", "/components"]
    return [
        Visitor("administrator", ("state", "front", "helpdesk"), boss, starts=starts, tries=("state",)),
        _led("viewer", "state", account(session, Role.STATE_VIEWER, realm="state"), ["/state/"]),
        _one("privacy officer", "state", account(session, Role.PRIVACY_OFFICER, realm="state"), [review]),
    ]


def _help_desk(session: Session, storage: FolderStorage, clinic: Location) -> list[Visitor]:
    boss, asking = helpdesk.agent(session, supervisor=True), helpdesk.requester(session)
    everybodys, agreed_long_ago = helpdesk.agent(session, "recipients"), helpdesk.requester(session)
    session.get_one(Requester, agreed_long_ago.id).terms = "2019-01"
    session.commit()
    return [
        _one("supervisor", "helpdesk", boss, scenes.of_the_help_desk(session, storage, asking, boss, clinic)),
        _led("agent", "helpdesk", helpdesk.agent(session), ["/help/desk"]),
        _one("requester", "helpdesk", asking, scenes.of_a_requester(session, storage, asking, boss)),
        Visitor("reader of a mail", ("helpdesk",), starts=scenes.linked_cases(session, storage, everybodys)),
        _led("requester of old", "helpdesk", agreed_long_ago, ["/help/agree"]),
    ]

"""States of things that pages show and makers of one area do not make: by the pages themselves where that is shortest."""

import io
from datetime import timedelta
from uuid import UUID

from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.documents.proofs.issued import proof_issuer, proof_renderer
from app.domain.accounts.access import Role, system
from app.domain.accounts.break_glass import BreakGlass, break_glass
from app.domain.accounts.devices.queries import actor_of_kiosk
from app.domain.accounts.invitations import Invite, invite
from app.domain.accounts.models import Account, GlassOpening
from app.domain.accounts.sessions import start_session
from app.domain.enrollment.add_location import AddEnrolledLocation, add_location
from app.domain.enrollment.agreements import PROVIDER_AGREEMENT
from app.domain.enrollment.complete_section_a import complete_section_a
from app.domain.enrollment.corrections import AskCorrection, ReturnEnrollment, ask_correction, return_enrollment
from app.domain.enrollment.save_section_a import SaveSectionA, save_section_a
from app.domain.enrollment.update import BeginUpdate, begin_update
from app.domain.helpdesk.answer_case import accept_solution
from app.domain.helpdesk.articles.write_article import WriteArticle, write_article
from app.domain.helpdesk.attachments import NewAttachment, check_files
from app.domain.helpdesk.links import make_link
from app.domain.helpdesk.lists import RESOLUTIONS
from app.domain.helpdesk.models import Attachment, Case, ReadyAnswer, RequestType
from app.domain.helpdesk.queries import get_case
from app.domain.helpdesk.work_case import Reply, Seen, propose_solution, take_case
from app.domain.inventory.models import Lot
from app.domain.inventory.vials import OpenVial, open_vial
from app.domain.oversight.close_account import CloseAccount, close_account
from app.domain.providers.models import Location
from app.domain.recipients.joining.change_email import ask_to_change_email
from app.domain.recipients.models import Listing
from app.domain.reporting.cvrs.make_extract import make_extract
from app.domain.uploads.models import UploadRow
from app.domain.vaccinations.issue_proof import WhichProof, issue_proof
from app.domain.vaccinations.kiosk.check_in_at_kiosk import Moment, send_to_desk
from app.domain.vaccinations.signing_keys import published_keys
from app.infra import clock
from app.infra.outbox import OutboxMessage
from app.infra.storage import FolderStorage
from tests.browserless import Site
from tests.files.people import COLUMNS, people
from tests.files.workbooks import saved, xlsx
from tests.make import enrollment, helpdesk, transfers
from tests.make.accounts import account, actor, contact, person
from tests.make.eligibility import group, opened, registered
from tests.make.guardians import CHILD_BORN, dependant
from tests.make.inventory import lot
from tests.make.kiosks import kiosk
from tests.make.organizations import organization
from tests.make.providers import location
from tests.make.recipients import on_record
from tests.make.vaccinations import ZONE, dose, nurse_at, someone, visit


def _uploaded(site: Site, session: Session, base: str, first: int) -> str:
    """A workbook with a wrong row and one who looks like somebody on record; the address of its page."""
    crew = [list(row) for row in people(4, start=first)]
    on_record(session, crew[0])
    crew[0][COLUMNS.index("Email")], crew[0][COLUMNS.index("Phone")] = "else@example.org", "9195550199"
    crew[0][COLUMNS.index("ZIP Code")] = "28801"
    crew[1][COLUMNS.index("ZIP Code")] = "276"
    page = site.open(f"{base}/uploads")
    file = (io.BytesIO(xlsx([COLUMNS, *crew])), "people.xlsx")
    site.submit(page, "main form[enctype]", file=file, attested="y", attested_name="Ann Lee")
    return site.url


def _undelivered(session: Session, scope_kind: str, scope_id: UUID) -> UUID:
    """Somebody whom a list names and whose invitation did not arrive; the mail's id."""
    one = someone(session, None, email="wrong@example.net", last_name="Unreached")
    one.organization_id = scope_id if scope_kind == "organization" else None
    session.add(
        Listing(
            scope_kind=scope_kind, scope_id=scope_id, recipient_id=one.id, last_folded=one.last_folded,
            first_folded=one.first_folded, how="upload", listed_at=clock.now(),
        )
    )  # fmt: skip
    offer = Invite(Role.RECIPIENT, one.id, "wrong@example.net", one.first_name, one.last_name, "recipient")
    invite(session, system("test"), offer, now=clock.now())
    session.flush()
    mail = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)).one()
    mail.status, mail.last_error = "failed", "550 no such user"
    session.commit()
    return mail.id


def of_a_clinic(site: Site, session: Session, clinic: Location, boss: Account) -> list[str]:
    """Addresses at the clinic that somebody must know: an upload, a transfer on its way, a child at the desk."""
    here, other = f"/provider/{clinic.id}", location(session, "Fourth Clinic")
    stock, theirs = lot(session, clinic, doses=100), lot(session, other, doses=50)
    ready = transfers.approved(session, clinic, other, (stock, 5))
    coming = transfers.shipped(session, other, clinic, (theirs, 5))
    child = visit(session, clinic, someone(session, clinic, first_name="Mia", birth_date=CHILD_BORN))
    missing = _undelivered(session, "location", clinic.id)
    present(session, clinic, stock)
    upload = _uploaded(site.sign_in(boss), session, here, 5000)
    mend = [_half_filled(site, f"{here}/{room}/workbook") for room in ("users", "back-entry")]
    _a_pile(site, here, stock)
    session.rollback()
    rows = session.scalars(
        select(UploadRow.id).where(UploadRow.fate == "held", UploadRow.upload_id == UUID(upload.rsplit("/", 1)[1]))
    )
    return [
        upload, f"{upload}/results.xlsx", f"{upload}/rows-to-mend.xlsx", *(f"{upload}/rows/{row}" for row in rows),
        f"{here}/transfers/{ready.id}/ship", f"{here}/transfers/{coming.id}/receive",
        f"{here}/clinic/visits/{child.id}/dose", f"{here}/clinic/visits/{child.id}/consent",
        f"{here}/uploads/undelivered", f"{here}/uploads/undelivered/{missing}", f"{here}/clinic", f"{here}/back-entry",
        f"{here}/inventory/end-of-day", *mend,
    ]  # fmt: skip


def present(session: Session, clinic: Location, stock: Lot) -> None:
    """Somebody whom the kiosk finds by ZIP code, somebody who waits at the desk, and an opened vial."""
    now = clock.now()
    someone(session, clinic, phone="9195550142", zip="27601")
    screen, _ = kiosk(session, clinic, "Side door")
    at = Moment(now, clock.local_date(now, ZONE), "0" * 32)
    send_to_desk(session, actor_of_kiosk(screen), screen, "asked", at)
    open_vial(session, nurse_at(clinic.id), OpenVial(clinic.id, stock.id), now=now, today=at.today)
    session.commit()


def _half_filled(site: Site, base: str) -> str:
    """The template comes back with a row that says nothing; where it can be taken to be mended."""
    book = load_workbook(io.BytesIO(site.get(f"{base}/template.xlsx").data))
    sheet = book.worksheets[0]
    sheet.append(["x"] * sheet.max_column)
    site.submit(site.open(base), "main form[enctype]", file=(io.BytesIO(saved(book)), "wrong.xlsx"))
    return f"{base}/rows-to-mend.xlsx"


def _a_pile(site: Site, here: str, stock: Lot) -> None:
    """A pile of paper is begun and one sheet of it entered."""
    told = {"lot": str(stock.id), "clinician_name": "Ann Lee", "fact_sheet_given": "y", "papers": "2"}
    day = {"given_on-month": "3", "given_on-day": "9", "given_on-year": "2021"}
    page = site.submit(site.open(f"{here}/back-entry/pile"), "#pile", **told, **day)
    one = {"last_name": "Sheet", "first_name": "Sam", "birth_date": "04281950", "screening": "no", "given_time": "930"}
    site.submit(page, "#sheet", **one)


def of_an_employer(site: Site, session: Session) -> tuple[Account, list[str]]:
    """The contact of an employer that has uploaded people."""
    employer = organization(session, "Harvest Farms")
    employer.confirmed_at = clock.now()
    session.commit()
    who, here = contact(session, employer.id), f"/organization/{employer.id}"
    missing = _undelivered(session, "organization", employer.id)
    upload = _uploaded(site.sign_in(who), session, here, 6000)
    return who, [
        f"{here}/uploads",
        upload,
        f"{upload}/results.xlsx",
        f"{upload}/rows-to-mend.xlsx",
        f"{here}/people/undelivered/{missing}",
    ]


def of_people(site: Site, session: Session, storage: FolderStorage) -> list[tuple[Account, list[str]]]:
    """Somebody new, somebody who paused, and a parent with a dose and a proof, whose answers are known and being changed.

    The parent's new address waits to be confirmed.
    """
    new = someone(session, first_name="Nell", last_name="New", email="nell@example.org")
    parent = registered(session, email="rosa@example.org")
    child = dependant(session, parent)
    at = location(session, "Sixth Clinic")
    dose(session, at, parent, lot(session, at))
    mother = session.get_one(Account, child.account_id)
    here = f"/recipient/{parent.id}"
    proof = _proof(site, session, storage, parent.id, mother)
    ask_to_change_email(session, actor(session, mother), parent, "new.rosa@example.org", now=clock.now())
    session.commit()
    rests = someone(session, first_name="Paul", last_name="Paused", email="paul@example.org")
    waiting = person(session, rests.id)
    pause = f"/recipient/{rests.id}/registration"
    site.submit(site.sign_in(waiting).open(f"{pause}/name"), "#step-form", press="Pause")
    site.submit(site.sign_in(mother).open(f"{here}/registration/name"), "#step-form", press="Next", middle_name="Ana")
    return [
        (person(session, new.id), [f"/recipient/{new.id}/registration"]),
        (waiting, [f"{pause}/paused", f"{pause}/welcome-back"]),
        (
            mother,
            [
                f"{here}/proof", f"{here}/proof/download", f"{here}/proof/card", f"{here}/family", f"{here}/family/{child.id}/end",
                f"{here}/reminders", f"{here}/registration/review", *proof,
            ],
        ),
    ]  # fmt: skip


def _proof(site: Site, session: Session, storage: FolderStorage, recipient_id: UUID, owner: Account) -> list[str]:
    """A proof was issued; where anybody checks it, and the list of revoked cards."""
    settings, now = site.app.extensions["cvms"].settings, clock.now()
    made = issue_proof(
        session, actor(session, owner), WhichProof(recipient_id), storage=storage, issuer=proof_issuer(settings),
        render=proof_renderer(settings, now=now), now=now,
    )  # fmt: skip
    session.commit()
    (kid,) = (key["kid"] for key in published_keys(session, demonstration=settings.demo))
    return [f"/proof/{made.code}", f"/.well-known/crl/{kid}.json"]


def of_enrollments(site: Site, session: Session) -> list[tuple[Account, list[str]]]:
    """Who has something to do at each stage: begun, Section B, signatures, returned, approved, being changed."""
    now = clock.now()
    new, boss = enrollment.started(session, email="begin@harvest.example")
    complete, ready = enrollment.started(session, email="ready@harvest.example")
    acting = actor(session, ready)
    save_section_a(session, acting, SaveSectionA(complete.id, enrollment.section_a(), complete.version), now=now)
    add_location(session, acting, AddEnrolledLocation(complete.id, enrollment.place(80)), now=now)
    session.commit()
    filling = enrollment.with_section_a(session, email="filling@harvest.example", first=20)
    (place,) = enrollment.locations_of(session, filling)
    coordinator = session.get_one(Account, enrollment.filled(session, place).id)
    signing = enrollment.awaiting_signatures(session, email="signing@harvest.example", first=30)
    officer = session.get_one(Account, enrollment.officer_of(session, signing, "ceo").id)
    done = enrollment.approved(session, 1, email="done@harvest.example", first=40)
    (approved,) = enrollment.locations_of(session, done)
    owner = session.get_one(Account, enrollment.boss_of(session, done).id)
    keeper = session.get_one(Account, enrollment.coordinator_of(session, approved).id)
    returned = enrollment.submitted(session, email="returned@harvest.example", first=70)
    ask_correction(
        session, enrollment.state_actor(session), AskCorrection(returned.id, "legal_name", "Spell it out"), now=now
    )
    return_enrollment(session, enrollment.state_actor(session), ReturnEnrollment(returned.id), now=now)
    mender = session.get_one(Account, enrollment.boss_of(session, returned).id)
    session.commit()
    of = "/enrollment/{}".format
    mend = _half_filled(site.sign_in(ready), f"{of(complete.id)}/locations/workbook")
    mend_too = _half_filled(site.sign_in(coordinator), f"{of(filling.id)}/locations/{place.id}/providers/workbook")
    return [
        (ready, [f"{of(complete.id)}/section-a/review", mend]),
        (mender, [of(returned.id), f"{of(returned.id)}/section-a/review"]),
        (boss, [of(new.id), f"{of(new.id)}/section-a/review"]),
        (
            coordinator,
            [
                f"{of(filling.id)}/locations/{place.id}/section-b",
                f"{of(filling.id)}/locations/{place.id}/section-b/review",
                mend_too,
            ],
        ),
        (
            officer,
            [f"{of(signing.id)}/agreements/{PROVIDER_AGREEMENT}", f"{of(signing.id)}/agreements", of(signing.id)],
        ),
        (owner, [of(done.id)]),
        (keeper, [f"{of(done.id)}/locations/{approved.id}/section-b/review"]),
    ]


def of_the_state(site: Site, session: Session, storage: FolderStorage, boss: Account) -> tuple[list[str], str]:
    """What waits for the state's decision, and what went wrong; and what a privacy officer reviews."""
    waiting = enrollment.submitted(session, email="waiting@harvest.example", first=50)
    ask_correction(
        session,
        enrollment.state_actor(session),
        AskCorrection(waiting.id, "legal_name", "Spell it out"),
        now=clock.now(),
    )
    changed = enrollment.approved(session, email="changed@harvest.example", first=60)
    owner = enrollment.boss_of(session, changed)
    begin_update(session, owner, BeginUpdate(changed.id), now=clock.now())
    complete_section_a(session, owner, changed.id, now=clock.now())
    person_id, opening = _opened_answers(session, boss)
    colleague = account(session, Role.STATE_STAFF, realm="state")
    start_session(session, colleague.id, device="test", now=clock.now())
    closed = account(session, Role.STATE_VIEWER, realm="state")
    close_account(session, actor(session, boss), CloseAccount(closed.id, "Left the department"), now=clock.now())
    opened(session, "5", clock.local_date(clock.now(), ZONE), held=True)
    someone(session, first_name="Max", last_name="Diaz", birth_date=CHILD_BORN, zip="27601")
    child = dependant(
        session, someone(session, first_name="Dee", last_name="Diaz", zip="27601"), first_name="Max", last_name="Diaz"
    )
    day = _federal(site, storage)
    failed = OutboxMessage(kind="uploads.finished", payload={}, due_at=clock.now(), status="failed", last_error="no")
    session.add(failed)
    offer = Invite(Role.STATE_STAFF, None, "soon@state.example", "Sue", "Soon", "state")
    offered = invite(session, system("test"), offer, now=clock.now())
    session.commit()
    starts = [
        f"/state/users/{colleague.id}", f"/state/enrollments/{waiting.id}", f"/state/enrollments/{waiting.id}/corrections/new?field=legal_name",
        f"/state/users/invitations/{offered.id}", "/state/operations", f"/state/mails/{failed.id}/give-up",
        "/state/mails/give-up?kind=uploads.finished", "/state/held", "/state/self-registered", "/state/notices",
        f"/state/enrollments/{changed.id}", f"/state/people/{person_id}/health-answers", f"/state/users/{closed.id}",
        f"/state/guardianships/{child.id}", f"/state/phases/{group(session, '5').id}", f"/state/federal/{day}", f"/state/federal/{day}/1.txt",
    ]  # fmt: skip
    return starts, f"/state/health-answers/{opening}"


def _opened_answers(session: Session, boss: Account) -> tuple[UUID, UUID]:
    """Health answers that the account opened: of whom, and the opening."""
    one = someone(session, first_name="Olga", last_name="Open")
    one.answers = {"conditions": ["asthma"], "pregnant": "no", "living": "shelter"}
    session.commit()
    told = BreakGlass(one.id, "complaint", "She asks who changed it")
    break_glass(session, actor(session, boss), told, now=clock.now())
    session.commit()
    return one.id, session.scalars(select(GlassOpening.id).where(GlassOpening.recipient_id == one.id)).one()


def _federal(site: Site, storage: FolderStorage) -> str:
    """The extract of yesterday; its day."""
    site.session.commit()
    day = clock.local_date(clock.now(), ZONE)
    make_extract(
        site.app.extensions["cvms"].database,
        storage,
        system("test"),
        day,
        zone=ZONE,
        now=clock.now() + timedelta(days=1),
    )
    return day.isoformat()


def of_the_help_desk(
    session: Session, storage: FolderStorage, asking: Account, boss: Account, place: Location
) -> list[str]:
    """A case with a file and a workbook, one that is taken, and data of each kind."""
    titles = ("Provider PIN", "First Name", "Last Name", "Business Email", "NCID Username", "Profile", "Action")
    nora = ("", "Nora", "Kim", "nora@oak.example", "nkim", "Healthcare Provider", "Add")
    users = xlsx([titles, nora], sheet="HCP Users")
    files = check_files([NewAttachment("users.xlsx", users), NewAttachment("list.csv", b"a,b\r\n1,2\r\n")])
    case = helpdesk.opened(session, storage, by=asking, request_type="users", files=files)
    names = dict(session.execute(select(Attachment.filename, Attachment.id).where(Attachment.case_id == case.id)).all())
    here, settings = f"/help/desk/cases/{case.number}", "/help/desk/settings"
    colleague = helpdesk.agent(session)
    written = _article(session, boss)
    ready, kinds = (session.scalars(select(table.id).limit(1)).one() for table in (ReadyAnswer, RequestType))
    return [
        here, f"{here}/files/{names['list.csv']}", f"{here}/workbooks/{names['users.xlsx']}?find={place.provider_pin}",
        settings, f"{settings}/ready-answers/{ready}", f"{settings}/request-types/{kinds}",
        f"{settings}/teams/{helpdesk.team(session).id}/end/{colleague.grants[0].id}", *written,
    ]  # fmt: skip


def _article(session: Session, boss: Account) -> list[str]:
    """An article of ours that was written twice: the page of its first version."""
    for seen in (0, 1):
        told = WriteArticle(
            "cards", "en", "Cards", "recipient", "answer", "", "", f"A card is paper. {seen}", seen, lambda page: True
        )
        write_article(session, actor(session, boss), told, now=clock.now())
    session.commit()
    return ["/help/desk/settings/articles/cards/en/versions/1"]


def of_a_requester(session: Session, storage: FolderStorage, asking: Account, agent: Account) -> list[str]:
    """Cases of one's own: one with a file, and one that was solved and can be judged."""
    files = check_files([NewAttachment("list.csv", b"a,b\r\n1,2\r\n")])
    case = helpdesk.opened(session, storage, by=asking, files=files)
    (file_id,) = session.scalars(select(Attachment.id).where(Attachment.case_id == case.id))
    solved = _solved(session, storage, helpdesk.opened(session, storage, by=asking).number, agent)
    own = "/help/my-requests"
    return [f"{own}/{case.number}", f"{own}/{case.number}/files/{file_id}", f"{own}/{solved}"]


def linked_cases(session: Session, storage: FolderStorage, agent: Account) -> list[str]:
    """Cases of somebody who has no account, by their links: one with a file, one that was solved."""
    now = clock.now()
    day = clock.local_date(now, ZONE)
    case = helpdesk.opened(session, storage, files=check_files([NewAttachment("list.csv", b"a,b\r\n1,2\r\n")]))
    (file_id,) = session.scalars(select(Attachment.id).where(Attachment.case_id == case.id))
    solved = _solved(session, storage, helpdesk.opened(session, storage).number, agent)
    links = []
    for one in (case, session.scalars(select(Case).where(Case.number == solved)).one()):
        links.append(f"/help/cases/{one.number}/{make_link(session, one, now=now, today=day)}")
    session.commit()
    return [links[0], f"{links[0]}/files/{file_id}", links[1]]


def _solved(session: Session, storage: FolderStorage, number: str, agent: Account) -> str:
    """An agent says that it is solved, and nobody says otherwise."""
    now = clock.now()
    day, who = clock.local_date(now, ZONE), actor(session, agent)
    case = take_case(session, who, Seen(number, get_case(session, who, number).version), now=now, today=day)
    reply = Reply(Seen(number, case.version), "It is there now.")
    propose_solution(session, who, reply, RESOLUTIONS.entries[0].code, storage=storage, now=now, today=day)
    accept_solution(session, system("test"), number, now=now, today=day)
    session.commit()
    return number

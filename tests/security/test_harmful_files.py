"""Files that hold something harmful: found before anything is kept, whichever way they come; and a scanner that is away."""

import dataclasses
import io
import json
import re
import threading
import time

import pytest
from sqlalchemy import func, select, text

from app.config import BadSetting
from app.domain.accounts.access import system
from app.domain.accounts.models import Account
from app.domain.enrollment.models import StorageUnit
from app.domain.helpdesk.models import Attachment, Case
from app.domain.program.settings import ChangeSetting, change_setting
from app.domain.uploads.models import Upload
from app.infra import metrics
from app.infra.harmful import Scanner, scanner_at
from app.infra.vitals import look_at
from tests import make
from tests.architecture.test_pages import ROOT, url_for
from tests.browserless import Site, form_data, text_of
from tests.clamd import EICAR, SIGNATURE
from tests.conftest import settings_for
from tests.files.people import COLUMNS, people
from tests.files.workbooks import csv_file, xlsx
from tests.make import enrollment as making
from tests.make import organizations
from tests.portals.test_enrollment_units import UNIT, at, file, photograph
from tests.security.test_every_post import everybody, posts, token_for, what_they_may
from tests.security.test_helpdesk import ASKED, FORM

UPLOAD = "main form[enctype]"
HARMFUL, LATER = "holds something harmful", "for viruses just now"
KEEPS_NO_FILE = "front.proof_page"
SOON = 0.5
leaves_a_socket = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
"""The library leaves the socket of a daemon that is not there to the garbage collector, which closes it at once."""


@pytest.fixture
def scanned(app, machines, clamd):
    """The application of an installation that has a scanner."""
    app.extensions["cvms"] = dataclasses.replace(machines, scanner=Scanner(clamd.url, seconds=SOON))
    return app


@pytest.fixture
def employer(session, now):
    return organizations.employer(session)


@pytest.fixture
def contact(scanned, session, employer):
    return Site(scanned, session).sign_in(make.contact(session, employer.id))


def uploading(site, employer, data, name="people.csv", *, expect=200):
    page = site.open(f"/organization/{employer.id}/uploads")
    return site.submit(
        page, UPLOAD, file=(io.BytesIO(data), name), attested="y", attested_name="Jane Doe", expect=expect
    )


def evil_list():
    return csv_file([COLUMNS, *people(2), [EICAR.decode()] * len(COLUMNS)])


def count(session, model):
    session.rollback()
    return session.scalar(select(func.count()).select_from(model))


def kept(storage):
    return [path for path in storage.root.rglob("*") if path.is_file()]


def told(page):
    return text_of(page, ".usa-form-group--error")


def test_a_harmful_workbook_is_refused_beside_its_field_and_nothing_of_it_is_kept(
    contact, session, storage, employer, clamd, log_lines
):
    page = uploading(contact, employer, evil_list(), expect=422)
    assert f"“people.csv” {HARMFUL}" in told(page)
    assert page.select_one("input[name=attested_name]")["value"] == "Jane Doe"
    assert (count(session, Upload), kept(storage)) == (0, [])
    (line,) = [json.loads(line) for line in log_lines() if "upload.harmful" in line]
    assert (line["event"], line["found"], line["bytes"]) == ("upload.harmful", SIGNATURE, len(evil_list()))
    assert line["account"]
    assert "people.csv" not in "".join(log_lines())


def test_a_clean_workbook_is_seen_by_the_scanner_as_it_came_and_goes_its_way(contact, session, employer, clamd):
    book = xlsx([COLUMNS, *people(3)])
    uploading(contact, employer, book, "people.xlsx")
    assert clamd.seen == [book]
    assert count(session, Upload) == 1


@leaves_a_socket
@pytest.mark.parametrize("trouble", ["gone", "silent", "error", "nonsense"])
def test_while_the_scanner_gives_no_answer_files_wait_and_nothing_typed_is_lost(
    contact, session, storage, employer, clamd, log_lines, trouble
):
    if trouble == "gone":
        clamd.stop()
    elif trouble == "silent":
        clamd.wait.clear()
    else:
        clamd.says = {"error": b"Can't allocate memory ERROR\n", "nonsense": b"\xff\xfe\n"}[trouble]
    page = uploading(contact, employer, evil_list(), expect=422)
    assert LATER in told(page)
    assert page.select_one("input[name=attested_name]")["value"] == "Jane Doe"
    assert (count(session, Upload), kept(storage)) == (0, [])
    assert [json.loads(line)["why"] for line in log_lines() if "upload.not_scanned" in line] == ["silent"]


def test_a_file_that_the_scanner_would_not_take_is_not_sent_and_not_kept(scanned, machines, clamd, contact, session, employer):
    scanner = Scanner(clamd.url)
    scanner.most_bytes = 100
    scanned.extensions["cvms"] = dataclasses.replace(machines, scanner=scanner)
    page = uploading(contact, employer, csv_file([COLUMNS, *people(20)]), expect=422)
    assert "too large to be looked through" in told(page)
    assert (clamd.seen, count(session, Upload)) == ([], 0)


@pytest.mark.parametrize("answer", [b"stream: Heuristics.Limits.Exceeded.MaxScanSize FOUND\n", b"INSTREAM size limit exceeded. ERROR\n"])
def test_what_is_too_large_for_the_scanner_is_not_called_harmful(clamd, contact, session, employer, log_lines, answer):
    clamd.says = answer
    page = uploading(contact, employer, csv_file([COLUMNS, *people(2)]), expect=422)
    assert "too large to be looked through" in told(page)
    assert [json.loads(line)["why"] for line in log_lines() if "upload.not_scanned" in line] == ["too_large"]
    assert count(session, Upload) == 0


def test_a_request_with_a_harmful_file_is_not_made_and_keeps_its_words(scanned, session, storage, clamd, now):
    site = Site(scanned, session)
    files = [(io.BytesIO(b"a,b\n"), "list.csv"), (io.BytesIO(b"%PDF-1.4 " + EICAR), "proof.pdf")]
    page = site.submit(site.open(FORM), "#request", files=files, expect=422, **ASKED)
    assert f"“proof.pdf” {HARMFUL}" in told(page)
    assert "list.csv" not in told(page)
    assert page.select_one("textarea[name=description]").text.strip() == ASKED["description"]
    assert (count(session, Case), count(session, Attachment), kept(storage)) == (0, 0, [])
    site.submit(page, "#request", files=[(io.BytesIO(b"a,b\n"), "list.csv")])
    assert (count(session, Case), count(session, Attachment)) == (1, 1)


def test_of_two_pictures_the_harmful_one_is_refused_and_the_other_need_not_be_chosen_again(
    scanned, session, storage, clamd, now
):
    location = making.locations_of(session, making.with_section_a(session, places=2))[0]
    coordinator = session.get_one(Account, making.coordinator_of(session, location).id)
    site = Site(scanned, session).sign_in(coordinator)
    evil = file(photograph() + EICAR, "inside.jpg")
    page = site.submit(site.open(at(location, "/new")), "#unit", outside=file(), inside=evil, expect=422, **UNIT)
    assert f"“inside.jpg” {HARMFUL}" in told(page)
    assert len(kept(storage)) == 1
    site.submit(page, "#unit", inside=file(photograph("blue")))
    (unit,) = session.scalars(select(StorageUnit).where(StorageUnit.brand == UNIT["brand"]))
    assert unit.inside_key
    assert unit.outside_key


def test_what_is_held_out_to_be_checked_is_kept_nowhere_and_not_scanned(scanned, session, clamd, now):
    clamd.stop()
    site = Site(scanned, session)
    page = site.open("/proof")
    sent = form_data(page.select_one("main form[enctype]")) | {"file": (io.BytesIO(photograph()), "card.jpg")}
    site.open("/proof", method="POST", data=sent, content_type="multipart/form-data", expect=422)
    assert "viruses" not in site.response.get_data(as_text=True)


def test_a_slow_scan_keeps_nobody_from_writing(scanned, machines, session, database, contact, employer, clamd):
    url = f"/organization/{employer.id}/uploads"
    fields = form_data(contact.open(url).select_one(UPLOAD)) | {"attested": "y", "attested_name": "Jane Doe", "file": (io.BytesIO(evil_list()), "people.csv")}
    session.rollback()
    clamd.wait.clear()
    scanned.extensions["cvms"] = dataclasses.replace(machines, scanner=Scanner(clamd.url))
    sending = threading.Thread(target=contact.client.post, args=[url], kwargs={"data": fields})
    sending.start()
    while not clamd.seen:
        time.sleep(0.005)
    with database.transaction() as writing:
        writing.execute(text("SELECT 1"))
    assert sending.is_alive()
    clamd.wait.set()
    sending.join()


def test_many_files_in_one_form_do_not_wait_for_a_silent_scanner_one_after_another(scanned, session, clamd, log_lines, now):
    site, files = Site(scanned, session), [(io.BytesIO(b"a,b\n"), f"{number}.csv") for number in range(5)]
    clamd.wait.clear()
    page = site.submit(site.open(FORM), "#request", files=files, expect=422, **ASKED)
    assert [f"“{number}.csv” for viruses just now" in told(page) for number in range(5)] == [True] * 5
    assert len([line for line in log_lines() if "upload.not_scanned" in line]) == 1
    assert count(session, Case) == 0


@leaves_a_socket
def test_refused_files_are_counted_for_whoever_watches(contact, machines, session, employer, clamd, now):
    def counted():
        told = metrics.render(look_at(session, now=now)).decode()
        return {why: float(number) for why, number in re.findall(r'cvms_files_refused_total{why="(\w+)"} (\S+)', told)}

    before = counted()
    uploading(contact, employer, evil_list(), expect=422)
    clamd.stop()
    uploading(contact, employer, evil_list(), expect=422)
    assert {why: number - before.get(why, 0) for why, number in counted().items()} | {"too_many": 0, "too_large": 0} == {
        "harmful": 1, "silent": 1, "too_many": 0, "too_large": 0,
    }  # fmt: skip


@pytest.mark.once
def test_no_form_of_any_role_takes_a_file_past_the_scanner(scanned, session, storage, clamd, now):
    """Every page with a POST is sent one, but for a kiosk's, which no browser without its screen's token reaches."""
    world = make.two_worlds(session)
    people_of, number = everybody(session, storage, world)
    for name, most in (("files_a_day", "10000"), ("megabytes_a_day", "50000")):
        change_setting(session, system("test"), ChangeSetting(name, most, now.date()), now=now)
    session.commit()
    rights, site, before, reached = what_they_may(people_of), Site(scanned, session), kept(storage), set()
    session.rollback()
    for account, own in people_of:
        site.sign_in(account)
        token = token_for(scanned, site.client)
        for endpoint, rule, needs in [one for one in posts(scanned) if not one[0].startswith("kiosk.")]:
            scope = scanned.blueprints[endpoint.split(".")[0]].scope
            if endpoint in reached or needs not in rights[account.id] or (scope in rule.arguments and scope not in own):
                continue
            seen = len(clamd.seen)
            sent = {"csrf_token": token, "file": (io.BytesIO(EICAR), "x.pdf")}
            answer = site.client.post(url_for(rule, world.foreign_ids | {"number": number} | own), data=sent)
            if len(clamd.seen) > seen or answer.status_code not in {401, 403, 404}:
                reached.add(endpoint)
                assert len(clamd.seen) - seen == int(endpoint != KEEPS_NO_FILE), f"{endpoint}: {answer.status_code}"
            if endpoint in {"account.sign_out", "account.sign_out_everywhere"}:
                site.sign_in(account)
                token = token_for(scanned, site.client)
    assert kept(storage) == before
    assert len(reached) > 100


@pytest.mark.once
def test_only_the_check_of_proofs_is_let_past_the_scanner_and_few_read_files_at_all():
    views = {path.relative_to(ROOT): path.read_text() for path in (ROOT / "app").rglob("*.py")}
    assert [path.parent.name for path, code in views.items() if "keeps_files=False" in code] == ["proof"]
    readers = {path.as_posix() for path, code in views.items() if "request.files" in code}
    assert readers == {
        "app/web/sent_files.py", "app/web/portal.py", "app/web/resting.py",  # none of them reads one
        "app/web/upload_form.py", "app/web/case_files.py", "app/portals/front/proof/held_out.py",
    }  # fmt: skip


@pytest.mark.once
@pytest.mark.parametrize("url", ["unix:///run/clamav/clamd.ctl", "tcp://scanner:3310", "tcp://192.0.2.7"])
def test_a_scanner_is_a_socket_or_a_machine(url, tmp_path):
    settings = settings_for(tmp_path, "sqlite://", CLAMD_URL=url)
    assert scanner_at(settings.clamd_url, most_bytes=settings.max_upload_bytes) is not None


@pytest.mark.once
@pytest.mark.parametrize("url", ["/run/clamav/clamd.ctl", "unix://run/clamd.ctl", "tcp://", "tcp://host:port", "http://host:3310", "tcp://[2001:db8::7]:3310"])
def test_the_program_does_not_start_with_a_scanner_that_cannot_be_meant(url, tmp_path):
    with pytest.raises(BadSetting, match="CLAMD_URL must look like"):
        settings_for(tmp_path, "sqlite://", CLAMD_URL=url)

"""Every row of an upload has a fate; nobody is made twice, whatever dies in the middle."""

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from app.domain.accounts.models import Invitation
from app.domain.recipients.decide_held import DecideHeld, decide_held
from app.domain.recipients.models import Listing, Recipient
from app.domain.recipients.settle_upload import settle_upload
from app.domain.uploads.models import Upload, UploadRow
from app.domain.uploads.uploads import SentBefore, TakeUpload, take_upload
from tests import make
from tests.files.workbooks import xlsx

ZONE = ZoneInfo("America/New_York")
HEAD = "First Name,Last Name,Date of Birth,Email,Phone,ZIP Code\n"
ROOT = Path(__file__).parents[2]


def person(number, **other):
    word = "".join("bdfgklmnrt"[int(digit)] + "aeiouaeiou"[int(digit)] for digit in f"{number:04d}")
    values = {
        "first": word.capitalize(), "last": f"Berg{word}", "born": f"{number % 12 + 1:02d}/{number % 28 + 1:02d}/{1920 + number % 80}",
        "mail": f"p{number}@example.org", "phone": f"919{number:07d}", "zip": "27601",
    } | other  # fmt: skip
    return ",".join(values.values())


def csv(*rows):
    return (HEAD + "\n".join(rows)).encode()


@pytest.fixture
def sent(session, storage, now):
    location = make.location(session)
    actor = make.actor(session, make.manager(session, location))

    def send(*rows, at=location, by=actor, again=False):
        upload = take_upload(
            session, by, storage,
            TakeUpload("location", at.id, "people.csv", csv(*rows), len(rows), "Ann Lee", send_again=again), now=now,
        )  # fmt: skip
        session.commit()
        return upload

    send.location, send.actor = location, actor
    return send


def fates(session, upload):
    session.expire_all()
    return list(
        session.scalars(select(UploadRow.fate).where(UploadRow.upload_id == upload.id).order_by(UploadRow.number))
    )


def settle(session, database, storage, upload, **other):
    session.rollback()
    assert settle_upload(database, storage, upload.id, zone=ZONE, **other)
    found = fates(session, upload)
    session.rollback()
    return found


def count(session, model):
    session.rollback()
    return session.scalar(select(func.count()).select_from(model))


def test_good_rows_go_on_bad_ones_are_kept_with_every_mistake(session, database, storage, sent):
    upload = sent(person(1), person(2, born="31/31/1986", phone="12"), person(3))
    assert settle(session, database, storage, upload) == ["created", "mistaken", "created"]
    row = session.scalar(select(UploadRow).where(UploadRow.fate == "mistaken"))
    assert [mistake[0] for mistake in row.mistakes] == ["C3", "E3"]
    assert count(session, Recipient) == count(session, Listing) == count(session, Invitation) == 2
    done = session.get_one(Upload, upload.id)
    assert (done.status, done.created_count, done.mistaken_count, done.rows_settled) == ("done", 2, 1, 3)


@pytest.mark.parametrize("portion", [1, 2, 250])
def test_the_same_person_three_times_in_a_file_is_one_person(session, database, storage, sent, portion):
    upload = sent(person(1), person(1, last="BÉRGBABABADE"), person(2), person(1, mail=""))
    assert settle(session, database, storage, upload, portion=portion) == ["created", "present", "created", "present"]
    assert count(session, Recipient) == count(session, Listing) == 2
    subjects = session.scalars(select(UploadRow.subject_id).where(UploadRow.upload_id == upload.id)).all()
    assert set(subjects) == set(session.scalars(select(Recipient.id)))


def test_a_file_sent_twice_is_told_and_when_sent_again_makes_nobody_twice(session, database, storage, sent):
    rows = [person(number) for number in range(5)]
    settle(session, database, storage, sent(*rows))
    with pytest.raises(SentBefore):
        sent(*rows)
    session.rollback()
    assert settle(session, database, storage, sent(*rows, again=True)) == ["present"] * 5
    assert count(session, Recipient) == count(session, Invitation) == 5


def test_a_close_match_is_held_and_twins_are_two_people(session, database, storage, sent):
    anna = {"first": "Anna", "last": "Berg", "born": "04/28/1986"}
    settle(session, database, storage, sent(person(1, **anna)))
    upload = sent(
        person(2, **anna | {"zip": "28801"}),
        person(3, **anna | {"first": "Annah", "last": "Birg"}),
        person(4, **anna | {"first": "Otto"}),
    )
    assert settle(session, database, storage, upload) == ["held", "held", "created"]


@pytest.mark.parametrize("born", [datetime(1926, 1, 4, 13, 30), 9501, 9501.5, datetime(1986, 4, 28, 4, 0)])
def test_a_held_row_can_be_decided_whatever_kind_of_date_excel_kept(session, database, storage, sent, now, born):
    day = "04/28/1986" if getattr(born, "year", 0) == 1986 else "01/04/1926"
    settle(session, database, storage, sent(person(1, first="Anna", last="Berg", born=day)))
    book = xlsx([HEAD.strip().split(","), ["Anna", "Berg", born, "other@example.org", "9195550177", "28801"]])
    upload = take_upload(
        session, sent.actor, storage, TakeUpload("location", sent.location.id, "people.xlsx", book, 1, "Ann Lee"), now=now
    )
    session.commit()
    assert settle(session, database, storage, upload) == ["held"]
    row = session.scalar(select(UploadRow).where(UploadRow.fate == "held"))
    decided = decide_held(session, sent.actor, DecideHeld(sent.location.id, upload.id, row.id, same=False), now=now)
    made = session.get_one(Recipient, decided.subject_id)
    assert f"{made.birth_date:%m/%d/%Y}" == day


def test_two_people_uploading_the_same_employer_at_once_make_each_person_once(session, database, storage, sent):
    rows = [person(number) for number in range(120)]
    first, second = sent(*rows), sent(*reversed(rows))
    session.rollback()
    threads = [
        threading.Thread(
            target=settle_upload, args=(database, storage, upload.id), kwargs={"zone": ZONE, "portion": 10}
        )
        for upload in (first, second)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(session, Recipient) == count(session, Invitation) == count(session, Listing) == 120
    assert sorted(fates(session, first) + fates(session, second)) == ["created"] * 120 + ["present"] * 120


def test_a_worker_killed_in_the_middle_is_followed_by_one_that_goes_on(session, database, storage, sent, settings):
    upload = sent(*(person(number) for number in range(3000)))
    session.rollback()
    code = (
        "import sys; sys.path.insert(0, '.');"
        "from app import config, factory; from app.domain.recipients.settle_upload import settle_upload; import os;"
        "parts = factory.make_machines(config.load(os.environ));"
        "settle_upload(parts.database, parts.storage, None, zone=parts.settings.zone, portion=10)"
    )
    environment = os.environ | {
        "CVMS_INSTANCE": str(settings.instance_dir), "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key, "CVMS_TESTING": "1",
    }  # fmt: skip
    worker = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment)
    deadline = time.monotonic() + 60
    while count(session, UploadRow) < 100:
        assert time.monotonic() < deadline
        assert worker.poll() is None
        session.rollback()
        time.sleep(0.02)
    session.rollback()
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    settled = count(session, UploadRow)
    assert 100 <= settled < 3000
    session.rollback()
    session.get_one(Upload, upload.id).leased_until = None
    session.commit()
    assert settle(session, database, storage, upload) == ["created"] * 3000
    assert count(session, Recipient) == count(session, Invitation) == count(session, Listing) == 3000

"""Keys are changed while everything goes on."""

from uuid import UUID

import pytest
from cryptography.fernet import Fernet

from app.domain.drafts import drafts
from app.infra import crypto, rotation
from tests import make

SUBJECT = UUID(int=7)
OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


@pytest.fixture(autouse=True)
def ring(keys):
    before = crypto.ring()
    yield
    crypto._ring = before


def test_after_a_rotation_the_old_key_is_needed_no_more(database, session, storage, settings, now):
    crypto.configure((OLD,))
    account = make.administrator(session)
    drafts.save_draft(session, account.id, "registration", SUBJECT, "health", {"asthma": True}, now=now)
    session.commit()
    kept = storage.put("uploads", b"Maria Lopez, 1941")
    crypto.configure((NEW, OLD))
    values, files = rotation.rotate_everything(database, settings.storage_dir)
    assert (values, files) == (1, 1)
    crypto.configure((NEW,))
    session.expire_all()
    draft = drafts.find_draft(session, account.id, "registration", SUBJECT)
    assert draft is not None
    assert draft.data == {"asthma": True}
    assert storage.get(kept) == b"Maria Lopez, 1941"


def test_a_rotation_goes_in_portions_and_may_be_run_again(database, session, storage, settings, now):
    crypto.configure((OLD,))
    account = make.administrator(session)
    for number in range(5):
        drafts.save_draft(session, account.id, "registration", UUID(int=number), "health", {"number": number}, now=now)
    session.commit()
    crypto.configure((NEW, OLD))
    assert rotation.rotate_everything(database, settings.storage_dir, portion=2) == (5, 0)
    assert rotation.rotate_everything(database, settings.storage_dir, portion=3) == (5, 0)
    crypto.configure((NEW,))
    session.expire_all()
    found = [drafts.find_draft(session, account.id, "registration", UUID(int=number)) for number in range(5)]
    assert [draft.data for draft in found if draft] == [{"number": number} for number in range(5)]


@pytest.mark.once
def test_a_file_that_is_deleted_meanwhile_stays_deleted(tmp_path):
    assert not rotation._rotate_file(tmp_path / "gone")
    assert list(tmp_path.iterdir()) == []

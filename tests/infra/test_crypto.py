"""What a stolen disk must not tell."""

import pytest
from cryptography.fernet import Fernet

from app.infra import crypto
from app.infra.storage import FolderStorage, MissingFile

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def ring(keys):
    old = crypto.ring()
    yield
    crypto._ring = old


def test_an_old_key_still_reads_and_rotation_moves_to_the_newest():
    first, second = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    crypto.configure((first,))
    token = crypto.encrypt(b"asthma")
    crypto.configure((second, first))
    assert crypto.decrypt(token) == b"asthma"
    moved = crypto.rotate(token)
    crypto.configure((second,))
    assert crypto.decrypt(moved) == b"asthma"
    with pytest.raises(crypto.CannotDecrypt):
        crypto.decrypt(token)


def test_a_changed_text_is_refused():
    token = bytearray(crypto.encrypt(b"no conditions"))
    token[20] ^= 1
    with pytest.raises(crypto.CannotDecrypt):
        crypto.decrypt(bytes(token))


def test_files_are_encrypted_and_nobody_leaves_the_folder(tmp_path):
    storage = FolderStorage(tmp_path)
    key = storage.put("uploads", b"Maria Lopez, 1941")
    assert storage.get(key) == b"Maria Lopez, 1941"
    assert all(b"Lopez" not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for bad in ("../secret", "uploads/../../x", "/etc/passwd", key + "0"):
        with pytest.raises(MissingFile):
            storage.get(bad)
    storage.delete(key)
    with pytest.raises(MissingFile):
        storage.get(key)

"""Debian's own ClamAV daemon, which `make test-long` installs, with signatures of one text: what it finds, and what it takes."""

import hashlib
import io
import os
import random
import shutil
import subprocess
import time
import zipfile

import pytest

from app.infra.harmful import NotScanned, Scanner
from tests.clamd import EICAR
from tests.files.people import COLUMNS, people
from tests.files.workbooks import xlsx
from tests.mailbox import free_port

pytestmark = [pytest.mark.long, pytest.mark.once]
MEGABYTE = 1024 * 1024
SETTINGS = """LocalSocket {folder}/clamd.ctl
TCPSocket {port}
TCPAddr 127.0.0.1
DatabaseDirectory {folder}/signatures
TemporaryDirectory {folder}
Foreground yes
MaxThreads 2
ConcurrentDatabaseReload no
StreamMaxLength 25M
MaxFileSize 25M
AlertExceedsMax yes
"""


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    """The addresses at which a daemon listens that knows the whole text, and the text inside anything."""
    folder, port = tmp_path_factory.mktemp("clamd"), free_port()
    (folder / "signatures").mkdir()
    (folder / "signatures" / "whole.hdb").write_text(f"{hashlib.md5(EICAR).hexdigest()}:{len(EICAR)}:Whole\n")
    (folder / "signatures" / "inside.ndb").write_text(f"Inside:0:*:{EICAR[10:].hex()}\n")
    (folder / "clamd.conf").write_text(SETTINGS.format(folder=folder, port=port))
    program = shutil.which("clamd", path=f"{os.environ['PATH']}:/usr/sbin")
    with (folder / "log").open("wb") as written:
        running = subprocess.Popen([program, "-c", folder / "clamd.conf"], stdout=written, stderr=written)
    ends = time.monotonic() + 60
    while not (folder / "clamd.ctl").exists() or "Self checking" not in (folder / "log").read_text():
        assert running.poll() is None, (folder / "log").read_text()
        assert time.monotonic() < ends, (folder / "log").read_text()
        time.sleep(0.05)
    yield {"unix": f"unix://{folder}/clamd.ctl", "tcp": f"tcp://127.0.0.1:{port}"}
    running.terminate()
    running.wait(30)


@pytest.fixture(params=["unix", "tcp"])
def scanner(request, daemon):
    return Scanner(daemon[request.param])


def packed(data):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
        book.writestr("xl/media/picture.bin", data)
    return made.getvalue()


def test_the_text_is_found_as_a_file_within_one_and_inside_a_workbook(scanner):
    for data in (EICAR, b"%PDF-1.4\n" + b"x" * 100_000 + EICAR, packed(EICAR)):
        assert scanner.find(io.BytesIO(data)) in {"Whole.UNOFFICIAL", "Inside.UNOFFICIAL"}


def test_what_is_clean_goes_through_and_can_be_read_from_its_beginning(scanner):
    book = io.BytesIO(xlsx([COLUMNS, *people(200)]))
    book.seek(7)
    assert scanner.find(book) is None
    assert book.tell() == 0
    assert scanner.find(io.BytesIO(b"")) is None


def test_a_file_as_large_as_any_that_is_taken_goes_through(scanner):
    assert scanner.find(io.BytesIO(random.Random(1).randbytes(24 * MEGABYTE))) is None


def test_a_file_beyond_what_the_daemon_takes_is_never_taken_for_a_clean_one(scanner):
    scanner.most_bytes = 40 * MEGABYTE
    with pytest.raises(NotScanned):
        scanner.find(io.BytesIO(random.Random(1).randbytes(30 * MEGABYTE)))

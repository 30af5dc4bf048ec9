"""`make audit` never calls a package sound that nobody looked up."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from scripts import audit

pytestmark = pytest.mark.once
PAGES = {
    "sound": {"info": {"version": "2.0"}, "vulnerabilities": [{"id": "CVE-1", "withdrawn": "2021-01-01"}]},
    "holed": {"info": {"version": "2.0"}, "vulnerabilities": [{"id": "CVE-2", "withdrawn": None}]},
}


class Index(BaseHTTPRequestHandler):
    """A mirror that keeps the page of each package, and none of its versions."""

    def do_GET(self):
        page = PAGES.get(self.path.split("/")[1])
        self.send_response(200 if page else 404)
        self.end_headers()
        self.wfile.write(json.dumps(page).encode())

    def log_message(self, *_):
        """Says nothing."""


@pytest.fixture
def mirror(monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Index)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    monkeypatch.setattr(audit, "INDEX", f"http://127.0.0.1:{server.server_port}")
    yield
    server.shutdown()
    thread.join()
    server.server_close()


def skipped(name, version):
    return {"name": name, "version": version, "skip_reason": "not found"}


def test_a_package_that_was_skipped_passes_as_the_newest_release_without_advisory_only(mirror):
    assert audit.verdict(skipped("sound", "2.0")) == ""
    assert audit.verdict(skipped("holed", "2.0")) == "CVE-2"
    assert "raise the pin" in audit.verdict(skipped("sound", "1.9"))
    assert "could not be looked up" in audit.verdict(skipped("nowhere", "1.0"))
    assert audit.verdict({"name": "sound", "version": "1.9", "vulns": [{"id": "CVE-3"}]}) == "CVE-3"
    assert audit.verdict({"name": "sound", "version": "1.9", "vulns": []}) == ""


def test_every_pin_of_a_file_is_asked_for():
    text = "a==1.0 \\\n    --hash=sha256:00\n    # via b\npsycopg[binary]==3.3.9 \\\n# c==2\n"
    assert audit.pinned(text) == {"a": "1.0", "psycopg": "3.3.9"}

"""The examples for systemd and nginx are read by systemd and nginx, which `make test-long` installs."""

import json
import re
import shutil
import signal
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bench.proxy import configuration, nginx
from tests.run.test_deploy import UNITS, ask, events, free_port, installed, service, wait

__all__ = ["installed"]
ROOT = Path(__file__).resolve().parents[2]
NAME = "vaccines.example.gov"
pytestmark = pytest.mark.once


def make_certificate(folder):
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    signed = made.sign(key, hashes.SHA256())
    (folder / "cvms.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "cvms.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def shares_the_front_door(through):
    """One answer of the program for all who bring no cookie, in their language."""
    ids = {through("/")[1]["X-Request-Id"] for _ in range(3)}
    assert len(ids) == 3
    for language in ("en", "es"):
        for packing in ("identity", "br"):
            _, headers, _ = through("/", **{"Accept-Language": f"{language}-US", "Accept-Encoding": packing})
            assert "Set-Cookie" not in headers
            assert headers.get("Content-Encoding", "identity") == packing
    assert 'lang="es"' in through("/", **{"Accept-Language": "es-MX,es;q=0.9"})[2].partition("<head")[0]
    assert "public" not in through("/", Cookie="cvms=mine")[1]["Cache-Control"]


def holds_strangers_back(through):
    """Those without a cookie share a part; who is signed in is served at the same time."""
    with ThreadPoolExecutor(64) as many:
        answers = list(many.map(lambda _: through("/privacy"), range(160)))
        asked = many.submit(through, "/privacy", Cookie="seen=1; __Host-cvms=mine")
    refused = [answer for answer in answers if answer[0] != 200]
    assert refused
    assert {(status, headers["Retry-After"]) for status, headers, _ in refused} == {(503, "5")}
    assert "Many people are here" in refused[0][2]
    assert asked.result()[0] == 200


def test_the_example_for_nginx_passes_pages_on_and_is_kind_when_nobody_is_there(installed, tmp_path):
    make_certificate(tmp_path)
    port, log = free_port(), tmp_path / "web.log"
    path = configuration(tmp_path, installed["CVMS_BIND"], port, plain_port=free_port())
    subprocess.run([nginx(), "-t", "-c", path, "-e", tmp_path / "error.log"], check=True, capture_output=True)
    trusting = ssl.create_default_context(cafile=str(tmp_path / "cvms.pem"))

    def through(where, **more):
        headers = {"X-Forwarded-For": "6.6.6.6"} | more
        request = urllib.request.Request(f"https://localhost:{port}{where}", headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20, context=trusting) as answer:
                return answer.status, answer.headers, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as answer:
            return answer.code, answer.headers, answer.read().decode(errors="replace")
        except urllib.error.URLError:
            return None

    proxy = subprocess.Popen([nginx(), "-c", path, "-e", tmp_path / "error.log"], stderr=subprocess.DEVNULL)
    try:
        status, headers, said = wait(lambda: through("/"))
        assert (status, headers["Retry-After"]) == (503, "30")
        assert "Back in a moment" in said
        environment = installed | {"PUBLIC_URL": f"https://localhost:{port}"}
        with service("web", environment, log):
            wait(lambda: ask(environment, "/healthz"))
            time.sleep(2.1)
            status, headers, said = through("/proof/WXYZ2345WXYZ2345WXYZ2345WX")
            assert status == 404
            assert "We know no proof" in said
            assert "Strict-Transport-Security" in headers
            assert "Secure" in headers["Set-Cookie"]
            assert [through(hidden)[0] for hidden in ("/metrics", "/readyz")] == [404, 404]
            shares_the_front_door(through)
            holds_strangers_back(through)
        assert through("/")[0] == 200  # as it was
        lines = [json.loads(line) for line in (tmp_path / "cvms.log").read_text().splitlines()]
        assert headers["X-Request-Id"] in {line["request_id"] for line in lines}
        assert {"HIT", "BYPASS"} <= {line["cache"] for line in lines}
        assert headers["X-Request-Id"] in {line.get("request_id") for line in events(log)}
        assert "WXYZ" not in (tmp_path / "cvms.log").read_text()
    finally:
        proxy.send_signal(signal.SIGQUIT)
        proxy.wait(30)


def test_systemd_finds_nothing_wrong_with_the_units(tmp_path):
    units = sorted(UNITS.glob("*.service"))
    assert len(units) == 3
    for unit in units:
        text = unit.read_text().replace("/srv/cvms", str(ROOT))
        (tmp_path / unit.name).write_text(re.sub(r"^Documentation=.*\n", "", text, flags=re.MULTILINE))
        told = subprocess.run(
            ["systemd-analyze", "verify", tmp_path / unit.name], capture_output=True, text=True, check=False
        )
        assert (told.returncode, [line for line in told.stderr.splitlines() if unit.name in line]) == (0, [])


def test_systemd_reads_what_is_added_to_the_unit_of_the_proxy(tmp_path):
    (tmp_path / "nginx.service").write_text("[Service]\nExecStart=/bin/true\n")
    shutil.copytree(UNITS / "nginx.service.d", tmp_path / "nginx.service.d")
    command = ["systemd-analyze", "verify", tmp_path / "nginx.service"]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (told.returncode, [line for line in told.stderr.splitlines() if str(tmp_path) in line]) == (0, [])
    added = tmp_path / "nginx.service.d" / "cvms.conf"
    added.write_text(added.read_text().replace("CPUWeight=10", "CPUWeight=much"))
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Invalid CPU weight" in told.stderr

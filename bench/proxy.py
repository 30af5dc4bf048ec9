"""The recommended proxy, started from the example with its names changed as its comments tell, on a port of ours."""

import os
import shutil
from pathlib import Path

from bench.services import ROOT, Service

NAME = "vaccines.example.gov"
STANDS_BACK = 10
"""A tenth of the others' weight, as deploy/systemd/nginx.service.d/cvms.conf has it."""


def nginx() -> str:
    """Where the program is. Raises FileNotFoundError."""
    found = shutil.which("nginx") or "/usr/sbin/nginx"
    if not Path(found).exists():
        raise FileNotFoundError("nginx is not installed: apt-get install nginx-light")
    return found


def configuration(folder: Path, behind: str, port: int, *, plain_port: int, tls: bool = True) -> Path:
    """The example within the smallest configuration of nginx, in that folder; certificate and key are `cvms.pem` and
    `cvms.key` there. `behind` is where the program listens, as host:port.
    """
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    changes = [
        (f"/etc/ssl/certs/{NAME}.pem", f"{folder}/cvms.pem"), (f"/etc/ssl/private/{NAME}.key", f"{folder}/cvms.key"),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"), ("listen 80;", f"listen 127.0.0.1:{plain_port};"),
        ("127.0.0.1:8000", behind), ("/var/log/nginx", str(folder)), ("/var/cache/nginx", str(folder)),
    ]  # fmt: skip
    if not tls:
        changes += [(f":{port} ssl http2;", f":{port};"), ("ssl_", "# ssl_")]
    for old, new in (*changes, (NAME, "localhost")):
        assert old in text, old
        text = text.replace(old, new)
    path = folder / "nginx.conf"
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    events = "events { worker_connections 4096; }"
    whose = "user root; " if os.geteuid() == 0 else ""  # the folder is ours alone
    path.write_text(f"{whose}daemon off; worker_processes 1; pid {folder}/pid; {events} http {{ {temporary} {text} }}")
    return path


def proxy(folder: Path, behind: str, port: int, *, plain_port: int) -> Service:
    """nginx without TLS, whose cost on one machine with its callers would be twice what it is."""
    path = configuration(folder, behind, port, plain_port=plain_port, tls=False)
    command = (nginx(), "-c", str(path), "-e", str(folder / "nginx-error.log"))
    return Service("proxy", command, {}, folder, nice=STANDS_BACK)

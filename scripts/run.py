"""`make run`: set up what is missing, start web and worker, print where to go, end both on Ctrl-C."""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


def main() -> int:
    instance = Path(os.environ.get("CVMS_INSTANCE", ROOT / "instance")).resolve()
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    keep_secret(instance / "secret_key")
    port = os.environ.get("PORT", "8000")
    url = os.environ.get("PUBLIC_URL", f"http://127.0.0.1:{port}")
    environment = os.environ | {
        "CVMS_INSTANCE": str(instance), "CVMS_DEMO": os.environ.get("CVMS_DEMO", "1"), "PUBLIC_URL": url,
        "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    flask = [str(BIN / "flask"), "--app", "wsgi", "cvms"]
    subprocess.run([*flask, "migrate"], cwd=ROOT, env=environment, check=True)
    sign_ins = ""
    if environment["CVMS_DEMO"] == "1":
        users = instance / "demo.json"
        shown = subprocess.run(
            [*flask, "demo", "--users-file", str(users)], cwd=ROOT, env=environment, check=True, capture_output=True,
            text=True,
        )  # fmt: skip
        sign_ins = shown.stdout
    web = [
        str(BIN / "gunicorn"), "wsgi:app", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "2",
        "--threads", "4", "--access-logfile", "/dev/null", "--log-level", "warning", "--graceful-timeout", "10",
    ]  # fmt: skip
    return watch([web, [*flask, "work"]], environment, port, url, sign_ins)


def keep_secret(path: Path) -> None:
    """The key that signs cookies and encrypts: made once, readable by the owner only."""
    if not path.exists() and not os.environ.get("SECRET_KEY"):
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48) + "\n")


def watch(commands: list[list[str]], environment: dict[str, str], port: str, url: str, sign_ins: str) -> int:
    """Run both until a signal comes or one of them ends; then end the other."""
    children = [subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True) for command in commands]
    told: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: told.append(received))
    announced = False
    while not told and all(child.poll() is None for child in children):
        if not announced and is_up(port):
            announced = True
            print(
                f"\nCVMS is running at {url}\n\n{sign_ins}\nMails are shown at {url}/demo/mails. Ctrl-C ends it.",
                flush=True,
            )
        time.sleep(0.2)
    for child in children:
        end(child)
    if not told:
        print("One of the processes ended by itself; see above.", file=sys.stderr)
    return 0 if told else 1


def is_up(port: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return json.load(answer)["status"] == "ok"
    except (OSError, ValueError):
        return False


def end(child: "subprocess.Popen[bytes]") -> None:
    """Ask the whole group to stop, wait, then insist."""
    for number, patience in ((signal.SIGTERM, 15), (signal.SIGKILL, 5)):
        if child.poll() is None:
            os.killpg(child.pid, number)
            try:
                child.wait(patience)
            except subprocess.TimeoutExpired:
                continue
    child.wait()


if __name__ == "__main__":
    sys.exit(main())

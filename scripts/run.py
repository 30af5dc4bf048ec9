"""`make run`: set up what is missing, start web and worker, print where to go, end both on Ctrl-C."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
FLASK = [str(BIN / "flask"), "--app", "wsgi", "cvms"]


def main() -> int:
    instance = Path(os.environ.get("CVMS_INSTANCE", ROOT / "instance")).resolve()
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    port = os.environ.get("PORT", "8000")
    if trouble := trouble_with(port):
        print(trouble, file=sys.stderr)
        return 1
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # a shell may have started us with the first one ignored
        signal.signal(number, interrupt)
    keep_secret(instance / "secret_key")
    url = os.environ.get("PUBLIC_URL", f"http://127.0.0.1:{port}")
    environment = os.environ | {
        "CVMS_INSTANCE": str(instance), "CVMS_DEMO": os.environ.get("CVMS_DEMO", "1"), "PUBLIC_URL": url,
        "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    sign_ins = ""
    try:
        begin_anew_if_interrupted(instance)
        subprocess.run([*FLASK, "migrate"], cwd=ROOT, env=environment, check=True)
        if environment["CVMS_DEMO"] == "1":
            sign_ins = make_data(instance / "demo.json", environment)
    except subprocess.CalledProcessError as error:
        return int(error.returncode)
    except KeyboardInterrupt:
        print("\nStopped before it was ready.", file=sys.stderr)
        return 130
    web = [
        str(BIN / "gunicorn"), "wsgi:app", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread", "--workers", "2",
        "--threads", "4", "--access-logfile", "/dev/null", "--log-level", "warning", "--graceful-timeout", "10",
    ]  # fmt: skip
    return watch([web, [*FLASK, "work"]], environment, port, url, sign_ins)


def interrupt(_number: int, _frame: object) -> None:
    """Whoever ends us while we prepare means what Ctrl-C means."""
    raise KeyboardInterrupt


def trouble_with(port: str) -> str | None:
    """Why nothing can be started on this port."""
    if not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        return f"PORT must be a number from 1 to 65535, such as 8080; it is {port!r}."
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except PermissionError:
            return f"Port {port} is for the administrator of this machine only. Choose a higher one: PORT=8080 make run"
        except OSError:
            return f"Something else uses port {port}. Choose another one: PORT={int(port) % 65535 + 1} make run"
    return None


def keep_secret(path: Path) -> None:
    """The key that signs cookies and encrypts: made once, readable by the owner only."""
    if not path.exists() and not os.environ.get("SECRET_KEY"):
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48) + "\n")


def begin_anew_if_interrupted(instance: Path) -> None:
    """Remove a demonstration that was left half made: nobody has used it yet. A database elsewhere is not touched."""
    if not (instance / "demo.unfinished").exists() or os.environ.get("DATABASE_URL"):
        return
    print("The last start was interrupted while it made its data. Beginning anew …", flush=True)
    for path in [*instance.glob("cvms.db*"), *instance.glob("queue.db*"), *instance.glob("demo.*")]:
        path.unlink()
    shutil.rmtree(instance / "files", ignore_errors=True)


def make_data(users: Path, environment: dict[str, str]) -> str:
    """Make the demonstration where there is none; what it says on the way is shown. Returns the table of sign-ins."""
    command = [*FLASK, "demo", "--users-file", str(users)]
    sign_ins = ""
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as making:
        try:
            for line in making.stdout or ():
                if line.startswith("  "):
                    sign_ins += line
                else:
                    print(line, end="", flush=True)
        except KeyboardInterrupt:
            making.terminate()
            raise
    if making.returncode:
        raise subprocess.CalledProcessError(making.returncode, command)
    return sign_ins


def watch(commands: list[list[str]], environment: dict[str, str], port: str, url: str, sign_ins: str) -> int:
    """Run both until a signal comes or one of them ends; then end the other."""
    told: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: told.append(received))
    children = [subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True) for command in commands]
    announced = False
    while not told and all(child.poll() is None for child in children):
        if not announced and is_up(port):
            announced = True
            print(welcome(url, sign_ins), flush=True)
        time.sleep(0.2)
    for child in children:
        end(child)
    if not told:
        print("One of the processes ended by itself; see above.", file=sys.stderr)
    return 0 if told else 1


def welcome(url: str, sign_ins: str) -> str:
    """Where to go, and as whom."""
    if not sign_ins:
        return f"\nCVMS is running at {url}. Ctrl-C ends it."
    return f"\nCVMS is running at {url}\n\n{sign_ins}\nMails are shown at {url}/demo/mails. Ctrl-C ends it."


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

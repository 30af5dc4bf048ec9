"""A throw-away PostgreSQL server from the installed binaries: socket in a temporary folder, no fsync."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path


def find_binaries() -> Path | None:
    """The folder of initdb and pg_ctl, wherever the distribution puts it."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


class Server:
    """One server. As root it runs as the user postgres, which the packages make."""

    def __init__(self, *settings: str) -> None:
        binaries = find_binaries()
        if binaries is None:
            raise RuntimeError("no PostgreSQL is installed")
        self.binaries = binaries
        self.folder = Path(tempfile.mkdtemp(prefix="cvms-pg-"))
        self.user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._as_user(
            f"{binaries}/initdb -D {self.folder}/data -A trust -U postgres --no-sync -E UTF8 --locale=C.UTF-8"
        )
        options = " ".join(
            f"-c {setting}"
            for setting in (
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                "max_connections=60",
                *settings,
            )
        )
        self._as_user(
            f"{binaries}/pg_ctl -D {self.folder}/data -w -o \"-k {self.folder} -c listen_addresses='' {options}\" "
            f"-l {self.folder}/log start"
        )

    def url(self, name: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://postgres@/{name}?host={self.folder}"

    def stop(self) -> None:
        """Stop it and remove its folder."""
        self._as_user(f"{self.binaries}/pg_ctl -D {self.folder}/data -m immediate stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _as_user(self, command: str) -> None:
        arguments = ["su", "postgres", "-s", "/bin/sh", "-c", command] if os.geteuid() == 0 else ["sh", "-c", command]
        done = subprocess.run(arguments, capture_output=True, text=True, cwd="/", check=False, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise RuntimeError(done.stderr or done.stdout)

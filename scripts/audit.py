"""Looks every pinned package up in the advisories, and counts one that could not be looked up as a failure.

pip-audit asks the index for the page of each version. Some mirrors keep only the page of the package, whose advisories are
those of its newest release: there a pin that is the newest release is known as well, and any other pin is a failure that
says so. An index that tells nothing of a release known to be vulnerable tells nothing at all, so that is asked first.
"""

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

INDEX = "https://pypi.org/pypi"
KNOWN_VULNERABLE = "pycrypto"  # its last release, of 2013, has two advisories and will have no next one


def main(*files: str) -> int:
    """Audit requirement files with hashes. 0 when every package was looked up and none has an advisory."""
    failures: list[str] = []
    looked_up: set[str] = set()
    if not newest_release(KNOWN_VULNERABLE)[1]:
        failures.append(f"the index tells no advisory for {KNOWN_VULNERABLE}, so its silence means nothing")
    for package in {one["name"]: one for file in files for one in asked(file)}.values():
        told = verdict(package)
        looked_up.add(package["name"])
        failures += [f"{package['name']}: {told}"] if told else []
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{len(looked_up)} packages looked up, {len(failures)} to mend")
    return 1 if failures else 0


def asked(file: str) -> list[dict[str, Any]]:
    """What pip-audit says of each package: name and version, with advisories or the reason why it was skipped."""
    with TemporaryDirectory() as folder:
        answer = Path(folder, "answer.json")
        done = subprocess.run(
            [sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--progress-spinner=off", "--format=json",
             f"--requirement={file}", f"--output={answer}"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if not answer.exists():
            raise SystemExit(f"pip-audit did not answer for {file}:\n{done.stderr[-2000:]}")
        packages: list[dict[str, Any]] = json.loads(answer.read_text())["dependencies"]
    pins = pinned(Path(file).read_text())
    missing = pins.keys() - {package["name"] for package in packages}
    if missing:
        raise SystemExit(f"pip-audit left out {sorted(missing)} of {file}")
    return [{**package, "version": pins[package["name"]]} for package in packages]


def pinned(text: str) -> dict[str, str]:
    """Name and version of each line `name==version \\` of a requirements file with hashes."""
    lines = (line.partition("==") for line in text.splitlines() if "==" in line and not line.startswith((" ", "#")))
    return {name.partition("[")[0]: rest.split()[0] for name, _, rest in lines}


def verdict(package: dict[str, Any]) -> str:
    """What is wrong with a package, or nothing."""
    if "skip_reason" not in package:
        return ", ".join(one["id"] for one in package["vulns"])
    version, advisories = newest_release(package["name"])
    if version != package["version"]:
        return f"{package['version']} could not be looked up, only {version or 'no release'}; raise the pin"
    return ", ".join(advisories)


def newest_release(name: str) -> tuple[str, list[str]]:
    """The newest release of a package, and the ids of its advisories that were not withdrawn; no version if unknown."""
    answer = requests.get(f"{INDEX}/{name}/json", timeout=30)
    if answer.status_code != 200:
        return "", []
    page = answer.json()
    return page["info"]["version"], [one["id"] for one in page["vulnerabilities"] if not one.get("withdrawn")]


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))

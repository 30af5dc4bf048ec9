"""Debian's Firefox, driven over WebDriver BiDi: Playwright cannot drive it, puppeteer-core can (tests/firefox/drive.js)."""

import json
import subprocess
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "firefox"
PROGRAM = "/usr/bin/firefox-esr"
SIZE = (1280, 900)


class Firefox:
    """A Firefox of its own, told what to do line by line. `downloads` is where files go."""

    def __init__(self, downloads: Path) -> None:
        install()
        self.downloads = downloads
        self.site = ""
        command = ["node", "drive.js", PROGRAM, str(downloads)]
        self._driver = subprocess.Popen(command, cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def tell(self, name: str, *told: Any) -> Any:
        """One of the words of drive.js, and what it answers."""
        assert self._driver.stdin is not None
        assert self._driver.stdout is not None
        self._driver.stdin.write(json.dumps([name, *told]) + "\n")
        self._driver.stdin.flush()
        answer = json.loads(self._driver.stdout.readline() or '{"wrong": "Firefox has ended"}')
        assert "wrong" not in answer, f"{name} {told}: {answer['wrong']}"
        return answer["value"]

    def arrive(self, site: str) -> None:
        """A new person sits down: no cookies, one tab."""
        self.site = site
        self.tell("arrive", *SIZE)

    def open(self, path: str) -> None:
        self.tell("open", path if "://" in path else self.site + path)

    def click(self, selector: str) -> None:
        self.tell("click", selector)

    def press(self, words: str) -> None:
        """The button, link or label of the page's main part that begins with these words."""
        self.tell("press", words)

    def fill(self, **typed: str) -> None:
        """Type into fields by their names; __ stands for a hyphen."""
        for name, text in typed.items():
            self.tell("fill", f"main [name='{name.replace('__', '-')}']", text)

    def see(self, text: str, selector: str = "main") -> str:
        """Wait until it stands there; all that is said there."""
        return str(self.tell("see", selector, text))

    def close(self) -> None:
        """End the browser, then its driver."""
        assert self._driver.stdin is not None
        self._driver.stdin.close()
        self._driver.wait(30)
        assert self._driver.stdout is not None
        self._driver.stdout.close()


def install() -> None:
    """For whoever runs one file without `make test-long`, which installs it before."""
    if not (FOLDER / "node_modules" / "puppeteer-core").exists():
        subprocess.run(["npm", "ci", "--ignore-scripts", "--silent"], cwd=FOLDER, check=True, timeout=300)

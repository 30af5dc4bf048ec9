"""Static files under names that carry their content's hash, compressed once, cached for ever."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

STATIC = Path(__file__).parent.parent / "static"
URL = "/static/"


@cache
def _digest(path: str) -> str:
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:10]


def static_url(path: str) -> str:
    """The address of a static file; it changes when the file does."""
    return f"{URL}{_digest(path)}/{path}"


class StaticFiles:
    """Serves /static/<hash>/<path> from the folder through WhiteNoise; the hash only makes the address new."""

    def __init__(self, application: Any) -> None:
        self.application = application
        self.files = WhiteNoise(
            application, root=STATIC, prefix=URL, max_age=31_536_000, immutable_file_test=r".",
            mimetypes={".webmanifest": "application/manifest+json"},
        )  # fmt: skip

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        path = environ.get("PATH_INFO", "")
        if path.startswith(URL):
            parts = path.removeprefix(URL).split("/", 1)
            if len(parts) == 2 and len(parts[0]) == 10:
                environ = {**environ, "PATH_INFO": URL + parts[1]}
        return self.files(environ, start_response)


def install(app: Flask) -> None:
    """Serve static files before the application is asked."""
    app.jinja_env.globals["static_url"] = static_url
    app.wsgi_app = StaticFiles(app.wsgi_app)  # type: ignore[method-assign]

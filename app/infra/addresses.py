"""Addresses of PostgreSQL as its own programs take them, also of several servers of which one serves.

`postgresql://user:password@one:5432,two:5432/name?target_session_attrs=read-write` leads to whichever takes writes.
"""

from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

DRIVER = "postgresql+psycopg"
PATIENCE = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
}
"""After so many seconds (milliseconds the last) a server that says nothing counts as gone, unless the address says otherwise."""


def for_sqlalchemy(url: str) -> str:
    """The same address as SQLAlchemy reads it, with PATIENCE added where it is silent."""
    parts = urlsplit(url)
    whose, at, servers = parts.netloc.rpartition("@")
    asked = parse_qsl(parts.query, keep_blank_values=True)
    asked += [pair for pair in PATIENCE.items() if pair[0] not in dict(asked)]
    if "," in servers:
        asked = [("host", server if ":" in server else f"{server}:5432") for server in servers.split(",")] + asked
        servers = ""
    return f"{DRIVER}://{whose}{at}{servers}{parts.path}?{urlencode(asked, safe=':/')}"


def without_password(url: str) -> tuple[str, str | None]:
    """The address without its password, and the password."""
    parts = urlsplit(url)
    whose, at, servers = parts.netloc.rpartition("@")
    name, _, password = whose.partition(":")
    return parts._replace(netloc=f"{name}{at}{servers}").geturl(), unquote(password) or None

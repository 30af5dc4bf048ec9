"""Typed settings, read once from the environment. A wrong one stops the program with a sentence that says which."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

HELP_HOURS = "Monday to Friday 7 am – 7 pm, Saturday and Sunday 10 am – 6 pm"
HELP_HOURS_ES = "de lunes a viernes de 7 a. m. a 7 p. m., sábados y domingos de 10 a. m. a 6 p. m."


SECRETS = (
    "SECRET_KEY", "ENCRYPTION_KEYS", "DATABASE_URL", "QUEUE_URL", "SMTP_URL", "OIDC_CLIENT_SECRET", "METRICS_TOKEN",
)  # fmt: skip
"""Settings that may be read from files: `NAME_FILE` holds the path."""


class BadSetting(Exception):
    """A setting cannot be used; the text names it and says what it must be."""


@dataclass(frozen=True, slots=True)
class OpenIdSettings:
    """One outside identity provider: its address, what it knows us by, what people call it, and who may use it."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    realms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything an installation may choose. Durations are in seconds, sizes in bytes."""

    instance_dir: Path
    database_url: str
    queue_url: str
    storage_dir: Path
    secret_key: str
    encryption_keys: tuple[str, ...]
    public_url: str
    smtp_url: str | None
    clamd_url: str | None
    mail_sender: str
    program_name: str
    state_name: str
    zone: ZoneInfo
    help_phone: str
    help_hours: str
    help_hours_es: str
    help_address: str
    demo: bool
    testing: bool
    demands_second_factor: bool
    openid: OpenIdSettings | None
    trusted_proxies: int
    session_idle_seconds: int
    session_longest_seconds: int
    max_upload_bytes: int
    remind_overdue_days: int
    slow_query_ms: int
    metrics_token: str

    @property
    def secure(self) -> bool:
        """True when the public address is https, and cookies must be too."""
        return self.public_url.startswith("https://")

    def hours_in(self, language: str) -> str:
        """The hours of the help line in a language, in English where it is not known in that one."""
        return self.help_hours_es if language == "es" else self.help_hours

    def keeps_mails(self) -> bool:
        """True where no SMTP server is set: mails are kept and shown instead of sent."""
        return self.smtp_url is None


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings of one installation, SECRETS from files where they are named. Raises BadSetting when a value is missing or wrong."""
    environ = _with_files(environ)
    instance = Path(environ.get("CVMS_INSTANCE", "instance")).resolve()
    demo = _flag(environ, "CVMS_DEMO")
    testing = _flag(environ, "CVMS_TESTING")
    secret = _secret(environ, instance)
    public_url = environ.get("PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
    if urlsplit(public_url).scheme not in {"http", "https"} or not urlsplit(public_url).netloc:
        raise BadSetting("PUBLIC_URL must be an address such as https://vaccines.example.gov")
    return Settings(
        instance_dir=instance,
        database_url=environ.get("DATABASE_URL") or f"sqlite:///{instance / 'cvms.db'}",
        queue_url=environ.get("QUEUE_URL") or f"sqlite:///{instance / 'queue.db'}",
        storage_dir=Path(environ.get("STORAGE_DIR") or instance / "files").resolve(),
        secret_key=secret,
        encryption_keys=_encryption_keys(environ, secret),
        public_url=public_url,
        smtp_url=_smtp(environ),
        clamd_url=_clamd(environ),
        mail_sender=environ.get("MAIL_SENDER", "CVMS <no-reply@cvms.example.org>"),
        program_name=environ.get("PROGRAM_NAME", "COVID-19 Vaccine Management System"),
        state_name=environ.get("STATE_NAME", "North Carolina"),
        zone=_zone(environ.get("PROGRAM_ZONE", "America/New_York")),
        help_phone=environ.get("HELP_PHONE", "(877) 555-0143"),
        help_hours=environ.get("HELP_HOURS", HELP_HOURS),
        help_hours_es=environ.get("HELP_HOURS_ES") or environ.get("HELP_HOURS", HELP_HOURS_ES),
        help_address=_mailbox(environ, "HELP_ADDRESS"),
        demo=demo,
        testing=testing,
        demands_second_factor=_second_factor(environ, demo=demo),
        openid=_openid(environ, testing=testing),
        trusted_proxies=_whole(environ, "TRUSTED_PROXIES", 0),
        session_idle_seconds=_whole(environ, "SESSION_IDLE_MINUTES", 60) * 60,
        session_longest_seconds=_whole(environ, "SESSION_LONGEST_HOURS", 12) * 3600,
        max_upload_bytes=_whole(environ, "MAX_UPLOAD_MB", 15) * 1024 * 1024,
        remind_overdue_days=_whole(environ, "REMIND_OVERDUE_DAYS", 14),
        slow_query_ms=_whole(environ, "SLOW_QUERY_MS", 1000),
        metrics_token=_token(environ, "METRICS_TOKEN"),
    )


def _with_files(environ: Mapping[str, str]) -> Mapping[str, str]:
    """Secrets that lie in files, as systemd's credentials and the agents of vaults hand them over, in their places."""
    found = {}
    for name in SECRETS:
        variable = f"{name}_FILE"
        if variable not in environ:
            continue
        if name in environ:
            raise BadSetting(f"{name} and {variable} are both set: leave one of them out")
        try:
            found[name] = Path(environ[variable]).read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BadSetting(f"{variable} must be the path of a file that this user can read") from error
        if not found[name]:
            raise BadSetting(f"the file of {variable} is empty")
    return {**environ, **found} if found else environ


def _smtp(environ: Mapping[str, str]) -> str | None:
    url = environ.get("SMTP_URL") or None
    if url and urlsplit(url).scheme not in {"smtp", "smtps", "smtp+starttls"}:
        raise BadSetting("SMTP_URL must look like smtp://host:25, smtp+starttls://user:password@host:587 or smtps://…")
    return url


def _clamd(environ: Mapping[str, str]) -> str | None:
    url = environ.get("CLAMD_URL") or None
    parts = urlsplit(url or "")
    try:
        port = parts.port
    except ValueError:
        port = 0
    local = parts.scheme == "unix" and not parts.netloc and parts.path.startswith("/")
    remote = parts.scheme == "tcp" and parts.hostname and ":" not in parts.hostname and port != 0
    if url and not (local or remote):
        raise BadSetting("CLAMD_URL must look like unix:///run/clamav/clamd.ctl or tcp://host:3310, an address is one of IPv4")
    return url


def _flag(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "0")
    if value not in {"0", "1"}:
        raise BadSetting(f"{name} must be 0 or 1")
    return value == "1"


def _second_factor(environ: Mapping[str, str], *, demo: bool) -> bool:
    value = environ.get("SECOND_FACTOR") or ("offered" if demo else "demanded")
    if value not in {"offered", "demanded"}:
        raise BadSetting("SECOND_FACTOR must be offered or demanded")
    return value == "demanded"


def _openid(environ: Mapping[str, str], *, testing: bool) -> OpenIdSettings | None:
    issuer = environ.get("OIDC_ISSUER", "").rstrip("/")
    client, secret = environ.get("OIDC_CLIENT_ID", ""), environ.get("OIDC_CLIENT_SECRET", "")
    name, realms = environ.get("OIDC_NAME", "NCID"), environ.get("OIDC_REALMS", "provider,enrollment,helpdesk,state")
    if not issuer:
        return None
    if urlsplit(issuer).scheme != "https" and not testing:
        raise BadSetting("OIDC_ISSUER must be an address that begins with https://")
    if not client or not secret:
        raise BadSetting("OIDC_ISSUER needs OIDC_CLIENT_ID and OIDC_CLIENT_SECRET beside it")
    return OpenIdSettings(issuer, client, secret, name, frozenset(realms.replace(" ", "").split(",")))


def _whole(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name, str(default))
    if not value.isdigit():
        raise BadSetting(f"{name} must be a whole number")
    return int(value)


def _token(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "").strip()
    if value and len(value) < 24:
        raise BadSetting(f"{name} must have 24 random characters or more")
    return value


def _mailbox(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "").strip()
    if value and (value.count("@") != 1 or "+" in value or " " in value):
        raise BadSetting(f"{name} must be a plain mailbox such as help@vaccines.example.gov")
    return value


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise BadSetting("PROGRAM_ZONE must be a time zone such as America/New_York") from error


def _secret(environ: Mapping[str, str], instance: Path) -> str:
    """The key that signs cookies and links: from the environment, else kept beside the embedded database."""
    secret = environ.get("SECRET_KEY")
    kept = instance / "secret_key"
    if not secret and kept.exists():
        secret = kept.read_text().strip()
    if not secret or len(secret) < 32:
        raise BadSetting("SECRET_KEY must have 32 random characters or more (docs/operations.md shows how to make one)")
    return secret


@lru_cache(maxsize=1)
def _derived_key(secret: str) -> str:
    derived = hashlib.scrypt(secret.encode(), salt=b"cvms at rest", n=2**14, r=8, p=1, dklen=32)
    return base64.urlsafe_b64encode(derived).decode()


def _encryption_keys(environ: Mapping[str, str], secret: str) -> tuple[str, ...]:
    """The key ring, newest first; each is 32 random bytes in URL-safe base64 (a Fernet key)."""
    text = environ.get("ENCRYPTION_KEYS")
    if not text:
        return (_derived_key(secret),)
    keys = tuple(part.strip() for part in text.split(",") if part.strip())
    for key in keys:
        try:
            good = len(base64.urlsafe_b64decode(key)) == 32
        except ValueError:
            good = False
        if not good:
            raise BadSetting("ENCRYPTION_KEYS must be keys of 32 bytes in URL-safe base64, separated by commas")
    return keys

"""The settings of an installation with what the state decided about contacts in their place: for pages, mails, paper."""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from app.config import Settings
from app.domain.program.support import Support, support_on
from app.infra.opening_hours import in_words


def supported(session: Session, settings: Settings, audience: str, day: date) -> Settings:
    """Telephone, hours and sender as they stand for an audience on a day. One query."""
    return with_support(settings, support_on(session, audience, day))


def with_support(settings: Settings, support: Support) -> Settings:
    """The settings with these contacts; as they were where nobody has decided."""
    if not support.decided:
        return settings
    return replace(
        settings, help_phone=support.phone, help_hours=in_words(support.hours, "en"),
        help_hours_es=in_words(support.hours, "es"), mail_sender=support.sender or settings.mail_sender,
    )  # fmt: skip

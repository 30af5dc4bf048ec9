"""Where no mail server is set, mails are kept instead of sent. Only a demonstration shows them."""

from app.infra.kept_mail import KeptMail, latest_mails

__all__ = ["KeptMail", "latest_mails"]

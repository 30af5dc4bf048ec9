"""`flask --app wsgi cvms receive-mail`: the listener for answers by mail and for mails that came back."""

import signal
import threading

import click
from flask import current_app

from app.infra import clock
from app.integrations.inbound_mail.listener import make_listener
from app.jobs.take_mail import take_mail
from app.web.context import Machines


@click.command("receive-mail")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8024, show_default=True, type=click.IntRange(1, 65535))
@click.option("--smtp", is_flag=True, help="Speak SMTP instead of LMTP.")
def receive(host: str, port: int, smtp: bool) -> None:
    """Take mails that the mail server hands over: answers to the help desk, and mails that came back."""
    parts: Machines = current_app.extensions["cvms"]
    zone = parts.settings.zone
    listener = make_listener(
        lambda mail: take_mail(
            parts.database, parts.storage, mail, scanner=parts.scanner, zone=zone, now=clock.now()
        ),
        host=host, port=port, lmtp=not smtp,
    )  # fmt: skip
    listener.start()
    click.echo(f"Taking mails on {host}:{port}.")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
    listener.stop()

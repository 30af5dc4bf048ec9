"""The mails of a journey: a mail server to talk to, a worker at the press of a button, and people who follow links."""

import re

import pytest

from app import factory
from app.config import load
from app.jobs import worker
from tests.browserless import Site
from tests.conftest import KEY
from tests.journeys.enrolling import PASSWORD


@pytest.fixture
def machines(settings, smtp, database_url, tmp_path):
    """The program with a mail server to talk to, and a worker at the press of a button."""
    told = {"CVMS_INSTANCE": str(tmp_path), "CVMS_TESTING": "1", "SECRET_KEY": KEY, "PUBLIC_URL": "http://cvms.test"}
    made = factory.make_machines(load(told | {"DATABASE_URL": database_url, "SMTP_URL": smtp.url}))
    worker.add_jobs(made.queue, made.settings, made.database, made.storage)
    yield made
    made.database.dispose()
    made.queue.close()


@pytest.fixture
def invited(app, session, machines, smtp):
    """Somebody opens the newest mail, follows its link and sets a password."""

    def follow(address):
        session.rollback()
        machines.queue.sweep()
        mail = smtp.to(address)[-1]
        site = Site(app, session)
        page = site.open(re.search(r"http://cvms\.test(/account/invitations/\S+)", mail.get_content())[1])
        site.submit(page, password=PASSWORD, again=PASSWORD)
        return site

    return follow

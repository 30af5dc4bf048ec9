"""Who has an account, a case or a link is told neither by what an answer says nor by how long it takes."""

import os
import re
import statistics
import time

import pytest
from sqlalchemy import event

from tests import make
from tests.browserless import form_data, text_of

SIGN_IN = "/account/sign-in/provider"
FORGOTTEN = "/account/provider/forgotten-password"
LONG = bool(os.environ.get("CVMS_LONG"))
WAYS = {
    "/account/provider/new-password/{}": 43, "/account/invitations/{}": 43, "/account/recipient/register/{}": 43,
    "/account/recipient/confirm-email/{}": 43, "/recipient/reminders/stop/{}": 43, "/help/cases/CS0000001/{}": 43, "/proof/{}": 26,
}  # fmt: skip
"""Addresses with a secret, and how many letters it has."""
NAMES, TRIES = (8, 6) if LONG else (1, 5)
"""Names, and tries of each: under the limit of eight."""


@pytest.fixture
def known(session, now):
    place = make.location(session)
    return [make.healthcare_provider(session, place, name=f"nurse{number}").names[0].name for number in range(NAMES)]


def answers(site, url, names, number=0, **fields):
    """The form sent for each name: seconds of work, the statements it took, and what the page says."""
    found = []
    for name in names:
        site.anonymous()
        data = form_data(site.open(url).select_one("main form[method=post]")) | {"name": name, **fields}
        statements = []

        def note(_connection, _cursor, statement, *_rest, into=statements):
            into.append(re.sub(r"\s+", " ", statement)[:60])

        engine = site.app.extensions["cvms"].database.engine
        event.listen(engine, "before_cursor_execute", note)
        began = time.process_time()
        answer = site.client.post(url, data=data, environ_overrides={"REMOTE_ADDR": f"10.9.{number}.{len(found) // 20}"})
        found.append((time.process_time() - began, statements, answer))
        event.remove(engine, "before_cursor_execute", note)
    return found


def said(answer, name):
    """A page without what differs from one visitor to the next."""
    page = re.sub(r'value="[^"]*"', "", answer.get_data(as_text=True))
    return page.replace(name, "")


@pytest.mark.once
def test_a_wrong_name_and_a_wrong_password_take_the_same_work(site, known, now):
    there = answers(site, SIGN_IN, known * TRIES, 1, password="Wrong-doses-2021")
    strangers = [f"nobody{number}" for number in range(NAMES)]
    nobody = answers(site, SIGN_IN, strangers * TRIES, 2, password="Wrong-doses-2021")
    assert {answer.status_code for _, _, answer in there + nobody} == {422}
    assert said(there[0][2], known[0]) == said(nobody[0][2], strangers[0])
    assert there[0][1] == nobody[0][1]
    mine, theirs = (statistics.median(seconds for seconds, _, _ in found[1:]) for found in (there, nobody))
    least, most = (0.8, 1.25) if LONG else (0.5, 2)
    assert least < theirs / mine < most, f"{mine:.4f} s for somebody, {theirs:.4f} s for nobody"
    assert mine > 0.008, "no password was hashed"


@pytest.mark.once
def test_a_forgotten_password_reads_the_same_for_nobody(site, known, now):
    (_, _, there), (_, _, nobody) = answers(site, FORGOTTEN, [known[0], "nobody"])
    assert (there.status_code, there.location) == (nobody.status_code, nobody.location)
    assert known[0] not in text_of(site.open(there.location))


@pytest.mark.once
def test_tokens_that_never_were_are_answered_alike(site, now):
    """No answer tells how near a guess is."""
    for way, letters in WAYS.items():
        told = set()
        for token in ("A" * letters, "B" * letters, "7" * letters):
            answer = site.client.get(way.format(token))
            assert answer.status_code in {200, 404, 410}, way
            told.add((answer.status_code, re.sub(r'value="[^"]*"', "", answer.get_data(as_text=True)).replace(token, "")))
        assert len(told) == 1, way

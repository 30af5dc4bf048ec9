"""Logs tell what broke, never about whom."""

import io
import json
from contextlib import redirect_stderr

import pytest
import structlog

from app.domain.accounts.models import Account
from app.infra import log

PERSON = {"first_name": "Rosalinda", "last_name": "Quartermaine", "email": "rosalinda@example.org"}


@pytest.fixture
def lines(machines):
    """The log of a real installation."""
    before, written = structlog.get_config(), io.StringIO()
    with redirect_stderr(written):
        log.configure(readable=False)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    structlog.configure(**before)


def fail_to_keep(database, person):
    with database.transaction() as session:
        session.add(Account(**person))


def test_a_refused_row_is_logged_by_its_constraint_and_not_by_its_values(database, lines):
    try:
        fail_to_keep(database, PERSON)
    except Exception as error:
        structlog.get_logger().error("request.failed", exc_info=error)
    (line,) = lines()
    assert "created_at" in line["exception"]
    assert "IntegrityError" in line["exception"]
    assert "fail_to_keep" in line["exception"]
    for value in PERSON.values():
        assert value not in line["exception"]


@pytest.mark.once
def test_a_message_that_quotes_what_was_typed_is_left_out_and_its_cause_is_told(lines):
    typed = "Quarter" + "maine"
    try:
        try:
            int(typed)
        except ValueError as error:
            raise LookupError(typed) from error
    except LookupError:
        structlog.get_logger().error("request.failed", exc_info=True)
    (line,) = lines()
    assert "builtins.LookupError\ncaused by\n" in line["exception"]
    assert "builtins.ValueError" in line["exception"]
    assert typed not in line["exception"]


@pytest.mark.once
def test_what_the_machine_says_is_kept(lines, tmp_path):
    try:
        (tmp_path / "nowhere" / "file").read_bytes()
    except OSError:
        structlog.get_logger().error("job.failed", exc_info=True)
    assert "No such file or directory" in lines()[0]["exception"]

"""No page that a menu names reads a whole table that grows with the state's people; `make bench NAME=pages` tells the times."""

import re

import pytest
from sqlalchemy import event

from app.domain.organizations.searchable import make_searchable
from app.domain.vaccinations.history import doses_of
from bench.pages import MORE, NOT_COUNTED
from tests import make
from tests.make.organizations import organization

GROWS = {
    "account", "administration", "audit_entry", "grant", "invitation", "listing", "organization", "organization_text",
    "organization_word", "outbox_message", "point_of_contact", "proof", "recipient", "sign_in_name", "sign_in_session",
    "upload", "upload_row", "visit",
}  # fmt: skip
MOST_QUERIES = 30


def whole_tables(connection, statement, parameters):
    """The tables that SQLite, knowing nothing of their sizes, reads from end to end; not the first lines of an index."""
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    first_ones = "LIMIT" in statement and "WHERE" not in statement
    scanned = (
        re.match(r"SCAN (\w+?)(?:_\d+)?(?: |$)", row[-1])
        for row in plan
        if not (first_ones and "USING INDEX" in row[-1])
    )
    return {found[1] for found in scanned if found} & GROWS


@pytest.fixture
def asked(database):
    """Every statement with its parameters, as the database gets it."""
    found = []

    def note(_connection, _cursor, statement, parameters, *_others):
        if not statement.startswith((*NOT_COUNTED, "EXPLAIN")):
            found.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    yield found
    event.remove(database.engine, "before_cursor_execute", note)


def menu_pages(app, site, session):
    """Every page that a menu names, for every role."""
    for account, _ in make.two_worlds(session).places:
        site.sign_in(account)
        seen, waiting = set(), [link["href"] for link in site.open("/account/choose").select("#places a")]
        while waiting:
            url = waiting.pop()
            if url in seen:
                continue
            seen.add(url)
            waiting += [link["href"] for link in site.open(url).select("header nav a[href]")]
            endpoint = app.url_map.bind("localhost").match(site.url)[0]
            yield from (site.url + query for query in ("", *MORE.get(endpoint, ())))


@pytest.mark.once
def test_no_page_of_a_menu_reads_a_whole_table_that_grows(app, site, session, asked, database, now):
    opened = 0
    for url in menu_pages(app, site, session):
        asked.clear()
        assert site.client.get(url).status_code == 200
        statements = [*asked]
        assert len(statements) <= MOST_QUERIES, (url, len(statements))
        with database.engine.connect() as connection:
            for statement, parameters in statements:
                assert not whole_tables(connection, statement, parameters), (url, statement)
        opened += 1
    assert opened > 10


@pytest.mark.once
def test_a_whole_table_is_noticed(session, asked, database):
    doses_of(session, make.NOBODY)
    session.rollback()
    statement, parameters = asked[-1]
    with database.engine.connect() as connection:
        assert whole_tables(connection, statement, parameters) == set()
        assert whole_tables(connection, "SELECT id FROM recipient WHERE city = ?", ("Cary",)) == {"recipient"}
        connection.exec_driver_sql("DROP INDEX ix_recipient_merged")
        statement, parameters = asked[0]
        assert whole_tables(connection, statement, parameters) == {"recipient"}
        connection.rollback()


@pytest.mark.once
def test_an_organization_is_renamed_without_reading_the_words_of_all(session, asked, database, now):
    made = organization(session)
    asked.clear()
    made.name = "Bluewater Seafood"
    make_searchable(session, [made])
    session.commit()
    statements = [
        (statement, parameters[0] if isinstance(parameters, list) else parameters)
        for statement, parameters in asked
        if statement.startswith(("SELECT", "UPDATE", "DELETE"))
    ]
    assert any(statement.startswith("DELETE FROM organization_word") for statement, _ in statements)
    with database.engine.connect() as connection:
        for statement, parameters in statements:
            assert not whole_tables(connection, statement, parameters), statement

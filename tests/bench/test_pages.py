"""No page that a menu names reads a whole table that grows with the state's people; `make bench NAME=pages` tells the times."""

import re

import pytest
from sqlalchemy import event

from app.domain.organizations.searchable import make_searchable
from app.domain.vaccinations.history import doses_of
from bench.pages import BUSIEST, MORE, NOT_COUNTED
from bench.plans import FILE as PLANS
from tests import make
from tests.make import helpdesk
from tests.make.inventory import lot
from tests.make.organizations import organization
from tests.make.vaccinations import dose, someone, visit

GROWS = {
    "account", "administration", "audit_entry", "grant", "invitation", "listing", "organization", "organization_text",
    "organization_word", "outbox_message", "point_of_contact", "proof", "recipient", "sign_in_name", "sign_in_session",
    "upload", "upload_row", "visit", "help_case", "help_case_text", "stock_entry", "help_comment",
}  # fmt: skip
MOST_QUERIES = 30
FEW = 2_500  # rows, which a server reads sooner than an index: each of the measured state's 2,000 uploads has a held row


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


def walked_through(connection, statement, parameters):
    """The growing tables that PostgreSQL reads from end to end even where it is told to do anything else."""
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    steps = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars().all()
    return {table for step in steps for table in re.findall(r"Seq Scan on (\w+)", step)} & GROWS


def test_the_busiest_pages_find_everything_by_an_index(app, site, session, asked, database, now):
    """On the database of a state. What it chose at statewide size is kept in bench/plans.md."""
    read = whole_tables if database.is_sqlite else walked_through
    place = make.location(session)
    one = someone(session, place)
    coming, stock = visit(session, place), lot(session, place)
    given = dose(session, place, one, stock)
    here = f"/provider/{place.id}"
    pages = {
        make.manager(session, place): [
            f"{here}/clinic", f"{here}/clinic/visits/{given.visit_id}", f"{here}/clinic/visits/{coming.id}/dose",
            f"{here}/recipients", f"{here}/recipients/{one.id}", f"{here}/inventory", f"{here}/inventory/lots/{stock.id}",
        ],
        make.person(session, one.id): [f"/recipient/{one.id}", f"/recipient/{one.id}/access"],
        make.administrator(session): ["/state/"],
        helpdesk.agent(session): ["/help/desk"],
    }  # fmt: skip
    for account, urls in pages.items():
        site.sign_in(account)
        for url in urls:
            asked.clear()
            assert site.client.get(url).status_code == 200
            for statement, parameters in [this for this in asked if this[0].startswith(("SELECT", "WITH"))]:
                with database.engine.connect() as connection:
                    assert not read(connection, statement, parameters), (url, statement)


@pytest.mark.once
def test_the_plans_that_were_chosen_at_statewide_size_hold_no_walk_through_a_growing_table():
    plans = PLANS.read_text()
    assert plans.count("\n## ") == len(BUSIEST)
    lines = plans.splitlines()
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        found = re.search(r"Seq Scan on (\w+).*rows=(\d+)", line)
        if found and found[1] in GROWS and "Limit" not in before:
            left_out = re.search(r"Rows Removed by Filter: (\d+)", after)
            assert int(found[2]) + int(left_out[1] if left_out else 0) < FEW, line


@pytest.mark.once
def test_a_whole_table_is_noticed(session, asked, database):
    doses_of(session, make.NOBODY)
    session.rollback()
    statement, parameters = asked[-1]
    with database.engine.connect() as connection:
        assert whole_tables(connection, statement, parameters) == set()
        assert whole_tables(connection, "SELECT id FROM recipient WHERE city = ?", ("Cary",)) == {"recipient"}
        connection.exec_driver_sql("DROP INDEX ix_recipient_merged")
        # Written a little differently: the plan of a statement that was explained before is not made anew.
        assert whole_tables(connection, f"{statement} ", parameters) == {"administration"}
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

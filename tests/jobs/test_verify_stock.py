"""The operator's proof that no dose is lost: `flask cvms verify-stock`."""

from sqlalchemy import text

from tests import make
from tests.make import transfers as moving
from tests.make.inventory import lot as make_lot


def verify(app):
    return app.test_cli_runner().invoke(args=["cvms", "verify-stock"])


def test_sound_stock_is_proven_with_doses_on_the_way(app, session, now):
    west, east = make.location(session, "West"), make.location(session, "East")
    moving.shipped(session, west, east, (make_lot(session, west), 5))
    session.rollback()
    told = verify(app)
    assert told.exit_code == 0
    assert "no dose is lost" in told.output


def test_a_lot_and_a_transfer_that_differ_are_named_and_the_command_fails(app, session, now):
    west, east = make.location(session, "West"), make.location(session, "East")
    lot = make_lot(session, west)
    transfer = moving.shipped(session, west, east, (lot, 5))
    lot_id, transfer_id = lot.id, transfer.id
    session.execute(text("UPDATE lot SET balance = balance + 1"))
    session.execute(text("UPDATE transfer_line SET doses_shipped = 4"))
    session.commit()
    session.rollback()
    told = verify(app)
    assert told.exit_code == 1
    assert f"Lot {lot_id}: balance 6, ledger 5" in told.output
    assert f"Transfer {transfer_id}: 5 doses" in told.output
    assert "1 lots and 1 transfers differ" in told.output

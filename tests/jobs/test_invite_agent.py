"""Whoever answers at the help desk is invited by command, into a team that there is."""

from sqlalchemy import select

from app.domain.accounts.models import Invitation
from app.infra.kept_mail import KeptMail
from app.jobs.deliver_mail import deliver_due

WHO = ["--user-name", "aquinn", "--email", "ada@example.gov", "--first-name", "Ada", "--last-name", "Quinn"]


def test_an_agent_is_invited_into_a_team_and_a_wrong_team_is_told(app, session, database, settings, now):
    session.rollback()
    run = app.test_cli_runner().invoke
    wrong = run(args=["cvms", "invite-agent", "nobody", *WHO])
    assert wrong.exit_code
    assert "There is no team nobody" in wrong.output
    assert run(args=["cvms", "invite-agent", "recipients", *WHO]).exit_code == 0
    assert session.scalars(select(Invitation.role)).all() == ["help_desk_agent"]
    session.rollback()
    deliver_due(database, settings)
    assert "/account/invitations/" in session.scalars(select(KeptMail.text)).one()

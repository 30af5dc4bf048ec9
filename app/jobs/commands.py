"""What an operator types: `flask --app wsgi cvms …`."""

import dataclasses
import json
from collections import Counter
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.domain.accounts.access import Role, system
from app.domain.accounts.invitations import Invite, invite
from app.domain.accounts.sessions import nobody_has_an_account
from app.domain.eligibility.plans import install_plans
from app.domain.helpdesk.desk import install_help_desk, teams
from app.domain.helpdesk.register_requester import REALM
from app.domain.inventory.queries import balances_that_differ
from app.domain.program.products import install_products
from app.domain.transfers.overdue import transfers_that_differ
from app.infra import clock, migrations, rotation
from app.infra.spreadsheet import UnreadableFile
from app.jobs import (
    backup_commands,
    mail_commands,
    notice_commands,
    proof_commands,
    report_doses,
    setting_commands,
    worker,
)
from app.jobs.demo import build
from app.jobs.eligibility_commands import eligibility
from app.jobs.figure_commands import figures, populations
from app.jobs.import_redcap import take_export, write_report
from app.web.context import Machines

group = AppGroup("cvms", help="Run and look after an installation of CVMS.")
for command in (
    backup_commands.backup, backup_commands.restore, report_doses.extract, proof_commands.rotate, proof_commands.trust,
    proof_commands.distrust, setting_commands.group, mail_commands.receive, notice_commands.read_only,
):  # fmt: skip
    group.add_command(command)


def _machines() -> Machines:
    found: Machines = current_app.extensions["cvms"]
    return found


@group.command("migrate")
def migrate() -> None:
    """Bring the database to the tables of this version and install the vaccine products and the state's plans."""
    database = _machines().database
    migrations.upgrade(database)
    with database.transaction() as session:
        install_products(session)
        install_help_desk(session)
        install_plans(session)
    click.echo(f"The database is at revision {migrations.current(database)}.")


@group.command("create-administrator")
@click.option("--user-name", prompt="User name")
@click.option("--email", prompt="E-mail address")
@click.option("--first-name", prompt="First name")
@click.option("--last-name", prompt="Last name")
def create_administrator(user_name: str, email: str, first_name: str, last_name: str) -> None:
    """Invite the first state administrator by mail; everything else is done on pages."""
    offer = Invite(Role.STATE_ADMINISTRATOR, None, email, first_name, last_name, "state", user_name)
    with _machines().database.transaction() as session:
        invite(session, system("create-administrator"), offer, now=clock.now())
    click.echo(f"An invitation for {email} waits to be mailed. The worker sends it.")


@group.command("invite-agent")
@click.argument("team")
@click.option("--user-name", prompt="User name")
@click.option("--email", prompt="E-mail address")
@click.option("--first-name", prompt="First name")
@click.option("--last-name", prompt="Last name")
@click.option("--supervisor", is_flag=True, help="Also sees the figures.")
def invite_agent(team: str, user_name: str, email: str, first_name: str, last_name: str, supervisor: bool) -> None:
    """Invite somebody who answers at the help desk, in TEAM (such as recipients)."""
    role = Role.HELP_DESK_SUPERVISOR if supervisor else Role.HELP_DESK_AGENT
    with _machines().database.transaction() as session:
        known = {one.code: one.id for one in teams(session)}
        if team not in known:
            raise click.ClickException(f"There is no team {team}. The teams are {', '.join(sorted(known))}.")
        offer = Invite(role, known[team], email, first_name, last_name, REALM, user_name)
        invite(session, system("invite-agent"), offer, now=clock.now())
    click.echo(f"An invitation for {email} waits to be mailed. The worker sends it.")


@group.command("work")
def work() -> None:
    """Run the worker: mails, uploads, clocks. Any number may run."""
    parts = _machines()
    worker.run(parts.queue, parts.settings, parts.database, parts.storage)


@group.command("demo")
@click.option("--users-file", type=click.Path(dir_okay=False, path_type=Path), required=True)
@click.option("--size", type=click.FloatRange(0.01, 5), envvar="CVMS_DEMO_SIZE", default=1.0, show_default=True)
def demo(users_file: Path, size: float) -> None:
    """Fill an empty database with invented people. Only where CVMS_DEMO is 1."""
    parts = _machines()
    if not parts.settings.demo:
        raise click.ClickException("Set CVMS_DEMO=1: demonstration data never belongs into a real installation.")
    with parts.database.reading() as session:
        empty = nobody_has_an_account(session)
    unfinished = users_file.with_suffix(".unfinished")
    if empty:
        click.echo("Making invented people, places and doses; this takes half a minute …")
        unfinished.touch()
        made = build.build_demo(parts.database, parts.storage, parts.settings, now=clock.now(), size=size)
        users_file.write_text(json.dumps({"users": [dataclasses.asdict(user) for user in made]}))
        unfinished.unlink()
    if unfinished.exists() or not users_file.exists():
        raise click.ClickException(
            f"This database has accounts, but {users_file} does not say who may sign in. Start with an empty database, "
            "or set CVMS_DEMO=0 to run without a demonstration."
        )
    users = json.loads(users_file.read_text())["users"]
    users_file.write_text(json.dumps({"url": parts.settings.public_url, "users": users}, indent=2) + "\n")
    widths = [max(len(user[column]) for user in users) + 2 for column in ("role", "portal", "username")]
    for user in users:
        cells = zip((user["role"], user["portal"], user["username"]), widths, strict=True)
        click.echo("  " + "".join(text.ljust(width) for text, width in cells) + user["password"])


@group.command("verify-stock")
def verify_stock() -> None:
    """Prove that every lot's balance is the sum of its ledger, and that no dose on the way is lost."""
    with _machines().database.reading() as session:
        wrong = balances_that_differ(session)
        lost = transfers_that_differ(session)
    for lot, balance, booked in wrong:
        click.echo(f"Lot {lot}: balance {balance}, ledger {booked}")
    for transfer, booked, said in lost:
        click.echo(f"Transfer {transfer}: {booked} doses left the shelves and did not arrive, {said} are explained")
    if wrong or lost:
        raise click.ClickException(f"{len(wrong)} lots and {len(lost)} transfers differ")
    click.echo("Every balance is the sum of its ledger, and no dose is lost on the way.")


@group.command("import-redcap")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="Where the report of each row goes.")
@click.option("--invite", is_flag=True, help="Invite administrators and Vaccine Coordinators by mail, too.")
def import_redcap(file: Path, report: Path | None, invite: bool) -> None:
    """Take earlier enrollments from a REDCap export. Run again, it takes what came new."""
    try:
        done, export = take_export(_machines().database, file.read_bytes(), now=clock.now(), with_mail=invite)
    except UnreadableFile as error:
        raise click.ClickException(str(error)) from error
    target = report or file.with_suffix(".report.csv")
    target.write_text(write_report(done, export), encoding="utf-8")
    fates = Counter(one.fate for one in done)
    refused = sum(remark.refused for remark in export.remarks)
    click.echo(
        f"{export.rows:,} rows: {fates['added']:,} locations added, {fates['present']:,} there already, "
        f"{fates['later']:,} to be taken later, {refused:,} rows refused. What became of each: {target}"
    )


@group.command("rotate-keys")
def rotate_keys() -> None:
    """Encrypt everything anew under the first key of ENCRYPTION_KEYS."""
    parts = _machines()
    rows, files = rotation.rotate_everything(parts.database, parts.settings.storage_dir)
    click.echo(f"{rows} values and {files} files are under the newest key.")


group.add_command(eligibility)
group.add_command(figures)
group.add_command(populations)

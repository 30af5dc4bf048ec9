"""What an operator types about health cards: `flask --app wsgi cvms …`."""

import json
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.documents.proofs.issued import proof_issuer
from app.domain.accounts.access import system
from app.domain.vaccinations.signing_keys import rotate_signing_key
from app.domain.vaccinations.trusted_issuers import BadIssuer, TrustIssuer, distrust_issuer, list_issuers, trust_issuer
from app.infra import clock
from app.web.context import machines


@click.command("rotate-signing-key")
@with_appcontext
def rotate() -> None:
    """Sign health cards with a new key from now on; those signed before stay valid."""
    parts = machines()
    with parts.database.transaction() as session:
        key = rotate_signing_key(session, system("rotate-signing-key"), proof_issuer(parts.settings), now=clock.now())
        click.echo(f"Health cards are signed with key {key.kid} from now on. The keys before it stay published.")


@click.command("trust-issuer")
@click.argument("url")
@click.argument("name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def trust(url: str, name: str, file: Path) -> None:
    """Check health cards of another issuer: its address, its name, and a file with its jwks.json."""
    try:
        with machines().database.transaction() as session:
            keys, own = json.loads(file.read_bytes()), proof_issuer(machines().settings).url
            command = TrustIssuer(url, name, keys, own)
            issuer = trust_issuer(session, system("trust-issuer"), command, now=clock.now())
            click.echo(f"Cards of {issuer.name} ({issuer.url}) can be checked with {len(issuer.keys)} keys.")
    except (BadIssuer, ValueError) as error:
        raise click.ClickException(f"{file}: {error}") from error


@click.command("distrust-issuer")
@click.argument("url")
@click.option("--because", default="Ended by command.", help="Why, for the history.")
@with_appcontext
def distrust(url: str, because: str) -> None:
    """Do not check health cards of this issuer any more."""
    actor = system("distrust-issuer")
    with machines().database.transaction() as session:
        if not distrust_issuer(session, actor, url, reason=because, now=clock.now()):
            known = ", ".join(issuer.url for issuer in list_issuers(session, actor).items) or "none"
            raise click.ClickException(f"{url} was not trusted. Trusted are: {known}")
    click.echo(f"Cards of {url} are not known any more.")

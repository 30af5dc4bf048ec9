"""In whose name the tests sign health cards, and who else signs some."""

from sqlalchemy.orm import Session

from app.domain.accounts.access import system
from app.domain.vaccinations.models import TrustedIssuer
from app.domain.vaccinations.signing_keys import Issuer
from app.domain.vaccinations.trusted_issuers import TrustIssuer, trust_issuer
from app.infra import clock
from app.infra.health_cards import keys

ISSUER = Issuer("https://cvms.test", demonstration=False)


def trusted_issuer(session: Session, url: str = "https://cards.example.org", name: str = "Another State") -> TrustedIssuer:
    """An issuer whose cards we know."""
    command = TrustIssuer(url, name, {"keys": [keys.public_part(keys.new_private_key())]})
    made = trust_issuer(session, system("test"), command, now=clock.now())
    session.commit()
    return made

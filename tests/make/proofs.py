"""In whose name the tests sign health cards."""

from app.domain.vaccinations.signing_keys import Issuer

ISSUER = Issuer("https://cvms.test", demonstration=False)

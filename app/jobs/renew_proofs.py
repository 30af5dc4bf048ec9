"""Make proofs anew that a correction withdrew. Each person stands alone: one that breaks does not hold up the others."""

import structlog

from app.config import Settings
from app.documents.proofs.issued import proof_issuer, proof_renderer
from app.domain.vaccinations.renewing.renew import people_to_renew, put_off, renew_proofs
from app.infra import clock
from app.infra.db import Database
from app.infra.storage import FolderStorage

log = structlog.get_logger()


def renew_due(database: Database, storage: FolderStorage, settings: Settings) -> int:
    """Work off who is due now. Returns to how many people there is something to tell."""
    told, begun = 0, clock.now()
    while True:
        with database.reading() as session:
            due = people_to_renew(session, now=begun)
        for recipient_id in due:
            now = clock.now()
            try:
                with database.transaction() as session:
                    told += renew_proofs(
                        session, recipient_id, storage=storage, render=proof_renderer(settings, now=now),
                        issuer=proof_issuer(settings), now=now,
                    )  # fmt: skip
            except Exception as error:
                log.error("proof.not_renewed", recipient=str(recipient_id), error=type(error).__name__, exc_info=True)
                with database.transaction() as session:
                    put_off(session, recipient_id, now=now)
        if not due:
            return told

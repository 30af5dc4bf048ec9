"""Is everything running: the worker, its jobs, the mails; and what waits for a decision."""

from flask import Response

from app.domain.accounts.access import Permission
from app.domain.oversight.mails import count_mails, list_mails
from app.domain.recipients.held_rows import count_held_rows
from app.infra import job_log, queue
from app.portals.state.operations import mail_views, wording
from app.portals.state.portal import portal
from app.web.answers import show
from app.web.context import actor, db, now

__all__ = ["mail_views"]

FEW = 10


@portal.page("/operations", needs=Permission.VIEW_OPERATIONS)
def operations() -> Response:
    """Signs of life of the worker, how each job does, and the mails that wait, failed or are unsure."""
    decides = actor().may(Permission.DECIDE_HELD_ROWS, at=None)
    jobs = job_log.job_runs(db())
    counted = count_mails(db(), actor())
    troubled = [one.standing for one in counted if one.standing in ("failed", "unsure")]
    return show(
        "state/operations/home.html", words=wording, jobs=jobs, counted=counted,
        silent=queue.worker_is_silent(db(), now=now()), last_beat=queue.last_beat(db()),
        stuck={job.name for job in jobs if job_log.is_stuck(job, now=now())},
        mails=list_mails(db(), actor(), "failed" if "failed" in troubled else "unsure", size=FEW).items if troubled else [],
        held=count_held_rows(db(), actor()) if decides else None,
    )  # fmt: skip

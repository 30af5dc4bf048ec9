"""The cases of somebody who is signed in: MY LISTS, and each case."""

from uuid import UUID

from flask import Response, request, url_for

from app.domain.helpdesk.accept_terms import terms_to_agree
from app.domain.helpdesk.queries import MINE, get_case, list_mine
from app.portals.helpdesk import wording
from app.portals.helpdesk.cases.conversation import Reader, act_page, answer_page, case_page, file_download, rate_page
from app.portals.helpdesk.intake.pausing import all_kept
from app.portals.helpdesk.portal import portal
from app.web import context
from app.web.answers import show
from app.web.case_files import look_at_files_first
from app.web.paging import Pager, after_from_request
from app.web.portal import SIGNED_IN

_MINE = "/my-requests/<number>"


@portal.page("/my-requests", needs=SIGNED_IN)
def my_cases() -> Response:
    """All, open, waiting for me, closed."""
    which = request.args.get("show", "open")
    which = which if which in MINE else "open"
    found = list_mine(context.db(), context.actor(), which, after=after_from_request())
    return show(
        "helpdesk/cases/mine.html", cases=found.items, pager=Pager(found), which=which, words=wording, aside=all_kept(),
        agree_again=terms_to_agree(context.db(), context.account().id, context.today()),
    )  # fmt: skip


@portal.page(_MINE, needs=SIGNED_IN)
def my_case(number: str) -> Response:
    """The conversation."""
    return case_page(_reader(number))


@portal.action(f"{_MINE}/answer", needs=SIGNED_IN, first=look_at_files_first)
def answer_my_case(number: str) -> Response:
    """An answer."""
    return answer_page(_reader(number))


@portal.action(f"{_MINE}/do/<act>", needs=SIGNED_IN, methods=("POST",))
def do_my_case(number: str, act: str) -> Response:
    """Accept or withdraw."""
    return act_page(_reader(number), act)


@portal.action(f"{_MINE}/rate", needs=SIGNED_IN, methods=("POST",))
def rate_my_case(number: str) -> Response:
    """How it was."""
    return rate_page(_reader(number))


@portal.page(f"{_MINE}/files/<uuid:attachment_id>", needs=SIGNED_IN)
def my_file(number: str, attachment_id: UUID) -> Response:
    """One file of the case."""
    return file_download(_reader(number), attachment_id)


def _reader(number: str) -> Reader:
    case = get_case(context.db(), context.actor(), number)
    pages = {
        "page": "my_case", "answer": "answer_my_case", "do": "do_my_case", "rate": "rate_my_case", "file": "my_file",
    }  # fmt: skip

    def url(page: str, **more: object) -> str:
        return url_for(f"helpdesk.{pages[page]}", number=case.number, **more)  # type: ignore[arg-type]

    return Reader(context.actor(), case, url)

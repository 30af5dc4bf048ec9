"""Addresses of the next page of a list."""

from typing import Any

from flask import request, url_for

from app.infra.paging import Slice
from app.web.sealed import seal, unseal


def after_from_request() -> str | None:
    """The key after which the asked-for page begins; None for the first page, and where the key was tampered with."""
    told = unseal(request.args.get("after", ""), "after")
    return told["after"] if told else None


class Pager:
    """Links of a list that is paged by key: back to the beginning, and on. Keys hold names, so they are sealed."""

    def __init__(self, found: "Slice[Any]") -> None:
        arguments = {**(request.view_args or {}), **request.args.to_dict()}
        arguments.pop("after", None)
        endpoint = request.endpoint or ""
        self.first_url = url_for(endpoint, **arguments) if after_from_request() else None
        self.prev_url = self.first_url
        following = seal({"after": found.next_after}) if found.next_after else None
        self.next_url = url_for(endpoint, **arguments, after=following) if following else None

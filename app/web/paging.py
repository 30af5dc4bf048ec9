"""Addresses of the next page of a list."""

from typing import Any

from flask import request, url_for

from app.infra.paging import Slice


def after_from_request() -> str | None:
    """The key after which the asked-for page begins."""
    return request.args.get("after") or None


class Pager:
    """Links of a list that is paged by key: back to the beginning, and on."""

    def __init__(self, found: "Slice[Any]") -> None:
        arguments = {**(request.view_args or {}), **request.args.to_dict()}
        arguments.pop("after", None)
        endpoint = request.endpoint or ""
        self.first_url = url_for(endpoint, **arguments) if after_from_request() else None
        self.prev_url = self.first_url
        self.next_url = url_for(endpoint, **arguments, after=found.next_after) if found.next_after else None

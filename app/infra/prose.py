"""Markdown as HTML that is safe to show: parsed by markdown-it-py, then cut down by nh3 to what a text needs."""

import re
from collections.abc import Callable
from html import escape

import nh3
from markdown_it import MarkdownIt

TAGS = {"p", "h2", "h3", "ul", "ol", "li", "strong", "em", "a", "code", "blockquote", "table", "thead", "tbody",
        "tr", "th", "td", "br", "hr"}  # fmt: skip
SCHEMES = {"https", "mailto", "tel", "page", "article"}
_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")
_OURS = re.compile(r'href="((?:page|article):[^"]*)"')
_CHECK = re.compile(r"<li>\s*(<p>)?\[ \] ")


def to_html(markdown: str) -> str:
    """The text as safe HTML. Addresses `page:…` and `article:…` stay for `with_addresses`; `- [ ]` is a box to tick."""
    html = nh3.clean(
        _PARSER.render(markdown), tags=TAGS, attributes={"a": {"href"}}, url_schemes=SCHEMES, link_rel=None,
        clean_content_tags={"script", "style"},
    )  # fmt: skip
    return _CHECK.sub(lambda found: f'<li class="check">{found[1] or ""}', html)


def links_in(markdown: str) -> list[str]:
    """The addresses of our own that a text leads to."""
    return _OURS.findall(to_html(markdown))


def with_addresses(html: str, address: Callable[[str], str]) -> str:
    """The same HTML with each address of our own replaced by what `address` makes of it (escaped for an attribute)."""
    return _OURS.sub(lambda found: f'href="{escape(address(found[1]))}"', html)

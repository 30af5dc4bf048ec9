"""Small files, one purpose: the limits of the house."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.once


def too_long(pattern, limit):
    return {
        str(path.relative_to(ROOT)): lines
        for path in ROOT.glob(pattern)
        if (lines := len(path.read_text().splitlines())) > limit
    }


@pytest.mark.parametrize(
    ("pattern", "limit"),
    [("app/**/*.py", 400), ("bench/**/*.py", 400), ("tests/**/*.py", 500), ("app/templates/**/*.html", 120)],
)
def test_no_file_is_longer_than_the_house_allows(pattern, limit):
    assert list(ROOT.glob(pattern))
    assert too_long(pattern, limit) == {}


def functions():
    for path in (ROOT / "app").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                yield path.relative_to(ROOT), node


def length(node):
    """Lines of the body, without the docstring."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_function_is_longer_than_forty_lines_and_no_view_than_twenty_five():
    long = []
    for path, node in functions():
        is_view = any(
            isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr in {"page", "action"}
            for mark in node.decorator_list
        )
        if length(node) > (25 if is_view else 40):
            long.append(f"{path}:{node.lineno} {node.name} {length(node)}")
    assert long == []


def test_no_drawer_for_everything_exists():
    drawers = {"utils", "common", "helpers", "misc", "core", "services", "manager", "managers"}
    assert [path for path in (ROOT / "app").rglob("*") if path.stem in drawers] == []


def test_only_the_clock_asks_for_the_time():
    asking = {
        f"{path.relative_to(ROOT)}"
        for path in (ROOT / "app").rglob("*.py")
        if any(text in path.read_text() for text in ("datetime.now(", "datetime.utcnow(", "date.today("))
    }
    assert asking == {"app/infra/clock.py"}


def test_nothing_commits_but_the_portal_the_short_transactions_and_jobs():
    committing = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "app").rglob("*.py")
        if ".commit()" in path.read_text() and "jobs" not in path.parts
    }
    assert committing == {"app/web/portal.py"}

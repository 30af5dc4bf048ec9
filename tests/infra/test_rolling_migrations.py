"""While a release is put in place, the one before it still runs: what it uses stays until the next release.

A migration that takes something away says in its docstring `Contracts:` what, and since which release nobody uses it.
The check reads calls and SQL; it does not know what a statement built at run time does.
"""

import ast
import re
from pathlib import Path

import pytest

VERSIONS = Path(__file__).parents[2] / "migrations" / "versions"
FIRST = 32
"""Earlier ones led to the first release: nothing ran before it."""
TAKES_AWAY = {"drop_column", "drop_table", "rename_table", "drop_constraint"}
SQL = re.compile(r"\b(drop\s+(column|table)|rename\s+(column|to)|set\s+not\s+null)\b", re.IGNORECASE)
pytestmark = pytest.mark.once


def takes_away(source):
    """What the upgrade of a migration takes from the release before it, in its own words."""
    module = ast.parse(source)
    upgrade = next(node for node in module.body if isinstance(node, ast.FunctionDef) and node.name == "upgrade")
    if "Contracts:" in (ast.get_docstring(module) or ""):
        return []
    return [ast.unparse(node)[:100] for node in ast.walk(upgrade) if isinstance(node, ast.Call) and is_harmful(node)]


def is_harmful(call):
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    told = {keyword.arg: keyword.value for keyword in call.keywords}
    if name in TAKES_AWAY:
        return True
    if name == "alter_column":
        return "new_column_name" in told or is_false(told.get("nullable"))
    if name == "add_column":
        column = next((argument for argument in call.args if isinstance(argument, ast.Call)), None)
        if column is None:
            return False
        of_column = {keyword.arg: keyword.value for keyword in column.keywords}
        return is_false(of_column.get("nullable")) and "server_default" not in of_column
    return name == "execute" and bool(SQL.search(ast.unparse(call)))


def is_false(node):
    return isinstance(node, ast.Constant) and node.value is False


@pytest.mark.parametrize(
    "path", [path for path in sorted(VERSIONS.glob("[0-9]*.py")) if int(path.name[:4]) >= FIRST], ids=lambda path: path.stem
)
def test_the_release_before_goes_on_with_the_new_tables(path):
    assert takes_away(path.read_text()) == []


@pytest.mark.parametrize(
    ("act", "harms"),
    [
        ('op.add_column("account", sa.Column("nick", sa.String(9), nullable=True))', False),
        ('op.add_column("account", sa.Column("n", sa.Integer(), nullable=False, server_default="0"))', False),
        ('op.create_index("ix", "account", ["nick"])', False),
        ('op.add_column("account", sa.Column("nick", sa.String(9), nullable=False))', True),
        ('op.drop_column("account", "nick")', True),
        ('op.alter_column("account", "nick", new_column_name="name")', True),
        ('batch.alter_column("nick", nullable=False)', True),
        ('op.execute("ALTER TABLE account\\n  RENAME COLUMN nick TO name")', True),
    ],
)
def test_the_check_knows_what_the_release_before_would_miss(act, harms):
    assert bool(takes_away(f'"""Changes."""\ndef upgrade():\n    {act}\ndef downgrade():\n    op.drop_table("x")')) is harms
    assert takes_away(f'"""Contracts: nick, unused since 1.2."""\ndef upgrade():\n    {act}') == []

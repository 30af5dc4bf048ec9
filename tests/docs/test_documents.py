"""The documents say what is there: rooms, settings, commands, links, and the form of decisions."""

import re
from pathlib import Path

import pytest

from app import config
from app.domain.oversight.retention.rules import RULES
from app.jobs.commands import group

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
pytestmark = pytest.mark.once


def names(paths):
    return [str(path.relative_to(ROOT)) for path in paths]


def section(text, heading):
    """The lines below a heading, to the next one of the same rank."""
    _, _, rest = text.partition(f"\n## {heading}\n")
    assert rest, f"no section {heading}"
    return rest.partition("\n## ")[0]


def test_the_map_names_every_package_and_no_other():
    told = re.findall(r"^\| `(app/[a-z_/]*/)` \|", (ROOT / "docs" / "map.md").read_text(), re.MULTILINE)
    assert len(told) == len(set(told))
    plain_folders = {"app/templates/", "app/static/"}
    there = {f"{init.parent.relative_to(ROOT)}/" for init in (ROOT / "app").rglob("__init__.py")} - {"app/"}
    assert set(told) - plain_folders == there


def test_the_map_draws_the_layers_that_the_contracts_enforce():
    drawn = section((ROOT / "docs" / "map.md").read_text(), "What may import what")
    contracts = (ROOT / "pyproject.toml").read_text()
    areas = {path.parent.name for path in (ROOT / "app" / "domain").glob("*/__init__.py")}
    order = re.findall(r"[a-z]+", drawn.partition("domain:  ")[2].partition("```")[0])
    assert set(order) == areas | {"errors"}
    layers = contracts.partition('containers = ["app.domain"]')[2].partition("]\n\n")[0]
    assert order == [name for name in re.findall(r"[a-z]+", layers.partition("layers = ")[2]) if name in order]


@pytest.mark.parametrize("path", DOCUMENTS, ids=names(DOCUMENTS))
def test_links_between_documents_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
        if not target.startswith(("https://", "mailto:")):
            assert (path.parent / target.partition("#")[0]).exists(), target


@pytest.mark.parametrize("path", DOCUMENTS, ids=names(DOCUMENTS))
def test_paths_that_documents_name_exist(path):
    named = re.findall(r"`((?:app|tests|docs|assets|bench|scripts|migrations|deploy)/[\w./-]*)`", path.read_text())
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", DECISIONS, ids=[path.stem for path in DECISIONS])
def test_a_decision_has_the_form_of_the_others(path):
    text = path.read_text()
    number = int(path.name[:4])
    title = text.partition("\n")[0]
    assert re.fullmatch(rf"# {number}\. [A-Z].+[^.]", title)
    assert re.search(r"^\*\*Decided\*\* .+\. \*\*Affects\*\* `.+`\.$", text, re.MULTILINE)
    headings = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert headings[:2] == ["The question", "What we do"]
    assert any(heading.startswith("Why not") for heading in headings)
    assert headings[-1] == "What it costs"
    assert re.search(r"^\|.+\|$", text, re.MULTILINE), "nothing is compared or measured in a table"
    for block in text.split("\n## ")[1:]:
        assert len(block.split("\n", 1)[1].strip()) > 40, f"an empty section: {block.splitlines()[0]}"


def test_decisions_are_numbered_without_gaps_and_all_listed():
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    listed = re.findall(
        r"^\d+\. \[(.+)\]\((.+)\)$", (ROOT / "docs" / "decisions" / "README.md").read_text(), re.MULTILINE
    )
    titles = [(path.read_text().partition("\n")[0].partition(". ")[2], path.name) for path in DECISIONS]
    assert listed == titles


def test_the_page_about_security_names_every_rule_by_which_data_are_let_go():
    kept = section((ROOT / "docs" / "security.md").read_text(), "What is kept about people")
    told = dict(re.findall(r"^\| ([a-z ,-]+) \| (.+?) \|", kept, re.MULTILINE))
    for rule in RULES:
        period = f"{rule.period} days" if isinstance(rule.period, int) else f"`{rule.period.name}`: {rule.period.first}"
        assert told[rule.name] == period


class Watched(dict[str, str]):
    """An environment that remembers what was asked of it."""

    def __init__(self, **values):
        super().__init__(**values)
        self.asked = set()

    def get(self, name, default=None):
        self.asked.add(name)
        return super().get(name, default)


def settings_table():
    table = section((ROOT / "docs" / "operations.md").read_text(), "Settings")
    return dict(re.findall(r"^\| `([A-Z_]+)` \| (.+?) \|", table, re.MULTILINE))


def test_operations_name_exactly_the_settings_that_are_read(tmp_path):
    environment = Watched(CVMS_INSTANCE=str(tmp_path), SECRET_KEY="x" * 40)
    config.load(environment)
    assert set(settings_table()) == environment.asked


def test_operations_name_the_values_that_hold_when_nothing_is_set(tmp_path):
    settings = config.load({"CVMS_INSTANCE": str(tmp_path), "SECRET_KEY": "x" * 40})
    told = {name: value.strip("`") for name, value in settings_table().items() if value.startswith("`")}
    assert told["PUBLIC_URL"] == settings.public_url
    assert told["MAIL_SENDER"] == settings.mail_sender
    assert told["PROGRAM_NAME"] == settings.program_name
    assert told["STATE_NAME"] == settings.state_name
    assert told["PROGRAM_ZONE"] == settings.zone.key
    assert int(told["TRUSTED_PROXIES"]) == settings.trusted_proxies
    assert int(told["SESSION_IDLE_MINUTES"]) * 60 == settings.session_idle_seconds
    assert int(told["SESSION_LONGEST_HOURS"]) * 3600 == settings.session_longest_seconds
    assert int(told["MAX_UPLOAD_MB"]) * 1024 * 1024 == settings.max_upload_bytes


def test_every_command_that_documents_name_exists():
    code = "\n".join(
        found
        for path in DOCUMENTS
        for found in re.findall(r"`[^`\n]+`|^.*flask --app.*$", path.read_text(), re.MULTILINE)
    )
    named = set(re.findall(r"\bcvms ([a-z][a-z-]*)", code))
    assert {"migrate", "work", "create-administrator"} <= named <= set(group.commands)


def test_every_make_target_that_documents_name_exists():
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    readme = (ROOT / "README.md").read_text()
    shown = re.findall(r"^```sh\n(.+?)\n```$", readme, re.MULTILINE | re.DOTALL)
    assert shown == ["make run", "make test"]
    named = {
        target
        for path in DOCUMENTS
        for line in re.findall(r"`(?:[A-Z]+=\S+ )?make ([a-z -]+)", path.read_text())
        for target in line.split()
    }
    assert {"run", "test"} <= named <= targets


def test_glossary_terms_are_in_alphabetical_order_and_defined_once():
    text = (ROOT / "docs" / "glossary.md").read_text()
    terms = re.findall(r"^- \*\*(.+?)\*\*: \S", text, re.MULTILINE)
    assert len(terms) == len(re.findall(r"^- ", text, re.MULTILINE))
    assert len(terms) > 50
    assert terms == sorted(set(terms), key=lambda term: re.sub(r"[^a-z ]", " ", term.lower()))


def test_words_that_the_glossary_points_to_have_an_entry():
    text = (ROOT / "docs" / "glossary.md").read_text()
    terms = {term.lower() for term in re.findall(r"^- \*\*(.+?)\*\*", text, re.MULTILINE)}
    pointed = {word.lower() for word in re.findall(r"(?<![*\w])\*([\w’' -]+?)\*(?!\*)", text)}
    lost = {word for word in pointed if word not in terms and word.removesuffix("s") not in terms}
    assert lost <= {"in italics", "italics"}


def test_no_document_points_to_what_a_reader_does_not_have():
    for path in DOCUMENTS:
        text = path.read_text()
        assert re.findall(r"(?i)\b(?:todo|fixme|tbd|lorem)\b|/work/|/tmp/", text) == [], path.name

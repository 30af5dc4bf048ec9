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


LEVEL_2 = {
    "1.1": "1-7", "1.2": "1-4", "1.4": "1 4 5", "1.5": "1-4", "1.6": "1-4", "1.7": "1 2", "1.8": "1 2", "1.9": "1 2", "1.10": "1",
    "1.11": "1 2", "1.12": "2", "1.14": "1-6", "2.1": "1-12", "2.2": "1-3", "2.3": "1-3", "2.4": "1-6", "2.5": "1-7", "2.6": "1-3",
    "2.7": "1-6", "2.8": "1-7", "2.9": "1-3", "2.10": "1-4", "3.1": "1", "3.2": "1-4", "3.3": "1-4", "3.4": "1-5", "3.5": "1-3",
    "3.7": "1", "4.1": "1 2 3 5", "4.2": "1 2", "4.3": "1-3", "5.1": "1-5", "5.2": "1-8", "5.3": "1-10", "5.4": "1-3", "5.5": "1-4",
    "6.1": "1-3", "6.2": "1-6", "6.3": "1 2", "6.4": "1 2", "7.1": "1-4", "7.2": "1 2", "7.3": "1 3 4", "7.4": "1-3", "8.1": "1-4",
    "8.2": "1-3", "8.3": "1-8", "9.1": "1-3", "9.2": "1-4", "10.2": "1 2", "10.3": "1-3", "11.1": "1-8", "12.1": "1-3", "12.2": "1",
    "12.3": "1-6", "12.4": "1 2", "12.5": "1 2", "12.6": "1", "13.1": "1 3 4 5", "13.2": "1 2 3 5 6", "13.3": "1 2", "13.4": "1 2",
    "14.1": "1-4", "14.2": "1-6", "14.3": "2 3", "14.4": "1-7", "14.5": "1-4",
}  # fmt: skip
"""The items of level 2 of OWASP's ASVS 4.0.3, by section."""


def items_of(section_number, told):
    first, _, last = told.partition("-")
    numbers = range(int(first), int(last) + 1) if last else told.split()
    return {f"{section_number}.{number}" for number in numbers}


def test_every_item_of_the_checklist_has_an_answer_and_a_test_or_an_honest_word():
    text = section((ROOT / "docs" / "security.md").read_text(), "OWASP ASVS 4.0.3, level 2")
    rows = re.findall(r"^\| ([\d., ]+) \| ([\w* ]+) \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    answered = [item for items, *_rest in rows for item in items.split(", ")]
    wanted = set().union(*(items_of(number, told) for number, told in LEVEL_2.items()))
    assert sorted(answered) == sorted(wanted)
    for items, standing, how, shown in rows:
        assert standing in {"met", "**partly**", "**not met**", "operator", "not applicable"}, items
        assert how.strip(), items
        tests = re.findall(r"`(tests/[\w/]+\.py)`", shown)
        assert all((ROOT / test).exists() for test in tests), items
        assert tests or shown == "review" or (shown == "–" and standing in {"**not met**", "not applicable"}), items


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

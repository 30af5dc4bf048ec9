"""The operator's commands for figures and populations."""

import csv
import io

import pytest

from app.domain.reporting.populations import read_populations


@pytest.fixture
def run(app):
    return app.test_cli_runner().invoke


def written(run):
    result = run(args=["cvms", "populations"])
    assert "SAMPLE" in result.stderr
    return list(csv.reader(io.StringIO(result.stdout)))


def load(run, tmp_path, lines, *options):
    path = tmp_path / "populations.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(lines)
    return run(args=["cvms", "populations", str(path), *options])


def test_what_the_command_writes_can_be_brought_in_again(run, tmp_path, session):
    lines = written(run)
    before = read_populations(session)
    session.rollback()
    result = load(run, tmp_path, lines, "--source", "Census 2020")
    assert result.exit_code == 0, result.output
    session.rollback()
    after = read_populations(session)
    assert (after.numbers, after.hidden, after.source) == (before.numbers, before.hidden, "Census 2020")


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda lines: lines[1].__setitem__(3, "12.5"), "Write a whole number"),
        (lambda lines: lines[1].__setitem__(0, "Kent"), "Write a county"),
        (lambda lines: lines[2].__setitem__(2, "Dec-17"), "Write one of: Age 0 to 11"),
        (lambda lines: lines.pop(3), "1 numbers are missing"),
        (lambda lines: lines.append(lines[1]), "is in row 2 already"),
        (lambda lines: lines[1].__setitem__(3, "5"), "do not add up"),
    ],
)
def test_a_file_with_a_mistake_changes_nothing_and_is_told(run, tmp_path, session, spoil, told):
    lines = written(run)
    spoil(lines)
    result = load(run, tmp_path, lines, "--source", "Census 2020")
    assert result.exit_code == 1
    assert told in result.output
    session.rollback()
    assert read_populations(session).is_sample


def test_figures_are_rebuilt_and_refreshed(run):
    assert "up to date" in run(args=["cvms", "figures", "rebuild"]).output
    assert "up to date" in run(args=["cvms", "figures", "refresh"]).output

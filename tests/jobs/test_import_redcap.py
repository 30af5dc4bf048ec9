"""The command that takes earlier enrollments from REDCap, and its report of every row."""

import csv

from sqlalchemy import func, select

from app.domain.enrollment.models import EnrolledLocation
from tests.files.redcap import one_location, redcap_file, redcap_lines


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["cvms", "import-redcap", *map(str, arguments)])


def test_the_command_takes_an_export_twice_and_reports_each_row(app, session, tmp_path, now):
    session.rollback()
    file, report = tmp_path / "export.csv", tmp_path / "report.csv"
    nameless = one_location(record_id="999", loc_name="")
    file.write_bytes(redcap_file([*redcap_lines(30), nameless]))
    first = run(app, file, "--report", report)
    assert first.exit_code == 0, first.output
    assert "30 locations added, 0 there already" in first.output
    lines = list(csv.DictReader(report.read_text(encoding="utf-8").splitlines()))
    assert [line["outcome"] for line in lines].count("added") == 30
    assert [line["row"] for line in lines] == sorted((line["row"] for line in lines), key=int)
    assert [line["remark"] for line in lines if line["outcome"] == "refused"][-1].startswith("Record 999")
    second = run(app, file)
    assert "0 locations added, 30 there already" in second.output
    assert (tmp_path / "export.report.csv").exists()
    assert session.scalar(select(func.count()).select_from(EnrolledLocation)) == 30


def test_a_file_that_is_no_export_is_refused_with_a_sentence_and_changes_nothing(app, session, tmp_path, now):
    session.rollback()
    file = tmp_path / "export.csv"
    file.write_text("something,else\n1,2\n")
    refused = run(app, file)
    assert refused.exit_code == 1
    assert "record_id" in refused.output
    assert session.scalar(select(func.count()).select_from(EnrolledLocation)) == 0

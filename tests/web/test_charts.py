"""Charts: bars as long as their values, lines through their points, counties in the class that the legend names."""

import re
from pathlib import Path

import brotli
import pytest
from flask import get_template_attribute

from app.domain.program.counties import COUNTIES
from app.web.charts import Amount, bars, lines, scale
from app.web.county_map import classes, county_map, shapes
from app.web.filters import whole

CSS = Path(__file__).parents[2] / "app" / "static" / "css" / "cvms.css"


def percent(share):
    return f"{share:.0%}"


def test_a_bar_is_as_long_as_its_value():
    drawn = bars("b", "", "", [Amount("a", [30]), Amount("b", [120]), Amount("c", [0])], ["n"], write=whole)
    assert [part.length for part in drawn.parts] == [20, 80, 0]
    assert [said.text for said in drawn.values] == ["30", "120", "0"]


def test_stretches_of_a_stacked_bar_follow_each_other():
    drawn = bars("b", "", "", [Amount("a", [10, 20, 10])], ["x", "y", "z"], write=whole, stacked=True)
    assert [(part.start, part.length) for part in drawn.parts] == [(0, 20), (20, 40), (60, 20)]
    assert [said.text for said in drawn.values] == ["40"]
    assert len({key.kind for key in drawn.legend}) == 3


def test_what_is_not_shown_has_words_and_no_length():
    drawn = bars("b", "", "", [Amount("a", [None, None], "not shown"), Amount("b", [1, 2])], ["x", "y"], write=whole)
    assert [said.text for said in drawn.values] == ["not shown", "1", "2"]
    assert len(drawn.parts) == 2


@pytest.mark.parametrize(
    ("most", "last"), [(0, 1), (1, 1), (3, 3), (7, 8), (99, 100), (1201, 1500), (12_345, 15_000), (2_000_000, 2_000_000)]
)
def test_an_axis_ends_at_a_round_number_that_is_not_below(most, last):
    marks = scale(most)
    assert (marks[0], marks[-1]) == (0, last)
    assert len(marks) <= 6
    assert all(mark == round(mark) or mark % 2.5 == 0 for mark in marks)


def test_a_line_lifts_the_pen_over_a_gap():
    drawn = lines("l", "", "", ["1", "2", "3", "4", "5"], [("n", [0, 4, None, 2, 4])], write=whole)
    assert drawn.lines[0].path == "M0 200h0l250 -200M750 100h0l250 -100"
    assert drawn.area == ""
    assert [tick.text for tick in drawn.across] == ["1", "3", "5"]


def test_one_day_is_a_line_too():
    assert lines("l", "", "", ["1"], [("n", [4])], write=whole).lines[0].path == "M0 0h0"
    assert lines("l", "", "", [], [("n", [])], write=whole).lines[0].path == ""


def test_the_map_has_each_county_once_and_only_whole_steps():
    drawn = shapes()
    assert set(drawn.paths) == {one.code for one in COUNTIES.entries}
    for path in drawn.paths.values():
        assert re.fullmatch(r"(M\d+ \d+l[-\d ]+z)+", path)
        for x, y in re.findall(r"M(\d+) (\d+)", path):
            assert int(x) <= drawn.width
            assert int(y) <= drawn.height


def test_every_county_is_in_the_class_that_the_legend_names():
    shares = {one.code: place / 150 for place, one in enumerate(COUNTIES.entries) if place != 7}
    drawn = county_map("m", "", "", shares, write=percent, missing="not shown", link=lambda code: f"/c/{code}")
    legend = {key.kind: key.text for key in drawn.legend}
    assert len(legend) == 6
    for place, one in zip(drawn.places, COUNTIES.entries, strict=True):
        label, said = place.text.split(": ")
        assert (label, place.url) == (one.label, f"/c/{one.code}")
        if place.kind == "none":
            assert said == legend["none"] == "not shown"
        else:
            limits = [int(part.strip("% ")) for part in legend[place.kind].split("–")]
            assert limits[0] <= int(said.strip("%")) <= limits[-1]


@pytest.mark.parametrize(
    ("known", "found"),
    [([], []), ([40], [(40, 40)]), ([0] * 99 + [9], [(0, 0), (9, 9)]), ([0, 0], [(0, 0)]), ([1, 1, 5, 9, 9], [(1, 4), (5, 8), (9, 9)])],
)
def test_few_values_make_few_classes(known, found):
    assert classes(known) == found


@pytest.mark.once
def test_every_fill_of_the_charts_has_a_pattern_or_is_plain(app):
    with app.test_request_context("/components"):
        drawn = str(get_template_attribute("components/chart.html", "patterns")())
    patterns = set(re.findall(r'id="fill-(\w+)"', drawn))
    assert patterns == {"s1", "s2", "s3", "s4", "c1", "c2", "c3", "none"}
    css = CSS.read_text()
    for kind in patterns | {"s0", "c0", "c4"}:
        assert re.search(rf"\.{kind}\{{fill:#\w+\}}", css), kind


@pytest.mark.once
def test_the_gallerys_charts_speak_to_a_screen_reader(site):
    page = site.open("/components")
    drawn = page.select("figure.chart svg[role]")
    assert len(drawn) == 5
    for one in drawn:
        said = [page.find(id=name) for name in one["aria-labelledby"].split()]
        assert [part.name for part in said] == ["title", "desc"]
        assert all(part.text.strip() for part in said)
    assert len(page.select(".chart--map path title")) == 100


@pytest.mark.once
def test_the_map_weighs_little_in_a_page(site):
    drawn = str(site.open("/components").select_one(".chart--map"))
    assert len(brotli.compress(drawn.encode(), quality=4)) < 6_500

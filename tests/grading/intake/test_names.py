"""Names as Moodle (`mod/assign/classes/downloader.php`) and Canvas (`lib/content_zipper.rb`) make them."""

from __future__ import annotations

import pytest

from nnlab.grading.intake.names import Origin, origins, version

MEI = Origin("moodle", "12345", "Mei Li")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Mei Li_12345_assignsubmission_file/03.ipynb", MEI),
        ("Mei Li_12345_assignsubmission_file_/03.ipynb", MEI),  # before Moodle 4.1
        ("Mei Li_12345_assignsubmission_file/week 3/03.ipynb", MEI),
        ("Mei Li_12345_assignsubmission_file_03_forward.ipynb", MEI),  # without folders
        ("Mei Li_12345_assignsubmission_onlinetext/onlinetext.html", MEI),
        ("Mei Li_12345_assignsubmission_onlinetext_onlinetext.html", MEI),
        ("Participant_12345_assignsubmission_file/03.ipynb", Origin("moodle", "12345", "Participant")),  # anonymous
        ("Mei Li_12345_assignsubmission_file/Eve_1_assignsubmission_file_/03.ipynb", MEI),  # a folder of the student's
        ("limei_4242_991_03_forward.ipynb", Origin("canvas", "4242", "limei", 991)),
        ("limei_LATE_4242_991_03-1.ipynb", Origin("canvas", "4242", "limei", 991, late=True)),
        ("o_neil_4242_991_03_2_1_x.ipynb", Origin("canvas", "4242", "o_neil", 991)),
        ("anon_x1Y2z_991_03_1_2.ipynb", Origin("canvas", "anon_x1Y2z", "", 991)),
        ("LATE_anon_x1Y2z_991_03.ipynb", Origin("canvas", "anon_x1Y2z", "", 991, late=True)),
        ("mei.ipynb", Origin("", "", "mei")),
        ("mei/deep/03.ipynb", Origin("", "", "mei")),
        ("mei_03.ipynb", Origin("", "", "mei_03")),
        ("Mei_assignsubmission_file/03.ipynb", Origin("", "", "Mei_assignsubmission_file")),
    ],
)
def test_origins(path: str, expected: Origin) -> None:
    """Whose a file is."""
    assert origins([path]) == {path: expected}


def test_numbers_of_ones_own_are_not_canvas() -> None:
    """Canvas gives each file a number of its own, and names all files of a class."""
    assert {each.system for each in origins(["hw_1_2_mei.ipynb", "hw_1_2_li.ipynb"]).values()} == {""}
    assert {each.system for each in origins(["mei_11_22_03.ipynb", "li.ipynb"]).values()} == {""}


def test_names_of_students_differ() -> None:
    """Two students of one name stay two."""
    paths = [f"Mei Li_{number}_assignsubmission_file/03.ipynb" for number in (1, 2)]
    assert [each.student for each in origins(paths).values()] == ["Mei Li (1)", "Mei Li (2)"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/03.ipynb", ("03", 0)),
        ("03-2.ipynb", ("03", 2)),
        ("03 (1).ipynb", ("03", 1)),
        ("x-y.ipynb", ("x-y", 0)),
        ("b", ("b", 0)),
        ("mei.li.ipynb", ("mei.li", 0)),
        ("mei.li (2).ipynb.txt", ("mei.li", 2)),
    ],
)
def test_version(path: str, expected: tuple[str, int]) -> None:
    """The number that Canvas, or a browser, puts behind a name."""
    assert version(path) == expected

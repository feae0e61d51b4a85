"""Every student, once: what learning systems and people hand over, each with two students, a resubmission and a stray file."""

from __future__ import annotations

import json
import os
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from support import ROOT

from nnlab.cli import main
from nnlab.grading.intake.collect import CollectError, collect

CHAPTER = "03_forward_propagation"
TEXT = (ROOT / "chapters" / f"{CHAPTER}.ipynb").read_text("utf-8")
GRADESCOPE = """\
submission_11:
  :submitters:
  - :name: Mei Li
    :sid: '1'
    :email: mei@example.org
  :created_at: 2026-11-01 10:00:00 Z
submission_12:
  :submitters:
  - :name: Ann Xu
"""


def notebook(number: int) -> str:
    """Return a notebook of the chapter that differs from the others."""
    content = json.loads(TEXT)
    content["cells"].append(
        {"cell_type": "code", "source": f"x = {number}", "metadata": {}, "outputs": [], "execution_count": None, "id": f"x{number}"}
    )
    return json.dumps(content)


# a name; the files, the later ones written later; and for each student the file that counts
LAYOUTS = {
    "files named after students": (["mei.ipynb", "ann.ipynb", "mei (1).ipynb", "notes.txt"], {"mei": "mei (1).ipynb", "ann": "ann.ipynb"}),
    "one folder a student": (
        ["mei/03.ipynb", "ann/x/03.ipynb", "mei/again/03.ipynb", "ann/data.csv"],
        {"mei": "mei/again/03.ipynb", "ann": "ann/x/03.ipynb"},
    ),
    "one folder around them": (
        ["hand-ins 3/mei/03.ipynb", "hand-ins 3/ann/03.ipynb", "hand-ins 3/mei/03 (1).ipynb", "hand-ins 3/list.xlsx"],
        {"mei": "hand-ins 3/mei/03 (1).ipynb", "ann": "hand-ins 3/ann/03.ipynb"},
    ),
    "one folder around files": (
        ["submissions/mei.ipynb", "submissions/ann.ipynb", "submissions/ann (2).ipynb", "readme.md"],
        {"mei": "submissions/mei.ipynb", "ann": "submissions/ann (2).ipynb"},
    ),
    "nbgrader": (
        [
            f"submitted/mei/ps3/{CHAPTER}.ipynb",
            f"submitted/ann/ps3/{CHAPTER}.ipynb",
            f"submitted/ann/ps3/{CHAPTER}-1.ipynb",
            "submitted/mei/ps3/timestamp.txt",
        ],
        {"mei": f"submitted/mei/ps3/{CHAPTER}.ipynb", "ann": f"submitted/ann/ps3/{CHAPTER}-1.ipynb"},
    ),
    "Moodle": (
        [
            "Mei Li_1_assignsubmission_file/03.ipynb",
            "Ann Xu_2_assignsubmission_file/03.ipynb",
            "Ann Xu_2_assignsubmission_file/03-1.ipynb",
            "Mei Li_1_assignsubmission_file/photo.png",
        ],
        {"Mei Li (1)": "Mei Li_1_assignsubmission_file/03.ipynb", "Ann Xu (2)": "Ann Xu_2_assignsubmission_file/03-1.ipynb"},
    ),
    "Canvas": (
        ["limei_41_101_03.ipynb", "xuann_42_102_03.ipynb", "xuann_42_103_03-1.ipynb", "roster.json", "kim_43_text.html"],
        {"limei (41)": "limei_41_101_03.ipynb", "xuann (42)": "xuann_42_103_03-1.ipynb", "kim (43)": "kim_43_text.html"},
    ),
    "Canvas with a foreign notebook": (
        ["limei_41_101_03.ipynb", "xuann_42_102_03.ipynb", "xuann_42_103_03-1.ipynb", "template.ipynb"],
        {"limei (41)": "limei_41_101_03.ipynb", "xuann (42)": "xuann_42_103_03-1.ipynb", "template": "template.ipynb"},
    ),
    "Blackboard": (
        [
            "HW 3_mli_attempt_2026-11-01-10-00-00_03.ipynb",
            "HW 3_axu_attempt_2026-11-01-11-00-00_03.ipynb",
            "HW 3_mli_attempt_2026-11-02-10-00-00_03.ipynb",
            "HW 3_mli_attempt_2026-11-02-10-00-00.txt",
        ],
        {"mli": "HW 3_mli_attempt_2026-11-02-10-00-00_03.ipynb", "axu": "HW 3_axu_attempt_2026-11-01-11-00-00_03.ipynb"},
    ),
    "Brightspace": (
        [
            "41-901 - Mei Li - Nov 1, 2026 1000 AM/03.ipynb",
            "42-902 - Ann Xu - Nov 1, 2026 1100 AM/03.ipynb",
            "41-903 - Mei Li - Nov 2, 2026 1000 PM/03.ipynb",
            "index.html",
        ],
        {"Mei Li": "41-903 - Mei Li - Nov 2, 2026 1000 PM/03.ipynb", "Ann Xu": "42-902 - Ann Xu - Nov 1, 2026 1100 AM/03.ipynb"},
    ),
    "Google Classroom": (
        [f"Mei Li - {CHAPTER}.ipynb", f"Ann Xu - Copy of {CHAPTER}.ipynb", f"Mei Li - {CHAPTER} (1).ipynb", "grades.csv"],
        {"Mei Li": f"Mei Li - {CHAPTER} (1).ipynb", "Ann Xu": f"Ann Xu - Copy of {CHAPTER}.ipynb"},
    ),
    "Teams": (
        [
            "Submitted files/Mei Li/HW 3/Version 1/03.ipynb",
            "Submitted files/Ann Xu/HW 3/Version 1/03.ipynb",
            "Submitted files/Mei Li/HW 3/Version 2/03.ipynb",
            "Submitted files/Ann Xu/HW 3/Version 1/a.docx",
        ],
        {"Mei Li": "Submitted files/Mei Li/HW 3/Version 2/03.ipynb", "Ann Xu": "Submitted files/Ann Xu/HW 3/Version 1/03.ipynb"},
    ),
    "ILIAS": (
        [
            "Abgaben/Li_Mei_mli_41/20261101_03.ipynb",
            "Abgaben/Xu_Ann_axu_42/20261101_03.ipynb",
            "Abgaben/Li_Mei_mli_41/20261102_03.ipynb",
            "Abgaben/summary.xlsx",
        ],
        {"Li_Mei_mli_41": "Abgaben/Li_Mei_mli_41/20261102_03.ipynb", "Xu_Ann_axu_42": "Abgaben/Xu_Ann_axu_42/20261101_03.ipynb"},
    ),
    "Sakai": (
        [
            "HW 3/Li, Mei(mli)/Submission attachment(s)/03.ipynb",
            "HW 3/Xu, Ann(axu)/Submission attachment(s)/03.ipynb",
            "HW 3/Li, Mei(mli)/Submission attachment(s)/03-1.ipynb",
            "HW 3/grades.csv",
        ],
        {"mli": "HW 3/Li, Mei(mli)/Submission attachment(s)/03-1.ipynb", "axu": "HW 3/Xu, Ann(axu)/Submission attachment(s)/03.ipynb"},
    ),
    "Gradescope": (
        [
            "assignment_7_export/submission_11/03.ipynb",
            "assignment_7_export/submission_12/03.ipynb",
            "assignment_7_export/submission_12/03-1.ipynb",
            "assignment_7_export/submission_metadata.yml",
        ],
        {"Mei Li": "assignment_7_export/submission_11/03.ipynb", "Ann Xu": "assignment_7_export/submission_12/03-1.ipynb"},
    ),
    "GitHub Classroom": (
        [
            "ps3-submissions/ps3-mli/03.ipynb",
            "ps3-submissions/ps3-axu/03.ipynb",
            "ps3-submissions/ps3-axu/new/03.ipynb",
            "ps3-submissions/ps3-axu/README.md",
            "ps3-submissions/ps3-axu/.git/config",
        ],
        {"mli": "ps3-submissions/ps3-mli/03.ipynb", "axu": "ps3-submissions/ps3-axu/new/03.ipynb"},
    ),
    "by e-mail": (
        [f"{CHAPTER}_mei_li.ipynb", f"Ann Xu {CHAPTER}.ipynb", f"{CHAPTER}_mei_li (1).ipynb", "re homework.eml"],
        {"mei_li": f"{CHAPTER}_mei_li (1).ipynb", "Ann Xu": f"Ann Xu {CHAPTER}.ipynb"},
    ),
    "endings of browsers": (
        ["mei.ipynb.txt", "ann.ipynb.json", "ann (1).json", "package.json"],
        {"mei": "mei.ipynb.txt", "ann": "ann (1).json"},
    ),
}

# the same systems as people unpack, wrap and name things: who is found, each with the file that counts
FURTHER = {
    "Blackboard in a folder, logins with _": (
        [
            "gradebook_CS101/HW_3_a_xu_attempt_2026-11-01-10-00-00_03.ipynb",
            "gradebook_CS101/HW_3_m_xu_attempt_2026-11-01-11-00-00_03.ipynb",
            "gradebook_CS101/HW_3_typed_attempt_2026-11-01-11-00-00.txt",
        ],
        {
            "a_xu": "gradebook_CS101/HW_3_a_xu_attempt_2026-11-01-10-00-00_03.ipynb",
            "m_xu": "gradebook_CS101/HW_3_m_xu_attempt_2026-11-01-11-00-00_03.ipynb",
            "typed": "gradebook_CS101/HW_3_typed_attempt_2026-11-01-11-00-00.txt",
        },
    ),
    "Brightspace without folders, hyphens in names": (
        [
            "41-901 - Jean-Luc Li - Nov 1, 2026 1000 AM - 03.ipynb",
            "42-902 - Ann - Maria Xu - Nov 1, 2026 1100 AM - 03.ipynb",
            "43-903 - Bo - 2 November, 2026 0100 PM - 03.pdf",
        ],
        {
            "Jean-Luc Li": "41-901 - Jean-Luc Li - Nov 1, 2026 1000 AM - 03.ipynb",
            "Ann - Maria Xu": "42-902 - Ann - Maria Xu - Nov 1, 2026 1100 AM - 03.ipynb",
            "Bo": "43-903 - Bo - 2 November, 2026 0100 PM - 03.pdf",
        },
    ),
    "Google Classroom, the file's name first": (
        [f"{CHAPTER} - Mei Li.ipynb", f"{CHAPTER} - Ann Xu.ipynb", f"{CHAPTER} - Ann Xu (1).ipynb"],
        {"Mei Li": f"{CHAPTER} - Mei Li.ipynb", "Ann Xu": f"{CHAPTER} - Ann Xu (1).ipynb"},
    ),
    "Teams, files that are worked on beside": (
        [
            "Work/Submitted files/Mei Li/HW 3/Version 10/03.ipynb",
            "Work/Submitted files/Mei Li/HW 3/Version 9/03.ipynb",
            "Work/Submitted files/Ann Xu/HW 3/Version 1/03.ipynb",
            "Work/Working files/Ann Xu/HW 3/03.ipynb",
        ],
        {
            "Mei Li": "Work/Submitted files/Mei Li/HW 3/Version 10/03.ipynb",
            "Ann Xu": "Work/Submitted files/Ann Xu/HW 3/Version 1/03.ipynb",
        },
    ),
    "a whole course of nbgrader": (
        [f"course/{place}/ps3/{CHAPTER}.ipynb" for place in ("submitted/mei", "submitted/ann", "release", "source", "autograded/mei")],
        {name: f"course/submitted/{name}/ps3/{CHAPTER}.ipynb" for name in ("mei", "ann")},
    ),
    "Sakai with feedback": (
        [f"HW 3/Li, Mei(mli)/{each}.ipynb" for each in ("Submission attachment(s)/03", "Feedback Attachment(s)/fb")],
        {"mli": "HW 3/Li, Mei(mli)/Submission attachment(s)/03.ipynb"},
    ),
    "Gradescope, one of them a PDF": (
        ["export/submission_11/03.ipynb", "export/submission_12/03.pdf", "export/submission_metadata.yml"],
        {"Mei Li": "export/submission_11/03.ipynb", "Ann Xu": "export/submission_12/03.pdf"},
    ),
    "copies of Windows and macOS": (
        ["mei.ipynb", "mei - Copy.ipynb", "徐安.ipynb", "徐安 - 副本.ipynb", "徐安(1).ipynb", "bo.ipynb", "bo copy 2.ipynb"],
        {"mei": "mei - Copy.ipynb", "徐安": "徐安(1).ipynb", "bo": "bo copy 2.ipynb"},
    ),
    "numbered students": (
        ["hw 3/student-1.ipynb", "hw 3/student-2.ipynb", "hw 3/student-2 (1).ipynb"],
        {"student-1": "hw 3/student-1.ipynb", "student-2": "hw 3/student-2 (1).ipynb"},
    ),
    "Canvas, most of the notebooks foreign": (
        ["limei_41_101_03.ipynb", "xuann_42_102_03.ipynb", "xuann_42_103_03-1.ipynb", "a.ipynb", "b.ipynb", "c.ipynb"],
        {"limei (41)": "limei_41_101_03.ipynb", "xuann (42)": "xuann_42_103_03-1.ipynb"} | {each: f"{each}.ipynb" for each in "abc"},
    ),
    "sections of Canvas, Moodle and Sakai": (
        [
            "sec1/Mei Li_1_assignsubmission_file/03.ipynb",
            "sec2/Ann Xu_2_assignsubmission_file/03.ipynb",
            "sec3/HW 3/Bo(bo)/Submission attachment(s)/03.ipynb",
            "late/eve.ipynb",
        ],
        {
            "Mei Li (1)": "sec1/Mei Li_1_assignsubmission_file/03.ipynb",
            "Ann Xu (2)": "sec2/Ann Xu_2_assignsubmission_file/03.ipynb",
            "bo": "sec3/HW 3/Bo(bo)/Submission attachment(s)/03.ipynb",
            "late": "late/eve.ipynb",
        },
    ),
    "sections of Canvas": (
        ["sec1/limei_41_101_03.ipynb", "sec1/limei_41_105_03-1.ipynb", "sec2/xuann_42_102_03.ipynb"],
        {"limei (41)": "sec1/limei_41_105_03-1.ipynb", "xuann (42)": "sec2/xuann_42_102_03.ipynb"},
    ),
    "two systems side by side": (
        ["Mei Li_1_assignsubmission_file/03.ipynb", "xuann_42_102_03.ipynb", "xuann_42_103_03-1.ipynb", "bo_43_104_03.ipynb"],
        {
            "Mei Li (1)": "Mei Li_1_assignsubmission_file/03.ipynb",
            "xuann (42)": "xuann_42_103_03-1.ipynb",
            "bo (43)": "bo_43_104_03.ipynb",
        },
    ),
    "dates and numbers in names are no systems'": (
        ["mei_2026_11_03.ipynb", "ann_2026_12_03.ipynb", "bo (1)/03.ipynb", "eve (1)/hw_1_2_x.ipynb"],
        {
            "mei_2026_11_03": "mei_2026_11_03.ipynb",
            "ann_2026_12_03": "ann_2026_12_03.ipynb",
            "bo (1)": "bo (1)/03.ipynb",
            "eve (1)": "eve (1)/hw_1_2_x.ipynb",
        },
    ),
    "Brightspace by a clock of 24 hours, and in Chinese": (
        [
            "41-901 - Mei Li - 1 November, 2026 1000/03.ipynb",
            "41-903 - Mei Li - 1 November, 2026 2300/03.ipynb",
            "42-902 - 徐安 - 2026年11月1日 900/03.ipynb",
        ],
        {"Mei Li": "41-903 - Mei Li - 1 November, 2026 2300/03.ipynb", "徐安": "42-902 - 徐安 - 2026年11月1日 900/03.ipynb"},
    ),
    "Google Classroom with a stray file": (
        ["Mei Li - 03.ipynb", "Ann Xu - 03.ipynb", "Ann Xu - Copy of 03 (1).ipynb", "readme.ipynb"],
        {"Mei Li": "Mei Li - 03.ipynb", "Ann Xu": "Ann Xu - Copy of 03 (1).ipynb", "readme": "readme.ipynb"},
    ),
    "the task first": (["hw3 - mei.ipynb", "hw3 - ann.ipynb"], {"mei": "hw3 - mei.ipynb", "ann": "hw3 - ann.ipynb"}),
    "Teams, two tries of one student": (
        ["Submitted files/Mei Li/HW 3/Version 1/03.ipynb", "Submitted files/Mei Li/HW 3/Version 2/03.ipynb"],
        {"Mei Li": "Submitted files/Mei Li/HW 3/Version 2/03.ipynb"},
    ),
    "GitHub's zips": (["hw3-mli-main/03.ipynb", "hw3-axu-main/03.ipynb"], {"mli": "hw3-mli-main/03.ipynb", "axu": "hw3-axu-main/03.ipynb"}),
    "a folder each, one with a PDF": (
        ["Abgaben/Li_Mei_41/03.ipynb", "Abgaben/Xu_Ann_42/03.ipynb", "Abgaben/Bo_43/report.pdf", "Abgaben/data/traffic.csv"],
        {
            "Li_Mei_41": "Abgaben/Li_Mei_41/03.ipynb",
            "Xu_Ann_42": "Abgaben/Xu_Ann_42/03.ipynb",
            "Bo_43": "Abgaben/Bo_43/report.pdf",
        },
    ),
    "one folder, names and student numbers beside the chapter": (
        [f"作业收集/{CHAPTER}-徐安-2021002.ipynb", f"作业收集/{CHAPTER}-徐安-2021005.ipynb", f"作业收集/{CHAPTER}-徐安-2021005(1).ipynb"],
        {
            "徐安-2021002": f"作业收集/{CHAPTER}-徐安-2021002.ipynb",
            "徐安-2021005": f"作业收集/{CHAPTER}-徐安-2021005(1).ipynb",
        },
    ),
    "chapters and drafts of a student": (
        ["mei/02_activations.ipynb", "mei/draft.ipynb", f"mei/{CHAPTER}.ipynb", "hw3/03.ipynb"],
        {"mei": f"mei/{CHAPTER}.ipynb", "hw3": "hw3/03.ipynb"},
    ),
    "numbered tries": (["mei.ipynb", "mei-1.ipynb", "ann.ipynb"], {"mei": "mei-1.ipynb", "ann": "ann.ipynb"}),
}


def put(folder: Path, names: list[str]) -> None:
    """Write the files, notebooks each with something of its own, each later than the one before."""
    for number, name in enumerate(names):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        is_notebook = name.endswith((".ipynb", ".ipynb.txt", ".ipynb.json", "(1).json"))
        path.write_text(notebook(number) if is_notebook else GRADESCOPE if name.endswith(".yml") else "{}", "utf-8")
        os.utime(path, times=(1_790_000_000 + 60 * number,) * 2)


@pytest.mark.parametrize("form", ["folder", "zip"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts(tmp_path: Path, layout: str, form: str) -> None:
    """Both students are found, once, each with the last notebook, also without the chapter named and in a zip."""
    names, expected = LAYOUTS[layout]
    put(tmp_path / "class", names)
    place = tmp_path / "class"
    if form == "zip":
        place = tmp_path / "class.zip"
        with zipfile.ZipFile(place, "w") as archive:
            for name in names:
                info = zipfile.ZipInfo(name, datetime.fromtimestamp(int((tmp_path / "class" / name).stat().st_mtime)).timetuple()[:6])
                archive.writestr(info, (tmp_path / "class" / name).read_bytes())
    found = collect(place, CHAPTER)
    assert {each.student: each.source for each in found} == expected
    assert all(each.notebook or each.source.endswith(".html") for each in found)


@pytest.mark.parametrize("layout", FURTHER)
def test_further_layouts(tmp_path: Path, layout: str) -> None:
    """Both students are found, once; who handed in something else is listed."""
    names, expected = FURTHER[layout]
    put(tmp_path, names)
    found = collect(tmp_path, CHAPTER)
    assert {each.student: each.source for each in found} == expected
    assert all(bool(each.notebook) == each.source.endswith(".ipynb") for each in found)


def test_students_of_one_name_at_gradescope(tmp_path: Path) -> None:
    """They are two, told apart by their numbers; one who is listed twice is one."""
    put(tmp_path, [f"submission_{number}/03.ipynb" for number in (11, 12, 13, 14)])
    people = {11: ("Mei Li", 1), 12: ("Ann Xu", 2), 13: ("Mei Li", 3), 14: ("Ann Xu", 2)}
    told = (f"submission_{number}:\n  :submitters:\n  - :name: {name}\n    :sid: '{sid}'\n" for number, (name, sid) in people.items())
    (tmp_path / "submission_metadata.yml").write_text("".join(told))
    assert [each.student for each in collect(tmp_path, CHAPTER)] == ["Ann Xu", "Mei Li (1)", "Mei Li (3)"]


SEVERAL = [
    ["section A/mei/03.ipynb", "section A/ann/03.ipynb", "section B/bo/03.ipynb"],
    ["group 1/mei.ipynb", "group 1/ann.ipynb", "group 2/bo.ipynb"],
    ["our course/mei.ipynb", "our course/ann.ipynb"],
    ["一班/李梅.ipynb", "一班/徐安.ipynb", "二班/王五.ipynb"],
    ["hw1/mei.ipynb", "hw1/ann.ipynb", "hw3/mei.ipynb", "hw3/ann.ipynb"],
    [f"our course/1_mei_{CHAPTER}.ipynb", f"our course/2_ann_{CHAPTER}.ipynb"],
]


@pytest.mark.parametrize("names", SEVERAL)
def test_folders_of_several_students_are_no_students(tmp_path: Path, names: list[str]) -> None:
    """Where folders seem to hold several students each, nothing is graded."""
    put(tmp_path, names)
    with pytest.raises(CollectError, match="nothing tells whose"):
        collect(tmp_path, CHAPTER)


def test_the_time_of_an_attempt_is_the_system_s(tmp_path: Path) -> None:
    """Blackboard and Brightspace write it into the name; the file's own is that of the download."""
    put(tmp_path, LAYOUTS["Blackboard"][0])
    assert {each.student: f"{each.received:%d %H}" for each in collect(tmp_path, CHAPTER)} == {"mli": "02 10", "axu": "01 11"}


OWN = [
    [f"{CHAPTER}.ipynb"],
    [f"{CHAPTER}.ipynb", f"{CHAPTER} (1).ipynb", f"Copy of {CHAPTER}.ipynb"],
    [f"submissions/{CHAPTER}.ipynb", f"submissions/{CHAPTER} (2).ipynb"],
    [CHAPTER.title() + ".ipynb", CHAPTER.replace("_", "-") + ".ipynb"],
    [f"{CHAPTER}-1.ipynb", f"{CHAPTER}-2.ipynb", "Untitled.ipynb", "Untitled1.ipynb", "notebook0123abcdef.ipynb"],
]


@pytest.mark.parametrize("names", OWN)
def test_the_chapter_s_own_name_is_no_student(tmp_path: Path, names: list[str]) -> None:
    """Nor is a folder for all: then nothing tells whose the files are, and what was seen, what is taken and how to name them is said."""
    put(tmp_path, names)
    with pytest.raises(CollectError, match=r"nothing tells whose .*(?i:03.forward.propagation).*Taken are: .* such as mei_li\.ipynb"):
        collect(tmp_path, CHAPTER)


def test_one_file_without_a_name_costs_no_one_else(tmp_path: Path) -> None:
    """It is listed under its own name, not graded, with what to do."""
    put(tmp_path, ["mei.ipynb", "ann.ipynb", f"{CHAPTER}.ipynb"])
    found = {each.student: each.problem for each in collect(tmp_path, CHAPTER)}
    assert (found["mei"], found["ann"]) == ("", "")
    assert found[f"{CHAPTER}.ipynb"].startswith("nothing tells whose this file is. Name it")


def test_a_number_beside_two_names(tmp_path: Path) -> None:
    """An export that cannot be told apart is refused with both names; of a name that looks like two participants the last number counts."""
    put(tmp_path, ["Mei_12_assignsubmission_file/03.ipynb", "Eve_12_assignsubmission_file_x_777_assignsubmission_file/03.ipynb"])
    assert {each.person.moodle for each in collect(tmp_path, CHAPTER)} == {"12", "777"}
    put(tmp_path, ["Bo_777_assignsubmission_file/03.ipynb"])
    with pytest.raises(CollectError, match="the number 777 stands beside two names, 'Bo' and 'Eve_12_assignsubmission_file_x'"):
        collect(tmp_path, CHAPTER)


def test_dry_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`nnlab grade --dry-run` shows whose each file is, and runs and writes nothing."""
    put(tmp_path / "class", ["mei.ipynb", "ann.ipynb"])
    (tmp_path / "class" / "bo.ipynb").write_text("{")
    assert main(["grade", str(tmp_path / "class"), "--course", str(ROOT), "--dry-run"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "03_forward_propagation: 3 students" in out
    assert "ann.ipynb" in out
    assert "not graded: bo.ipynb is not" in out
    assert [path.name for path in tmp_path.iterdir()] == ["class"]

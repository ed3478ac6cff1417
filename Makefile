# Two commands matter: `make demo` and `make test`. Each does all of its own set-up.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Tests start hundreds of processes: each would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE
READY := $(VENV)/.ready
# A worker that has nothing left takes from the one that has most: no long test is alone at the end.
PYTEST = $(BIN)/python -m pytest -n auto --dist worksteal

.PHONY: help demo test test-long coverage check tests compiled style types types-windows programs format bench smoke release lock messages rules screenshots captures docs clean

help:  ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## / { printf "%-14s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Hash-pinned, so that every machine installs the same bytes; the build backend is pinned with the rest.
$(READY): requirements/dev.txt pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("nl needs Python 3.11 or newer: make PYTHON=python3.12 …") if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY)  ## the main job, on a copy of the sample workspace
	$(BIN)/nl demo

test: $(READY) programs compiled style  ## every check, and every test that does not take minutes
# Types take what of the processors the tests leave: many tests wait. As on Windows they are read by `make test-long`.
	@$(MAKE) --no-print-directory -j 2 types tests

tests: $(READY)
	$(PYTEST) -m "not long" $(ARGS)

test-long: $(READY) programs compiled types-windows  ## what takes minutes: many kills, many examples and cases, real programs, one long send under faults and kills
	$(PYTEST) -m "long or hypothesis" --hypothesis-profile=long $(ARGS)
	$(BIN)/python -m tests.deliver.soak --messages 50000 --kills 40

coverage: $(READY) programs compiled  ## which lines no test of `make test` runs
	$(PYTEST) -m "not long" --cov --cov-report=term:skip-covered $(ARGS)

programs:
	@scripts/system-programs

# Each worker would compile all modules anew, and have pytest rewrite those of the tests.
compiled: $(READY)
	@$(BIN)/python -m tests.compiling

check: $(READY) style  ## format, lint, types (as on Windows, too), import contracts
	@$(MAKE) --no-print-directory -j 2 types types-windows

style: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports

types:
	$(BIN)/mypy

# The product as on Windows: what it is made of there differs; what its tests are made of does not.
types-windows:
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32 newsletter_cli

format: $(READY)  ## put the code in its usual form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)  ## the table of medians
	$(BIN)/python -m bench

messages: $(READY)  ## gather the messages, compile the translations
	$(BIN)/python scripts/messages.py

rules: $(READY)  ## write the docs of the rules anew
	$(BIN)/python scripts/rules.py

screenshots: $(READY)  ## the README's pictures
	$(BIN)/python scripts/screenshots.py

docs: $(READY)  ## the documentation as a site, into build/docs; a warning is an error
	$(BIN)/python -m sphinx -q -W --keep-going -d build/doctrees docs build/docs
	@echo "The documentation: build/docs/index.html"

captures: $(READY)  ## every capture of the e-mail, into build/captures (ARGS="FOLDER --issue stress --theme dsfr --mode dark --width 320")
	$(BIN)/python -m scripts.captures $(ARGS)

smoke: $(READY)  ## wheel and sdist, each in an empty environment, tried as a newcomer would
	$(BIN)/python scripts/release.py build
	$(BIN)/python scripts/smoke.py dist

release: $(READY)  ## version, changelog and tag (VERSION=1.2.3); pushes nothing
	$(BIN)/python scripts/release.py make $(VERSION)

# What users of action.yml get has the versions that the tests ran with.
LOCK = uv pip compile --quiet --universal --no-strip-extras --generate-hashes --no-annotate --no-header --no-emit-index-url \
	  --python-version 3.11
lock: $(READY)  ## renew requirements/dev.txt and run.txt (needs uv)
	$(LOCK) --group dev pyproject.toml -o requirements/dev.txt
	$(LOCK) --group build -c requirements/dev.txt pyproject.toml -o requirements/run.txt

clean:
	rm -rf $(VENV) build dist .coverage htmlcov

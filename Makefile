# Each target sets up what it needs and calls the command line, asc-cld, which is the same on all systems.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CLD := $(BIN)/python -m asc_cld
export DO_NOT_TRACK := 1

.PHONY: build check test lint format fixlist movement report explain audit docs bench bench-scale faults advisories check-lint check-land check-spark clean

build: $(VENV)/.run-ready
	$(CLD) build

check: $(VENV)/.run-ready
	$(CLD) check

# Everything but the lint of all SQL, and what needs a database server or Java.
test: $(VENV)/.dev-ready
	$(BIN)/pytest --durations=15

# The inner loop: Python, and the SQL files that differ from main.
lint: $(VENV)/.dev-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --quiet .
	@changed=$$( (git diff --name-only --diff-filter=d main -- models tests; \
		git ls-files --others --exclude-standard -- models tests) | grep '\.sql$$' | sort -u); \
	if [ -n "$$changed" ]; then $(BIN)/sqlfluff lint $$changed; fi
	$(BIN)/dbt parse --warn-error

format: $(VENV)/.dev-ready
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format .

fixlist: $(VENV)/.run-ready
	$(CLD) fixlist

# What moved each headline figure since the submission before, person by person.
movement: $(VENV)/.run-ready
	$(CLD) movement

# Why the cells of one event say what they say: make explain REF=SL1000005
explain: $(VENV)/.run-ready
	$(CLD) explain $(REF)

# Runs that are killed or find no room on the disk: minutes.
faults: $(VENV)/.dev-ready
	FAULT_MOMENTS=$(MOMENTS) $(BIN)/pytest -m slow tests/project/proof/test_faults.py

# The form of every SQL file, what macros make of it included. Two minutes, whatever has changed.
check-lint: $(VENV)/.dev-ready
	$(BIN)/pytest -m lint -n 0 tests/project/house

# Landing from a real database: PostgreSQL through ODBC, started by the tests on a free port. A minute.
check-land: $(VENV)/.dev-ready
	$(BIN)/pytest -m database -n 0 tests/project/landing

# The checks and measures on Spark, and that their tables equal DuckDB's: needs Java 17 (docs/scale.md). Ten minutes.
check-spark: $(VENV)/.dev-ready $(VENV)/.spark-ready
	$(BIN)/pytest -m spark -n 0 --durations=5 tests/project/engines

# Known security advisories of the locked versions. Asks PyPI, so it needs a network; beside landing from a database nothing else here does.
advisories: $(VENV)/.dev-ready
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements.txt

bench: $(VENV)/.dev-ready
	$(BIN)/python benchmarks/bench.py --growth 10000 100000 1000000 3000000
	$(BIN)/pytest -m slow

# The check of invented regions: how seconds, memory and what is spilled grow with the rows (docs/scale.md). Hours.
bench-scale: $(VENV)/.dev-ready
	$(BIN)/python benchmarks/scale.py --rows 1000000 4000000 10000000 --caps 4 8

# The documentation, target/static_index.html, and the way of each field, target/field_lineage.html.
docs: $(VENV)/.run-ready
	$(CLD) docs

# The page for managers, output/report/index.html.
report: $(VENV)/.run-ready
	$(CLD) report

# The page for auditors, output/audit/index.html, with the documentation and lineage beside it.
audit: $(VENV)/.run-ready
	$(CLD) audit

$(VENV)/.run-ready: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev-ready: requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.txt
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.spark-ready: requirements-spark.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements-spark.txt
	touch $@

# The output folder stays: it holds what was sent, its manifests, and the days findings were first seen.
clean:
	rm -rf target logs council.duckdb council.duckdb.wal council.duckdb.lock council.duckdb.spill

# The same commands for Windows stand in README.md. Each target sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export DO_NOT_TRACK := 1

.PHONY: build check test lint format fixlist movement explain audit docs bench faults advisories clean

build: $(VENV)/.run-ready
	$(BIN)/dbt build --selector build

check: $(VENV)/.run-ready
	$(BIN)/dbt build --selector check --vars '{include_built: "false"}'

# Everything: the lint of all files is a test among the others, so that both cores have work.
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
	$(BIN)/python -m asc_cld.fixlist

# What moved each headline figure since the submission before, person by person.
movement: $(VENV)/.run-ready
	$(BIN)/python -m asc_cld.measure_movement

# Why the cells of one event say what they say: make explain REF=SL1000005
explain: $(VENV)/.run-ready
	$(BIN)/dbt --quiet build --selector lineage
	$(BIN)/python -m asc_cld.explain $(REF)

# Runs that are killed or find no room on the disk: minutes.
faults: $(VENV)/.dev-ready
	$(BIN)/pytest -m slow tests/project/proof/test_faults.py

# Known security advisories of the locked versions. Asks PyPI, so it needs a network; nothing else here does.
advisories: $(VENV)/.dev-ready
	$(BIN)/pip-audit --require-hashes --disable-pip -r requirements.txt

bench: $(VENV)/.dev-ready
	$(BIN)/python benchmarks/bench.py
	$(BIN)/pytest -m slow

docs: $(VENV)/.run-ready
	$(BIN)/dbt docs generate --static

# The page for auditors, output/audit/index.html, with the documentation and lineage beside it.
audit: docs
	$(BIN)/python -m asc_cld.audit_pack

$(VENV)/.run-ready: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements.txt
	touch $@

$(VENV)/.dev-ready: requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.txt
	touch $@

# The output folder stays: it holds what was sent, its manifests, and the days findings were first seen.
clean:
	rm -rf target logs cld.duckdb cld.duckdb.wal cld.duckdb.lock cld.duckdb.spill

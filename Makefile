# make audit   sets everything up, audits data/sample and says where the report lies
# make test    sets everything up, then lint, types, tests, and the rules' own tests

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := audit
.PHONY: audit test lint lock sample example clean

audit: $(READY)
	@$(BIN)/auditor run data/sample --out reports/sample
	@echo "$(abspath reports/sample/index.html)"

test: lint
	$(BIN)/pytest
	$(BIN)/auditor rules lint
	$(BIN)/auditor rules test

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/pyright

# Exactly the versions of the lock file, each checked against its hash; the stamp makes it happen once.
$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) cannot make virtual environments: on Debian, apt-get install python3-venv"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Needs uv; writes no index address, so that the file works behind any mirror.
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--no-emit-index-url --quiet --output-file requirements.lock

sample: $(READY)
	$(BIN)/auditor synth --out data/sample --cases 22000 --seed 2025

# The committed report: a month of the sample, without the working papers.
example: $(READY)
	$(BIN)/auditor run data/sample --period 2025-06 --out build/example-run
	$(BIN)/auditor report build/example-run --out reports/example

clean:
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .hypothesis reports/sample

# What a person types. `make help` lists it; nothing here needs root, except that `make test` installs
# its mail server when it may.

PYTHON ?= python3
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
# A file of tests stays in one process: its servers and readings are made once.
LANES := -n auto --maxprocesses 4 --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help setup demo test check soak lock clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.installed ## Build .venv from the hash-pinned lock file; gives .venv/bin/outreach

demo: setup ## Run a whole sample campaign with an embedded mail server
	$(BIN)/outreach demo $(ARGS)

test: setup ## Run the whole test suite, with real servers, on up to four cores; ends with each skip's reason and the counts
	scripts/install-test-servers
	$(PYTEST) $(LANES) -r fEs $(ARGS)

check: setup ## Check format, lint, types and imports, then run the tests with warnings as errors
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(PYTEST) $(LANES) -r fEs -W error --ignore=tests/project/test_gates.py $(ARGS)

soak: setup ## Run the tests that take minutes
	$(PYTEST) -r fEs -m soak $(ARGS)

lock: ## Write requirements.lock again from pyproject.toml (needs uv)
	scripts/lock $(ARGS)

clean: ## Remove .venv and everything that was built or cached
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*
	find src tests -name __pycache__ -prune -exec rm -rf {} +

# The stamps lie in .venv, so removing it by hand is understood too.
.venv/.locked: requirements.lock
	@scripts/check-python $(PYTHON)
	@echo "Installing the locked libraries into .venv; this takes about a minute."
	$(PYTHON) -m venv --clear .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

.venv/.installed: .venv/.locked pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

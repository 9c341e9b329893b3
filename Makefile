# Everything a person does with a checkout. `make help` lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
export DAGSTER_DISABLE_TELEMETRY := 1
export DO_NOT_TRACK := 1
export OPENBLAS_NUM_THREADS := 1

help: ## List what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: .venv/ready ## Set up the project's own virtual environment in .venv

.venv/ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; say which: make setup PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-setup.lock
	$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch .venv/ready

run: setup demo-data ## Materialise the demo company's whole chain and print what it made
	$(BIN)/cdp run

demo-data: setup
	@test -f data/demo/truth/records.csv || $(BIN)/python data/demo/generate.py

dev: setup demo-data ## Open the Dagster UI on http://127.0.0.1:3000
	$(BIN)/cdp dev

test: setup ## Run all tests
	$(BIN)/python -m pytest -n 2 --dist loadfile

check: setup ## Lint, format, types and definitions, as CI does
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/cdp check
	VIRTUAL_ENV=$(CURDIR)/.venv $(BIN)/dg check defs

lock: ## Resolve the lock files anew from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --no-emit-index-url --group dev --all-extras pyproject.toml -o requirements.lock
	printf 'uv\nhatchling\neditables\n' | $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --no-header --no-emit-index-url - -o requirements-setup.lock

docs: setup ## Write the configuration reference and the data contracts anew
	$(BIN)/cdp docs

clean: ## Remove everything that runs made; sources and decisions in other homes stay
	rm -rf data/warehouse.duckdb* data/published.duckdb* data/destinations.duckdb* data/syncs data/out data/control.sqlite data/.dagster data/.dbt data/.duckdb_tmp data/alerts.jsonl

.PHONY: help setup run demo-data dev test check lock docs clean

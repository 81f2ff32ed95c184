# What a person does with this repository. Every target installs first; installing again costs nothing.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

export HUB_DATA_DIR ?= $(CURDIR)/.hub
PYTHON ?= $(firstword $(foreach version,3.11 3.12 3.13,$(shell command -v python$(version))) python3)
PYTEST_ARGS ?=

BIN := .venv/bin
INSTALLED := .venv/.installed
WEIGHTS := $(HUB_DATA_DIR)/models/.fetched
UV := $(shell command -v uv)

.PHONY: help install run test test-services check prove bench lock clean

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(INSTALLED) $(WEIGHTS) ## make .venv from the lock file and fetch development weights

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
	  || { echo "Python 3.11, 3.12 or 3.13 is needed: make install PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
ifneq ($(UV),)
	VIRTUAL_ENV=$(CURDIR)/.venv uv pip install --quiet --compile-bytecode --require-hashes -r requirements.lock
	VIRTUAL_ENV=$(CURDIR)/.venv uv pip install --quiet --no-deps --no-build-isolation --editable .
else
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
endif
	$(BIN)/python -m compileall -q -j 0 catalog hub ingest migrations ui # sealed processes write nothing, so they can't
	touch $@

$(WEIGHTS): hub/models/weights.lock | $(INSTALLED)
	mkdir -p -m 700 $(HUB_DATA_DIR)
	$(BIN)/hub models fetch
	touch $@

run: install ## the demonstration: a hub with three datasets, and a first answer
	$(BIN)/hub demo run

test: install ## every test that needs nothing but this machine
	$(BIN)/python -m pytest -n 4 --dist worksteal -m "not service and not prove" $(PYTEST_ARGS)

test-services: install ## tests against programs of others: a live S3 server, Keycloak, a real browser
	$(BIN)/python -m pytest -m service tests/e2e tests/ui $(PYTEST_ARGS)

check: install ## format, lint, types, who imports whom, documents that agree with the code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/architecture $(PYTEST_ARGS)

prove: install ## long proofs: mutants must fail, kills must lose nothing
	$(BIN)/python -m pytest -m prove $(PYTEST_ARGS)

bench: install ## what it does per second here, beside its limits
	$(BIN)/hub bench disclose --json
	$(BIN)/hub bench embed --json
	$(BIN)/hub bench search --json
	$(BIN)/hub bench doors --json

lock: ## renew requirements.lock from pyproject.toml (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-header --group dev pyproject.toml -o requirements.lock

clean: ## remove what was installed; data folders stay
	rm -rf .venv build ./*.egg-info

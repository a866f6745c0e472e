# Two commands do everything: `make demo` opens the desk on a sample hotel, `make test` passes the tests.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
TESTJOBS ?= auto
DEMO_ARGS ?=
POT := crm_tui/locale/crm_tui.pot

.PHONY: help demo setup test lint format bench pictures tables messages lock clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: $(STAMP) ## create .venv from the pinned, hashed constraints (fast when nothing changed)

$(STAMP): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "crm_tui needs Python 3.11 or newer; name one with: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $(STAMP)

demo: setup ## open the desk on a sample hotel with its own mail server on loopback
	@$(BIN)/crm-tui demo $(DEMO_ARGS)

test: setup ## run the tests
	$(BIN)/python -m pytest -n $(TESTJOBS) --dist loadgroup

lint: setup ## ruff, mypy strict, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: setup ## put the code into the house's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup ## measure speed against peers and floors (see bench/README.md)
	$(BIN)/python -m bench

pictures: setup ## draw the pictures of docs/ from the sample hotel
	$(BIN)/python -m docs.pictures

tables: setup ## write docs/keys.md and docs/settings.md from the program
	$(BIN)/python -m docs.tables

messages: setup ## collect the texts for translators into crm_tui/locale/crm_tui.pot
	@mkdir -p crm_tui/locale
	$(BIN)/pybabel --quiet extract --project crm_tui --copyright-holder "the authors of crm_tui" --charset UTF-8 --no-wrap --sort-output --no-location \
		--output-file $(POT) crm_tui
	@sed -i.old -e '/^"POT-Creation-Date/d' -e '/^"PO-Revision-Date/d' $(POT) && rm $(POT).old

lock: ## renew constraints.txt from pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade --group dev pyproject.toml -o constraints.txt

clean: ## remove .venv and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache build dist

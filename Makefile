# The verbs of the house. `make run` and `make test` need Python 3.11, make and the package registry, nothing else.
# Bytecode is compiled at setup: a machine that forbids writing it later would pay for it at every start.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export YICI_DATA ?= $(CURDIR)/.yici

.PHONY: setup setup-dev tools run test explore check fix bench pictures lock clean

setup: $(VENV)/.run
setup-dev: $(VENV)/.dev

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Yici needs Python 3.11 or newer: set PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

$(VENV)/.run: requirements.txt pyproject.toml $(BIN)/uv
	@test -f $(VENV)/.dev || $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@$(BIN)/python -m compileall -q src
	@$(BIN)/python -m yici.config.translations compile
	@touch $@

$(VENV)/.dev: requirements-dev.txt pyproject.toml $(BIN)/uv
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements-dev.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@$(BIN)/python -m compileall -q src
	@$(BIN)/python -m yici.config.translations compile
	@touch $@ $(VENV)/.run

run: setup
	@exec $(BIN)/yici run --port $(PORT)

tools:
	@sh tests/house/install_tools.sh

test: setup-dev tools
	@$(BIN)/python -m yici.config.translations compile
	@$(BIN)/pytest --randomly-seed=20181130

# The same tests in an order and with examples of their own: run it before a release, and mend what it finds.
explore: setup-dev tools
	@$(BIN)/python -m yici.config.translations compile
	@$(BIN)/pytest --hypothesis-profile=fresh

check: setup-dev
	@$(BIN)/ruff check src tests bench
	@$(BIN)/ruff format --check src tests bench
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m yici.config.translations check
	@$(BIN)/yici migrate --check

fix: setup-dev
	@$(BIN)/ruff check --fix src tests bench
	@$(BIN)/ruff format src tests bench

pictures: setup-dev tools
	@$(BIN)/python -m bench.pictures

lock:
	@$(BIN)/uv lock --quiet
	@$(BIN)/uv export --quiet --no-emit-project --no-dev --no-header --format requirements-txt > requirements.txt
	@$(BIN)/uv export --quiet --no-emit-project --no-header --format requirements-txt > requirements-dev.txt

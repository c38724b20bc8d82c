# The map of daily work: `make help`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
UV := $(VENV)/bin/uv
UV_VERSION := 0.13.9
RUN := $(VENV)/bin
DATA ?= var
PORT ?= 8000
PYTEST ?= $(RUN)/pytest

.PHONY: help setup develop demo serve test test-postgres check format e2e test-nginx soak bench clean

help: ## show this map
	@awk 'BEGIN {FS = ":.*## "} /^[a-z0-9-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# What is installed is stamped by the lock file's hash: nothing changed, nothing done.
$(UV):
	@echo "建立运行环境 …"
	@$(PYTHON) -c 'import sys; sys.exit("需要 Python 3.11 或更新版本") if sys.version_info < (3, 11) else None'
	@$(PYTHON) -m venv $(VENV)
	@$(RUN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

$(VENV)/.runtime-stamp: uv.lock pyproject.toml | $(UV)
	@echo "安装依赖（按锁定版本）…"
	@$(UV) sync --frozen --no-dev --inexact --compile-bytecode --quiet
	@touch $@

$(VENV)/.develop-stamp: uv.lock pyproject.toml | $(UV)
	@echo "安装开发工具（按锁定版本）…"
	@$(UV) sync --frozen --compile-bytecode --quiet
	@touch $@ $(VENV)/.runtime-stamp

setup: $(VENV)/.runtime-stamp ## make the environment; .venv/bin/menhu is the command

develop: $(VENV)/.develop-stamp ## the same with the developers' tools

demo: setup ## build the fictional county 云岭县 and serve it on http://127.0.0.1:8000
	@$(RUN)/menhu demo --home $(DATA) --port $(PORT)

serve: setup ## serve what lies in DATA (default ./var)
	@$(RUN)/menhu serve --home $(DATA) --port $(PORT)

test: develop ## the whole suite that needs no service and no browser
	@$(PYTEST) -n auto

test-postgres: develop ## the suite on PostgreSQL, with migrations (DATABASE_URL, default: local server)
	@DATABASE_URL=$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/postgres} $(PYTEST) -n auto --migrations

check: develop ## format, lint, types, contracts, migrations
	@$(RUN)/ruff format --check .
	@$(RUN)/ruff check --no-cache .
	@$(RUN)/mypy
	@$(RUN)/lint-imports
	@$(RUN)/djlint --check --lint --quiet menhu
	@$(RUN)/codespell README.md ARCHITECTURE.md CONTRIBUTING.md CHANGELOG.md docs menhu config tests bench
	@MENHU_HOME=$$(mktemp -d) $(RUN)/menhu makemigrations --check --dry-run
	@$(RUN)/python tests/house.py

format: develop ## format and mend what can be mended by itself
	@$(RUN)/ruff format .
	@$(RUN)/ruff check --fix .

e2e: develop ## browser journeys (needs Debian's Chromium; installs it when run as root)
	@tests/e2e/need-chromium
	@$(PYTEST) -m e2e tests/e2e

test-nginx: develop ## deploy/nginx.conf under a real nginx (installs it when run as root)
	@tests/deploy/need-nginx
	@$(PYTEST) -m nginx tests/deploy

soak: develop ## random edits through the real actions against a full render, for an hour (SOAK_SECONDS)
	@SOAK_SECONDS=$${SOAK_SECONDS:-3600} $(PYTEST) tests/properties -k soak

bench: develop ## measure; writes bench/RESULTS.md
	@$(RUN)/python -m bench

clean: ## remove the environment and caches, keep the data
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

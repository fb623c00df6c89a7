# Two promises: from a fresh clone, with Python 3.11 or newer and nothing else, `make run` serves and `make test` tests.
# Every step leaves a stamp, so that a second call does nothing that is already done.

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
ARGS ?=
ROUNDS ?= 100
EXAMPLES ?= 500

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/stamps
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --require-hashes
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header $(UPGRADE)

WEB := src/pulseboard/web/static/index.html
WEB_SOURCES := $(shell find dashboard -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)
OIDC_SERVER := tests/accounts/oidc_server/node_modules/.stamp
PLACES := src/pulseboard/writer/enrich/data
# A dashboard without its lock file cannot be built repeatably, so it counts as not there.
HAS_DASHBOARD := $(and $(wildcard dashboard/package.json),$(wildcard dashboard/package-lock.json))

.DEFAULT_GOAL := help
.PHONY: help run test check format bench crash oracle fuzz demo dashboard places client docs lock clean ready dev

help: ## Show this help
	@echo 'Pulseboard: make <target>'
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' Makefile
	@echo 'Hand arguments on with ARGS, for example: make run ARGS="--port 9000", make test ARGS="tests/kit -x".'

run: ready ## Install, build and serve on http://localhost:8000
	$(BIN)/pulseboard serve $(ARGS)

test: dev dashboard places $(OIDC_SERVER) ## Run every test
	@$(if $(HAS_DASHBOARD),tools/with-node npm --prefix dashboard run --if-present test)
	$(BIN)/python -m pytest $(ARGS)

check: dev ## Lint, check formats, types, walls between rooms and our own rules
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy tools/rules.py
	$(BIN)/lint-imports --no-logo
	$(BIN)/python tools/rules.py
	@$(if $(HAS_DASHBOARD),$(MAKE) --no-print-directory dashboard-check,echo 'dashboard: not there, nothing to check')

format: dev ## Sort imports and format the Python sources
	$(BIN)/ruff check --fix-only --select I .
	$(BIN)/ruff format .

bench: ready dev ## Measure, and print the table of docs/benchmarks.md
	$(BIN)/python -m bench $(ARGS)

crash: dev ## Kill a loaded server ROUNDS times (100) and prove that no acknowledged event is lost or doubled
	$(BIN)/python -m tests.crash.long --kills $(ROUNDS) $(ARGS)

oracle: dev ## Check every insight against plain Python on EXAMPLES (500) random worlds each
	ORACLE_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest tests -k against_oracle $(ARGS)

fuzz: dev ## Send EXAMPLES (500) random requests to each operation, other ones at each run
	FUZZ_EXAMPLES=$(EXAMPLES) FUZZ_SEED=$$$$ $(BIN)/python -m pytest tests/fuzz/test_openapi.py $(ARGS)

demo: ready ## Fill a demo project with a believable month; stop the server first
	$(BIN)/pulseboard demo $(ARGS)

client: dev $(if $(HAS_DASHBOARD),dashboard/node_modules/.stamp) ## Write the dashboard's API types from the OpenAPI document
	$(BIN)/pulseboard openapi > $(VENV)/openapi.json
	tools/with-node npm --prefix dashboard run generate -- $(CURDIR)/$(VENV)/openapi.json

docs: dev ## Check that the documents agree with the code
	$(BIN)/python -m pytest tests/docs $(ARGS)

lock: dev ## Write the lock files again (UPGRADE=--upgrade for newer versions)
	$(LOCK) pyproject.toml --output-file requirements.lock
	$(LOCK) --group build --constraint requirements.lock --output-file requirements-build.lock
	$(LOCK) --group node --output-file requirements-node.lock
	$(LOCK) pyproject.toml --group build --group dev --constraint requirements.lock --constraint requirements-build.lock --output-file requirements-dev.lock

clean: ## Remove everything that was built or installed; data/ stays
	rm -rf $(VENV) dashboard/node_modules $(dir $(OIDC_SERVER)) src/pulseboard/web/static $(PLACES) dist
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- steps ---

ready: $(STAMPS)/runtime dashboard places

dev: $(STAMPS)/dev

$(STAMPS)/venv:
	@test -n '$(PYTHON)' || { echo 'Pulseboard needs Python 3.11 or newer. Say which: make run PYTHON=/path/to/python3' >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/runtime: $(STAMPS)/venv requirements.lock requirements-build.lock pyproject.toml
	@echo 'Installing what Pulseboard runs on (1 GB on disk, once) ...'
	$(INSTALL) -r requirements.lock -r requirements-build.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(STAMPS)/dev: $(STAMPS)/runtime requirements-dev.lock
	@echo 'Installing the tools for tests and checks ...'
	$(INSTALL) -r requirements-dev.lock
	@touch $@

places: $(PLACES)/.stamp ## Fetch the database of places (countries and cities of addresses) if it is not there

# Its maker keeps no old versions for ever, and all but places works without: a failure is said, and stops nothing.
$(PLACES)/.stamp: tools/places/package.json tools/places/package-lock.json | $(STAMPS)/venv
	@tools/places/fetch $(PLACES) || echo 'No database of places: country, region and city stay empty. Try again: make places' >&2

# A real OpenID Connect server, for the tests of signing in elsewhere.
$(OIDC_SERVER): tests/accounts/oidc_server/package.json tests/accounts/oidc_server/package-lock.json | $(STAMPS)/venv
	tools/with-node npm --prefix tests/accounts/oidc_server ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

ifneq ($(HAS_DASHBOARD),)
dashboard: $(WEB) ## Build the dashboard if its sources are newer than what was built

$(WEB): $(WEB_SOURCES) dashboard/node_modules/.stamp
	tools/with-node npm --prefix dashboard run build
	@test -f $@ || { echo 'The dashboard was built, but not into $(@D).' >&2; exit 1; }
	@touch $@

dashboard/node_modules/.stamp: dashboard/package.json dashboard/package-lock.json | $(STAMPS)/venv
	tools/with-node npm --prefix dashboard ci --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

API_TYPES := dashboard/src/api/schema.d.ts

.PHONY: dashboard-check
dashboard-check: dashboard/node_modules/.stamp
	@cp $(API_TYPES) $(VENV)/schema.before
	@$(MAKE) --no-print-directory client
	@cmp -s $(API_TYPES) $(VENV)/schema.before || { echo 'The API changed, so $(API_TYPES) was written again: commit it.' >&2; exit 1; }
	tools/with-node npm --prefix dashboard run typecheck
	tools/with-node npm --prefix dashboard run lint
else
dashboard:
	@echo 'dashboard: not there, serving the API alone'
endif

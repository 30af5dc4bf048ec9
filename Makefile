# `make help` lists what can be done. Everything runs in .venv; nothing is installed outside but Debian packages.
SHELL := /bin/bash
PY := .venv/bin/python
RUN_PACKAGES := python3-venv libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core
TEST_PACKAGES := chromium postgresql nodejs npm
LONG_PACKAGES := nginx-light systemd firefox-esr clamav-daemon

.PHONY: help setup setup-dev run test test-long check fix bench migration audit sbom messages requirements static clean
.DEFAULT_GOAL := help

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

setup: .venv/run-ready ## Install what the program needs
setup-dev: .venv/dev-ready .venv/verifier-ready ## Install what tests and checks need as well

.venv/run-ready: requirements.txt scripts/packages.sh
	@bash scripts/packages.sh $(RUN_PACKAGES)
	@test -x $(PY) || bash scripts/new_venv.sh
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/dev-ready: requirements-dev.txt scripts/packages.sh
	@bash scripts/packages.sh $(RUN_PACKAGES) $(TEST_PACKAGES)
	@test -x $(PY) || bash scripts/new_venv.sh
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

.venv/verifier-ready: tests/verifier/package-lock.json .venv/dev-ready
	@cd tests/verifier && npm ci --ignore-scripts --silent
	@touch $@

static: setup ## Compress the static files beside themselves
	@$(PY) -m whitenoise.compress --quiet app/static

run: setup static ## Start web and worker with demonstration data (PORT, default 8000)
	@exec $(PY) scripts/run.py

test: setup-dev static ## Run the test suite on both databases
	$(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder -q

test-long: setup-dev static ## Run the suite with its longer forms
	@bash scripts/packages.sh $(LONG_PACKAGES)
	@cd tests/firefox && npm ci --ignore-scripts --silent
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes --upgrade --target .venv/long-only \
		-r tests/portals/provider_of_others.txt
	CVMS_LONG=1 PYTHONPATH=.venv/long-only $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder -q

check: setup-dev ## Lint, types, import contracts
	.venv/bin/ruff check app bench deploy migrations tests scripts wsgi.py
	.venv/bin/mypy app
	.venv/bin/lint-imports
	.venv/bin/djlint --lint --quiet app/templates

fix: setup-dev ## Mend what the linter can mend
	.venv/bin/ruff check --fix app bench tests scripts wsgi.py

bench: setup-dev ## Measure: all, or NAME=search, upload, proof, pages
	@$(PY) -m bench $(NAME)

migration: setup-dev ## Write the next migration from the models (M="Adds …")
	@PYTHONPATH=. $(PY) scripts/new_migration.py "$(M)"
	@.venv/bin/ruff format -q migrations/versions

audit: setup-dev ## Look the dependencies up in the advisories
	@$(PY) scripts/audit.py requirements.txt requirements-dev.txt

sbom: setup-dev ## Write the bill of materials of what the program needs (sbom.json, CycloneDX)
	@$(PY) -m cyclonedx_py requirements requirements.txt --pyproject pyproject.toml --output-reproducible --output-format JSON -o sbom.json
	@echo "sbom.json lists $$($(PY) -c 'import json; print(len(json.load(open("sbom.json"))["components"]))') packages"

messages: setup-dev ## Gather the sentences for recipients, update and compile their Spanish
	@$(PY) scripts/messages.py

requirements: setup-dev ## Pin all dependencies anew, with hashes
	@$(PY) -m pip install --quiet uv
	@.venv/bin/uv pip compile -q --python-version 3.11 pyproject.toml --generate-hashes --no-header -o requirements.txt
	@.venv/bin/uv pip compile -q --python-version 3.11 pyproject.toml --extra dev --generate-hashes --no-header -o requirements-dev.txt

clean: ## Remove what was installed and the demonstration's data
	rm -rf .venv instance

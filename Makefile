# Everything here works on a fresh clone with make and Python 3.11 or newer: no root, no Go, no Pulumi.
.DEFAULT_GOAL := help
.PHONY: help venv setup demo demo-down test mutate lint bench docs lock

VENV := .venv/bin

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

venv:
	@python="$$(sh scripts/find_python.sh)" && "$$python" scripts/make_venv.py

setup: venv ## Virtual environment in .venv, and the Pulumi CLI in the user's cache; nothing else
	@$(VENV)/python -m azure_llama.engine

demo: setup ## Deploy the dev stack into a local Azure, call every endpoint, print the outputs
	@$(VENV)/azure-llama demo up

demo-down: setup ## Destroy what `make demo` deployed, and stop the local Azure
	@$(VENV)/azure-llama demo down

lint: venv ## Style, format, imports between rooms, types
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/lint-imports
	$(VENV)/mypy

test: setup lint ## Lint, then every test, those on the real engine included (PYTEST_ARGS="-m 'not engine'" for fewer)
	$(VENV)/python -m pytest -n auto --maxprocesses 4 --dist loadfile $(PYTEST_ARGS)

mutate: venv ## Change each rule of the policy pack in small ways, and see that a test notices
	$(VENV)/python scripts/mutate.py

bench: setup ## Measure, print a table, write bench.json
	$(VENV)/python scripts/bench.py

docs: setup ## Run the commands that the documentation shows, and put what they print into it
	$(VENV)/python scripts/docs.py

lock: venv ## Lock the versions again after an edit of a requirements*.in (LOCK_ARGS=--upgrade for newer ones)
	$(VENV)/python scripts/lock.py $(LOCK_ARGS)

# Everything here works on a fresh clone with make and Python 3.11 or newer: no root, no Go, no Pulumi.
.DEFAULT_GOAL := help
.PHONY: help venv dev setup demo demo-down test unit packaging first-hour test-pythons test-clients mutate lint bench prove generate docs pages site dist release lock

# Tests and benchmarks start hundreds of processes, and each would compile the project again.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv/bin
PYTEST := $(VENV)/python -m pytest -n auto --maxprocesses 4 --dist loadfile
MAKE_VENV := python="$$(sh scripts/find_python.sh)" && "$$python" scripts/make_venv.py

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

# What the program and the sandbox need, in .venv.
venv:
	@$(MAKE_VENV) sandbox

# And what tests, lint and bench need, in the same .venv.
dev: venv
	@$(MAKE_VENV) dev

setup: venv ## Virtual environment in .venv, and the Pulumi CLI in the user's cache; nothing else
	@$(VENV)/python -m azure_llama.engine

demo: setup ## Deploy the dev stack into a local Azure, call every endpoint, print the outputs
	@$(VENV)/azure-llama demo up

demo-down: setup ## Destroy what `make demo` deployed, and stop the local Azure
	@$(VENV)/azure-llama demo down

lint: dev ## Check style, format, words, import boundaries and types
	$(VENV)/ruff check .
	$(VENV)/ruff format --check .
	$(VENV)/lint-imports
	$(VENV)/python scripts/words.py
	$(VENV)/mypy

test: setup lint ## Lint, then every test, those on the real engine included (PYTEST_ARGS="-m 'not engine'" for fewer)
	$(PYTEST) $(PYTEST_ARGS)

unit: dev ## The tests that need neither the real engine nor the Pulumi CLI
	$(PYTEST) -m 'not engine and not packaging' $(PYTEST_ARGS)

packaging: dev setup ## Build the wheel, install it into clean environments, and use it there
	$(VENV)/python -m pytest tests/packaging $(PYTEST_ARGS)

first-hour: dev setup ## From an empty folder to a stack that is deployed, called and destroyed in the sandbox, as a new user types it
	$(VENV)/python -m pytest tests/e2e/test_first_hour.py $(PYTEST_ARGS)

test-pythons: ## `make demo`, `first-hour`, `unit` and `packaging` on each installed Python from 3.11 on, each in a clone (PYTHONS="3.12 3.13", STEPS="demo unit" for fewer)
	@python="$$(sh scripts/find_python.sh)" && "$$python" scripts/pythons.py $(PYTHONS)

test-clients: dev setup ## azure-cli and Azure's SDKs (Python, JavaScript, Go) on the sandbox; each in an environment of its own in .cache
	$(VENV)/python -m pytest tests/clients $(PYTEST_ARGS)

mutate: dev ## Change each rule of the policy pack in small ways, and see that a test notices
	$(VENV)/python scripts/mutate.py

bench: dev setup ## Measure, print a table, write bench.json
	$(VENV)/python scripts/bench.py

prove: dev ## Compare outcomes of generated stacks with predictions, live through random histories, soak the gateway; goes on where it ended (CASES=20000 JOBS=1 HISTORIES=300 ENGINE_HISTORIES=20 MINUTES=10)
	$(VENV)/python scripts/prove.py --cases $(or $(CASES),20000) --jobs $(or $(JOBS),1)
	$(VENV)/python scripts/prove_histories.py --histories $(or $(HISTORIES),300) --jobs $(or $(JOBS),1)
	$(VENV)/python scripts/prove_histories.py --engine --histories $(or $(ENGINE_HISTORIES),20) --record .cache/prove-engine.json
	$(VENV)/python scripts/soak.py --minutes $(or $(MINUTES),10)

generate: dev ## Write the files that are derived from code: rule pages, configurations, records, output in pages
	$(VENV)/python -m scripts.generate

docs: dev setup generate ## `make generate`, and the output of commands that need the Pulumi engine
	$(VENV)/python scripts/docs.py

pages: dev setup ## Run the commands of README and of every page in a fresh clone, on the sandbox (PAGES="docs/cost.md" for fewer)
	$(VENV)/python scripts/run_pages.py $(PAGES)

site: dev ## Build the documentation's site into build/site; a broken link fails
	$(VENV)/python scripts/site.py

release: dev ## Set the version, close the changelog's section, commit, tag, build (VERSION=1.2.3)
	@$(VENV)/python scripts/release.py $(VERSION)

dist: venv ## Build the source distribution and the wheel into dist/
	@$(VENV)/python scripts/dist.py

lock: venv ## Lock the versions again after an edit of pyproject.toml (LOCK_ARGS=--upgrade for newer ones)
	$(VENV)/python scripts/lock.py $(LOCK_ARGS)

# Everything runs in .venv, which is made from python3 and nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: docs-site help demo test lint types tests evidence self docs pictures lock ecosystem scripts house bench bench-limit bench-findings bench-handlers bench-added start-up growth large hostile shares generated migrations seeded clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

# The package with its dependencies, as a user gets it.
$(VENV)/.installed: pyproject.toml src/pymodernize/__init__.py
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --editable .
	touch $@

# The development tools, each pinned with its hashes; the package itself on top, built with the pinned hatchling.
$(VENV)/.developed: requirements/dev.txt pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes --no-deps --requirement requirements/dev.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@ $(VENV)/.installed

demo: $(VENV)/.installed  ## preview what would become of two example scripts
	$(BIN)/pymodernize --dry-run fixtures/_scripts/stock_menu fixtures/print-to-logging/guarded_script/before.py

test: $(VENV)/.developed  ## lint, types, our own rules on our own code, and tests with coverage
	$(MAKE) --jobs 2 lint types self
	$(MAKE) tests

lint: $(VENV)/.developed  ## ruff: rules and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.developed  ## pyright
	$(BIN)/pyright

tests: $(VENV)/.developed  ## the tests, in parallel, with coverage of every process
	rm -f .coverage .coverage.*
	$(BIN)/python -m pytest -n auto --dist worksteal --cov --cov-report=term

# A failure shows how to reproduce it; it becomes a fixture, or an @example, together with what mends it.
SEED ?= $(shell date +%s)
EVIDENCE ?= 20

evidence: $(VENV)/.developed  ## long random runs: EVIDENCE times the suite's own examples, from a SEED that is shown
	@echo "SEED=$(SEED) EVIDENCE=$(EVIDENCE)"
	PYMODERNIZE_EVIDENCE=$(EVIDENCE) SIGNAL_SEED=$(SEED) \
		$(BIN)/python -m pytest -n auto --hypothesis-seed=$(SEED) $$(grep -rlE 'hypothesis|SIGNAL_SEED' tests --include='test_*.py')

self: $(VENV)/.developed  ## our own rules on our own code, and generated pages up to date
	$(BIN)/pymodernize --check src codemods tests benchmarks tools
	$(BIN)/pymodernize audit --check
	$(BIN)/python tools/reference.py --check
	$(BIN)/python tools/worked_example.py --check
	$(BIN)/python tools/equivalence.py --check
	$(BIN)/python tools/assumptions.py --check
	$(BIN)/python tools/man_page.py --check
	$(BIN)/python tools/reference_pages.py --check

docs: $(VENV)/.developed  ## write codemods/README.md from the docstrings and fixtures, docs/paths.md and the example before and after from runs, the manual page from the help
	$(BIN)/python tools/reference.py
	$(BIN)/python tools/worked_example.py
	$(BIN)/python tools/equivalence.py
	$(BIN)/python tools/assumptions.py
	$(BIN)/python tools/man_page.py
	$(BIN)/python tools/reference_pages.py

docs-site: $(VENV)/.developed  ## build the documentation site into build/site; a link that leads nowhere is an error
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet

pictures: $(VENV)/.developed  ## draw docs/pictures.md: what commands print by rich's SVG export, the report in a browser
	$(BIN)/python tools/pictures.py

lock: $(VENV)/.developed  ## pin the newest versions of all dependencies
	$(PIP) install --require-hashes --no-deps --requirement requirements/lock.txt
	cd requirements && for name in dev bench lock sdists; do ../$(BIN)/uv pip compile --quiet --universal --no-strip-extras --python-version 3.10 \
		--generate-hashes --no-emit-index-url --no-header --no-annotate $$name.in --output-file $$name.txt; done

$(VENV)/.benched: requirements/bench.txt $(VENV)/.developed
	$(PYTHON) -m venv $(VENV)/peers
	$(VENV)/peers/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --no-deps -r requirements/bench.txt
	touch $@

# Where the tests of the sdists run.
$(VENV)/.suites: requirements/sdists.txt $(VENV)/.developed
	$(PYTHON) -m venv --clear $(VENV)/suites
	$(VENV)/suites/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes --no-deps -r requirements/sdists.txt
	touch $@

ecosystem: $(VENV)/.suites  ## the standard library and sdists: no crash, compiles, second pass empty, their tests
	$(BIN)/python benchmarks/ecosystem.py $(ARGUMENTS)

scripts: $(VENV)/.suites  ## collections of scripts ($$PYMODERNIZE_SCRIPTS) and the sdists, executed before and after
	$(BIN)/python benchmarks/scripts.py $(ARGUMENTS)

shares: $(VENV)/.suites  ## what part of the findings is rewritten, by what is assumed, in the same
	$(BIN)/python benchmarks/shares.py $(ARGUMENTS)

generated: $(VENV)/.developed  ## generated inputs for rewrites of paths, by what they assume
	$(BIN)/python benchmarks/generated.py $(ARGUMENTS)

house: $(VENV)/.developed  ## how scripts of $$PYMODERNIZE_SCRIPTS grow by a rewrite, and what an owner would ask about
	$(BIN)/python benchmarks/house.py $(ARGUMENTS)

migrations: $(VENV)/.developed  ## commits that migrate makes of $$PYMODERNIZE_SCRIPTS, and their receipts made again elsewhere
	$(BIN)/python benchmarks/migrations.py $(ARGUMENTS)

seeded: $(VENV)/.suites  ## migrate --verify over sdists with their own tests, among whose rewrites some are wrong on purpose
	$(BIN)/python benchmarks/seeded.py $(ARGUMENTS)

bench: $(VENV)/.benched  ## whole commands beside their peers, interleaved; writes benchmarks/README.md
	$(BIN)/python benchmarks/bench.py

bench-limit: $(VENV)/.developed  ## how many times the CPU of the bare parser a run takes
	$(BIN)/python benchmarks/limit.py

start-up: $(VENV)/.developed  ## what --version and a file without findings take, over import click; writes benchmarks/README.md
	$(BIN)/python benchmarks/start_up.py

growth: $(VENV)/.developed  ## how time and memory grow with a file and a project; writes benchmarks/README.md
	$(BIN)/python benchmarks/growth.py $(ARGUMENTS)

large: $(VENV)/.developed  ## CPU time and memory of generated inputs that once had no end; writes benchmarks/README.md
	$(BIN)/python benchmarks/large.py $(ARGUMENTS)

hostile: $(VENV)/.developed  ## a run over two thousand generated files that ask for more than they are worth
	$(BIN)/python benchmarks/hostile.py $(ARGUMENTS)

bench-handlers: $(VENV)/.suites  ## the share of bare excepts that get types, and what reached them in the sdists' tests
	$(BIN)/python benchmarks/handlers.py $(ARGUMENTS)

bench-findings: $(VENV)/.suites  ## findings of ruff and type errors before and after; writes benchmarks/README.md
	$(BIN)/python benchmarks/findings.py --select os-path-to-pathlib,path-concatenation --rules PTH --write findings

bench-added: $(VENV)/.developed  ## the CPU time that the path codemods add to print-to-logging's
	$(BIN)/python benchmarks/added.py --of os-path-to-pathlib path-concatenation --to print-to-logging --most 0.5

clean:  ## remove what was made
	rm -rf $(VENV) build dist .coverage .coverage.* .pytest_cache .ruff_cache .hypothesis

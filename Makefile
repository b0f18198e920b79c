# Everything runs in the project's own environment, .venv, which `make` sets up by itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DEMO := build/demo

ROUNDS := 50

# The tests start the tool some hundred times: sooner where Python keeps what it has compiled.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo docs picture test test-wide test-fast test-long soak coverage mutants check fmt bench bench-large clean

help: ## Show what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(READY) ## Set up .venv with the tool and everything that develops it

$(READY): pyproject.toml .ci/constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("timingctl needs Python 3.11 or newer") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint .ci/constraints.txt --editable '.[dev]'
	@touch $@

demo: $(READY) ## Build and report on a fixture, then on a made-up inbox
	@mkdir -p $(DEMO)
	$(BIN)/timingctl build fixtures/tour --output $(DEMO)/events.parquet
	@$(BIN)/python -c "$$SHOW_EVENTS" $(DEMO)/events.parquet
	$(BIN)/timingctl report $(DEMO)/events.parquet --exports fixtures/tour --maturity-days 1 \
	  --section overview --section responders --section response-time --section delay-check
	@rm -rf $(DEMO)/inbox
	$(BIN)/timingctl generate $(DEMO)/inbox --leads 2000
	$(BIN)/timingctl build $(DEMO)/inbox --output $(DEMO)/inbox.duckdb
	$(BIN)/timingctl report $(DEMO)/inbox.duckdb --quiet --html $(DEMO)/inbox.html

define SHOW_EVENTS
import sys
import polars as pl

names = {
    "inboundSentAt": "inbound", "leadId": "lead", "channel": "channel",
    "setterSentByUserId": "setter", "setterResponseMs": "setter ms", "aiResponseMs": "AI ms",
    "aiChosenDelaySeconds": "chosen s", "aiActualDelaySeconds": "actual s",
}
events = pl.read_parquet(sys.argv[1]).select(pl.col(names).name.map(names.get))
with pl.Config(tbl_rows=-1, tbl_width_chars=100, tbl_hide_dataframe_shape=True,
               tbl_hide_column_data_types=True, tbl_formatting="NOTHING"):
    print(events.with_columns(pl.col("inbound").dt.strftime("%d %H:%M:%S")))
endef
export SHOW_EVENTS

docs: $(READY) ## Build the docs as a site in build/site
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --config-file .ci/mkdocs.yml
	@echo "Open build/site/index.html; with search: $(BIN)/mkdocs serve --config-file .ci/mkdocs.yml"

PICTURE := build/picture

picture: $(READY) ## Make docs/images/report.png anew; needs Chromium
	@rm -rf $(PICTURE)
	$(BIN)/timingctl generate $(PICTURE)/inbox --leads 2000 --quiet
	$(BIN)/timingctl build $(PICTURE)/inbox --output $(PICTURE)/inbox.duckdb --quiet
	$(BIN)/timingctl report $(PICTURE)/inbox.duckdb --quiet --html $(PICTURE)/report.html
	@mkdir -p docs/images
	chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1000,866 \
	  --user-data-dir=$(PICTURE)/profile --screenshot=docs/images/report.png \
	  file://$(CURDIR)/$(PICTURE)/report.html 2>/dev/null

test: $(READY) ## Try every promise
	$(BIN)/pytest -n auto --dist worksteal -m "not wide"

test-wide: $(READY) ## The other tests: what takes long, and promises in many more cases
	$(BIN)/pytest -n auto --dist worksteal -m wide

# The definitions and the layout: no processes, servers or pages.
FAST := tests/spec tests/properties tests/test_layout.py

test-fast: $(READY) ## The tests of the inner loop, in a minute
	$(BIN)/pytest -n auto --hypothesis-profile fast $(FAST)

# What tries less in `make test` than it could.
LONG := tests/properties tests/inbox/test_model.py tests/report/test_model.py tests/clocks/test_model.py \
  tests/explain/test_agreement.py tests/explain/test_surroundings.py tests/fuzz tests/faults tests/postgres \
  tests/pipeline/test_determinism.py tests/cli/test_build.py \
  tests/windows/test_recovery.py tests/spec/test_delay.py tests/effects/test_model.py \
  tests/effects/test_simulation.py tests/engine tests/buckets/test_lake.py tests/syncing tests/security/test_secrets.py \
  tests/explain/test_inboxes.py tests/test_benchmarks.py

# Apache Spark, apart from the client of the same name in .venv; it needs Java 17.
SPARK := build/spark

$(SPARK): .ci/constraints.txt
	$(BIN)/python -m pip install --quiet --no-deps --target $(SPARK) \
	  pyspark==$$(sed -n 's/^pyspark-client==//p' .ci/constraints.txt)
	@touch $@

test-long: $(READY) $(SPARK) ## Slow models on 10,000 random inputs each, fuzzing, kills at 30 instants, Apache Spark: hours
	$(BIN)/pytest -n auto $(LONG) --hypothesis-profile long

soak: $(READY) ## What signals, other runs or sessions meet, 50 times while both cores burn: hours
	$(BIN)/python -m tests.soak $(ROUNDS)

# These limit or interrupt the process while coverage is at its own files.
NOT_MEASURED := tests/cli/test_build.py::test_a_signal_leaves_no_partial_file \
  tests/faults/test_disks.py::test_a_limit_on_the_size_of_files

coverage: $(READY) ## Run every test and show what no test runs
	@mkdir -p build/coverage
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n auto --dist worksteal $(addprefix --deselect ,$(NOT_MEASURED))
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

mutants: $(READY) ## Change the heart a little, many times; each time a test must fail
	$(BIN)/python -m tests.mutants

check: $(READY) ## Lint, types, formatting, layers, known vulnerabilities; changes no file
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfmt --check --quiet sql
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python .ci/audit.py

fmt: $(READY) ## Format Python and SQL, and mend what ruff can
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .
	$(BIN)/sqlfmt --quiet sql

bench: $(READY) ## Measure the build beside other ways, on 2.5 million messages
	$(BIN)/python -m benchmarks

bench-large: $(READY) ## Measure the build on 25 million messages, and with little memory
	$(BIN)/python -m benchmarks --leads 1270000 --repeats 3 --only floor --only memory

clean: ## Remove what make has made
	rm -rf $(VENV) build dist

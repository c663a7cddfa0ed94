# `make demo` shows what mlgen does, `make test` proves it; each target does all its set-up itself.
# It needs Python 3.11 or newer, git and make. Another Python: make PYTHON=/path/to/python3 test

PYTHON :=
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input

.DEFAULT_GOAL := help
.PHONY: help demo test proof lint bench dist pins schemas clean

help:
	@echo "make demo     render the reference platform and show what became of it"
	@echo "make test     run the tests"
	@echo "make lint     ruff and mypy --strict"
	@echo "make proof    run the long tests, resumably; writes docs/proof.md"
	@echo "make bench    measure start-up and rendering; writes docs/bench.md"
	@echo "make dist     build the wheel and the sdist, the same bytes wherever, and say what is in them (SBOM)"
	@echo "make pins     pin in .ci/ everything that is installed for tests and releases, by hash"
	@echo "make schemas  rewrite the generated schemas and pages from their sources"

demo: $(VENV)/.runtime
	@$(BIN)/python tests/demo.py

test: $(VENV)/.dev
	@$(BIN)/python -m pytest -q -rs -n auto --dist loadgroup

proof: $(VENV)/.dev
	@$(BIN)/python tests/proof.py

lint: $(VENV)/.dev
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy

bench: $(VENV)/.dev
	@$(BIN)/python tests/bench/run.py

schemas: $(VENV)/.dev
	@$(BIN)/python tests/tools/compose_schemas.py
	@$(BIN)/python -m tests.tools.native_schemas
	@$(BIN)/python -m tests.tools.compose_docs

# Dated by the commit, so that anybody can build the same bytes. The SBOM is not for the index: it lies beside.
dist: $(VENV)/.dev
	@rm -rf dist build
	@SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(BIN)/python -m build --no-isolation >/dev/null
	@mkdir -p build
	@$(BIN)/cyclonedx-py requirements .ci/runtime.txt --pyproject pyproject.toml --output-reproducible \
	  --output-file build/mlgen.cdx.json
	@ls -l dist build/mlgen.cdx.json

# For every Python and system at once. Files are known by their hashes, wherever they come from: no index is named.
PINS := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
  --no-emit-index-url --upgrade pyproject.toml
pins: $(VENV)/.dev
	@$(PINS) --extra policies --output-file .ci/runtime.txt
	@$(PINS) --all-extras --constraints .ci/runtime.txt --output-file .ci/requirements.txt

clean:
	rm -rf $(VENV) .ci/bin build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Two steps, because a demo should not wait for the 108 MB of Kubernetes schemas that only the tests compare with.
$(VENV)/.runtime: pyproject.toml
	@$(if $(PYTHON),set -- $(PYTHON),set -- python3 python3.14 python3.13 python3.12 python3.11 python); \
	test -x $(BIN)/python && set -- $(BIN)/python; \
	for python in "$$@"; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    echo "setting up $(VENV) with $$("$$python" --version)" >&2; \
	    test -x $(BIN)/python || "$$python" -m venv $(VENV) || exit 1; \
	    $(PIP) install --editable . || exit 1; \
	    touch $@; exit 0; \
	  fi; \
	done; \
	echo "mlgen needs Python 3.11 or newer; tried $$*. Name one: make PYTHON=/path/to/python3" >&2; exit 1

$(VENV)/.dev: $(VENV)/.runtime .ci/requirements.txt
	@$(PIP) install --require-hashes --requirement .ci/requirements.txt
	@touch $@

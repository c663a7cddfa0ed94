# `make demo` shows what mlgen does, `make test` proves it; each target does all its set-up itself.
# It needs Python 3.11 or newer, git and make. Another Python: make PYTHON=/path/to/python3 test

PYTHON :=
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input

.DEFAULT_GOAL := help
.PHONY: help demo test proof lint bench schemas clean

help:
	@echo "make demo     render the reference platform and show what became of it"
	@echo "make test     run the tests"
	@echo "make lint     ruff and mypy --strict"
	@echo "make proof    run the long tests, resumably; writes docs/proof.md"
	@echo "make bench    measure start-up and rendering; writes docs/bench.md"
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

$(VENV)/.dev: $(VENV)/.runtime
	@$(PIP) install --editable '.[dev]'
	@touch $@

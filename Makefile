# make demo   a look at it: a mail server in memory, fourteen mails, their drafts
# make test   lint, types and every test; installs what it needs
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint types bench soak clean

demo: .venv/ready
	@$(BIN)/mailassist demo

test: .venv/ready servers lint types
	@$(BIN)/python -m pytest

soak: .venv/ready servers
	@$(BIN)/python -m pytest --soak

lint: .venv/ready
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: .venv/ready
	@$(BIN)/mypy

# Installs the IMAP servers and clients the tests run against, or says in one line which it leaves out.
.PHONY: servers
servers: .venv/ready
	@$(BIN)/python -m tests.servers install

.venv/ready: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "mailassist needs Python 3.11 or newer; name one with: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python has no venv here; install it with: apt-get install python3-venv"; exit 1; }
	@test -d .venv || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch .venv/ready

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache

# make demo   a look at it: a mail server in memory, fourteen mails, their drafts
# make test   lint, types and every test; installs what it needs
# make docs   the documentation, build/docs/index.html; warnings are errors
# make bench  everything measured beside floors and peers; MAILS="1000 10000" for the growth of a pass
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint types docs pictures bench soak clean

demo: .venv/ready
	@$(BIN)/mailassist demo

test: .venv/ready servers lint types docs
	@$(BIN)/python -m pytest

soak: .venv/ready servers
	@$(BIN)/python -m pytest --soak

MAILS ?= 1000
LABELLED ?=

# Each leaves out the peers that are not installed. Intents and drafts are measured on labelled mails they were not
# learned from: make bench LABELLED=mails.jsonl
bench: .venv/ready servers
	@$(BIN)/python benchmarks/start.py
	@$(BIN)/python benchmarks/stages.py
	@$(BIN)/python benchmarks/memory.py 1 10 50
	@$(BIN)/python benchmarks/files.py $(MAILS)
	@$(BIN)/python benchmarks/run.py $(MAILS)
	@$(BIN)/python benchmarks/latency.py 10
	@$(BIN)/python benchmarks/reading.py
	@$(BIN)/python benchmarks/language.py
	@$(BIN)/python benchmarks/tone.py
	@if [ -n "$(LABELLED)" ]; then $(BIN)/python benchmarks/intent.py $(LABELLED); \
	  $(BIN)/python benchmarks/drafts.py $(LABELLED); \
	  else echo "intents and drafts: left out; name labelled mails with LABELLED=mails.jsonl"; fi

lint: .venv/ready
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: .venv/ready
	@$(BIN)/mypy

docs: .venv/ready
	@$(BIN)/python -m sphinx -q -W --keep-going -b html docs build/docs
	@echo "the documentation lies in build/docs/index.html"

# The pictures of a terminal in the documentation, made anew from real runs.
pictures: .venv/ready
	@$(BIN)/python docs/pictures.py

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

# otedge.endpoint: `make rollout` shows it, `make check` is lint and unit, `make test` is everything CI runs.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c

PYTHON ?= $(shell tests/tools/find_python.sh 3.11)
VENV := .venv
BIN := $(CURDIR)/$(VENV)/bin

export PATH := $(BIN):$(PATH)
export ANSIBLE_CONFIG := $(CURDIR)/ansible.cfg
export ANSIBLE_HOME := $(CURDIR)/.cache/ansible
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.cache/cp
export OTEDGE_COLLECTIONS_PATH := $(CURDIR)/.cache/cp

.PHONY: help rollout check test bench lint unit clean
help:
	@echo "make rollout   the whole rollout on the simulated plant-a (KEEP=1 leaves it up)"
	@echo "make check     lint and unit tests"
	@echo "make test      everything CI runs"
	@echo "make bench     the measured claims (ONLY=switches for those rows alone)"
	@echo "make clean     removes what the other targets made"

# Playbooks and plugins resolve by full name straight from this checkout.
.cache/cp/ansible_collections/otedge/endpoint:
	@mkdir -p $(@D) && ln -sfn ../../../.. $@

$(VENV)/.rollout: requirements.txt requirements-opcua.txt requirements-twin.txt
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed; none was found. Install python3 and python3-venv."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -qq "ansible-core>=2.19" -r requirements.txt -r requirements-opcua.txt -r requirements-twin.txt
	@touch $@

$(VENV)/.test: $(VENV)/.rollout tests/requirements.txt
	$(BIN)/pip install -qq -r tests/requirements.txt
	@touch $@

rollout: $(VENV)/.rollout .cache/cp/ansible_collections/otedge/endpoint
	@tests/lab/rollout.sh

lint unit check: $(VENV)/.test .cache/cp/ansible_collections/otedge/endpoint
	@tests/tools/suite.sh $@

test: $(VENV)/.test .cache/cp/ansible_collections/otedge/endpoint
	@tests/tools/suite.sh test

bench: $(VENV)/.test .cache/cp/ansible_collections/otedge/endpoint
	@$(BIN)/python tests/bench/run.py $(ONLY)

clean:
	@rm -rf .cache .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .ansible

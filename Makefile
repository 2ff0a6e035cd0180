# `make` alone lists what there is. Needs make, git and python3 (3.11 or newer); the rest it installs or names.

PYTHON ?= python3
BIN := .venv/bin
RUN_PACKAGES := python3-venv libgl1 libgl1-mesa-dri libegl1 libxcursor1 libxi6 libxrandr2 libxss1 libxfixes3
HEADLESS_PACKAGES := xvfb xdotool chromium libatomic1
TEST_PACKAGES := postgresql libzbar0
FAULT_PACKAGES := strace e2fsprogs gcc libc6-dev
BUNDLE_PACKAGES := binutils espeak-ng
DEB_PACKAGES := $(BUNDLE_PACKAGES) dpkg-dev
INSTALL_PACKAGES := debootstrap systemd-container iproute2 e2fsprogs grim python3

# Compiled once, not by each of the thousand processes that the tests start.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test check unit broken endtoend faults bench screens bundle package test-install clean system-run system-headless system-test

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null || sed -n 's/^\([a-z-]*\):.*## /  make \1   /p' $(MAKEFILE_LIST)

run: system-run .venv/ready ## try it: server, demo commune and kiosk, until Ctrl-C
	@exec $(BIN)/python -m tests.stage.tryout

test: system-test .venv/ready ## everything that CI runs
	@$(MAKE) --no-print-directory -j 2 check unit
	@$(MAKE) --no-print-directory -j 2 broken endtoend

check: .venv/ready ## style, types, import contracts
	$(BIN)/ruff check . | sed -u 's/^/check    | /'
	$(BIN)/ruff format --check . | sed -u 's/^/check    | /'
	$(BIN)/mypy | sed -u 's/^/check    | /'
	$(BIN)/lint-imports | sed -u 's/^/check    | /'

unit: .venv/ready ## each rule by itself, the server's on SQLite and on PostgreSQL
	$(BIN)/pytest -n auto -m "not endtoend and not fault and not nightly" --ignore=tests/endtoend --ignore=tests/install
	$(BIN)/pytest -n auto -m "not endtoend and not nightly and not once" tests/server --database=postgresql

broken: .venv/ready ## the same broken on purpose, in small numbers: power cuts, damage, hostile networks, crashes
	$(BIN)/pytest -m "fault and not endtoend and not nightly" tests/faults tests/server tests/sync | sed -u 's/^/broken   | /'

endtoend: .venv/ready ## server, kiosk on a virtual screen, pointer and browser, all real
	nice $(BIN)/pytest -n 5 --dist loadgroup --no-loadscope-reorder -m "endtoend and not nightly" --tb=native tests/endtoend tests/screens tests/second_client | sed -u 's/^/endtoend | /'

# `broken` has one process, so it has the machine's first attention; `nice`, or it would go on alone for minutes.
check broken endtoend: SHELL := /bin/bash
check broken endtoend: .SHELLFLAGS := -o pipefail -c

faults: system-test .venv/ready ## break everything on purpose, for hours; FAULTS="--only T3 --cases-scale 0.1" a piece; writes docs/reliability.md
	$(BIN)/python -m tests.faults $(FAULTS)

bench: system-test .venv/ready ## measure beside peers in one run; writes docs/performance.md
	$(BIN)/python -m bench

screens: system-test .venv/ready ## photograph every screen into docs/screens, and those of the guides into docs/vi/pictures
	$(BIN)/python -m tests.stage.screens

bundle: system-run .venv/ready ## the kiosk as one folder, by PyInstaller
	@packages="$(BUNDLE_PACKAGES)"; $(install-missing)
	$(BIN)/python -m tools.package bundle

package: system-run .venv/ready ## Debian packages into dist/, with sums and signature; HAILONG_RELEASE_KEY names the publisher's key
	@packages="$(DEB_PACKAGES)"; $(install-missing)
	$(BIN)/python -m tools.package kiosk
	$(BIN)/python -m tools.package server

test-install: system-test .venv/ready ## what `make package` makes, in clean Debian 12 systems that boot here; needs root
	@packages="$(DEB_PACKAGES) $(INSTALL_PACKAGES)"; $(install-missing)
	$(BIN)/pytest -m install tests/install

clean: ## forget the environment and what was run
	rm -rf .venv .run build dist

system-run:
	@packages="$(RUN_PACKAGES) $$([ -n "$$DISPLAY$$WAYLAND_DISPLAY" ] || echo $(HEADLESS_PACKAGES))"; $(install-missing)

system-test:
	@packages="$(RUN_PACKAGES) $(HEADLESS_PACKAGES) $(TEST_PACKAGES) $(FAULT_PACKAGES)"; $(install-missing)

# What Debian packages are missing: installed where we may, else named. On another system: said, and left to the person.
define install-missing
if ! command -v dpkg-query >/dev/null; then echo "Not a Debian system: please see to it that it has what these packages hold: $$packages"; exit 0; fi; \
missing=; for p in $$packages; do dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; done; \
[ -n "$$missing" ] || exit 0; \
if [ "$$(id -u)" = 0 ]; then sudo=; elif sudo -n true 2>/dev/null; then sudo=sudo; \
else echo "Please install these packages first: sudo apt-get install$$missing"; exit 1; fi; \
echo "Installing:$$missing"; \
$$sudo apt-get update -q >/dev/null && $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $$missing >/dev/null
endef

.venv/ready: pyproject.toml setup.py constraints.txt $(wildcard assets/locale/*/LC_MESSAGES/*.po)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is %d.%d (choose another: make PYTHON=python3.12 …)" % sys.version_info[:2])'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q --disable-pip-version-check -c constraints.txt -e '.[server,bundle,dev]'
	@touch $@

# make demo      real house prices, from a fresh machine to predictions
# make test      everything that must hold, in minutes
# make test-all  the long rest as well
# make check     format, lint, types, import layers
# make views     the views anew, from frontend/ (needs Node 20)
# make test-views   the views, drawn in Chromium one by one (needs Node 20)
# make pictures  the pictures of README.md anew
# make docs      the outputs that README.md and docs/ show, anew
# make site      the pages of docs/ as a site, in build/site
# make size      how much an installation weighs
# make install   .venv with every extra, for people who work on it

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
export PYTHONUTF8 = 1

.PHONY: demo test test-all test-views browser node check install views pictures docs site size \
  bench-accuracy bench-speed bench-formula bench-groups clean

.venv/pip:
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "mapsto needs Python 3.11 or newer"'
	$(PYTHON) -m venv .venv || { echo "Python's venv module is missing: on Debian, apt install python3-venv"; exit 1; }
	$(PIP) --upgrade 'pip>=25.1'
	touch $@

.venv/demo: .venv/pip pyproject.toml
	$(PIP) --editable . --group demo
	touch $@

.venv/test: .venv/pip pyproject.toml
	$(PIP) --editable '.[all]' --group demo --group test
	touch $@

.venv/docs: .venv/pip pyproject.toml
	$(PIP) --editable . --group docs
	touch $@

.venv/notebooks: .venv/test
	$(PIP) --group notebooks
	touch $@

.venv/check: .venv/pip pyproject.toml
	$(PIP) --editable . --group check
	touch $@

demo: .venv/demo
	$(BIN)/mapsto demo

# The tests look at pages in the system's Chromium, and at Chinese text.
browser:
	@which chromium >/dev/null 2>&1 || which google-chrome >/dev/null 2>&1 || { \
	  test "$$(id -u)" = 0 && which apt-get >/dev/null && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    chromium fonts-noto-cjk fonts-dejavu-core >/dev/null; } || \
	  echo 'No Chromium: install it to run the tests that look at pages'

node:
	@which npm >/dev/null 2>&1 || { \
	  test "$$(id -u)" = 0 && which apt-get >/dev/null && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	    nodejs npm >/dev/null; }
	@node -e 'process.exit(+(parseInt(process.versions.node) < 20))' || { \
	  echo 'The views are built and tested with Node 20 or newer'; exit 1; }

frontend/node_modules: frontend/package-lock.json | node
	cd frontend && npm ci --ignore-scripts --no-audit --no-fund
	touch $@

test: .venv/test browser
	$(BIN)/python -m pytest -n auto -m 'not slow'

test-all: .venv/notebooks browser
	$(BIN)/python -m pytest -n auto

check: .venv/check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

install: .venv/test .venv/check

views: frontend/node_modules
	cd frontend && npm run check && npm run build

test-views: frontend/node_modules browser
	cd frontend && npm run check && npm test

pictures: .venv/test browser
	$(BIN)/python docs/pictures.py

docs: .venv/test
	$(BIN)/python tests/test_docs.py

site: .venv/docs
	$(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going docs build/site
	@echo build/site/index.html

size:
	$(PYTHON) -m venv .venv-size && .venv-size/bin/python -m pip install --quiet .
	@echo MB: $$(du -sm .venv-size/lib/python*/site-packages | cut -f1), \
	  packages: $$(.venv-size/bin/python -m pip list --format=freeze | wc -l)
	@rm -rf .venv-size

bench-accuracy: .venv/test
	$(BIN)/python benchmarks/accuracy.py $(if $(TABLES),--tables $(TABLES))
	$(BIN)/python benchmarks/tables.py

bench-speed: .venv/test
	$(BIN)/python benchmarks/speed.py $(if $(TORCH),--torch $(TORCH))
	$(BIN)/python benchmarks/tables.py

bench-formula: .venv/test
	$(BIN)/python benchmarks/formula.py
	$(BIN)/python benchmarks/tables.py

bench-groups: .venv/test
	$(BIN)/python benchmarks/groups.py $(if $(TABLES),--tables $(TABLES))
	$(BIN)/python benchmarks/tables.py

clean:
	rm -rf .venv dist build

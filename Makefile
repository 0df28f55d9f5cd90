# `make run` starts the platform, `make test` tests it; `make help` says the rest.
PYTHON ?= python3
export HOST ?= 127.0.0.1
export PORT ?= 8000

.PHONY: run test coverage check bench lock translations help

run:
	@$(PYTHON) tools/setup.py run
	@exec .venv/bin/coursehub run

test:
	@$(PYTHON) tools/setup.py test
	@$(PYTHON) tools/testing.py $(ARGS)

coverage:
	@$(PYTHON) tools/setup.py test
	@$(PYTHON) tools/testing.py --coverage $(ARGS)

check:
	@$(PYTHON) tools/setup.py check
	@.venv/bin/python tools/check.py

bench:
	@$(PYTHON) tools/setup.py bench
	@.venv/bin/coursehub bench pages
	@.venv/bin/coursehub bench content

lock:
	@.venv/bin/python tools/lock.py

translations:
	@.venv/bin/python tools/translations.py

help:
	@echo "make run            set up, load content and demo data, serve (HOST, PORT)"
	@echo "make test           set up, run every test (ARGS=\"-k words\")"
	@echo "make coverage       the same, and which branches no test reached (var/coverage/html)"
	@echo "make check          lint, format, types, import law, templates, translations, migrations"
	@echo "make bench          the benchmark table"
	@echo "make lock           resolve the dependencies again and write requirements/"
	@echo "make translations   bring translations/ up to date with the code"

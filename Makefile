# The two commands of a newcomer are `make run` and `make test`; both set up .venv first.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test chaos soak check format bench setup clean

setup:
	@$(PYTHON) scripts/setup_env.py

run: setup
	@$(BIN)/threadsight console

test: setup
	@$(BIN)/python -m pytest

# The bot is killed 300 times; tests/chaos has a short version among the tests.
chaos: setup
	@$(BIN)/python -m tests.chaos

# 500 threads ask for half an hour while platforms fail now and then; likewise.
soak: setup
	@$(BIN)/python -m tests.soak

check: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: setup
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: setup
	@$(BIN)/python -m benchmarks

clean:
	rm -rf .venv build *.egg-info

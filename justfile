# What a developer runs; `just` lists it. Each recipe is one command you can also type.

_list:
    @just --list --unsorted

# Install the project and all that its tests need, at the locked versions, and the commit hook
setup:
    pip install -c requirements.lock -e '.[test]'
    pre-commit install

# Style, types and the direction of imports
lint:
    ruff check .
    ruff format --check .
    mypy
    lint-imports

# Every test, on all cores
test:
    pytest -n auto

# Every test that takes a fraction of a second and needs no server
fast:
    pytest -n auto -m "not slow"

# The benchmarks (planning, editing, scheduling, memory; all, or those named)
bench *names:
    python -m lecture_assets_tests.bench {{names}}

# Write the tables and drawings of README and docs anew from the code (`just readme pictures`: and draw README's pictures)
readme *what:
    python -m lecture_assets_tests.readme {{what}}

# Write docs/schemas anew from the types
schemas:
    python -m lecture_assets_tests.schemas

# Keep the API's contract, docs/api.graphql, and write the clients in docs/clients anew from it
clients:
    python -m lecture_assets_tests.api.contract
    python -m lecture_assets_tests.clients.writing

# Mend what a machine can mend
fix:
    ruff check --fix .
    ruff format .

# Pin the newest allowed versions, for every platform and Python (needs uv)
lock:
    uv pip compile --upgrade --universal --python-version 3.11 --extra test --extra fonts --extra voice pyproject.toml \
        --no-header --no-annotate --no-emit-index-url -o requirements.lock

# Lint, test, and every branch of the pure rooms: what a change must pass
check: lint test
    pytest -q -n auto --cov=lecture_assets.graph --cov=lecture_assets.timeline --cov-branch --cov-fail-under=100 \
        lecture_assets_tests/graph lecture_assets_tests/timeline

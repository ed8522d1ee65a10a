#!/usr/bin/env bash
# Run the steps of `make check` or `make test`; count them; the last line is the plain line of counts.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root" || exit 1
passed=0 failed=0 skipped=0 wanted=${1:-check}
logs=$root/.cache/logs
mkdir -p "$logs"

step() { # name, command...
    local name=$1 started=$SECONDS
    shift
    if "$@" >"$logs/$name.log" 2>&1; then
        passed=$((passed + 1))
        printf 'ok      %-28s %4d s\n' "$name" $((SECONDS - started))
    else
        failed=$((failed + 1))
        printf 'FAILED  %-28s %4d s\n' "$name" $((SECONDS - started))
        tail -n 60 "$logs/$name.log" | sed 's/^/        /'
    fi
    # shellcheck disable=SC2126
    grep -E '^[0-9]+ (passed|failed)|[0-9]+ passed' "$logs/$name.log" | tail -n 1 | sed 's/^/        /'
}

skip() {
    skipped=$((skipped + 1))
    printf 'skipped %-28s %s\n' "$1" "$2"
}

lint() {
    step ruff ruff check .
    step ruff-format ruff format --check .
    step mypy env MYPYPATH=.cache/cp mypy --config-file pyproject.toml -p ansible_collections.otedge.endpoint.plugins
    step ansible-lint ansible-lint --offline
}

unit() {
    step unit-2.19 env PYTHONPATH=.cache/cp python -m pytest tests/unit
}

everything() {
    step antsibull-docs antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=self .
    step changelog antsibull-changelog lint
    step ansible-doc tests/tools/ansible_doc.sh
    step artefact tests/tools/artefact.sh
    step integration env PYTHONPATH=.cache/cp python -m pytest tests/integration
    step molecule tests/tools/molecule.sh
    step sanity-2.19 tests/tools/sanity.sh python --skip-test pylint
    newer=$(tests/tools/find_python.sh 3.12)
    if [ -n "$newer" ]; then
        step venv-2.21 tests/tools/venv_2_21.sh "$newer"
        step unit-2.21 env PYTHONPATH=.cache/cp .cache/venv-2.21/bin/python -m pytest tests/unit
        step rollout-2.21 env PATH="$root/.cache/venv-2.21/bin:$PATH" OTEDGE_RUN_DIR="$root/.cache/twin-2.21" tests/lab/rollout.sh
        step sanity-2.21 tests/tools/sanity.sh "$root/.cache/venv-2.21/bin/python"
    else
        skip core-2.21 "no Python 3.12 or newer was found"
    fi
}

case $wanted in
    lint) lint ;;
    unit) unit ;;
    check) lint; unit ;;
    test) lint; unit; everything ;;
    *) echo "unknown suite $wanted" >&2; exit 2 ;;
esac
echo
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]

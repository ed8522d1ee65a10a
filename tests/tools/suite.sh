#!/usr/bin/env bash
# Run the steps of `make check` or `make test`, two lanes side by side; the last line is the plain line of counts.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
cd "$root" || exit 1
wanted=${1:-check}
logs=$root/.cache/logs
counts=$logs/counts
mkdir -p "$logs"
: >"$counts"

step() { # name, command...
    local name=$1 started=$SECONDS verdict=ok
    shift
    "$@" >"$logs/$name.log" 2>&1 </dev/null || verdict=FAILED
    {
        printf '%-7s %-20s %4d s  %s\n' "$verdict" "$name" $((SECONDS - started)) \
            "$(grep -E '[0-9]+ (passed|failed)' "$logs/$name.log" | tail -n 1)"
        [ "$verdict" = ok ] || tail -n 60 "$logs/$name.log" | sed 's/^/        /'
    } >"$logs/$name.said"
    cat "$logs/$name.said" # at once, so that two lanes do not mix
    echo "$verdict" >>"$counts"
}

skip() {
    printf 'skipped %-20s         %s\n' "$1" "$2"
    echo skipped >>"$counts"
}

lint() {
    step ruff ruff check .
    step ruff-format ruff format --check .
    step mypy env MYPYPATH=.cache/cp mypy --config-file pyproject.toml -p ansible_collections.otedge.endpoint.plugins
    step ansible-lint ansible-lint --offline
}

unit() {
    step unit env PYTHONPATH=.cache/cp python -m pytest -n 2 tests/unit
}

papers() {
    step antsibull-docs antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs=self .
    step changelog antsibull-changelog lint
    step ansible-doc tests/tools/ansible_doc.sh
    step artefact tests/tools/artefact.sh
    # pylint of the older ansible-core does not know the newest Python; the newer one runs every sanity test below.
    step sanity tests/tools/sanity.sh python --skip-test pylint
}

newer_core() {
    local newer
    newer=$(tests/tools/find_python.sh 3.12)
    if [ -z "$newer" ]; then
        skip core-2.21 "no Python 3.12 or newer was found"
        return
    fi
    step venv-2.21 tests/tools/venv_2_21.sh "$newer"
    step sanity-2.21 tests/tools/sanity.sh "$root/.cache/venv-2.21/bin/python"
    step unit-2.21 env PYTHONPATH=.cache/cp .cache/venv-2.21/bin/python -m pytest -n 2 tests/unit
    step rollout-2.21 env PATH="$root/.cache/venv-2.21/bin:$PATH" OTEDGE_RUN_DIR="$root/.cache/twin-2.21" tests/lab/rollout.sh
}

journeys() {
    step integration env PYTHONPATH=.cache/cp python -m pytest tests/integration
    step molecule tests/tools/molecule.sh
}

case $wanted in
    lint) lint ;;
    unit) unit ;;
    check) lint & unit & wait ;;
    test)
        { lint; unit; papers; newer_core; } &
        journeys &
        wait
        ;;
    *)
        echo "unknown suite $wanted" >&2
        exit 2
        ;;
esac
passed=$(grep -c '^ok$' "$counts")
failed=$(grep -c '^FAILED$' "$counts")
skipped=$(grep -c '^skipped$' "$counts")
echo
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]

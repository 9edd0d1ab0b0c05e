#!/bin/sh
# Everything CI asks of the Go library: gofmt, vet, staticcheck, tests with the shared vectors, and, where COMMET_BASE_URL
# and COMMET_API_KEY are set, the live walk. Nothing is written into the tree.
set -eu

cd "$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)"
staticcheck=honnef.co/go/tools/cmd/staticcheck@v0.8.2
live_url=${COMMET_BASE_URL:-}
unset COMMET_BASE_URL

unformatted=$(gofmt -l .)
if [ -n "$unformatted" ]; then
  echo "gofmt would change:" "$unformatted" >&2
  exit 1
fi
go vet ./...
go run "$staticcheck" ./...

# The oldest Go that go.mod promises, where it is on the machine: GOTOOLCHAIN=go1.22.12 go version fetches it.
oldest=go1.22.12
if GOPROXY=off GOTOOLCHAIN=$oldest go version > /dev/null 2>&1; then
  GOTOOLCHAIN=$oldest go vet ./...
  GOTOOLCHAIN=$oldest go test -count=1 ./... > /dev/null || { echo "the tests fail on $oldest" >&2; exit 1; }
fi

# One line for each test would be hundreds: only failures, and the counts. Vectors are tests of their own.
results=$(mktemp)
trap 'rm -f "$results"' EXIT
status=0
go test -count=1 -v "$@" ./... > "$results" 2>&1 || status=$?
passed=$(grep -c '^ *--- PASS' "$results" || true)
failed=$(grep -c '^ *--- FAIL' "$results" || true)
[ "$status" -eq 0 ] || grep -v -e '^ *--- PASS' -e '^=== ' "$results" || true
# No language may skip a case: each vector is one passed test.
cases=$(cat ../../spec/vectors/*.json | grep -c '"purpose":')
walked=$(grep -c '^ *--- PASS: TestVectors/' "$results" || true)
if [ "$status" -eq 0 ] && [ $# -eq 0 ] && [ "$walked" -ne "$cases" ]; then
  echo "walked $walked of $cases vectors"
  failed=$((failed + 1))
  status=1
fi
echo "Go: $passed passed, $failed failed"
[ "$status" -eq 0 ] || exit "$status"

if [ -n "$live_url" ] && [ -n "${COMMET_API_KEY:-}" ]; then
  COMMET_BASE_URL=$live_url go run ./examples/seedpage
fi

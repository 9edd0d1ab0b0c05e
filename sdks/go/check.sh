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

# One line for each test would be hundreds: only failures, and the counts. Vectors are tests of their own.
results=$(mktemp)
trap 'rm -f "$results"' EXIT
status=0
go test -count=1 -v "$@" ./... > "$results" 2>&1 || status=$?
passed=$(grep -c '^ *--- PASS' "$results" || true)
failed=$(grep -c '^ *--- FAIL' "$results" || true)
[ "$status" -eq 0 ] || grep -v -e '^ *--- PASS' -e '^=== ' "$results" || true
echo "Go: $passed passed, $failed failed"
[ "$status" -eq 0 ] || exit "$status"

if [ -n "$live_url" ] && [ -n "${COMMET_API_KEY:-}" ]; then
  COMMET_BASE_URL=$live_url go run ./examples/seedpage
fi

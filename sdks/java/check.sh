#!/bin/sh
# Everything CI asks of the Java library: google-java-format, javac -Xlint:all -Werror, tests with the shared vectors, and,
# where COMMET_BASE_URL and COMMET_API_KEY are set, the live walk. Writes below target/ only.
# The first run fetches the pinned plugins; later ones need no network.
set -eu

cd "$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)"
live_url=${COMMET_BASE_URL:-}
unset COMMET_BASE_URL

output=$(mktemp)
trap 'rm -f "$output"' EXIT
status=0
mvn -q -B verify "$@" > "$output" 2>&1 || status=$?
[ "$status" -eq 0 ] || cat "$output"

live=0
if [ "$status" -eq 0 ] && [ -n "$live_url" ] && [ -n "${COMMET_API_KEY:-}" ]; then
  COMMET_BASE_URL=$live_url mvn -q -B exec:java || live=1
fi

# Surefire counts; each vector is a test of its own.
count() { cat target/surefire-reports/TEST-*.xml 2>/dev/null | sed -n "s/^<testsuite .* $1=\"\([0-9]*\)\".*/\1/p" | awk '{ n += $1 } END { print n + 0 }'; }
failed=$(($(count failures) + $(count errors) + live))
passed=$(($(count tests) - failed - $(count skipped)))
[ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || failed=1
# No language may skip a case: each vector is one test, and none of them is skipped.
cases=$(cat ../../spec/vectors/*.json | grep -c '"purpose":')
walked=$(grep -c '<testcase' target/surefire-reports/TEST-co.commet.VectorsTest.xml || true)
if [ "$status" -eq 0 ] && [ $# -eq 0 ] && { [ "$walked" -ne "$cases" ] || [ "$(count skipped)" -ne 0 ]; }; then
  echo "walked $walked of $cases vectors, skipped $(count skipped) tests"
  failed=$((failed + 1))
  status=1
fi
echo "Java: $passed passed, $failed failed"
[ "$status" -eq 0 ] && [ "$live" -eq 0 ]

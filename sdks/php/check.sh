#!/bin/sh
# Everything CI asks of the PHP library: syntax and strict types of every file, PSR-12, PHPUnit with the shared vectors and
# every public signature, and, where COMMET_BASE_URL and COMMET_API_KEY are set, the live walk. A line "absent: …" names each
# tool without which a part was left out. Nothing is written into the tree.
# PHP names the interpreter (8.1 or later). Arguments are PHPUnit's.
set -eu

cd "$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)"
php=${PHP:-php}
live_url=${COMMET_BASE_URL:-}
unset COMMET_BASE_URL

results=$(mktemp)
log=$(mktemp)
trap 'rm -f "$results" "$log"' EXIT
passed=0
failed=0

for file in $(find . -name '*.php' | sort); do
  if ! "$php" -l "$file" > "$results" 2>&1; then
    cat "$results"
    failed=$((failed + 1))
  elif ! grep -q '^declare(strict_types=1);$' "$file"; then
    echo "$file does not declare strict types"
    failed=$((failed + 1))
  else
    passed=$((passed + 1))
  fi
done

if ! command -v phpcs > /dev/null; then
  echo "absent: phpcs, so PSR-12 was not looked at (php-codesniffer)"
else
  # Warnings are about files that both declare and act, which the two programs among the tests do.
  if phpcs -q -n --standard=PSR12 src tests autoload.php > "$results" 2>&1; then
    passed=$((passed + 1))
  else
    cat "$results"
    failed=$((failed + 1))
  fi
fi

without=
if ! "$php" -r 'require "tests/bootstrap.php"; exit(Commet\Tests\Clients::havePsr() ? 0 : 1);'; then
  echo "absent: PSR-18, so the vectors were walked through cURL only (php-psr-http-client, php-guzzlehttp-psr7)"
  without='--exclude-group psr'
fi
# shellcheck disable=SC2086
if ! "$php" "$(command -v phpunit)" $without --log-junit "$log" "$@" > "$results" 2>&1 < /dev/null; then
  head -n 200 "$results"
  tests_ended=1
fi
# The first element sums up the others. Without it PHPUnit itself broke off.
sum=$(sed -n '/<testsuite /{p;q;}' "$log")
count() {
  number=$(echo "$sum" | sed -n "s/.* $1=\"\([0-9]*\)\".*/\1/p")
  echo "${number:-0}"
}
tests=$(count tests)
bad=$(($(count errors) + $(count failures) + $(count warnings) + $(count skipped)))
if [ "$tests" -eq 0 ]; then
  failed=$((failed + 1))
else
  [ "${tests_ended:-0}" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
  passed=$((passed + tests - bad))
  failed=$((failed + bad))
fi

if [ -n "$live_url" ] && [ -n "${COMMET_API_KEY:-}" ]; then
  COMMET_BASE_URL=$live_url "$php" tests/live-seed-page.php > "$results" 2>&1 || true
  cat "$results"
  live=$(sed -n 's/^seed page, PHP: \([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' "$results")
  if [ -z "$live" ]; then
    failed=$((failed + 1))
  else
    passed=$((passed + ${live% *}))
    failed=$((failed + ${live#* }))
  fi
fi

echo "PHP: $passed passed, $failed failed"
[ "$failed" -eq 0 ]

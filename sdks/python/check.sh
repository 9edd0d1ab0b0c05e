#!/bin/sh
# Everything CI asks of the Python library: format, lint, types, tests with the shared vectors, and, where
# COMMET_BASE_URL and COMMET_API_KEY are set, the live walk. Nothing is written into the tree.
# PYTHON names the interpreter (3.9 or later); without it the first python3 is taken.
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
python=${PYTHON:-python3}
cache=${COMMET_CACHE_DIR:-$here/../../node_modules/.cache}/commet-python-sdk
wanted=$("$python" -c 'import hashlib, platform, sys
print(platform.python_version(), hashlib.sha256(open(sys.argv[1], "rb").read()).hexdigest())' "$here/requirements-dev.txt")
venv=$cache/venv-${wanted%% *}

if [ "$(cat "$venv/installed" 2>/dev/null)" != "$wanted" ]; then
  rm -rf "$venv"
  mkdir -p "$cache"
  "$python" -m venv "$venv"
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-warn-script-location --no-deps -r "$here/requirements-dev.txt"
  printf '%s\n' "$wanted" > "$venv/installed"
fi

cd "$here"
live_url=${COMMET_BASE_URL:-}
unset COMMET_BASE_URL
export PYTHONDONTWRITEBYTECODE=1

"$venv/bin/ruff" check --quiet --cache-dir "$cache/ruff" .
"$venv/bin/ruff" format --quiet --check --cache-dir "$cache/ruff" .
"$venv/bin/mypy" --cache-dir "$cache/mypy" --no-error-summary
"$venv/bin/pytest" -o cache_dir="$cache/pytest" "$@"

if [ -n "$live_url" ] && [ -n "${COMMET_API_KEY:-}" ]; then
  COMMET_BASE_URL=$live_url PYTHONPATH=src "$venv/bin/python" tests/live_seed_page.py
fi

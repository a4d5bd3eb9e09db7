#!/bin/sh
# render.sh B -- the formats of render-attrs, and diff-attrs, on 15,000
# attributes; for run.sh, or alone.
set -eu
cd "$(dirname "$0")/../.."
mkdir -p "$1/bench"
exec python3 tests/bench/render.py "$1"

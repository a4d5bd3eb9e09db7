#!/bin/sh
# picture.sh -- makes examples/page.png, the picture in README.md: the page of
# the bundled orders in Chromium, light colours.  BIN: where the programs are.
set -eu
cd "$(dirname "$0")/../.."
TOP=$PWD
BIN=$(cd "${BIN:-build/bin}" && pwd)
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd examples
"$BIN/discover-attrs" -q -o "$dir/orders.attrs" orders.ndjson
"$BIN/render-attrs" --to=html -o "$dir/orders.html" "$dir/orders.attrs"
HOME=$dir chromium --headless=new --no-sandbox --disable-gpu --no-first-run \
	--hide-scrollbars --window-size=1100,760 --user-data-dir="$dir/profile" \
	--virtual-time-budget=3000 --screenshot="$dir/page.png" \
	"file://$dir/orders.html" >"$dir/said" 2>&1 || { cat "$dir/said"; exit 1; }
size=$(stat -c %s "$dir/page.png")
[ "$size" -lt 153600 ] || { echo "picture.sh: $size bytes, too many"; exit 1; }
mv "$dir/page.png" "$TOP/examples/page.png"

#!/bin/sh
# demo.sh -- what is in the orders of a small tea shop?  "make demo" runs it.
# $BIN: where the programs are.
set -eu
BIN=$(cd "${BIN:-$(dirname "$0")/../build/bin}" && pwd)
cd "$(dirname "$0")"

echo "$ discover-attrs orders.ndjson | jq -rsf table.jq"
"$BIN/discover-attrs" orders.ndjson | jq -rsf table.jq
echo
echo "Each line is an attribute; each type it ever had is counted, also inside"
echo "JSON that is written in a string (|fromjson). One order had a number where"
echo "the others have text:"
echo
echo "$ discover-attrs orders.ndjson |"
echo "    jq -c 'select(.path == \".items[].sku\").versions.int'"
"$BIN/discover-attrs" orders.ndjson |
	jq -c 'select(.path == ".items[].sku").versions.int'

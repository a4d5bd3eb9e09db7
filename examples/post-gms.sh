#!/bin/sh
# post-gms.sh URL <bodies -- posts what "cap-aspect --gms=batch" writes to
# DataHub's REST endpoint.
#
#	cap-aspect --gms=batch lineage.ndjson | examples/post-gms.sh \
#		http://localhost:8080
#
# POSTS=4 bodies at a time; each is tried RETRIES=5 times, WAIT=1 s apart, on
# 429, 5xx and lost connections.  Bodies with structured properties, which come
# first, are posted before all others.  The token is that of DATAHUB_TOKEN.  Exit
# status: 0, or 1 when a body was refused; what the server said is on stderr.
set -eu
url="${1:?usage: post-gms.sh URL <bodies}/aspects?action=ingestProposalBatch"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
split -l 1 -a 6 - "$work/body."

# The token in a file that curl reads: arguments can be seen by others.
: >"$work/curl"
chmod 600 "$work/curl"
[ -z "${DATAHUB_TOKEN:-}" ] ||
	echo "header = \"Authorization: Bearer $DATAHUB_TOKEN\"" >"$work/curl"

post() {
	xargs -r -n 1 -P "$1" curl -sS --fail-with-body -o /dev/stderr \
		-K "$work/curl" --retry "${RETRIES:-5}" \
		--retry-delay "${WAIT:-1}" --retry-connrefused \
		-H 'X-RestLi-Protocol-Version: 2.0.0' \
		-H 'Content-Type: application/json' "$url" --data-binary
}

definitions='"entityUrn":"urn:li:structuredProperty:'
find "$work" -name 'body.*' | sort >"$work/all"
[ -s "$work/all" ] || exit 0
xargs grep -l "$definitions" <"$work/all" >"$work/first" || true
grep -vxF -f "$work/first" "$work/all" >"$work/rest" || true
rc=0
sed 's/^/@/' "$work/first" | post 1 || rc=1
sed 's/^/@/' "$work/rest" | post "${POSTS:-4}" || rc=1
exit $rc

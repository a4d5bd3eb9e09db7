#!/bin/bash
# run.sh -- make bench: programs against their peers, alternating, medians; one
# table, also written to $B/bench/table.txt.  RUNS=5; QUICK=1: 3 runs, and no
# 2 GB inputs; ONLY="scan gzip": some parts.
set -eu
cd "$(dirname "$0")/../.." || exit 2
B=$(cd "${BIN%/bin}" && pwd)
case " ${ONLY:-lineage} " in
*" lineage "*) tests/bench/lineage.sh "$B" ;;
esac
case " ${ONLY:-organisation} " in
*" organisation "*) tests/bench/organisation.sh "$B" ;;
esac
shared=${PENSTOCK_SHARED:-../shared}
if [ ! -d "$shared/data" ]; then
	echo "bench: $shared/data is missing: nothing to measure" >&2
	exit 0
fi
shared=$(cd "$shared" && pwd)
mkdir -p "$B/bench"
if [ ! -x "$B/bench/peer_simdjson" ]; then
	c++ -O3 -march=native -std=c++17 "$shared/bench/peer_simdjson.cpp" \
		-o "$B/bench/peer_simdjson" -lsimdjson
fi
if [ ! -d "$B/bench/node_modules" ] && command -v npm >/dev/null; then
	(cd "$B/bench" && npm install --silent --no-save @duckdb/node-api \
		>/dev/null) || echo "bench: DuckDB cannot be installed" >&2
	cp "$shared/bench/peer_duckdb.mjs" "$B/bench/"
fi
for f in tweets github-events iglu-schemas; do
	for size in 200M 2G; do
		[ $size$f = 2Giglu-schemas ] && continue
		[ "${QUICK:-}" ] && [ $size = 2G ] && continue
		[ -s "$B/bench/$f.$size" ] || python3 "$shared/bench/grow.py" \
			$size "$shared/data/$f.ndjson" >"$B/bench/$f.$size"
	done
done
case "${ONLY:-}" in split | cap | render) ;; *) python3 tests/bench/scan.py "$B" ;; esac
case " ${ONLY:-split} " in *" split "*) python3 tests/bench/split.py "$B" ;; esac
case " ${ONLY:-cap} " in *" cap "*) BIN=$B/bin tests/bench/cap.sh ;; esac
case " ${ONLY:-render} " in *" render "*) tests/bench/render.sh "$B" ;; esac

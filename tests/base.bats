#!/usr/bin/env bats
# What every program has in common, and the scripts around the tests.

load helper

programs() {
	(cd "$BIN" && ls)
}

# ---- every program ----

@test "--help: examples first, 80 columns, the same as -h" {
	[ -n "$(programs)" ]
	for p in $(programs); do
		"$p" --help >help
		[ "$(head -n 1 help)" = Examples: ]
		grep -q "^Usage: $p " help
		run ! grep -nE '.{80}' help
		"$p" -h | diff help -
	done
}

@test "every option of --help is in the man page, and the other way round" {
	for p in $(programs); do
		"$p" --help | sed -n 's/^  \(-., \|    \)--\([a-z0-9-]*\).*/\2/p' |
			sort >help
		grep '^\.It .*Fl -' "$TOP/man/$p.1" | grep -o 'Fl -[a-z0-9-]*' |
			sed 's/Fl -//' | sort -u >page
		diff help page
	done
}

@test "penstock(7) and README name every program, and every page is referred to" {
	local refer
	for p in $(programs); do
		grep -q "^\.It Xr $p 1" "$TOP/man/penstock.7"
		grep -q "^| \`$p\` |" "$TOP/README.md"
	done
	for page in "$TOP"/man/*.[157]; do
		for part in NAME DESCRIPTION EXAMPLES "SEE ALSO"; do
			grep -qx "\.Sh $part" "$page"
		done
		page=${page##*/}
		refer="^\.[IX][tr]* *\(Xr \)\{0,1\}${page%.*} ${page##*.}"
		[ "$page" = penstock.7 ] ||
			grep -q "$refer" "$TOP/man/penstock.7"
	done
}

@test "--version names program and release" {
	for p in $(programs); do
		"$p" --version | grep -qx "$p (Penstock) [0-9.]*"
		cmp <("$p" -V) <("$p" --version)
	done
}

@test "help and version into a full device: 3, and one message" {
	for p in $(programs); do
		for option in --help --version --completion=bash; do
			status 3 "$p" $option >/dev/full 2>said
			[ "$(wc -l <said)" = 1 ]
		done
	done
}

@test "a wrong option: 2, nothing on stdout, one line that points to --help" {
	for p in $(programs); do
		for wrong in --no-such-option -@ --output --max-errors=many; do
			status 2 "$p" $wrong >out 2>said </dev/null
			[ ! -s out ] && [ "$(wc -l <said)" = 1 ]
			grep -q "^$p: " said
		done
		"$p" --no-such-option 2>&1 | grep -q "try '$p --help'"
	done
}

# Prints what bash offers for the words given, the last one at the cursor.
complete_bash() {
	local p=$1
	bash -c '
		source /dev/stdin <<<"$("$1" --completion=bash)"
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		COMP_WORDS=("${COMP_WORDS[@]}")
		"_${1//-/_}"
		printf "%s\n" "${COMPREPLY[@]}"
	' bash "$@" | sed '/^$/d'
}

@test "bash completes options, choices, and leaves files to readline" {
	for p in $(programs); do
		diff <(printf '%s\n' always auto never) \
			<(complete_bash "$p" --progress = '' | sort)
		complete_bash "$p" --vers | grep -qx -- --version
		[ "$(complete_bash "$p" --outp)" = --output= ]
		[ "$(complete_bash "$p" --completion z)" = zsh ]
		[ -z "$(complete_bash "$p" -o '')" ]
		[ -z "$(complete_bash "$p" --output = '')" ]
		[ -z "$(complete_bash "$p" -- --vers)" ]
	done
}

@test "the zsh completion is valid zsh" {
	need zsh
	for p in $(programs); do
		"$p" --completion=zsh >"_$p"
		zsh -n "_$p"
	done
}

@test "fish completes options and choices" {
	need fish
	export HOME=$PWD
	for p in $(programs); do
		"$p" --completion=fish >"$p.fish"
		fish -c "source $p.fish; complete -C '$p --vers'" |
			grep -q '^--version'
		fish -c "source $p.fish; complete -C '$p --progress='" |
			grep -q 'never'
	done
}

# ---- needs.sh, with a dpkg and an apt-get made for the purpose ----

# A machine on which packages listed in ./installed are there.
fake_machine() {
	mkdir -p bin
	: >log
	cat >bin/dpkg-query <<-'EOT'
		#!/bin/sh
		for last; do :; done
		grep -qx "$last" installed && printf installed
	EOT
	cat >bin/apt-get <<-'EOT'
		#!/bin/sh
		echo "$*" >>log
		[ ! -e broken ]
	EOT
	printf '#!/bin/sh\necho %s\n' "$1" >bin/id
	printf '#!/bin/sh\nexit 1\n' >bin/sudo
	chmod +x bin/*
	PATH=$PWD/bin:$PATH
}

@test "needs: nothing missing, nothing done" {
	fake_machine 1000
	printf '%s\n' jq >installed
	"$TOP/tests/run/needs.sh" demo >out 2>&1
	[ ! -s out ] && [ ! -s log ]
}

@test "needs: neither root nor sudo prints the line to run, status 2" {
	fake_machine 1000
	printf '%s\n' gcc make libc6-dev zlib1g-dev >installed
	status 2 "$TOP/tests/run/needs.sh" build demo 2>said
	tail -n 1 said >line
	echo "  sudo apt-get update && sudo apt-get install -y" \
		"--no-install-recommends libjq-dev libxxhash-dev libzstd-dev" \
		"libisal-dev libcurl4-openssl-dev libssl-dev libyaml-dev" \
		"node-d3-hierarchy jq" |
		diff - line
	[ ! -s log ]
}

@test "needs: root installs what is missing, once" {
	fake_machine 0
	printf '%s\n' gcc >installed
	"$TOP/tests/run/needs.sh" demo demo 2>said
	grep -qx 'install -y --no-install-recommends jq -q' log
	[ "$(grep -c install log)" = 1 ]
}

@test "needs: an installation that fails is tried after an update, status 2" {
	fake_machine 0
	: >installed
	touch broken
	status 2 "$TOP/tests/run/needs.sh" demo 2>said
	[ "$(grep -c install log)" = 2 ]
	grep -q update log
	grep -q 'apt-get install .* jq$' said
}

@test "needs: elsewhere than on Debian it names what is needed, status 0" {
	mkdir bin
	for c in sh cat echo; do
		ln -s "$(command -v $c)" bin/
	done
	PATH=$PWD/bin sh "$TOP/tests/run/needs.sh" build 2>said
	grep -q 'libjq-dev' said
}

@test "needs: an unknown group: 2" {
	status 2 "$TOP/tests/run/needs.sh" build nonsense 2>said
	grep -q "unknown group 'nonsense'" said
}

# ---- the other scripts ----

@test "headers.sh finds a header that does not compile alone" {
	echo 'int good(int);' >good.h
	echo 'size_t bad(void);' >bad.h
	"$TOP/tests/run/headers.sh" "${CC:-cc} -std=c11" ./good.h
	run ! "$TOP/tests/run/headers.sh" "${CC:-cc} -std=c11" ./good.h ./bad.h
}

# A checkout with one bats file and one unit test of ours.  The file
# comes from stdin with "case" for "@test", which bats would take for its own.
fake_checkout() {
	mkdir -p top/tests/run top/tests/unit top/build/unit
	cp "$TOP"/tests/run/{check.sh,jobs.bash} top/tests/run/
	sed 's/^case/@test/' >top/tests/some.bats
	touch top/tests/unit/u.c
	printf '#!/bin/sh\necho "skip: no luck"\necho "ok u: 3 checks"\n' \
		>top/build/unit/u
	chmod +x top/build/unit/u
}

@test "check.sh counts, lists what was skipped, shows what failed" {
	fake_checkout <<-'EOT'
		case "good" { true; }
		case "bad" { echo because; false; }
		case "not here" { skip "no thing"; }
	EOT
	status 1 env -u B -u BIN TESTS=some top/tests/run/check.sh >out
	[ "$(tail -n 1 out)" = '2 passed, 1 failed, 2 skipped' ]
	grep -q because out
	sed -n '/^2 skipped:/,$p' out | head -n 3 | diff - <(
		echo '2 skipped:'
		echo '  unit u: no luck'
		echo '  some: not here: no thing')
}

@test "check.sh: STRICT=1 makes a skip a failure" {
	fake_checkout <<-'EOT'
		case "good" { true; }
	EOT
	status 0 env -u B -u BIN -u STRICT TESTS=some top/tests/run/check.sh
	status 1 env -u B -u BIN STRICT=1 TESTS=some top/tests/run/check.sh
}

@test "check.sh: a bats file that ends early is a failure" {
	fake_checkout <<-'EOT'
		case "good" { true; }
		case "kills" { kill -9 $PPID; sleep 1; }
		case "never" { true; }
	EOT
	status 1 env -u B -u BIN TESTS=some top/tests/run/check.sh >out
	grep -q '^FAIL' out
}

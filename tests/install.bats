#!/usr/bin/env bats
# What a user gets: make install and uninstall, and the README.

load helper
load console/console

teardown() {
	console_stop
}

programs() {
	(cd "$BIN" && ls)
}

# installed PREFIX : into $ROOT, once for all tests with the same PREFIX.
installed() {
	not_under asan tsan valgrind "the same programs"
	ROOT=$BATS_FILE_TMPDIR/${1//\//_}
	SHARE=$ROOT$1/share
	[ -d "$ROOT" ] ||
		make -s -C "$TOP" B="$B" DESTDIR="$ROOT" PREFIX="$1" install
}

@test "the package has the programs' version" {
	head -n 1 "$TOP/debian/changelog" >first
	discover-attrs --version | sed 's/.* \(.*\)/penstock (\1)/' >ours
	grep -qFf ours first
}

@test "make install puts programs, pages and completions into DESTDIR" {
	installed /usr
	for p in $(programs); do
		cmp "$BIN/$p" "$ROOT/usr/bin/$p"
		[ -s "$SHARE/man/man1/$p.1" ]
		"$p" --completion=bash |
			cmp - "$SHARE/bash-completion/completions/$p"
		[ -s "$SHARE/zsh/site-functions/_$p" ]
		[ -s "$SHARE/fish/vendor_completions.d/$p.fish" ]
	done
	[ -s "$SHARE/man/man5/attr.5" ] && [ -s "$SHARE/man/man7/penstock.7" ]
}

@test "make uninstall takes it all away again, and nothing else" {
	installed /opt
	touch "$ROOT/opt/bin/mine" "$SHARE/man/man1/mine.1"
	make -s -C "$TOP" B="$B" DESTDIR="$ROOT" PREFIX=/opt uninstall
	(cd "$ROOT" && find . -type f | sort) >left
	printf './opt/%s\n' bin/mine share/man/man1/mine.1 | diff - left
}

@test "man finds the pages where they were installed" {
	need man
	installed /usr
	for page in "$TOP"/man/*.[1-8]; do
		page=${page##*/}
		man -M "$SHARE/man" -w "${page##*.}" "${page%.*}" >where
		grep -q "/usr/share/man/.*/$page" where
	done
}

@test "bash finds the completions where they were installed" {
	[ -r /usr/share/bash-completion/bash_completion ] ||
		skip "no bash-completion"
	installed /usr
	for p in $(programs); do
		XDG_DATA_DIRS=$SHARE bash -c '
			. /usr/share/bash-completion/bash_completion
			_completion_loader "$1" || [ $? = 124 ]
			complete -p "$1"' bash "$p" | grep -q "_${p//-/_}"
	done
}

@test "zsh finds the completions where they were installed" {
	need zsh
	installed /usr
	# shellcheck disable=SC2046 # a word a program
	zsh -f -c 'fpath=("$1" $fpath)
		shift
		autoload -Uz compinit && compinit -u -D
		for p; do [[ $_comps[$p] = _$p ]] || exit 1; done' \
		zsh "$SHARE/zsh/site-functions" $(programs)
}

@test "fish finds the completions where they were installed" {
	need fish
	installed /usr
	export HOME=$PWD XDG_DATA_DIRS=$SHARE
	for p in $(programs); do
		fish -c "complete -C '$p --vers'" </dev/null |
			grep '^--version'
	done
}

@test "the README's commands do what it says, and say what it shows" {
	not_under asan tsan valgrind "the same commands"
	need jq python3
	console_start
	"$TOP/tests/run/readme.sh" here >log || { cat log; return 1; }
	run ! grep 'needs credentials' log
	grep -q ' 0 failed' log
}

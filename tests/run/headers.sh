#!/bin/sh
# headers.sh COMPILE HEADER... -- every header must compile alone.
# COMPILE is one word: the compiler with its flags.
set -u
compile=$1
shift
rc=0
for header in "$@"; do
	# Twice, for the include guard; the declaration makes it a whole unit.
	printf '#include "%s"\n#include "%s"\nextern int unit;\n' \
		"$header" "$header" |
		$compile -Werror -I. -DKERNEL=portable -fsyntax-only -x c - || {
		echo "headers.sh: $header does not compile alone" >&2
		rc=1
	}
done
exit $rc

#!/usr/bin/env bats
# build-lineage: what warehouses call tables and columns.

load helper

@test "the naming rules agree with regular expressions on random names" {
	need python3
	python3 "$TOP/tests/oracle/columnnames.py" "$B/helpers/columnnames"
}

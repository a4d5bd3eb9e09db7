# table.jq -- attribute lines as a table to read.
#
#	discover-attrs FILE | jq -rsf table.jq
#
# present: in how many of the objects that could have it the attribute is.
# types: how many values of each type; then what strings look like.

def pad($n): . + " " * ([$n - length, 0] | max);

def percent($all):
	if $all == 0 then "" else "\(. * 100 / $all | floor)%" end;

def types: [
	(.versions | to_entries[] | select(.value.active)
		| "\(.key) \(.value.count)"),
	(select(.nulls > 0) | "null \(.nulls)"),
	(select((.empty_arrays // 0) > 0) | "empty array \(.empty_arrays)")
] | join(", ");

def looks: [
	.versions[] | (.formats // {} | to_entries[] | "\(.key) \(.value)"),
		(.embedded // {} | to_entries[] | select(.value > 0)
			| "JSON \(.key) \(.value)")
] | join(", ");

# The widest cell of each column, the last one apart.
def widths: transpose[:-1] | map(map(length) | max);

map(select(has("path")))
| (map({key: (.steps | tojson), value: .versions.object.count}) | from_entries)
	as $objects
| [["ATTRIBUTE", "PRESENT", "TYPES", "LOOKS LIKE"]] + map([
	.path,
	(if (.steps[-1] | type) == "string" then
		$objects[.steps[:-1] | tojson] as $all
		| .count - (.duplicates // 0) | percent($all)
	else "" end),
	types, looks
])
| widths as $w
| .[] | [(.[0] | pad($w[0])), (.[1] | pad($w[1])), (.[2] | pad($w[2])), .[3]]
| join("  ") | sub(" +$"; "")

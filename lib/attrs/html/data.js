"use strict";
/*
 * The attributes, from the JSON in the page.  Its rows are in the order of
 * attribute lines, depth first:
 *
 *   [depth, kind, name, count, nulls, bytes, present, objects, bits,
 *    version..., [items min, max, sum, arrays, empty]]
 *
 * kind: 0 the record, 1 key, 2 item, 3 map value, 4 decoded string; name: index
 * of names; bits: which of types are there, each a version in that order.
 */
const data = JSON.parse(document.getElementById("data").textContent);
const KEY = 1, ITEM = 2, MAP = 3, DECODED = 4;
const DETAILS = {
	str: ["empty", "min", "max", "sum", "formats", "embedded"],
	int: ["min", "max", "digits", "formats"],
	float: ["min", "max", "digits", "scale"],
	bool: ["true"],
	object: ["min", "max"],
	array_primitive: [], array_object: [], array_array: []
};

function version(type, row) {
	const v = {type, count: row[0]};
	const names = DETAILS[type];
	names.forEach((name, i) => { v[name] = row[1 + i]; });
	if (row.length > 1 + names.length) {
		v.byte = row[1 + names.length];
		v.source = data.sources[row[2 + names.length] || 0];
	}
	return v;
}

function attribute(row, index) {
	const [depth, kind, name, count, nulls, bytes, present, objects, bits] = row;
	const versions = data.types.filter((t, i) => bits >> i & 1)
		.map((type, i) => version(type, row[9 + i]));
	return {
		index, depth, kind, count, nulls, bytes, present, objects, versions,
		name: kind === KEY ? data.names[name] : "",
		items: row[9 + versions.length],
		parent: null, kids: [], open: false, shown: true
	};
}

/* The path as in attr(5), which jq reads. */
function step(a, above) {
	const bare = /^[A-Za-z_][A-Za-z0-9_]*$/;
	const begin = above === "." || above.endsWith("|.");
	if (a.kind === KEY)
		return (begin ? "" : ".") +
			(bare.test(a.name) ? a.name : JSON.stringify(a.name));
	if (a.kind === ITEM)
		return "[]";
	return a.kind === MAP ? "{}" : "|fromjson|.";
}

const attributes = data.rows.map(attribute);
{
	const way = [];
	for (const a of attributes) {
		a.parent = a.depth ? way[a.depth - 1] : null;
		way[a.depth] = a;
		if (a.parent)
			a.parent.kids.push(a);
		a.full = a.parent ? a.parent.full + step(a, a.parent.full) : ".";
	}
	for (const a of attributes) {
		a.path = a.full.endsWith("|.") ? a.full.slice(0, -2) : a.full;
		a.find = a.path.toLowerCase();
		a.label = a.kind === KEY ? a.name :
			["record", "", "[] items", "{} values", "JSON in it"][a.kind];
	}
}

const grouped = n => n.toLocaleString("en-US").replace(/,/g, "\u202f");

function share(part, all) {
	const p = all ? 100 * part / all : 0;
	if (part && p < 0.1)
		return "<0.1%";
	return part === all ? "100%" :
		(p > 99 || p < 10 ? Math.floor(p * 10) / 10 : Math.floor(p)) + "%";
}

function size(bytes) {
	const units = ["B", "kB", "MB", "GB", "TB"];
	let i = 0;
	while (bytes >= 1000 && i < 4) {
		bytes /= 1000;
		i++;
	}
	return (i ? bytes.toPrecision(3) : bytes) + " " + units[i];
}

function element(tag, set, ...kids) {
	const e = document.createElement(tag);
	for (const [name, value] of Object.entries(set || {}))
		if (name in e)
			e[name] = value;
		else
			e.setAttribute(name, value);
	e.append(...kids);
	return e;
}

// ajv_check.mjs [--once] FILE... -- the library ajv takes the schema that
// render-attrs makes of each FILE's scan as one of 2020-12, and every record as
// valid under it, what is in embedded JSON under its contentSchema too; with
// another type, or without a required key, a record is not.  --once: only as it
// comes, not with --ranges and --closed too.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(process.env.NODE_MODULES + "/");
const Ajv = require("ajv/dist/2020").default;
const addFormats = require("ajv-formats").default;

const fail = text => { console.error(text); process.exit(1); };

function ajv() {
	// code of one schema that is not optimised: large ones take it long
	const made = new Ajv({ strict: true, allowUnionTypes: true,
		strictTypes: false, strictRequired: false,
		code: { optimize: false } });

	addFormats(made);
	return made;
}

function render(name, ...options) {
	const limit = { maxBuffer: 1 << 30 };
	const attrs = execFileSync("discover-attrs", ["-q", name], limit);

	return JSON.parse(execFileSync("render-attrs",
		["--to=json-schema", ...options], { ...limit, input: attrs }));
}

// All that strings under a contentSchema hold, in found.
function embedded(schema, value, found) {
	if (Array.isArray(value)) {
		for (const item of value)
			embedded(schema.items ?? {}, item, found);
	} else if (value && typeof value === "object") {
		const own = new Map(Object.entries(schema.properties ?? {}));

		for (const [key, item] of Object.entries(value))
			embedded(own.get(key) ??
				(schema.additionalProperties || {}), item, found);
	} else if (typeof value === "string") {
		const always = schema.contentSchema;
		const content = always ?? schema.anyOf?.[0].contentSchema;
		let decoded = null;

		if (!content)
			return;
		try { decoded = JSON.parse(value); } catch {}
		if (!decoded || typeof decoded !== "object") {
			if (always)
				fail(`not JSON, but said to be: ${value}`);
			return;
		}
		found.push([content, decoded]);
		embedded(content, decoded, found);
	}
}

const kindOf = value => value === null ? "null" : Array.isArray(value) ?
	"array" : typeof value;

function* breakages(schema, record) {
	for (const other of ["x", true, null, 0.5, {}, []])
		if (![schema.type].flat().includes(kindOf(other)))
			yield other;
	for (const key of schema.required ?? []) {
		const without = { ...record };

		delete without[key];
		yield without;
	}
	for (const [key, below] of Object.entries(schema.properties ?? {})) {
		const types = [below.type].flat();

		for (const other of ["x", true, null, {}, []])
			if (types[0] && !types.includes(kindOf(other)))
				yield { ...record, [key]: other };
	}
}

function check(name, records, ...options) {
	const schema = render(name, ...options), found = [], known = new Map();
	const valid = ajv().compile(schema);

	for (const [n, record] of records.entries()) {
		if (!valid(record))
			fail(`${name}:${n + 1} ${options}: ` +
				JSON.stringify(valid.errors));
		embedded(schema, record, found);
	}
	for (const [content, value] of found) {
		if (!known.has(content))
			known.set(content, ajv().compile(content));
		if (!known.get(content)(value))
			fail(`${name} ${options}, embedded: ` +
				JSON.stringify(known.get(content).errors));
	}
	let wrong = 0;
	for (const record of breakages(schema, records[0])) {
		wrong++;
		if (valid(record))
			fail(`${name} ${options}: valid: ` +
				JSON.stringify(record));
	}
	if (!wrong)
		fail(`${name}: nothing to break`);
	console.log(`ok ${name} ${options}: ${records.length} records, ` +
		`${found.length} embedded, ${wrong} broken ones`);
}

const names = process.argv.slice(2);
const once = names[0] === "--once" && names.shift();
for (const name of names) {
	const records = readFileSync(name, "utf8").split("\n")
		.filter(line => line.trim()).map(line => JSON.parse(line));

	check(name, records);
	if (!once)
		check(name, records, "--ranges", "--closed");
}

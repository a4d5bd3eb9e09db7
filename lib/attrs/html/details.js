/* All that is known of one attribute. */
const details = document.getElementById("details");

const between = (low, high) => low === high ? low : `${low} to ${high}`;

function formatsOf(list) {
	const parts = [];
	for (let i = 0; i < (list || []).length; i += 2)
		parts.push(`${data.formats[list[i]]} (${grouped(list[i + 1])})`);
	return parts.join(", ");
}

const figures = {
	str: v => [["characters", between(grouped(v.min), grouped(v.max))],
		["empty", v.empty], ["formats", formatsOf(v.formats)],
		["hold JSON", v.embedded]],
	int: v => [["range", v.min === 0 ? "" : between(v.min, v.max)],
		["digits", v.digits], ["formats", formatsOf(v.formats)]],
	float: v => [["range", v.min === 0 ? "" : between(v.min, v.max)],
		["digits", v.digits], ["decimals", v.scale]],
	bool: v => [["true", grouped(v.true)],
		["false", grouped(v.count - v.true)]],
	object: v => [["keys", between(grouped(v.min), grouped(v.max))]],
	array_primitive: () => [], array_object: () => [], array_array: () => []
};

function line(name, ...what) {
	return element("tr", {}, element("th", {scope: "row"}, name),
		element("td", {}, ...what));
}

function versionLine(a, v) {
	const dot = element("span", {className: "dot"});
	dot.style.background = `var(--${v.type})`;
	const text = figures[v.type](v).filter(([, value]) => value)
		.map(([name, value]) => `${name}: ${value}`);
	if (v.byte !== undefined)
		text.push(`first in ${v.source} at byte ${grouped(v.byte)}`);
	return element("tr", {},
		element("th", {scope: "row"}, dot, v.type),
		element("td", {}, `${grouped(v.count)} (${share(v.count, a.count)})`),
		element("td", {}, text.join("; ")));
}

function copyButton(text) {
	const b = element("button", {type: "button"}, "Copy path");
	b.onclick = () => navigator.clipboard?.writeText(text)
		.then(() => { b.textContent = "Copied"; },
			() => { b.textContent = "Select it and copy"; });
	return b;
}

function showDetails(a) {
	const facts = element("tbody");
	facts.append(line("values", grouped(a.count)),
		line("present", `${share(a.present, a.objects)} ` +
			`(${grouped(a.present)} of ${grouped(a.objects)})`),
		line("nulls", `${grouped(a.nulls)} (${share(a.nulls, a.count)})`),
		line("bytes", `${size(a.bytes)} ` +
			`(${share(a.bytes, attributes[0].bytes)} of all)`));
	if (a.items)
		facts.append(line("items", between(grouped(a.items[0]),
			grouped(a.items[1])) + `, ${grouped(a.items[2])} in ` +
			`${grouped(a.items[3])} arrays` + (a.items[4] ?
				`, ${grouped(a.items[4])} empty` : "")));
	const kinds = element("tbody");
	a.versions.forEach(v => kinds.append(versionLine(a, v)));
	details.replaceChildren(element("h2", {id: "path"}, a.path),
		copyButton(a.path), element("table", {}, facts),
		element("table", {}, kinds));
}

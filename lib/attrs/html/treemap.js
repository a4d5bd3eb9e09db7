/*
 * Which field makes the records big: areas are bytes.  What an object costs
 * besides its members (brackets, keys, commas) has an area of its own.  d3 lays
 * out, squarified; two levels are drawn.  What would be too small to see shares
 * one rectangle, which says how many there are.
 */
const mapbox = document.getElementById("treemap");
const crumbs = document.getElementById("crumbs");
const LEVELS = 2, SMALLEST = 6, SMALL_AREA = 120;
let mapRoot = attributes[0];

function mapNode(a, level) {
	/* what is decoded from a string is no part of the record's bytes */
	const kids = a.kids.filter(k => k.kind !== DECODED && k.bytes > 0);
	if (level === LEVELS || !kids.length)
		return {a, value: a.bytes};
	const inside = kids.reduce((sum, k) => sum + k.bytes, 0);
	const least = mapRoot.bytes * SMALL_AREA /
		(mapbox.clientWidth * mapbox.clientHeight);
	const small = kids.filter(k => k.bytes < least);
	const children = kids.filter(k => k.bytes >= least || small.length === 1)
		.map(k => mapNode(k, level + 1));
	if (small.length > 1)
		children.push({a, small: small.length,
			value: small.reduce((sum, k) => sum + k.bytes, 0)});
	if (a.bytes > inside)
		children.push({a, own: true, value: a.bytes - inside});
	return {a, children};
}

function mainType(a) {
	const most = a.versions.reduce((m, v) => v.count > m.count ? v : m,
		{type: "null", count: 0});
	return most.type;
}

function rectangle(n) {
	const a = n.data.a, own = n.data.own, small = n.data.small;
	const w = n.x1 - n.x0, h = n.y1 - n.y0;
	const label = own ? "(names and brackets)" :
		small ? `(${grouped(small)} smaller)` : a.label;
	const part = share(n.value, attributes[0].bytes);
	const e = element("button", {
		type: "button",
		title: `${a.path}${own || small ? " " + label : ""}\n` +
			`${size(n.value)}, ${part} of all`
	}, element("span", {}, w > 30 && h > 13 ?
		label + (w > 110 ? " " + part : "") : ""));
	e.setAttribute("aria-label", `${a.path} ${size(n.value)}`);
	e.style.cssText = `left:${n.x0}px;top:${n.y0}px;width:${w}px;height:${h}px;` +
		`background:var(--${own || small ? "null" : mainType(a)})`;
	e.onclick = () => {
		select(a);
		if (a.kids.length && a !== mapRoot)
			drawMap(a);
	};
	return e;
}

function drawCrumbs() {
	const way = [];
	for (let a = mapRoot; a; a = a.parent)
		way.unshift(a);
	crumbs.replaceChildren(...way.map(a => {
		const b = element("button", {type: "button", title: a.path},
			a.parent ? a.label : ".");
		b.onclick = () => { select(a); drawMap(a); };
		return b;
	}));
}

function drawMap(a = mapRoot) {
	mapRoot = a;
	drawCrumbs();
	const root = d3.hierarchy(mapNode(a, 0))
		.sum(n => n.children ? 0 : n.value)
		.sort((x, y) => y.value - x.value);
	d3.treemap().size([mapbox.clientWidth, mapbox.clientHeight])
		.paddingTop(n => n.depth ? 16 : 0).paddingInner(1).round(true)(root);
	mapbox.replaceChildren(...root.descendants().filter(n => n !== root &&
		n.x1 - n.x0 >= SMALLEST && n.y1 - n.y0 >= SMALLEST ||
		n === root && !n.children).map(rectangle));
}

/*
 * The tree.  Only the rows in sight are in the document, so that 15,000 are no
 * more work than 50.
 */
const ROW = 26;
const tree = document.getElementById("tree");
const rows = document.getElementById("rows");
let visible = [];		/* attributes with a row, in order */
let selected = attributes[0];
let words = "";

function typeBar(a) {
	const bar = element("span", {className: "bar", title: "types"});
	const part = (name, n) => {
		const i = element("i");
		i.style.flex = n;
		i.style.background = `var(--${name})`;
		bar.append(i);
	};
	a.versions.forEach(v => part(v.type, v.count));
	if (a.nulls)
		part("null", a.nulls);
	return bar;
}

function thereBar(a) {
	const bar = element("span", {className: "bar there",
		title: "present in " + share(a.present, a.objects)});
	const i = element("i");
	i.style.width = 100 * a.present / (a.objects || 1) + "%";
	bar.append(i);
	return bar;
}

function marked(label) {
	const at = words ? label.toLowerCase().indexOf(words) : -1;
	if (at < 0)
		return [label];
	return [label.slice(0, at),
		element("b", {}, label.slice(at, at + words.length)),
		label.slice(at + words.length)];
}

function row(a, at) {
	const kids = a.kids.some(k => k.shown);
	const e = element("div", {
		className: "row" + (a.versions.length > 1 ? " poly" : ""),
		id: "row" + a.index, role: "treeitem",
		"aria-level": a.depth + 1, "aria-selected": a === selected
	});
	if (kids)
		e.setAttribute("aria-expanded", a.open);
	e.style.top = at * ROW + "px";
	e.style.paddingLeft = 8 + 16 * Math.min(a.depth, 24) + "px";
	e.append(
		element("span", {className: "mark", ariaHidden: "true"},
			kids ? a.open ? "\u25be" : "\u25b8" : ""),
		element("span", {className: "name" + (a.kind === KEY ? "" : " soft"),
			title: a.path}, ...marked(a.label)),
		element("span", {className: "types"},
			a.versions.map(v => v.type).join(" ") || "null"),
		typeBar(a), thereBar(a),
		element("span", {className: "count"}, grouped(a.count)),
		element("span", {className: "size"}, size(a.bytes)));
	e.onclick = event => {
		if (kids && (event.target.className === "mark" || a === selected))
			toggle(a);
		else
			select(a);
	};
	return e;
}

function draw() {
	const from = Math.max(0, Math.floor(tree.scrollTop / ROW) - 10);
	const to = Math.min(visible.length,
		from + Math.ceil(tree.clientHeight / ROW) + 20);
	rows.style.height = visible.length * ROW + "px";
	rows.replaceChildren(...visible.slice(from, to)
		.map((a, i) => row(a, from + i)));
	tree.setAttribute("aria-activedescendant", "row" + selected.index);
}

function layout() {
	visible = [];
	const stack = attributes.length ? [attributes[0]] : [];
	while (stack.length) {
		const a = stack.pop();
		if (!a.shown)
			continue;
		visible.push(a);
		if (a.open)
			for (let i = a.kids.length - 1; i >= 0; i--)
				stack.push(a.kids[i]);
	}
	draw();
}

function toggle(a, open = !a.open) {
	a.open = open;
	layout();
}

function intoView() {
	const at = visible.indexOf(selected);
	if (at * ROW < tree.scrollTop)
		tree.scrollTop = at * ROW;
	else if ((at + 1) * ROW > tree.scrollTop + tree.clientHeight)
		tree.scrollTop = (at + 1) * ROW - tree.clientHeight;
}

/* Selects it, opening what it lies in. */
function select(a) {
	selected = a;
	for (let up = a.parent; up; up = up.parent) {
		up.open = true;
		up.shown = true;
	}
	a.shown = true;
	layout();
	intoView();
	draw();
	showDetails(a);
}

function move(by) {
	const at = visible.indexOf(selected) + by;
	if (visible.length)
		select(visible[Math.max(0, Math.min(visible.length - 1, at))]);
}

const page = () => Math.max(1, Math.floor(tree.clientHeight / ROW) - 1);
const keys = {
	ArrowDown: () => move(1), ArrowUp: () => move(-1),
	PageDown: () => move(page()), PageUp: () => move(-page()),
	Home: () => move(-visible.length), End: () => move(visible.length),
	ArrowRight: () => selected.open || !selected.kids.length ? move(1) :
		toggle(selected, true),
	ArrowLeft: () => selected.open && selected.kids.length ?
		toggle(selected, false) : selected.parent && select(selected.parent),
	Enter: () => toggle(selected), " ": () => toggle(selected)
};

tree.addEventListener("keydown", event => {
	const act = keys[event.key];
	if (!act || event.ctrlKey || event.metaKey || event.altKey)
		return;
	event.preventDefault();
	act();
});
tree.addEventListener("scroll", draw, {passive: true});

/* Shows what matches, and the way there.  Returns how many match. */
function filter(text, poly, optional) {
	const any = text || poly || optional;
	let found = 0;
	words = text.toLowerCase();
	for (const a of attributes) {
		const hit = a.find.includes(words) &&
			(!poly || a.versions.length > 1) &&
			(!optional || a.present < a.objects);
		a.hit = hit && any;
		a.shown = hit;
		found += hit;
	}
	for (let i = attributes.length - 1; any && i > 0; i--) {
		const a = attributes[i];
		if (a.shown) {
			a.parent.shown = true;
			a.parent.open = true;
		}
	}
	layout();
	return found;
}

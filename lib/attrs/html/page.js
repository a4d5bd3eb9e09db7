/* The page: figures on top, search, light and dark. */
const at = id => document.getElementById(id);

function drawFigures() {
	const list = [["records", grouped(data.records)], ["bytes", size(data.bytes)],
		["attributes", grouped(attributes.length)],
		["with several types", grouped(data.polymorphic)],
		["maximum level", data.level], ["complexity", grouped(data.score)],
		["rejected", grouped(data.rejected)]];
	if (data.all > attributes.length)
		list.push(["not shown", grouped(data.all - attributes.length)]);
	if (!data.complete)
		list.push(["complete", "no"]);
	at("figures").append(...list.map(([name, value]) => element("div", {},
		element("dt", {}, name), element("dd", {}, value))));
	at("title").textContent = data.source;
	document.title = data.source + ": attributes";
}

function search() {
	const text = at("search").value.trim();
	const found = filter(text, at("poly").checked, at("optional").checked);
	const any = text || at("poly").checked || at("optional").checked;
	at("found").textContent = any ?
		`${grouped(found)} ${found === 1 ? "attribute" : "attributes"}` : "";
}

/* The next match behind the selected attribute, from the top again. */
function next() {
	const n = attributes.length;
	for (let i = 1; i <= n; i++) {
		const a = attributes[(selected.index + i) % n];
		if (a.hit) {
			select(a);
			return;
		}
	}
}

function setAll(open) {
	attributes.forEach(a => { a.open = open || !a.parent; });
	layout();
}

let waiting = 0;
for (const id of ["search", "poly", "optional"])
	at(id).addEventListener("input", () => {
		clearTimeout(waiting);
		waiting = setTimeout(search, id === "search" ? 60 : 0);
	});
at("find").addEventListener("submit", event => {
	event.preventDefault();
	clearTimeout(waiting);
	search();
	next();
});
at("open").onclick = () => setAll(true);
at("close").onclick = () => setAll(false);
at("theme").onclick = () => document.documentElement.classList.toggle("dark");
document.addEventListener("keydown", event => {
	if (event.key === "/" && document.activeElement !== at("search")) {
		event.preventDefault();
		at("search").focus();
	} else if (event.key === "Escape" && document.activeElement === at("search")) {
		at("search").value = "";
		search();
		tree.focus();
	}
});
addEventListener("resize", () => { draw(); drawMap(); });

if (matchMedia("(prefers-color-scheme: dark)").matches)
	document.documentElement.classList.add("dark");
drawFigures();
if (attributes.length) {
	attributes[0].open = true;
	if (attributes.length <= 60)
		setAll(true);
	select(attributes[0]);
	drawMap(attributes[0]);
} else {
	at("details").textContent = "No records, so no attributes.";
}

#!/usr/bin/env python3
"""mermaid_check.py SCRIPT FILE... -- Mermaid (SCRIPT is its mermaid.min.js), in
a real browser, takes and draws what render-attrs makes of each FILE's scan:
a box for each attribute with keys, called by its path, in it a row for each
key with its types; a line to each box from the one around it."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "browser"))
from driver import Browser  # noqa: E402

ROWS = 60
DRAW = """
return mermaid.parse(arguments[0]).then(() =>
	mermaid.render('drawing', arguments[0])).then(r => {
	document.body.innerHTML = r.svg;
	const texts = (e, c) => [...e.querySelectorAll('.' + c)].map(
		x => x.textContent);
	return {boxes: [...document.querySelectorAll('.node')].map(n => ({
			path: texts(n, 'name')[0],
			types: texts(n, 'attribute-type'),
			names: texts(n, 'attribute-name'),
			comments: texts(n, 'attribute-comment')})),
		lines: document.querySelectorAll('.relationshipLine').length};
}, e => ({error: String(e)}));"""


def scan(name):
    done = subprocess.run(["discover-attrs", "-q", name], check=True,
                          capture_output=True)
    text = subprocess.run(["render-attrs", "--to=mermaid"], check=True,
                          input=done.stdout, capture_output=True)
    return ([json.loads(line) for line in done.stdout.splitlines()[1:]],
            text.stdout.decode())


def types_of(attribute):
    active = [name for name, v in attribute["versions"].items()
              if v["active"]]
    return "_".join(active) or ("null" if attribute["nulls"] else "array")


def check_row(name, box, at, attribute):
    key = attribute["steps"][-1]
    shown, comment = box["names"][at], box["comments"][at]
    if box["types"][at] != types_of(attribute):
        sys.exit(f"{name}: {attribute['path']}: {box['types'][at]}")
    if shown != key and not comment.startswith(key or '""'):
        sys.exit(f"{name}: {attribute['path']} as {shown}, {comment}")


def check(browser, name):
    attributes, text = scan(name)
    drawn = browser.run(DRAW, text)
    if "error" in drawn:
        sys.exit(f"{name}: {drawn['error']}")
    keys = {}
    for a in attributes:
        if a["steps"] and isinstance(a["steps"][-1], str):
            keys.setdefault(json.dumps(a["steps"][:-1]), []).append(a)
    paths = {json.dumps(a["steps"]): a["path"] for a in attributes}
    boxes = {box["path"]: box for box in drawn["boxes"]}
    if set(boxes) != {paths[steps] for steps in keys}:
        sys.exit(f"{name}: other boxes: {sorted(boxes)[:20]}")
    lines = sum(any(isinstance(s, str) for s in json.loads(steps))
                for steps in keys)
    if drawn["lines"] != lines:
        sys.exit(f"{name}: {drawn['lines']} lines, not {lines}")
    for steps, below in keys.items():
        box = boxes[paths[steps]]
        for at, attribute in enumerate(below[:ROWS]):
            check_row(name, box, at, attribute)
        if len(box["names"]) != min(len(below), ROWS) + (len(below) > ROWS):
            sys.exit(f"{name}: rows of {box['path']}")
    print(f"ok {len(boxes)} boxes, {lines} lines")


def main(script, names):
    with open("mermaid.html", "w", encoding="utf-8") as file:
        file.write('<!DOCTYPE html><meta charset="utf-8">'
                   f'<script src="file://{script}"></script><body>')
    with Browser() as browser:
        for name in names:
            browser.open("mermaid.html")
            browser.run("mermaid.initialize({startOnLoad: false});")
            check(browser, name)
        browser.open("mermaid.html")
        if "error" not in browser.run(DRAW, "erDiagram\n\tn0[\"x\" {\n}\n"):
            sys.exit("it takes a broken text")


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]), sys.argv[2:])

"""page.py PAGE ATTRS [PICTURES] -- uses the page of render-attrs --to=html.

Search, keys, folding, details, treemap and colours, in a real browser; figures
are compared with the attribute lines.  Says nothing when all is well.
"""
import json
import sys
import time

from driver import Browser

problems = []


def must(what, ok, seen=None):
    if not ok:
        problems.append(f"{what}: {seen!r}")


def until(what, ask):
    for _ in range(100):
        seen = ask()
        if seen is True:
            return
        time.sleep(0.05)
    must(what, False, seen)


def picture(b, name):
    if len(sys.argv) > 3:
        b.picture(f"{sys.argv[3]}/{name}.png")


def text(b, css):
    return b.run("const e = document.querySelector(arguments[0]);"
                 "return e && e.textContent;", css)


def paths(b):
    return b.run("return visible.map(a => a.path);")


def all_there(b, attrs):
    seen = b.run("return attributes.map(a => [a.path, a.count, a.nulls, "
                 "a.bytes, a.versions.map(v => [v.type, v.count])]);")
    want = [[a["path"], a["count"], a["nulls"], a["bytes"],
             [[t, v["count"]] for t, v in a["versions"].items()
              if v["active"]]] for a in attrs]
    must("as many attributes", len(seen) == len(want), len(seen))
    for s, w in zip(seen, want):
        if s != w:
            must("an attribute", False, (s, w))
            break


def searches(b, attrs):
    word = max((a["name"] for a in attrs), key=len)[:6].lower()
    hits = [a["path"] for a in attrs if word in a["path"].lower()]
    b.keys("/")
    must("/ goes to the search", b.run("return document.activeElement.id")
         == "search")
    b.keys(word)
    until("search finds all", lambda: (text(b, "#found") or "").replace(
        "\u202f", "").startswith(str(len(hits)) + " ") or text(b, "#found"))
    shown = paths(b)
    must("all matches are shown", set(hits) <= set(shown))
    must("only them and the way there", all(
        any(h.startswith(s.rstrip(".")) for h in hits) for s in shown))
    b.keys("Enter")
    until("Enter selects a match", lambda: text(b, "#path") in hits)
    picture(b, "search")
    b.keys("Escape")
    until("Escape clears", lambda: text(b, "#found") == "")
    many = sum(sum(v["active"] for v in a["versions"].values()) > 1
               for a in attrs)
    b.click("#poly")
    until("several types", lambda: b.run(
        "return attributes.filter(a => a.hit).length") == many)
    b.click("#poly")


def folds(b, attrs):
    b.click("#close")
    must("closed", len(paths(b)) == 1 + b.run(
        "return attributes[0].kids.length"), len(paths(b)))
    b.run("tree.focus(); select(attributes[0]);")
    b.keys("Left")
    must("Left closes", paths(b) == ["."], paths(b))
    b.keys("Right")
    must("Right opens", len(paths(b)) > 1)
    b.keys("Down")
    must("Down selects the next", text(b, "#path") == attrs[1]["path"],
         text(b, "#path"))
    b.keys("End")
    must("End", text(b, "#path") == paths(b)[-1], text(b, "#path"))
    b.keys("Home", "Down", "Up")
    must("Home", text(b, "#path") == ".", text(b, "#path"))
    b.click("#open")
    must("all open", len(paths(b)) == len(attrs), len(paths(b)))
    must("few rows in the document", b.run(
        "return document.querySelectorAll('.row').length") < 100)
    b.click("#close")


def treemap(b):
    before = b.run("return mapRoot.path")
    goes = b.run(
        "const a = attributes.filter(a => a.parent === mapRoot && "
        "a.kids.length && a.kind !== 4).sort((a, b) => b.bytes - a.bytes)[0];"
        "return a ? a.path : null;")
    if goes is None:
        return
    b.run("const a = attributes.find(x => x.path === arguments[0]);"
          "[...document.querySelectorAll('#treemap button')].find(e => "
          "e.title.split('\\n')[0] === a.path)?.click();", goes)
    must("a click goes in", b.run("return mapRoot.path") == goes,
         b.run("return mapRoot.path"))
    must("and selects", text(b, "#path") == goes)
    must("areas", b.run(
        "return document.querySelectorAll('#treemap button').length") > 0)
    picture(b, "treemap")
    b.click("#crumbs button")
    must("the trail leads out", b.run("return mapRoot.path") == before)


def colours(b):
    was = b.run("return getComputedStyle(document.body).backgroundColor")
    b.click("#theme")
    now = b.run("return getComputedStyle(document.body).backgroundColor")
    must("another background", was != now, now)
    picture(b, "dark")
    b.click("#theme")


def main():
    with open(sys.argv[2], encoding="utf-8", errors="surrogateescape") as f:
        attrs = [json.loads(line) for line in f][1:]
    with Browser() as b:
        b.open(sys.argv[1])
        picture(b, "page")
        all_there(b, attrs)
        searches(b, attrs)
        folds(b, attrs)
        treemap(b)
        colours(b)
        must("nothing loaded", b.run(
            "return performance.getEntriesByType('resource').length") == 0)
        paint = b.run("return performance.getEntriesByName("
                      "'first-contentful-paint')[0]?.startTime ?? -1")
        must("nothing on the console", b.said() == [], b.said())
    for p in problems:
        print(p)
    if len(sys.argv) > 3:
        print(f"first paint after {paint:.0f} ms")
    return 1 if problems else 0


sys.exit(main())

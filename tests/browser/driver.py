"""A browser by the WebDriver protocol (W3C): chromedriver and Chromium.

with Browser() as b: b.open(path); b.run(script, args); b.keys(id, text)
"""
import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.request

KEYS = {"Down": "\ue015", "Up": "\ue013", "Right": "\ue014", "Left": "\ue012",
        "Home": "\ue011", "End": "\ue010", "Enter": "\ue007",
        "Escape": "\ue00c", "PageDown": "\ue00f"}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    def __init__(self, width=1300, height=850, dark=False):
        self.folder = tempfile.mkdtemp(prefix="penstock-browser-")
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
            env=dict(os.environ, HOME=self.folder, TMPDIR=self.folder))
        for line in self.driver.stdout:
            found = re.search(r"started successfully on port (\d+)", line)
            if found:
                break
        else:
            raise OSError("chromedriver did not start")
        self.base = f"http://127.0.0.1:{found.group(1)}"
        args = ["--headless=new", "--no-sandbox", "--disable-gpu",
                "--disable-dev-shm-usage", f"--window-size={width},{height}",
                "--disable-background-networking", "--no-first-run",
                f"--user-data-dir={self.folder}/profile"]
        if dark:
            args.append("--force-dark-mode")
        answer = self.call("POST", "/session", {"capabilities": {
            "alwaysMatch": {"goog:chromeOptions": {"args": args},
                            "goog:loggingPrefs": {"browser": "ALL"}}}})
        self.session = "/session/" + answer["sessionId"]

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        try:
            self.call("DELETE", self.session)
        finally:
            self.driver.terminate()
            self.driver.wait()
            shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.base + path, data, {"Content-Type": "application/json"},
            method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=120) as answer:
            return json.load(answer)["value"]

    def open(self, path):
        self.call("POST", self.session + "/url",
                  {"url": "file://" + os.path.abspath(path)})

    def run(self, script, *args):
        return self.call("POST", self.session + "/execute/sync",
                         {"script": script, "args": list(args)})

    def find(self, css):
        return self.call("POST", self.session + "/element",
                         {"using": "css selector", "value": css})[ELEMENT]

    def click(self, css):
        self.call("POST", f"{self.session}/element/{self.find(css)}/click", {})

    def keys(self, *keys):
        """Presses keys by name, or types a text, where the focus is."""
        actions = []
        for key in keys:
            for k in [KEYS[key]] if key in KEYS else key:
                actions += [{"type": "keyDown", "value": k},
                            {"type": "keyUp", "value": k}]
        self.call("POST", self.session + "/actions", {"actions": [
            {"type": "key", "id": "keyboard", "actions": actions}]})

    def said(self):
        """What the page wrote to the console, errors included."""
        return self.call("POST", self.session + "/se/log", {"type": "browser"})

    def picture(self, path):
        import base64
        with open(path, "wb") as f:
            f.write(base64.b64decode(
                self.call("GET", self.session + "/screenshot")))

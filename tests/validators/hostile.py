"""Writes reports with names that try to break out of a format.

    python hostile.py REPORT.json FOLDER

Each gets a folder of its own below FOLDER, as `report.json`. A name is put wherever a text comes from a
file or a tenant; one report is also simulated.
"""

import json
import pathlib
import sys

NAMES = [
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "::error::owned ##[error]owned %0A::error::owned",
    "one\n::error file=x::owned\r\n# owned\n- [ ] owned\n\n<!-- owned",
    "\u202egnp.exe\u202c \u001b[31m\u001b]0;owned\u0007\u009b2J \u2028 \u0000",
    "]]> --> </details> | a | `b` ``c`` ~~~ \\",
    "[owned](https://owned.example) ![x](https://owned.example) https://owned.example www.owned.example",
    "@owner owner@owned.example owned#1 #1 {0} {{x}} ${{ secrets.X }} \"quoted\" 'single' &lt; &#60;",
    "a very long label " * 222,
    "   ",
]

KEYS = {
    "connection", "name", "title", "version", "file", "publisher", "label", "breaks", "because", "saw", "text",
    "reason", "by", "probe", "path", "denied", "silent", "advice", "item", "doubt", "rule", "until", "base_url",
    "service_user",
}


def put(node, words, key=""):
    if isinstance(node, dict):
        return {name: node[name] if name == "tool" else put(node[name], words, name) for name in node}
    if isinstance(node, list):
        return [put(value, words, key) for value in node]
    if key in KEYS and isinstance(node, str):
        return words
    # A folder of the tenant's own is a part of an id.
    if key == "permission" and isinstance(node, str) and "/personal/" in node:
        return f"docs/{words}/view"
    return node


def main(report_file, folder):
    report = json.loads(pathlib.Path(report_file).read_text("utf-8"))
    for number, words in enumerate(NAMES):
        hostile = put(report, words)
        hostile["run"]["simulated"] = number == 0
        place = pathlib.Path(folder) / f"hostile-{number}"
        place.mkdir(parents=True)
        (place / "report.json").write_text(json.dumps(hostile), "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])

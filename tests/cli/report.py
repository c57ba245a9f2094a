#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A report's page: balanced markup, unique ids, links that lead somewhere, nothing from outside."""
import html.parser
import sys

CLOSES_ITSELF = {"meta"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links, self.faults, self.headings = [], set(), set(), [], []

    def fault(self, text):
        self.faults.append(f"line {self.getpos()[0]}: {text}")

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag in {"script", "link", "img", "iframe", "object", "embed"}:
            self.fault(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or "://" in (value or "") or name == "src":
                self.fault(f"{name}={value}")
        if values.get("id") in self.ids:
            self.fault(f"id {values['id']} twice")
        if "id" in values:
            self.ids.add(values["id"])
        if tag == "a":
            self.links.add(values["href"])
        if tag in {"h1", "h2", "h3"}:
            self.headings.append(int(tag[1]))
        if tag == "table":
            self.open.append("table without caption")
        elif tag == "caption" and self.open and self.open[-1] == "table without caption":
            self.open[-1] = "table"
        if tag not in CLOSES_ITSELF and tag != "table":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.fault(f"</{tag}> closes something else")

    def finish(self):
        self.close()
        self.faults += [f"link to nowhere: {link}" for link in self.links
                        if link[0] != "#" or link[1:] not in self.ids]
        if self.open:
            self.faults.append(f"left open: {self.open}")
        if self.headings[:1] != [1] or any(b > a + 1 for a, b in
                                           zip(self.headings, self.headings[1:])):
            self.faults.append("headings skip a level")


def main():
    page = Page()
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    page.feed(text)
    page.finish()
    if "url(" in text or "@import" in text:
        page.faults.append("the style asks for a file")
    for fault in page.faults[:10]:
        print(f"{sys.argv[1]}: {fault}")
    if not page.faults:
        print(f"{sys.argv[1]}: good")
    return bool(page.faults)


if __name__ == "__main__":
    sys.exit(main())

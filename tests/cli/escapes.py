#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""No control character of an input reaches what an offline verb prints.

Escapes in quoted texts (ESC, the one-byte CSI U+009B, a bell, a bidirectional override, NUL) are
refused with their place, in a deployment and in the matrix; markup in any text is only text. Prints
each verb that lets one through or ends otherwise than it should, then "N verbs, N leaks".
"""
import os
import re
import subprocess

EVIL = r"<x1>&'é\n→"
ESCAPES = (r"\e]0;y", r"\a", r"\u009b2J", r"\x9b", r"\u202e", r"\0", r"\x7f", r"\b")
HARMFUL = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xa8-\xae]|"
                     rb"\xe2\x81[\xa6-\xa9]")
MORE = f"""guards:
  - {{from: 10.2.9.0/24, to: box, service: tcp 22, name: ssh, because: "b{EVIL}"}}
site-rows:
  - {{from: em1, to: panels, service: tcp 9, name: own, because: "ticket{EVIL}"}}
icmp:
  - {{from: core, to: rooms, types: [echo], name: ping, because: "p{EVIL}"}}
readings: {{"site-booking/2:2": {{ports: 55003, because: "r{EVIL}"}}}}
tunables: {{xt-series.h245-range: 3230-3240}}
licences: {{equinox-management: {{calls: 5}}}}
"""
verbs = leaks = 0


def write(name, text):
    os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
    with open(name, "w", encoding="utf-8") as file:
        file.write(text)


def make_files():
    with open(os.environ["EQFW_MATRIX"] + "/examples/site-booking.yaml", encoding="utf-8") as file:
        rows = re.sub(r'(: \[?")([^"]+")', lambda m: m[1] + EVIL + m[2], file.read())
    rows = rows.replace("service: HTTPS", f'service: "{EVIL}"')
    with open(os.environ["CASES"] + "/booking.yaml", encoding="utf-8") as file:
        site = file.read() + MORE
    write("evil.d/site-booking.yaml", rows)
    write("evil2.d/site-booking.yaml", rows.replace("dst: 8443", "dst: 8444"))
    write("evil.yaml", site)
    for n, escape in enumerate(ESCAPES):
        write(f"escape-{n}.yaml", site.replace("ticket", "ticket" + escape))
        write(f"escape-{n}.d/site-booking.yaml", rows.replace("change 2031", escape))
        write(f"key-{n}.yaml", site + f'"x{escape}": 1\n')
    write("broken.yaml", site.replace("name: booking", f'name: "booking{EVIL}"') +
          f'"x{EVIL}": 1\nscope: "{EVIL}"\n')
    write("raw.yaml", site + "x: \x1b[2J\n")
    write("evil.tsv", "from\tto\tproto\tsport\tdport\texpected\n"
          "panels\tbook1\ttcp\t40000\t1\tpermit\nx\x1b]0;y\tem1\ttcp\t1\t2\tdrop\n")


def look(what, data, text=True):
    global verbs, leaks
    verbs += 1
    found = HARMFUL.search(data if text else data.replace(b"\r\n", b""))
    if found:
        leaks += 1
        print(f"leak: {what}: {data[max(0, found.start() - 40):found.end() + 10]!r}")


def verb(status, *args, rows="evil.d", said=rb""):
    global leaks
    result = subprocess.run(["eqfwctl", *args], capture_output=True, check=False,
                            env={**os.environ, "EQFW_MATRIX_D": rows, "LC_ALL": "C.UTF-8"})
    if result.returncode != status or not re.search(said, result.stderr):
        leaks += 1
        print(f"exit {result.returncode}: {args}: {result.stderr[:400]!r}")
    look(" ".join(args), result.stdout + result.stderr)


def all_verbs(*form):
    verb(0, "compile", *form, "evil.yaml", "-o", "evil.bin")
    verb(0, "check", *form, "evil.yaml")
    verb(5, "check", *form, "broken.yaml")
    verb(5, "check", *form, "raw.yaml")
    verb(0, "inspect", *form, "evil.bin")
    flow = ["--from", "panels", "--to", "book1", "--proto", "tcp", "--sport", "40000", "--dport"]
    verb(0, "explain", *form, "evil.bin", *flow, "8443")
    verb(1, "explain", *form, "evil.bin", *flow, "23")
    verb(1, "explain", *form, "evil.bin", "--from", "admins", "--to", "book1", "--proto", "tcp",
         "--dport", "22")
    verb(5, "test", *form, "evil.bin", "evil.tsv")
    verb(0, "matrix", *form, "site-booking/1")
    verb(0, "matrix", *form, "--role", "site-booking-server")
    verb(0, "matrix", *form, "--from", "site-room-panel", "--to", "site-booking-server")
    verb(0, "matrix", *form, "--needs", "-d", "evil.yaml")
    for name in ("sections", "roles", "features", "tunables", "errata", "conflicts"):
        verb(0, "matrix", *form, "--" + name)
    verb(0, "search", *form, "panels")
    verb(0, "plan", *form, "evil.yaml")
    verb(0, "plan", *form, "--zones", "evil.yaml")
    verb(1, "diff", *form, "evil.bin", "evil.yaml", rows="evil2.d")
    verb(0, "lint", *form, "evil.yaml")


def refused():
    for n in range(len(ESCAPES)):
        for args in ([f"escape-{n}.yaml"], [f"key-{n}.yaml"],
                     ["evil.yaml", "--matrix.d", f"escape-{n}.d"]):
            verb(5, "check", *args, said=rb"\.yaml:\d+:\d+: error: the control character \\x")


def main():
    make_files()
    refused()
    all_verbs()
    all_verbs("--json")
    verb(0, "matrix", "--errata", "--markdown")
    verb(0, "report", "--json", "evil.yaml")
    verb(0, "report", "evil.yaml", "-o", "evil.html", "--csv", "evil.csv")
    for name in ("evil.html", "evil.csv"):
        with open(name, "rb") as file:
            data = file.read()
        look(name, data, text=False)
        if name == "evil.html" and b"<x1>" in data:
            print("leak: markup in the report")
    print(f"{verbs} verbs, {leaks} leaks")


main()

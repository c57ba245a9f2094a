#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Hostile files in every place that reads YAML or text: a clear error and bounded memory.

usage: hostile.py deployments | site-rows | matrix | lists

Each kind of file is judged as a deployment, as a file of matrix.d and of the matrix; lists are what a
deployment holds or names. Wanted: exit 5, a place, at most 200,000 bytes of words, within 256 MiB of address
space and a minute. Prints what failed, then "N passed, N failed".
"""
import os
import re
import resource
import shutil
import subprocess
import sys

CASES = os.environ["CASES"]
TOOL = os.path.join(CASES, "..", "..", "build", "eqfwctl")  # ASan needs more address space
WORDS = 200_000

SECTION = """eqfw: section/1
section: site-b
heading: B
rows:
  - {row: 1, source: x, destination: y, source-roles: [admin-client], requirement: mandatory,
     destination-roles: [equinox-management], items: [{printed: "TCP 9", proto: tcp, dst: 9,
     function: management, initiator: source}]}
"""
BOMB = "a: &a [x, x, x, x]\n" + "".join(
    f"b{n}: &b{n} [{', '.join(['*' + ('a' if not n else f'b{n - 1}')] * 9)}]\n" for n in range(12))
KINDS = {
    "bomb of aliases": BOMB,
    "line of 1 MiB": 'x: "' + "a" * (1 << 20) + '"\n',
    "key of 1 MiB": "k" * (1 << 20) + ": 1\n",
    "NUL": "x\0y: 1\n",
    "duplicate key": "eqfw: again\n",
    "nested": "x: " + "[" * 100_000 + "\n",
    "nested maps": "".join(" " * n + "x:\n" for n in range(500)),
    "million lines": "x:\n" + "".join(f"  h{n}: x\n" for n in range(1_000_000)),
    "million list entries": "x: [" + "y, " * 1_000_000 + "y]\n",
    "not UTF-8": "x: \xff\xfe\n",
    "tag": "x: !!python/object:os.system y\n",
    "second document": "---\nx: 1\n",
}
LISTS = {
    "many readings": "readings:\n" + "".join(f'  "x/{n}": {{ports: 1}}\n' for n in range(5_000)),
    "bad readings": "readings:\n" + "".join(
        f'  "elite-mcu/1:{n}": {{ports: 99999}}\n' for n in range(5_000)),
    "a reading of many ports": 'readings: {"elite-mcu/1:1": {ports: "' + ",".join(
        str(n) for n in range(1, 65536, 2)) + ',x"}}\n',
    "rows that are not there": "enable:\n  rows:\n" + "".join(
        f'    "wcs/{n}": off\n' for n in range(5_000)),
    "bad tunables": "tunables:\n" + "".join(f"  t{n}: 1\n" for n in range(5_000)),
}
passed = failed = 0


def site():
    with open(os.path.join(CASES, "site.yaml"), encoding="utf-8") as file:
        return file.read()


def write(name, text):
    with open(name, "w", encoding="latin-1" if "\xff" in text else "utf-8") as file:
        file.write(text)


def limits():
    resource.setrlimit(resource.RLIMIT_AS, (256 << 20, 256 << 20))


def judge(what, place, *args, column=True):
    global passed, failed
    try:
        result = subprocess.run([TOOL, *args], capture_output=True, preexec_fn=limits, timeout=60,
                                check=False)
    except subprocess.TimeoutExpired:
        failed += 1
        print(f"FAIL {what}: no end")
        return
    words = result.stdout + result.stderr
    wrong = [text for text, bad in (
        (f"exit {result.returncode}", result.returncode != 5),
        ("no place", not re.search(place.encode() + (rb":\d+:\d+" if column else b"") +
                                     rb": error: ", words)),
        (f"{len(words)} bytes of words", len(words) > WORDS)) if bad]
    if wrong:
        failed += 1
        print(f"FAIL {what}: {', '.join(wrong)}: {words[:300]!r}")
    else:
        passed += 1


def in_deployments():
    for what, text in KINDS.items():
        write("h.yaml", site() + text)
        judge(f"{what} in a deployment", "h.yaml", "check", "h.yaml")
    write("h.yaml", site() + "# x\n" * (5 << 20))
    judge("20 MiB", "h.yaml", "check", "h.yaml", column=False)


def in_site_rows():
    os.makedirs("h.d", exist_ok=True)
    write("good.yaml", site())
    for what, text in KINDS.items():
        write("h.d/site-b.yaml", SECTION + text)
        judge(f"{what} in matrix.d", "site-b.yaml", "check", "good.yaml", "--matrix.d", "h.d")


def in_matrix():
    source = os.environ["EQFW_MATRIX"]
    shutil.copytree(source, "h.matrix", dirs_exist_ok=True,
                    ignore=shutil.ignore_patterns("examples"))
    for what, text in KINDS.items():
        for name in ("wcs.yaml", "roles.yaml"):
            with open(f"{source}/{name}", encoding="utf-8") as file:
                write(f"h.matrix/{name}", file.read().replace("®", "R") + text)
            judge(f"{what} in {name}", name, "matrix", "--matrix", "h.matrix")
            shutil.copy(f"{source}/{name}", f"h.matrix/{name}")


def in_lists():
    for what, text in LISTS.items():
        write("h.yaml", site().replace("enable:", "enable2:") + text)
        judge(what, "h.yaml", "check", "h.yaml")
    write("h.txt", "10.0.0.0/24\n" * 5_000 + "x" * (1 << 20) + "\n")
    write("h.yaml", site().replace("hosts:\n", "hosts:\n  all: {roles: [xt-series], zone: core, "
                                   "address-file: h.txt}\n"))
    judge("address file", "h.txt", "check", "h.yaml")


{"deployments": in_deployments, "site-rows": in_site_rows, "matrix": in_matrix,
 "lists": in_lists}[sys.argv[1]]()
print(f"at most {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss} KiB")
print(f"{passed} passed, {failed} failed")

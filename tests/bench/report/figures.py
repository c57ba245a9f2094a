# SPDX-License-Identifier: GPL-2.0
"""Result files -> figures. A file is rows of set, what, figure, value, unit, separated by tabs."""
import os


class Figures:
    """All rows of one result file; empty where the file is not there."""

    def __init__(self, path):
        self.rows = {}
        self.sets = []
        if not os.path.exists(path):
            return
        with open(path, encoding="utf-8") as rows:
            for row in rows:
                name, what, figure, value = row.rstrip("\n").split("\t")[:4]
                if name == "set":
                    continue  # the names of the columns
                self.rows[name, what, figure] = value
                if name != "bed" and name not in self.sets:
                    self.sets.append(name)

    def __bool__(self):
        return bool(self.rows)

    def text(self, name, what, figure="fact"):
        return self.rows.get((name, what, figure))

    def number(self, name, what, figure="min"):
        value = self.text(name, what, figure)
        return None if value is None else float(value)


class Kernel(Figures):
    """Figures of a bed: nanoseconds a packet, whole and as the cost of the hook alone."""

    def __init__(self, path, cpus=1):
        super().__init__(path)
        self.cpus = cpus

    def whole(self, name, who, packets="trace-90", figure="min", cpus=1):
        return self.number(name, f"{who} {packets} {cpus}", figure)

    def cost(self, name, who, packets="trace-90", figure="min", cpus=1, without="empty"):
        whole = self.whole(name, who, packets, figure, cpus)
        floor = self.whole(name, without, packets, figure, cpus)
        return None if whole is None or floor is None else whole - floor

    def rules(self, name):
        return self.number(name, "rules", "fact")


def ratio(a, b):
    """a / b, or None where one was not measured or b is nothing."""
    return None if a is None or b is None or b <= 0 else a / b


def short(value, unit=""):
    """A number for people: three digits that mean something."""
    if value is None:
        return "-"
    if abs(value) >= 100:
        text = f"{value:,.0f}"
    elif abs(value) >= 10:
        text = f"{value:.1f}"
    else:
        text = f"{value:.2f}"
    return text + unit


def spread(low, middle):
    """Minimum and, where it differs visibly, the median."""
    if low is None:
        return "-"
    if middle is None or short(middle) == short(low):
        return short(low)
    return f"{short(low)} ({short(middle)})"


def table(head, rows):
    """A Markdown table whose source is readable too."""
    cells = [[str(c) for c in row] for row in [head, *rows]]
    width = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = []
    for number, row in enumerate(cells):
        lines.append("| " + " | ".join(c.ljust(width[i]) for i, c in enumerate(row)) + " |")
        if number == 0:
            lines.append("|" + "|".join("-" * (w + 2) for w in width) + "|")
    return "\n".join(lines) + "\n"

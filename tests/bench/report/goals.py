# SPDX-License-Identifier: GPL-2.0
"""What was promised, what was hoped for, what was reached."""
from figures import ratio, short, table

# nft's concatenated range set has an AVX2 lookup that User Mode Linux cannot use; so much faster it
# is with it, at 1,000 and at 10,000 rules.
AVX2 = {"1k": 2.9, "10k": 7.8}


class Goal:
    """A ratio to be at least (or at most) something. Without a figure: not measured."""

    def __init__(self, name, value, promise, moonshot, most=False, unit="x", why=""):
        self.name, self.value = name, value
        self.promise, self.moonshot, self.most = promise, moonshot, most
        self.unit, self.why = unit, why

    def reaches(self, mark):
        return self.value <= mark if self.most else self.value >= mark

    def verdict(self):
        if self.value is None:
            return "not measured"
        if self.reaches(self.moonshot):
            return "**moonshot**"
        return "met" if self.reaches(self.promise) else "**missed**"

    def row(self):
        sign = "<=" if self.most else ">="
        return [
            self.name,
            f"{sign} {self.promise:g}{self.unit}",
            f"{sign} {self.moonshot:g}{self.unit}",
            short(self.value, self.unit),
            self.verdict(),
        ]


def added(kernel, half):
    """What eqfw adds to a tracked packet, against what tracking costs without it."""
    both = kernel.whole("10k", "eqfw+ct", half)
    alone = kernel.whole("10k", "ct-established", half)
    own = kernel.cost("10k", "ct-established", half)
    return None if both is None or alone is None else ratio(both - alone, own)


def rivals(one):
    goals = []
    for size, promise in (("1k", 3), ("10k", 3)):
        value = ratio(one.cost(size, "nft-best"), one.cost(size, "eqfw"))
        goals.append(Goal(f"nft's best form at {size} rules", value, promise, 8, why="best"))
    for size, marks in (("1k", (10, 25, 4, 8)), ("10k", (100, 300, 10, 25))):
        value = ratio(one.cost(size, "nft-concat"), one.cost(size, "eqfw"))
        goals.append(Goal(f"nft's concatenated range set, {size}", value, *marks[:2], why="best"))
        value = None if value is None else value / AVX2[size]
        goals.append(Goal(f"the same, as if with AVX2, {size}", value, *marks[2:], why="best"))
    return goals


def in_the_kernel(one):
    value = ratio(one.whole("10k", "eqfw"), one.whole("10k", "nft-empty"))
    goals = [Goal("whole verdict, 10k rules, against an empty nft chain", value, 1, 0.4, True, why="empty")]
    goals.append(Goal("added to an established connection, forward", added(one, "forward"), 0.5, 0.2, True,
                      why="forward"))
    goals.append(Goal("added to an established connection, reply", added(one, "reply"), 1.2, 0.8, True,
                      why="reply"))
    value = ratio(one.cost("10k", "eqfw+ct", "junk"), one.cost("10k", "ct-new-drop", "junk"))
    goals.append(Goal("drop, against a drop after conntrack", value, 0.25, 0.12, True, why="drop"))
    for size, promise, moonshot in (("100k", 2, 1.5), ("1M", 4, 2.5)):
        value = ratio(one.cost(size, "eqfw"), one.cost("1k", "eqfw"))
        goals.append(Goal(f"cost at {size} rules against 1k", value, promise, moonshot, True, why="flat"))
    return goals


def beside_acl(core):
    goals = []
    for size, promise, moonshot in (("10k", 3, 6), ("98k", 5, 10)):
        value = ratio(core.number(size, "rte_acl AVX2, bursts of 32"), core.number(size, "eqfw, one by one"))
        goals.append(Goal(f"rte_acl, AVX2, bursts of 32, {size}", value, promise, moonshot, why="acl"))
    value = ratio(core.number("98k", "rte_acl AVX2, one by one"), core.number("98k", "eqfw, one by one"))
    goals.append(Goal("rte_acl, one packet at a time, 98k", value, 10, 30, why="acl"))
    value = ratio(core.number("98k", "rte_acl table", "memory"), core.number("98k", "eqfw table", "memory"))
    goals.append(Goal("rte_acl's memory at 98k", value, 200, 1000, why="memory"))
    value = ratio(core.number("98k", "eqfw table", "memory"), core.number("98k", "expanded rules", "count"))
    goals.append(Goal("table bytes for a rule at 98k", value, 16, 8, True, " B", why="memory"))
    value = ratio(core.number("98k", "dearest percent"), core.number("98k", "cheapest percent"))
    goals.append(Goal("a packet's worst lookup against its best", value, 2, 1.3, True, why="worst"))
    return goals


def two_cpus(one, two):
    value = ratio(two.number("10k", "nft-best load", "once"), two.number("10k", "eqfw load", "once"))
    goals = [Goal("loading 10k rules, against nft -f of the best form", value, 20, 200, why="load")]
    value = ratio(two.number("10k", "nft-linear load", "once"), two.number("10k", "eqfw load", "once"))
    goals.append(Goal("the same, literal form", value, 20, 200, why="load"))
    value = one.number("1M", "eqfw load", "once")
    goals.append(Goal("loading 1M rules", value and value / 1000, 2, 0.3, True, " s", why="load"))
    value = one.number("giants", "ranges load", "mean")
    goals.append(Goal("loading 4,096 ranges x 1,024 devices", value and value / 1000, 100, 100, True, " ms", why="load"))
    value = two.number("10k", "eqfw swap", "median")
    goals.append(Goal("swap under the mutex, 10k rules", value, 100, 100, True, " us", why="swap"))
    value = ratio(two.cost("10k", "eqfw"), two.cost("10k", "eqfw", cpus=2))
    goals.append(Goal("two CPUs against one", value and 2 * value, 1.9, 1.98, why="scale"))
    return goals


def reloads(beds):
    goals = []
    for bed, figures in beds.items():
        for what, name in (("misjudged", "packets misjudged"), ("late", "verdicts of the old table afterwards")):
            value = figures.number("reload", "eqfw", what)
            count = figures.number("reload", "eqfw", "reloads")
            if value is not None:
                goals.append(Goal(f"{name}, {count:,.0f} reloads, {bed}", value, 0, 0, True, "", why="reload"))
    return goals


def all_goals(one, two, core, reload_beds):
    return rivals(one) + in_the_kernel(one) + beside_acl(core) + two_cpus(one, two) + reloads(reload_beds)


def goals_table(goals):
    return table(["goal", "promise", "moonshot", "reached", ""], [goal.row() for goal in goals])

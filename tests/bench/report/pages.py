# SPDX-License-Identifier: GPL-2.0
"""The sections of docs/PERFORMANCE.md."""
from figures import ratio, short, spread, table
from goals import AVX2, all_goals, goals_table
from why import WHY

RIVALS = [
    ("eqfw", "eqfw"),
    ("nft-best", "nft, verdict map by address pair, then interval sets"),
    ("nft-concat", "nft, one concatenated range set"),
    ("nft-linear", "nft, one rule after the other"),
    ("iptables", "iptables, one rule after the other"),
]


def goals_page(one, two, core, reload_beds):
    goals = all_goals(one, two, core, reload_beds)
    out = ["## The goals\n", goals_table(goals)]
    missed = {goal.why for goal in goals if goal.value is not None and not goal.reaches(goal.promise)}
    reasons = [f"- {WHY[why]}\n" for why in WHY if why in missed]
    if reasons:
        out += ["\nWhy those that were missed were missed:\n\n", *reasons]
    unknown = sorted(missed - set(WHY))
    if unknown:
        out.append(f"\nMissed, reason not looked for yet: {', '.join(unknown)}.\n")
    return out[0] + "\n" + "".join(out[1:])


def sizes(figures):
    """Sets of one family and like devices, smallest first."""
    names = [n for n in figures.sets if "-" not in n and figures.rules(n)]
    return sorted(names, key=figures.rules)


def cost_rows(figures, names, packets="trace-90", cpus=1):
    rows = []
    for who, title in RIVALS:
        cells = [
            spread(figures.cost(n, who, packets, cpus=cpus), figures.cost(n, who, packets, "median", cpus))
            for n in names
        ]
        if any(c != "-" for c in cells):
            rows.append([title, *cells])
    corrected = [
        short(figures.cost(n, "nft-concat", packets, cpus=cpus) and
              figures.cost(n, "nft-concat", packets, cpus=cpus) / AVX2[n]) if n in AVX2 else "-"
        for n in names
    ]
    if any(c != "-" for c in corrected):
        rows.insert(3, ["the same, as if with AVX2", *corrected])
    return rows


def floor_text(figures, name):
    def whole(who):
        return short(figures.whole(name, who), " ns")

    return (
        f"No hook {whole('none')}, empty hook {whole('empty')}, the same again {whole('empty-again')}, "
        f"empty nft chain {whole('nft-empty')}, whole eqfw {whole('eqfw')} ({name} rules)."
    )


def cost_page(bed, figures, cpus=1):
    names = sizes(figures)
    if not names:
        return ""
    where = f"{bed}, {'two CPUs at once' if cpus == 2 else 'one CPU'}"
    out = f"### Cost of the hook, {where}\n\n"
    out += "Nanoseconds a packet less those of an empty hook; minimum of the rounds (median).\n\n"
    out += table(["90 % of packets permitted", *names], cost_rows(figures, names, cpus=cpus))
    if cpus == 1:
        base = "10k" if "10k" in names else names[-1]
        out += "\n" + floor_text(figures, base) + "\n"
    return out


def more_rows(figures):
    """Other packets and other sets: hit rates, IPv6, nothing in common, exact keys."""
    rows = []
    for name in figures.sets:
        for packets in ("trace-100", "trace-90", "trace-50", "trace-10"):
            if packets == "trace-90" and "-" not in name:
                continue
            cost = [figures.cost(name, who, packets) for who in ("eqfw", "nft-best", "nft-concat")]
            if cost[0] is not None:
                rows.append([name, f"{packets[6:]} % permitted", *[short(c) for c in cost], "-"])
        exact = figures.cost(name, "ipset", "exact")
        if exact is not None:
            rows.append([name, "exact keys", short(figures.cost(name, "eqfw", "exact")),
                         short(figures.cost(name, "nft-best", "exact")), "-", short(exact)])
    return rows


def more_page(figures):
    rows = more_rows(figures)
    if not rows:
        return ""
    out = "### Other packets, other rules\n\n"
    out += ("`-v6`: IPv6. `-own`: no two devices alike, so nothing is shared. Exact keys: the only question that an\n"
            "ipset of addresses and port can answer; its lists are made of single ports.\n\n")
    return out + table(["rules", "packets", "eqfw", "nft best", "nft concat", "ipset"], rows)


def state_page(figures):
    rows = []
    for name in figures.sets:
        for state, title in (("serial", "each packet waits for the last"), ("L1", "256 KiB of other data between"),
                             ("L2", "4 MiB of other data between")):
            floor = figures.whole(name, f"empty-{state}")
            if floor is None:
                continue
            cells = []
            for who in ("nft-empty", "eqfw", "nft-best"):
                whole = figures.whole(name, f"{who}-{state}")
                cells.append(short(None if whole is None else whole - floor))
            rows.append([name, title, *cells])
    if not rows:
        return ""
    return "### Caches\n\n" + table(["rules", "state", "empty nft chain", "eqfw", "nft best"], rows)


def tracking_page(figures, name="10k"):
    if figures.whole(name, "ct-established", "forward") is None:
        return ""
    rows = []
    for packets in ("forward", "reply"):
        for who, title in (("ct-established", "conntrack alone"), ("ct-state", "conntrack and nft ct state"),
                           ("eqfw", "eqfw alone"), ("eqfw+ct", "eqfw and conntrack")):
            whole = figures.cost(name, who, packets)
            if whole is not None:
                rows.append([f"established, {packets} half", title, short(whole)])
    for who, title in (("eqfw+ct", "dropped by eqfw before conntrack"), ("ct-new", "conntrack meets a new packet"),
                       ("ct-new-freed", "the same, and its entry is freed"),
                       ("ct-new-drop", "conntrack, an nft chain drops, the entry is freed")):
        whole = figures.cost(name, who, "junk")
        if whole is not None:
            rows.append(["junk", title, short(whole)])
    for pieces, family in ((name, ""), (f"{name}-v6", ", IPv6")):
        for who, title in (("defrag", "reassembly alone"), ("defrag+eqfw", "and eqfw"), ("defrag+nft-best", "and nft best")):
            whole = figures.whole(pieces, who, "pieces")
            if whole is not None:
                rows.append([f"fragments, per piece, of two{family}", title, short(whole)])
    return f"### Connections, junk, fragments ({name} rules)\n\n" + table(["packets", "what", "ns"], rows)


def load_page(bed, figures):
    names = sizes(figures)
    rows = []
    for who, title in (("eqfw", "eqfwctl load"), ("nft-best", "nft -f, best form"), ("nft-concat", "nft -f, concatenated"),
                       ("nft-linear", "nft -f, linear"), ("iptables", "iptables-restore"), ("ipset", "ipset restore")):
        cells = [short(figures.number(n, f"{who} load", "once")) for n in names]
        if any(c != "-" for c in cells):
            rows.append([title, *cells])
    reload = [short(r and r / 1000) for r in (figures.number(n, "eqfw reload", "mean") for n in names)]
    rows.append(["one load of eqfw inside a series", *reload])
    out = f"### Time to load, {bed}, milliseconds\n\n"
    out += ("The command from start to end, with the grace period; a series of 20 loads spares the start of the\n"
            "program.\n\n")
    return out + table(["", *names], rows)


def swap_page(bed, figures):
    """What a load does under the namespace's mutex: median and worst of 20 loads, packets counted before."""
    names = [n for n in figures.sets if figures.number(n, "eqfw swap", "median") is not None]
    if not names:
        return ""
    rows = [["items", *[figures.text(n, "items") or "-" for n in names]],
            ["zones", *[figures.text(n, "zones") or "-" for n in names]]]
    for what, title in (("swap", "until the new rules are published"), ("grace", "one expedited grace period"),
                        ("fold", "counts carried over, old table freed")):
        cells = [(figures.number(n, f"eqfw {what}", "median"), figures.number(n, f"eqfw {what}", "most")) for n in names]
        rows.append([title, *[f"{short(a)} ({short(b)})" for a, b in cells]])
    out = f"### Under the mutex of a namespace, {bed}, microseconds\n\n"
    out += ("Of one load, the table built before: median of 20 (most). Packets are never held up; other loads and readers\n"
            "wait that long.\n\n")
    return out + table(["", *names], rows)


def giants_page(bed, figures):
    ranges = figures.number("giants", "ranges load", "mean")
    full = figures.number("giants", "full load", "once")
    if ranges is None or full is None:
        return ""
    out = f"### The largest profiles, {bed}, milliseconds\n\n"
    return out + table(["", "one load"], [
        ["4,096 ranges of ports, open to 1,024 devices of which no two are alike", short(ranges / 1000)],
        ["every section full: 63.7 MiB, the largest profile there is (eqfwctl load, start to end)", short(full)]])


def scale_page(two):
    rows = []
    for name in sizes(two):
        for who, title in RIVALS[:2] + [("ct-established", "conntrack, established")]:
            packets = "forward" if who.startswith("ct-") else "trace-90"
            one_cpu, both = two.cost(name, who, packets), two.cost(name, who, packets, cpus=2)
            times = ratio(one_cpu, both)
            if times is not None:
                rows.append([name, title, short(one_cpu), short(both), short(2 * times, "x")])
    if not rows:
        return ""
    return "### One CPU and two\n\n" + table(["rules", "", "one", "both, each", "together"], rows)


def kernel_pages(one, two):
    if not one and not two:
        return "## In the kernel\n\nNot measured in this run.\n"
    parts = ["## In the kernel\n", cost_page("Linux 6.1", one), "![cost](performance/cost.svg)\n" if one else "",
             more_page(one), state_page(one), tracking_page(one), load_page("Linux 6.1", one) if one else "", swap_page("Linux 6.1", one), giants_page("Linux 6.1", one)]
    if two:
        parts += [cost_page("Linux 7", two), cost_page("Linux 7", two, 2), scale_page(two), tracking_page(two),
                  load_page("Linux 7", two), swap_page("Linux 7", two),
                  giants_page("Linux 7", two)]
    return "\n".join(p for p in parts if p)


def core_page(core, head):
    if not core:
        return "## In user space, beside librte_acl\n\nNot measured in this run.\n"
    names = []
    for name, what, figure in core.rows:
        if figure == "min" and what not in names and core.text(name, what, "median"):
            names.append(what)
    rows = [[what, *[spread(core.number(n, what), core.number(n, what, "median")) for n in core.sets]] for what in names]
    facts = [("expanded rules", "count"), ("eqfw table", "memory"), ("eqfw counters", "memory"), ("rte_acl table", "memory"),
             ("eqfw build", "min"), ("rte_acl build", "min"), ("A/A", "spread"), ("verdicts", "different")]
    units = {"memory": "bytes", "min": "ms", "spread": "%", "count": "", "different": "packets"}
    rows += [[f"{what}, {figure} {units[figure]}".replace(", min ms", ", ms").rstrip(),
              *[short(core.number(n, what, figure)) for n in core.sets]] for what, figure in facts]
    out = "## In user space, beside librte_acl\n\nNanoseconds a packet, minimum (median); the core's own files.\n\n"
    return out + table(["", *core.sets], rows) + (f"\n```\n{head.strip()}\n```\n" if head else "")


def path_page(path):
    if not path:
        return "## Through the whole box\n\nNot measured in this run.\n"
    rows = []
    base = {}
    for (name, what, figure), value in path.rows.items():
        if name != "path" or figure != "median":
            continue
        who, cpus = what.rsplit(" ", 1)
        base.setdefault(cpus, float(value))
        rows.append([who, cpus, short(float(value)), short(path.number(name, what, "most")),
                     short(1e9 / float(value)), short(100 * float(value) / base[cpus], " %")])
    out = ("## Through the whole box\n\nUDP packets of 4,096 connections forwarded from one device to another, 10,000 rules. "
           "eqfw brings\nconntrack along.\n\n")
    return out + table(["rules", "CPUs", "packets/s, median", "most", "ns a packet", "of the box without"], rows)


def reload_page(beds):
    out = "## Reload under load\n\n"
    rows = []
    for bed, figures in beds.items():
        for what in dict.fromkeys(w for n, w, _ in figures.rows if n == "reload"):
            cells = [figures.number("reload", what, f) for f in ("reloads", "sent", "misjudged", "late")]
            rows.append([bed, what, *["-" if c is None else f"{c:,.0f}" for c in cells]])
    if not rows:
        return out + "Not measured in this run.\n"
    out += ("Two sets of rules in turn while packets run that both permit or neither does. Misjudged: a permitted packet that\n"
            "did not come through, or one that did and must not. Late: judged by the old rules although sent after the\n"
            "load had been acknowledged.\n\n")
    return out + table(["bed", "rules", "reloads", "packets", "misjudged", "late"], rows)


def beds_page(beds):
    rows = []
    for bed, figures in beds.items():
        if not figures:
            continue
        noise = [float(v) for (_, what, figure), v in figures.rows.items() if figure == "spread"]
        rows.append([bed, *[figures.text("bed", f) or "-" for f in ("kernel", "processor", "commit", "load before")],
                     short(max(noise), " %") if noise else "-"])
    return "## Beds and noise\n\n" + table(["bed", "kernel", "processor", "commit", "load", "worst A/A"], rows)

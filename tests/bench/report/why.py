# SPDX-License-Identifier: GPL-2.0
"""Why a goal was missed: printed only where it was. Each reason was measured; the text says how."""

# Steps were timed by leaving the hook early after each of them: UML 6.1, 10,000 rules, 15 rounds.
STEPS = (
    "reaching the live profile 1, the stack that kernels clear 2, reading the headers 9 (13 where TCP and UDP come at "
    "random: one wrong guess), both addresses 6 to 8, scope, zones, program and ports 18 to 22, counters 3 to 5"
)

WHY = {
    "best": f"nft's forms: the steps of a verdict are (ns) {STEPS}. The sum is the same for every number of rules; nft's "
            "form is at its best where its sets are small.",
    "empty": "An empty nft chain reads nothing of the packet but lengths of the IP header and asks nothing. A verdict of eqfw "
             f"takes (ns) {STEPS}. Headers, two addresses and two counters alone are more than the empty chain; User Mode "
             "Linux makes each call of a module an indirect one, which costs eqfw's many small functions most.",
    "forward": f"Added to a connection, forward half: a whole verdict (ns: {STEPS}) against one hash lookup of conntrack.",
    "reply": "Added to a connection, reply half: no item permits the packet as it stands, so the reverse is looked up, the "
             "entry is searched in conntrack's table, which conntrack then does once more for itself, and the entry's "
             "original packet is judged by today's table: three lookups and one search. Media, open from both ends, never "
             "come here.",
    "drop": "Drops: the reason is looked for after the verdict, which takes as long again: where 90 % of packets are dropped "
            "a verdict takes 63 to 67 ns, where all pass 45 to 48.",
    "memory": "Memory: 256 KiB of a table are the first level of the IPv4 trie, whatever the rules are; what librte_acl needs "
              "depends on the rules more than on their number (both are in the table below).",
    "load": "Loading: eqfwctl load is a program that starts, reads, sends, waits for a grace period and prints; the line of a "
            "series of loads above shows the load without the start of the program.",
    "scale": "Two CPUs: the table of one CPU and two above shows nft and conntrack in the same rounds; eqfw's lookups write "
             "nothing but counters of their own CPU.",
}

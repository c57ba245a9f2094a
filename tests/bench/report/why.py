# SPDX-License-Identifier: GPL-2.0
"""Why a goal was missed: printed only where it was. Each reason was measured; the text says how."""

# Counted by callgrind: tests/bench/core/gate.tsv, 10,000 rules, hit.
STEPS = (
    "281 instructions in the table's lookups (both addresses, the pair's program, the rule: 205) and the judgement around "
    "them, and beside that the live profile, the headers, the interface map and two counters"
)

WHY = {
    "best": f"nft's forms: a verdict is {STEPS}. The sum is the same for every number of rules; nft's "
            "form is at its best where its sets are small.",
    "empty": "An empty nft chain reads nothing of the packet but lengths of the IP header and asks nothing. A verdict of eqfw "
             f"is {STEPS}. Two addresses and two counters alone are more than the empty chain.",
    "forward": f"Added to a connection, forward half: a whole verdict ({STEPS}) against one hash lookup of conntrack.",
    "reply": "Added to a connection, reply half: no item permits the packet as it stands, so the reverse is looked up, the "
             "entry is searched in conntrack's table (hash, reference taken and put), which conntrack then does once more for "
             "itself: two lookups and one search. Where NAT has changed the packet, its original is looked up, too. Media, "
             "open from both ends, never come here.",
    "drop": "Drops: the reason is looked for after the verdict, and the table above has what a verdict costs "
            "where 90, 50 and 10 % of packets are permitted.",
    "acl": "librte_acl in bursts: it takes eight packets through its trie in the lanes of a vector and waits for their cache "
           "lines together; a hook is given one packet, and eqfw is timed so. One by one librte_acl is the slower by the factor "
           "that stands above.",
    "memory": "Memory: what librte_acl needs depends on the rules more than on their number (both are in the table below).",
    "load": "Loading: eqfwctl load is a program that starts, reads, sends, waits for a grace period and prints; the line of a "
            "series of loads above shows the load without the start of the program.",
    "scale": "Two CPUs: the table of one CPU and two above shows nft and conntrack in the same rounds; eqfw's lookups write "
             "nothing but counters of their own CPU.",
}

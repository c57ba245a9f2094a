#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 1,000 reloads, two profiles in turn, while one flow runs that both permit and one that neither
# does, on both CPUs: every packet of the first comes out, none of the second, and the counters
# say the same. All the while somebody reads all counters, over and over: none runs backwards.
#
#   friend (outside) --udp 5004: always, udp 5005: never--> desk (core)
# beds: uml-7 qemu-6.1 qemu-6.12
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

# Reads until it is told to stop; prints how often, and each figure that was larger before.
read_counters() {
	ip netns exec box /usr/bin/python3 - "$TMPDIR/stop" <<-'PYTHON'
		import os, sys
		known, reads, backwards = {}, 0, []
		while not os.path.exists(sys.argv[1]) or not reads:
		    for name in "rows", "drops":
		        for line in open("/proc/net/eqfw/" + name):
		            words = line.split()
		            key = tuple(w for w in words if not w.isdigit())
		            now = [int(w) for w in words if w.isdigit()]
		            if words[0] == "#":
		                continue
		            if any(a < b for a, b in zip(now, known.get(key, []))):
		                backwards.append(f"{line.strip()} after {known[key]}")
		            known[key] = now
		    reads += 1
		print(reads, len(backwards), *backwards[:3], sep="\n")
	PYTHON
}

lab_start
"$EQFW_PROBES/stream" from=outside to=core src=198.51.100.77 dst=10.1.0.10 good=5004 bad=5005 \
	threads=2 ready="$TMPDIR/ready" until="$TMPDIR/stop" >"$TMPDIR/sums" &
pid=$!
check "packets flow" wait_until 20 test -e "$TMPDIR/ready"
read_counters >"$TMPDIR/reader" &
reader=$!
check "1,000 reloads" ip netns exec box "$EQFW_PROBES/nl_reload" 1000 \
	"$EQFW_PROFILES/lab-less.bin" "$EQFW_PROFILES/lab.bin"
touch "$TMPDIR/stop"
wait $pid
wait $reader
read -r _ good_sent good_came _ bad_sent bad_came <"$TMPDIR/sums"
echo "# good $good_sent sent, bad $bad_sent sent"
{ read -r reads && read -r backwards; } <"$TMPDIR/reader"
echo "# $reads reads"
equal "no figure ran backwards" "${backwards:-} $(tail -n +3 "$TMPDIR/reader" | xargs)" "0 "
check "the counters were read while it reloaded" test "${reads:-0}" -gt 20
equal "every permitted packet of $good_sent passed" "$good_came" "$good_sent"
equal "no other of $bad_sent did" "$bad_came" 0
check "there was traffic to speak of" test "$good_sent" -gt 1000
count item site/stay
equal "the item counted each" "$COUNT" "$good_sent"
count drop port
equal "the reason counted each" "$COUNT" "$bad_sent"
lab_stop

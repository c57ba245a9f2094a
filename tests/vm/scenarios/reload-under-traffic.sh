#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# 1,000 reloads, two profiles in turn, while one flow runs that both permit and one that neither
# does, on both CPUs: every packet of the first comes out, none of the second, and the counters
# say the same.
#
#   friend (outside) --udp 5004: always, udp 5005: never--> desk (core)
# beds: uml-7 qemu-6.1 qemu-6.12
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

lab_start
"$EQFW_PROBES/stream" from=outside to=core src=198.51.100.77 dst=10.1.0.10 good=5004 bad=5005 \
	threads=2 ready="$TMPDIR/ready" until="$TMPDIR/stop" >"$TMPDIR/sums" &
pid=$!
check "packets flow" wait_until 20 test -e "$TMPDIR/ready"
check "1,000 reloads" ip netns exec box "$EQFW_PROBES/nl_reload" 1000 \
	"$EQFW_PROFILES/lab-less.bin" "$EQFW_PROFILES/lab.bin"
touch "$TMPDIR/stop"
wait $pid
read -r _ good_sent good_came _ bad_sent bad_came <"$TMPDIR/sums"
echo "# good $good_sent sent, bad $bad_sent sent"
equal "every permitted packet of $good_sent passed" "$good_came" "$good_sent"
equal "no other of $bad_sent did" "$bad_came" 0
check "there was traffic to speak of" test "$good_sent" -gt 1000
count item site/stay
equal "the item counted each" "$COUNT" "$good_sent"
count drop port
equal "the reason counted each" "$COUNT" "$bad_sent"
lab_stop

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Two namespaces hold two profiles; deleting one that enforces frees everything; the module can go
# once the last is gone (F6, F10).
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

ways="from=core to=dmz src=10.1.0.10 dst=192.0.2.20 proto=tcp dport=8443"
lab_start
ip netns add other
check "another profile in another namespace" load lab-less other
ns_cat other /proc/net/eqfw/status
contains "which has its own name" "$LIB_TEXT" "name lab-less"
ns_cat box /proc/net/eqfw/status
contains "and the box keeps its own" "$LIB_TEXT" "name lab"
# shellcheck disable=SC2086
passes site/portal "the box judges by its own" $ways
status "F6 unload while two enforce" 1 rmmod eqfw
ip netns exec other sleep 60 &
sleeper=$!
equal "status --all names both, once each" "$(ctl status --all --json |
	jq -r '[.namespaces[] | .netns + " " + .state + " " + .name] | sort | join(", ")')" \
	"box enforcing lab, other enforcing lab-less"
kill $sleeper
wait $sleeper 2>/dev/null
unshare -n sh -c '"$EQFW_CTL" load "$EQFW_PROFILES/lab.bin" >/dev/null && exec sleep 60' &
nameless=$!
wait_until 10 sh -c '"$EQFW_CTL" status --all | grep -q "^pid '$nameless' .*enforcing"' &&
	ok "one without a name, too" || not_ok "$(ctl status --all)"
kill $nameless
wait $nameless 2>/dev/null
check "F10 delete a namespace that enforces" ip netns del other
for round in 1 2 3; do
	ip netns add "round$round"
	load lab "round$round" >/dev/null || not_ok "load in round $round"
	ip netns del "round$round"
done
ok "F10 load and delete, three times"
status "F6 unload while one enforces" 1 rmmod eqfw
lab_stop

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# K27, K31, K41: a source on the wrong side is a spoof, a network's broadcast address is none to
# send to, and what no declared host takes part in passes as it was.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

lab_start
# shellcheck disable=SC2086
{
	drops spoof "K27 desk's address from outside" from=outside to=dmz src=10.1.0.10 \
		dst=192.0.2.20 proto=tcp dport=8443
	drops spoof "K27 v6" from=outside to=dmz src=2001:db8:1::10 dst=2001:db8:2::20 proto=tcp \
		dport=8443
	drops spoof "K27 friend's address from the core" from=core to=dmz src=198.51.100.77 \
		dst=192.0.2.20 dport=1719
	passes - "K41 out of scope udp" from=outside to=dmz src=198.51.100.9 dst=192.0.2.99 dport=9
	passes - "K41 out of scope tcp" from=core to=outside src=10.1.0.99 dst=198.51.100.9 \
		proto=tcp dport=22
	passes - "K41 out of scope gre" from=core to=outside src=10.1.0.99 dst=198.51.100.9 proto=47
	passes - "K41 out of scope null scan" from=core to=outside src=10.1.0.99 dst=198.51.100.9 \
		proto=tcp flags=- dport=1
	passes - "K41 out of scope v6 with headers" from=core to=outside src=2001:db8:1::99 \
		dst=2001:db8:ffff::9 eh=dst,dst dport=1
	passes - "K41 out of scope udp cut short" from=core to=outside src=10.1.0.99 \
		dst=198.51.100.9 cut=3
}
lab_stop

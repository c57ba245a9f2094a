#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# F4: on a kernel without IPv6 the IPv4 half enforces alone: loads, a reload, a staged profile, clear
# and the end of a namespace register and take away that half, twice.
#
#   desk (core) --> mcu (dmz)
# beds: uml-7
# boot with: ipv6.disable=1
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

# What lab_up says of IPv6 addresses and sysctls is what there is none of.
lab_up 2>/dev/null
check "there is no IPv6" test ! -e /proc/net/if_inet6
ip -n box -batch - <<-BATCH
	link set out0 up
	link set core0 up
	link set dmz0 up
BATCH
for leg in out0:1 core0:2 dmz0:3; do
	ip -n box -batch - <<-BATCH
		neighbour replace 169.254.${leg#*:}.2 lladdr $LIB_MAC_SIDE dev ${leg%:*} nud permanent
		route replace 203.0.113.${leg#*:} via 169.254.${leg#*:}.2 dev ${leg%:*} onlink
	BATCH
done
ip netns exec box sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 \
	net.ipv4.conf.default.rp_filter=0
ip -n box address replace 198.51.100.2/32 dev out0
ip -n box address replace 10.1.0.1/32 dev core0
ip -n box address replace 192.0.2.1/32 dev dmz0
ip -n box route replace default via 169.254.1.2 dev out0 onlink
ip -n box route replace 10.1.0.0/16 via 169.254.2.2 dev core0 onlink
ip -n box route replace 192.0.2.0/24 via 169.254.3.2 dev dmz0 onlink
way="from=core to=dmz src=10.1.0.10 dst=192.0.2.20"
check "insmod" module_load
# shellcheck disable=SC2086
for round in 1 2; do
	check "F4 load $round" load lab
	passes site/media "F4 what is permitted passes" $way dport=7000
	drops port "F4 what is not is dropped" $way dport=9
	check "F4 another profile" load lab-less
	drops proto "F4 which judges" $way dport=7000
	check "F4 stage" ctl stage --netns box "$EQFW_PROFILES/lab.bin"
	passes site/ras "F4 two profiles judge" from=outside to=dmz src=198.51.100.77 dst=192.0.2.20 dport=1719
	check "F4 promote" ctl promote --netns box
	check "F4 clear" ctl clear --netns box
	pkt $way dport=9
	equal "F4 nothing is judged" "$REPLY" "passed 1 same"
done
load lab >/dev/null 2>&1 || not_ok "load"
lab_stop

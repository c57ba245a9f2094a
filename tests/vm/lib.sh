# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# lib.sh - what every scenario uses; sourced inside a bed
#
#   namespaces      box with a leg to each side; a side is a namespace with eth0 and no addresses
#                   of its own, so nothing answers but what a scenario sends (probe.c)
#
#     outside eth0 ---- out0  +-----+  core0 ---- eth0 core     10.1.0.0/16, 2001:db8:1::/64
#     everything else         | box |
#                             +-----+  dmz0  ---- eth0 dmz      192.0.2.0/24, 2001:db8:2::/64
#
# From the runner: EQFW_KO (the module), EQFW_CTL (eqfwctl), EQFW_PROBES (compiled probes),
# EQFW_PROFILES (compiled profiles). Results are lines "ok - TEXT" and "not ok - TEXT", then a plan.

set -u
LIB_OK=0
LIB_BAD=0
LIB_MAC_BOX=02:ee:00:00:00:01
LIB_MAC_SIDE=02:ee:00:00:00:02

ok() {
	LIB_OK=$((LIB_OK + 1))
	echo "ok - $*"
}

not_ok() {
	LIB_BAD=$((LIB_BAD + 1))
	echo "not ok - $*"
}

# check TEXT COMMAND...: the command succeeds.
check() {
	local text=$1 said
	shift
	if said=$("$@" 2>&1); then ok "$text"; else not_ok "$text (exit $?: $said)"; fi
}

# equal TEXT GOT WANT
equal() {
	if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1: got '$2', want '$3'"; fi
}

# contains TEXT HAYSTACK NEEDLE
contains() {
	case $2 in
	*"$3"*) ok "$1" ;;
	*) not_ok "$1: '$3' is not in '$2'" ;;
	esac
}

# status TEXT WANT COMMAND...: the command's exit status.
status() {
	local text=$1 want=$2 said got
	shift 2
	said=$("$@" 2>&1)
	got=$?
	if [ "$got" -eq "$want" ]; then ok "$text"; else not_ok "$text: exit $got, want $want: $said"; fi
	LIB_SAID=$said
}

bail() {
	echo "not ok - bail out: $*"
	exit 1
}

# However a scenario ends, the next one finds no namespace and no module.
lib_clean() {
	local name
	probe_stop
	for name in $(ip netns list | cut -d' ' -f1); do ip netns del "$name"; done
	! module_loaded || module_unload
}
trap lib_clean EXIT

finish() {
	echo "1..$((LIB_OK + LIB_BAD))"
	[ "$LIB_BAD" -eq 0 ]
}

# wait_until SECONDS COMMAND...: poll, no fixed sleeps.
wait_until() {
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.05
	done
}

# ---- topology ----

# lib_leg LEG NUMBER: the box's end of a side.
lib_leg() {
	local leg=$1 number=$2
	ip -n box -batch - <<-BATCH
		link set $leg up
		address add fe80::1/64 dev $leg nodad
		neighbour replace fe80::2 lladdr $LIB_MAC_SIDE dev $leg nud permanent
		neighbour replace 169.254.$number.2 lladdr $LIB_MAC_SIDE dev $leg nud permanent
		route add 203.0.113.$number via 169.254.$number.2 dev $leg onlink
	BATCH
}

lib_side() {
	local side=$1 leg=$2 number=$3
	ip netns add "$side"
	ip link add "$leg" netns box address $LIB_MAC_BOX type veth \
		peer name eth0 netns "$side" address $LIB_MAC_SIDE
	ip netns exec "$side" sysctl -qw net.ipv6.conf.all.disable_ipv6=1
	ip -n "$side" link set eth0 up
	lib_leg "$leg" "$number"
}

# lib_route LEG NUMBER PREFIX...: everything there lies behind the side's one neighbour.
lib_route() {
	local leg=$1 number=$2 prefix
	shift 2
	for prefix; do
		case $prefix in
		*:*) echo "route add $prefix via fe80::2 dev $leg" ;;
		*) echo "route add $prefix via 169.254.$number.2 dev $leg onlink" ;;
		esac
	done
}

# side_live NS NUMBER V4 V6 MORE...: addresses of its own and a stack that answers; V4 and V6 are
# the ones that programs use which do not say otherwise.
side_live() {
	local side=$1 number=$2 v4=$3 v6=$4 addr
	shift 2
	ip netns exec "$side" sysctl -qw net.ipv6.conf.all.disable_ipv6=0 \
		net.ipv6.conf.eth0.disable_ipv6=0
	{
		echo "link set lo up"
		for addr; do
			case $addr in
			*:*) echo "address add $addr/128 dev eth0 nodad" ;;
			*) echo "address add $addr/32 dev eth0" ;;
			esac
		done
		echo "address add fe80::2/64 dev eth0 nodad"
		echo "neighbour replace fe80::1 lladdr $LIB_MAC_BOX dev eth0 nud permanent"
		echo "neighbour replace 169.254.$number.1 lladdr $LIB_MAC_BOX dev eth0 nud permanent"
		echo "route add default via 169.254.$number.1 dev eth0 onlink src $v4"
		echo "route add ::/0 via fe80::1 dev eth0 src $v6"
	} | ip -n "$side" -batch -
}

lab_up() {
	ip netns add box
	ip netns exec box sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
		net.ipv6.conf.default.forwarding=1 net.ipv4.conf.all.rp_filter=0 \
		net.ipv4.conf.default.rp_filter=0 net.ipv4.icmp_ratelimit=0 \
		net.ipv6.conf.default.addr_gen_mode=1 net.ipv6.conf.default.router_solicitations=0
	ip -n box link set lo up
	lib_side outside out0 1
	lib_side core core0 2
	lib_side dmz dmz0 3
	{
		echo "address add 198.51.100.2/32 dev out0"
		echo "address add 10.1.0.1/32 dev core0"
		echo "address add 192.0.2.1/32 dev dmz0"
		echo "address add 2001:db8:ffff::2/128 dev out0 nodad"
		echo "address add 2001:db8:1::1/128 dev core0 nodad"
		echo "address add 2001:db8:2::1/128 dev dmz0 nodad"
		lib_route out0 1 default ::/0
		lib_route core0 2 10.1.0.0/16 2001:db8:1::/64
		lib_route dmz0 3 192.0.2.0/24 2001:db8:2::/64
	} | ip -n box -batch -
}

lab_down() {
	local name
	probe_stop
	for name in outside core dmz box; do ip netns del "$name" 2>/dev/null; done
}

# ---- the module ----

module_loaded() { grep -q '^eqfw ' /proc/modules; }

module_load() {
	local need
	if ! [ -e /proc/sys/net/netfilter/nf_conntrack_max ]; then
		for need in nf_defrag_ipv4 nf_defrag_ipv6 nf_conntrack; do modprobe "$need"; done
	fi
	module_loaded || insmod "$EQFW_KO"
}

# Namespaces die a moment after `ip netns del`, and each enforcing one holds the module.
module_unload() { wait_until 30 rmmod eqfw; }

ctl() { "$EQFW_CTL" "$@"; }

# load NAME [NETNS]: load build/vm/profiles/NAME.bin
load() { ctl load --netns "${2:-box}" "$EQFW_PROFILES/$1.bin"; }

# Everything that most scenarios begin with.
lab_start() {
	lab_up
	module_load || bail "insmod failed"
	load "${1:-lab}" || bail "load failed"
}

lab_stop() {
	lab_down
	module_unload || not_ok "module still held after the namespaces are gone"
	finish
}

# ---- packets and counters ----

probe_start() {
	coproc PROBE { exec "$EQFW_PROBES/probe"; }
	PROBE_IN=${PROBE[1]} PROBE_OUT=${PROBE[0]}
}

probe_stop() {
	[ -n "${PROBE_IN:-}" ] || return 0
	exec {PROBE_IN}>&-
	wait "$PROBE_PID" 2>/dev/null
	PROBE_IN=
}

# pkt WORDS...: the answer lands in REPLY.
pkt() {
	[ -n "${PROBE_IN:-}" ] || probe_start
	echo "pkt $*" >&"$PROBE_IN"
	IFS= read -r REPLY <&"$PROBE_OUT" || bail "probe died on: $*"
	[ "$REPLY" != dead ] || bail "not even the marker passes: $*"
}

# ns_cat NETNS PATH: contents into LIB_TEXT
ns_cat() {
	local line
	[ -n "${PROBE_IN:-}" ] || probe_start
	echo "cat $1 $2" >&"$PROBE_IN"
	LIB_TEXT=
	while IFS= read -r line <&"$PROBE_OUT" && [ "$line" != . ]; do LIB_TEXT+=$line$'\n'; done
}

# count drop REASON | audit REASON | item ID: packets into COUNT, from /proc of the box
count() {
	local file=drops kind name packets _
	[ "$1" != item ] || file=rows
	ns_cat "${LIB_NETNS:-box}" "/proc/net/eqfw/$file"
	COUNT=0
	while read -r kind name packets _; do
		if [ "$kind" = "$1" ] && [ "$name" = "$2" ]; then COUNT=$packets; fi
	done <<<"$LIB_TEXT"
}

# drops_sum: all drops of all reasons into COUNT
drops_sum() {
	local kind packets _
	ns_cat "${LIB_NETNS:-box}" /proc/net/eqfw/drops
	COUNT=0
	while read -r kind _ packets _; do
		[ "$kind" != drop ] || COUNT=$((COUNT + packets))
	done <<<"$LIB_TEXT"
}

lib_copies() {
	local word first
	LIB_COPIES=1
	for word; do
		case $word in
		n=*) LIB_COPIES=${word#n=} ;;
		sweep=*)
			first=${word#sweep=*:}
			LIB_COPIES=$((${word##*:} - ${first%:*} + 1))
			;;
		esac
	done
}

# passes ITEM TEXT WORDS...: every copy comes out unchanged and the item counts each; ITEM "-" for
# packets that no item counts (replies, out of scope): then nothing may be counted as dropped.
passes() {
	local item=$1 text=$2 before got
	shift 2
	lib_copies "$@"
	if [ "$item" = - ]; then drops_sum; else count item "$item"; fi
	before=$COUNT
	pkt "$@"
	got=$REPLY
	if [ "$item" = - ]; then drops_sum; else count item "$item"; fi
	[ "$item" = - ] || COUNT=$((COUNT - LIB_COPIES))
	equal "$text" "$got, counted $((COUNT - before))" "passed $LIB_COPIES same, counted 0"
}

# drops REASON TEXT WORDS...: no copy comes out and the reason counts each.
drops() {
	local reason=$1 text=$2 before
	shift 2
	lib_copies "$@"
	count drop "$reason"
	before=$COUNT
	pkt "$@"
	count drop "$reason"
	case $REPLY in
	dropped | sent) equal "$text" "$reason $((COUNT - before))" "$reason $LIB_COPIES" ;;
	*) not_ok "$text: $REPLY, want drop for $reason" ;;
	esac
}

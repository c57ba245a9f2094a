#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# K35, F19: super-packets as segmentation offload and GRO make them get the verdict of their
# segments, and count as one packet with all its bytes.
#
#   desk (core) --tcp 8443, udp 7000--> mcu (dmz): permitted; udp 9: not
# beds: uml-6.1 uml-7
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

# sums FILE KIND NAME: packets and bytes into PACKETS and BYTES
sums() {
	local kind name packets bytes _
	ns_cat box "/proc/net/eqfw/$1"
	PACKETS=0 BYTES=0
	while read -r kind name packets bytes _; do
		if [ "$kind $name" = "$2 $3" ]; then PACKETS=$packets BYTES=$bytes; fi
	done <<<"$LIB_TEXT"
}

# large TEXT FILE KIND NAME: since the last look packets were on average larger than a link's
large() {
	local text=$1 packets=$PACKETS bytes=$BYTES
	shift
	sums "$@"
	check "$text: $((PACKETS - packets)) packets of $((BYTES - bytes)) bytes" \
		test $((BYTES - bytes)) -gt $((2000 * (PACKETS - packets)))
}

lab_start
side_live core 2 10.1.0.10 2001:db8:1::10
side_live dmz 3 192.0.2.20 2001:db8:2::20
for family in 4 6; do
	src=10.1.0.10 dst=192.0.2.20
	[ $family = 4 ] || src=2001:db8:1::10 dst=2001:db8:2::20
	way="from=core src=$src to=dmz dst=$dst"
	# shellcheck disable=SC2086
	{
		sums rows item site/portal
		contains "K35 v$family TCP that the sender segments late" \
			"$("$EQFW_PROBES/bulk" $way dport=8443)" "came 1000000"
		large "K35 v$family they were judged as super-packets" rows item site/portal
		sums rows item site/media
		equal "K35 v$family UDP that the sender segments late" \
			"$("$EQFW_PROBES/bulk" type=udp $way dport=7000 bytes=313200)" \
			"sent 324000 came 324000"
		large "K35 v$family they were judged as super-packets" rows item site/media
		sums drops drop port
		equal "K35 v$family the same to a closed port" \
			"$("$EQFW_PROBES/bulk" type=udp $way dport=9 bytes=100000)" "sent 129600 came 0"
		large "K35 v$family they were dropped as super-packets" drops drop port
	}
done
# Segments that leave as such, and the box that puts them together.
"$EQFW_PROBES/bulk" offload=core dev=eth0 tso=0 gso=0
"$EQFW_PROBES/bulk" offload=box dev=core0 gro=1
for family in 4 6; do
	src=10.1.0.10 dst=192.0.2.20
	[ $family = 4 ] || src=2001:db8:1::10 dst=2001:db8:2::20
	sums rows item site/portal
	contains "K35 v$family TCP that the box puts together" \
		"$("$EQFW_PROBES/bulk" from=core src=$src to=dmz dst=$dst dport=8443)" "came 1000000"
	large "K35 v$family it was judged put together" rows item site/portal
done
lab_stop

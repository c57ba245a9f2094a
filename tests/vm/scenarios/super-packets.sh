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

# more_bytes THAN FILE KIND NAME
more_bytes() {
	sums "$2" "$3" "$4"
	[ "$BYTES" -gt "$1" ]
}

# large TEXT FILE KIND NAME: since the last look packets were on average larger than a link's
large() {
	local text=$1 packets=$PACKETS bytes=$BYTES
	shift
	sums "$@"
	check "$text: $((PACKETS - packets)) packets of $((BYTES - bytes)) bytes" \
		test $((BYTES - bytes)) -gt $((2000 * (PACKETS - packets)))
}

# jumbo SRC DST: datagrams in one super-packet whose UDP length is 0, which is how the kernel writes
# one of 64 KiB and more: "sent", or why not (before 6.2 packet sockets took no such offload).
jumbo() {
	ip netns exec core python3 - "$1" "$2" "$LIB_MAC_BOX" "$LIB_MAC_SIDE" <<-'PYTHON'
		import socket, struct, sys
		src, dst, *macs = sys.argv[1:]
		family = socket.AF_INET6 if ":" in src else socket.AF_INET
		ends = b"".join(socket.inet_pton(family, end) for end in (src, dst))
		udp = struct.pack("!4H", 7001, 7000, 0, 0) + bytes(4800)
		if family == socket.AF_INET:
		    ether = 0x0800
		    ip = bytearray(struct.pack("!BBHIBBH", 0x45, 0, 20 + len(udp), 0, 64, 17, 0) + ends)
		    total = sum(struct.unpack("!10H", ip))
		    ip[10:12] = struct.pack("!H", 0xffff - (total % 0xffff))
		else:
		    ether = 0x86dd
		    ip = struct.pack("!IHBB", 6 << 28, len(udp), 17, 64) + ends
		head = b"".join(bytes.fromhex(mac.replace(":", "")) for mac in macs)
		head += struct.pack("!H", ether) + ip
		# struct virtio_net_hdr: NEEDS_CSUM, GSO_UDP_L4, segments of 1200 bytes
		offload = struct.pack("=BBHHHH", 1, 5, len(head) + 8, 1200, len(head), 6)
		wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
		wire.setsockopt(263, 15, 1)  # SOL_PACKET, PACKET_VNET_HDR
		wire.bind(("eth0", ether))
		try:
		    wire.send(offload + head + udp)
		    print("sent")
		except OSError as error:
		    print(error)
	PYTHON
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
		case $(jumbo $src $dst) in
		sent)
			check "K35 v$family a super-packet with UDP length 0 passes" \
				wait_until 2 more_bytes $((BYTES + 4800)) rows item site/media
			;;
		*"Invalid argument") ok "this kernel takes no such packet from a test" ;;
		*) not_ok "K35 v$family UDP length 0: not sent" ;;
		esac
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

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# K1 to K4, K33: permitted tuples pass and are counted by item, others drop and are counted by
# reason; counters in /proc equal the packets sent.
#
#   desk (core) --tcp 8443, udp 7000-7010--> mcu (dmz)
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

lab_start
for family in 4 6; do
	if [ $family = 4 ]; then
		desk=10.1.0.10 mcu=192.0.2.20 stranger=198.51.100.9
	else
		desk=2001:db8:1::10 mcu=2001:db8:2::20 stranger=2001:db8:ffff::9
	fi
	way="from=core to=dmz src=$desk dst=$mcu"
	# shellcheck disable=SC2086
	{
		passes site/portal "K1 v$family tcp 8443" $way proto=tcp dport=8443
		passes site/media "K1 v$family udp lo" $way dport=7000
		passes site/media "K1 v$family udp middle" $way dport=7005
		passes site/media "K1 v$family udp hi" $way dport=7010
		passes site/media "K1 v$family 500 packets, each counted" $way dport=7001 n=500
		drops port "K2 v$family udp lo-1" $way dport=6999
		drops port "K2 v$family udp hi+1" $way dport=7011
		drops port "K2 v$family udp 65535" $way dport=65535
		drops port "K2 v$family port 0" $way dport=0
		drops port "K2 v$family 500 packets, each counted" $way dport=7011 n=500
		drops port "K1 v$family tcp 7005 is not udp 7005" $way proto=tcp dport=7005
		drops proto "K3 v$family udp-lite on a permitted port" $way proto=136 \
			l4=9c401b5d00140000aaaaaaaa
		drops proto "K3 v$family sctp on a permitted port" $way proto=132 \
			l4=9c401b5d00000000000000000100000c
		drops proto "K3 v$family dccp on a permitted port" $way proto=33 \
			l4=9c401b5d0500000001000000
		drops proto "K4 v$family gre" $way proto=47
		drops proto "K4 v$family esp" $way proto=50
		drops proto "K4 v$family ospf" $way proto=89
		drops proto "K4 v$family 255" $way proto=255
		drops tcp_flags "K33 v$family SYN+FIN" $way proto=tcp dport=8443 flags=SF
		drops tcp_flags "K33 v$family no flag" $way proto=tcp dport=8443 flags=-
		drops tcp_flags "K33 v$family XMAS" $way proto=tcp dport=8443 flags=FPU
		drops tcp_flags "K33 v$family SYN+RST" $way proto=tcp dport=8443 flags=SR
		passes site/portal "K34 v$family ACK without state" $way proto=tcp dport=8443 flags=A
		passes site/media "K43 v$family TTL 2, DSCP, ECN" $way dport=7000 ttl=2 tos=0xbb
		drops pair "v$family stranger to mcu" from=outside to=dmz src=$stranger dst=$mcu \
			dport=7000
		drops pair "v$family mcu to desk" from=dmz to=core src=$mcu dst=$desk \
			sport=9 dport=9
	}
done
lab_stop

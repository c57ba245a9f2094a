#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Path MTU discovery end to end: 1 MB with DF over a link of 1280 bytes behind the box. The router's
# errors are about what the opener sends and about what the answerer sends, plain and translated.
# Both ends announce large segments, so that nothing but the errors can tell them.
#
#   desk (core), mcu (dmz) ---- box ---- out0 outside: router far0 --1280-- friend (far)
#     K25: "desk" opens to friend 8443, SNAT to the box; friend opens to desk 1720, to the public
#     address of mcu 8443, DNAT
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

desk=10.1.0.10 desk6=2001:db8:1::10 mcu=192.0.2.20 mcu6=2001:db8:2::20
friend=198.51.100.77 friend6=2001:db8:ffff::77 public=198.51.100.20

make_profile() {
	cat - >"$TMPDIR/pmtud.yaml" <<-YAML
		eqfw: deployment/1
		name: pmtud
		matrix: equinox-9
		box: {address: [198.51.100.2, 192.0.2.1, 10.1.0.1, "2001:db8:ffff::2"]}
		zones:
		  outside: {interfaces: [out0], default: true}
		  dmz: {interfaces: [dmz0], networks: [192.0.2.0/24, "2001:db8:2::/64"]}
		  core: {interfaces: [core0], networks: [10.1.0.0/16, "2001:db8:1::/64"]}
		hosts:
		  desk: {roles: [sony-endpoint], zone: core, address: [10.1.0.10, "2001:db8:1::10"]}
		  mcu: {roles: [sony-endpoint], zone: dmz, address: [192.0.2.20, "2001:db8:2::20"],
		        public: 198.51.100.20}
		  friend: {roles: [sony-endpoint], zone: outside,
		           address: [198.51.100.77, "2001:db8:ffff::77"]}
		site-rows:
		  - {from: desk, to: friend, service: tcp 8443, name: out, because: "test"}
		  - {from: friend, to: desk, service: tcp 1720, name: setup, because: "test"}
		  - {from: friend, to: mcu, service: tcp 8443, name: in, because: "test"}
		mode: enforce
	YAML
	"$EQFW_CTL" compile --matrix "$EQFW_VM/../../matrix" "$TMPDIR/pmtud.yaml" \
		-o "$TMPDIR/pmtud.bin" >/dev/null || bail "the profile does not compile"
}

# far: friend, behind a router and a small link.
make_far() {
	side_live outside 1 198.51.100.1 2001:db8:ffff::1
	ip netns add far
	ip netns exec outside sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
		net.ipv4.icmp_ratelimit=0 net.ipv6.icmp.ratelimit=0
	ip link add far0 netns outside mtu 1280 type veth peer name eth0 netns far mtu 1280
	ip -n outside -batch - <<-BATCH
		link set far0 up
		address add 169.254.9.1/30 dev far0
		address add fe80::9:1/64 dev far0 nodad
		route add $friend dev far0
		route add $friend6 dev far0
	BATCH
	ip -n far -batch - <<-BATCH
		link set lo up
		link set eth0 up
		address add 169.254.9.2/30 dev eth0
		address add $friend/32 dev eth0
		address add $friend6/128 dev eth0 nodad
		address add fe80::9:2/64 dev eth0 nodad
		route add default via 169.254.9.1 dev eth0 src $friend advmss 1460
		route add ::/0 via fe80::9:1 dev eth0 src $friend6 advmss 1440
	BATCH
}

# moved TEXT WORDS...: all bytes arrive, and the sender knows of 1280.
moved() {
	local text=$1
	shift
	equal "$text" "$("$EQFW_PROBES/bulk" bytes=1000000 "$@")" "sent 1000000 came 1000000 mtu 1280"
}

# What the senders remember of the path would spare them the errors.
forget() {
	ip netns exec core ip route flush cache
	ip netns exec core ip -6 route flush cache
	ip netns exec dmz ip route flush cache
	ip netns exec dmz ip -6 route flush cache
}

make_profile
lab_up
side_live core 2 $desk $desk6
side_live dmz 3 $mcu $mcu6
make_far
module_load || bail "insmod failed"
EQFW_PROFILES=$TMPDIR load pmtud >/dev/null || bail "load failed"
moved "K25 v4, about what the opener sends" from=core src=$desk to=far dst=$friend dport=8443
moved "K25 v6, about what the opener sends" from=core src=$desk6 to=far dst=$friend6 dport=8443
forget
moved "K25 v4, about what the answerer sends" from=far src=$friend to=core dst=$desk dport=1720 \
	push=from
moved "K25 v6, about what the answerer sends" from=far src=$friend6 to=core dst=$desk6 dport=1720 \
	push=from
forget
ip netns exec box nft -f - <<-NFT
	table ip nat {
		chain pre { type nat hook prerouting priority -100; ip daddr $public dnat to $mcu; }
		chain post { type nat hook postrouting priority 100;
			oifname out0 ip saddr 10.1.0.0/16 snat to 198.51.100.2; }
	}
	table ip6 nat {
		chain post { type nat hook postrouting priority 100;
			oifname out0 ip6 saddr 2001:db8:1::/64 snat to 2001:db8:ffff::2; }
	}
NFT
moved "K25 SNAT v4" from=core src=$desk to=far dst=$friend dport=8443
moved "K25 SNAT v6" from=core src=$desk6 to=far dst=$friend6 dport=8443
moved "K25 DNAT v4, about what the answerer sends" from=far src=$friend to=dmz dst=$public \
	listen=$mcu dport=8443 push=from
ns_cat box /proc/net/eqfw/drops
equal "no error was dropped" "$(grep -c '^drop icmp' <<<"$LIB_TEXT")" \
	"$(grep -c '^drop icmp[_a-z]* 0 ' <<<"$LIB_TEXT")"
lab_stop

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# NAT: a connection is judged by what its first packet asked for; replies and ICMP errors, whichever
# side of the translation they are about, are judged by the tracked connection.
#
#   desk (core) --tcp 8443--> friend (outside)    SNAT to 198.51.100.2, an address of the box
#   friend (outside) --tcp 8443--> 198.51.100.20  DNAT to mcu (dmz), whose public address it is
#   friend (outside) --tcp 8443--> 198.51.100.20  DNAT to mcu's port 443, v4 and v6 (`ports:`)
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

desk=10.1.0.10 mcu=192.0.2.20 friend=198.51.100.77 box=198.51.100.2 public=198.51.100.20
mcu6=2001:db8:2::20 friend6=2001:db8:ffff::77 public6=2001:db8:ffff::20
publics=$public

# counted ITEM TEXT WORDS...: passed and counted; NAT changes it, so it need not come out the same.
counted() {
	local item=$1 text=$2 before drops
	shift 2
	drops_sum
	drops=$COUNT
	count item "$item"
	before=$COUNT
	pkt "$@"
	count item "$item"
	before=$((COUNT - before))
	drops_sum
	equal "$text" "passed $before, dropped $((COUNT - drops))" "passed 1, dropped 0"
}

# profile_of NAME LINE...: compiled from site rows of its own
profile_of() {
	local name=$1
	shift
	cat - >"$TMPDIR/$name.yaml" <<-YAML
		eqfw: deployment/1
		name: $name
		matrix: equinox-9
		box: {address: [198.51.100.2, 192.0.2.1, 10.1.0.1]}
		zones:
		  outside: {interfaces: [out0], default: true}
		  dmz: {interfaces: [dmz0], networks: [192.0.2.0/24, "2001:db8:2::/64"]}
		  core: {interfaces: [core0], networks: [10.1.0.0/16]}
		hosts:
		  desk: {roles: [sony-endpoint], zone: core, address: 10.1.0.10}
		  mcu: {roles: [sony-endpoint], zone: dmz, address: [$mcu, "$mcu6"], public: $publics}
		  friend: {roles: [sony-endpoint], zone: outside, address: [$friend, "$friend6"]}
		site-rows:
		$(printf '  - %s\n' "$@")
		mode: enforce
	YAML
	"$EQFW_CTL" compile --matrix "$EQFW_VM/../../matrix" "$TMPDIR/$name.yaml" \
		-o "$TMPDIR/$name.bin" >/dev/null || bail "profile $name does not compile"
}

profile_of nat \
	'{from: desk, to: friend, service: tcp 8443, name: out, because: "test"}' \
	'{from: friend, to: mcu, service: tcp 8443, name: in, because: "test"}'
profile_of less '{from: desk, to: friend, service: tcp 9443, name: other, because: "test"}'
publics="{address: [$public, \"$public6\"], ports: {tcp 8443: 443}}"
profile_of moved '{from: friend, to: mcu, service: tcp 443, name: in, because: "test"}'
profile_of moved-mirror '{from: friend, to: mcu, service: tcp 443, name: in, because: "test"}'
sed 's/^mode: .*/&\nreplies: mirror/' "$TMPDIR/moved-mirror.yaml" >"$TMPDIR/mirror.yaml"
"$EQFW_CTL" compile --matrix "$EQFW_VM/../../matrix" "$TMPDIR/mirror.yaml" \
	-o "$TMPDIR/moved-mirror.bin" >/dev/null || bail "the mirrored profile does not compile"

lab_up
ip netns exec box nft -f - <<-NFT
	table ip nat {
		chain pre { type nat hook prerouting priority -100; ip daddr $public dnat to $mcu; }
		chain post { type nat hook postrouting priority 100;
			oifname out0 ip saddr 10.1.0.0/16 snat to $box; }
	}
NFT
module_load || bail "insmod failed"
EQFW_PROFILES=$TMPDIR load nat || bail "load failed"

call="from=core to=outside src=$desk dst=$friend proto=tcp sport=6000 dport=8443"
back="from=outside to=core src=$friend dst=$box proto=tcp sport=8443 dport=6000"
error="from=outside to=core src=$friend dst=$box proto=icmp type=3 code=4 mtu=1280"
error+=" i.src=$box i.dst=$friend i.proto=tcp i.dport=8443"
# shellcheck disable=SC2086
{
	drops pair "a reply to the box's address without a flow" $back flags=SA
	counted site/out "SNAT: SYN" $call flags=S seq=100
	counted site/out "SNAT: SYN+ACK to the box's address" $back flags=SA seq=500 ack=101
	counted site/out "SNAT: ACK" $call flags=A seq=101 ack=501
	counted site/out "SNAT: data back" $back flags=PA seq=501 ack=101 len=100
	counted site/out "SNAT: fragmentation needed about the packet as it left" $error i.sport=6000
	drops icmp_inner "SNAT: the same about a port that nobody uses" $error i.sport=6001
	drops pair "SNAT: SYN from the reply's ports" $back flags=S
}
ask="from=outside to=dmz src=$friend dst=$public proto=tcp sport=7000 dport=8443"
answer="from=dmz to=outside src=$mcu dst=$friend proto=tcp sport=8443 dport=7000"
error="proto=icmp type=3 code=4 mtu=1280 i.proto=tcp"
# shellcheck disable=SC2086
{
	counted site/in "DNAT: SYN to the public address" $ask flags=S seq=100
	counted site/in "DNAT: SYN+ACK" $answer flags=SA seq=500 ack=101
	counted site/in "DNAT: ACK" $ask flags=A seq=101 ack=501
	drops port "DNAT: another port of the public address" from=outside to=dmz src=$friend \
		dst=$public proto=tcp sport=7000 dport=22 flags=S
	counted site/in "DNAT: error from outside about the answer, as it left" from=outside to=dmz \
		src=198.51.100.1 dst=$public $error i.src=$public i.dst=$friend i.sport=8443 i.dport=7000
	counted site/in "DNAT: error from inside about the translated request" from=dmz to=outside \
		src=192.0.2.99 dst=$friend $error i.src=$friend i.dst=$mcu i.sport=7000 i.dport=8443
	drops icmp_inner "DNAT: error from inside about nobody's request" from=dmz to=outside \
		src=192.0.2.99 dst=$friend $error i.src=$friend i.dst=$mcu i.sport=7000 i.dport=8444
}
# The two connections and what the probe's markers open; junk has opened none.
equal "no entry for junk" "$(ip netns exec box conntrack -L 2>/dev/null | grep -cv 203.0.113)" 2
check "reload without these items" "$EQFW_CTL" load --netns box \
	"$TMPDIR/less.bin"
# shellcheck disable=SC2086
{
	drops port "reload: the connection out dies" $call flags=A seq=101 ack=501
	drops pair "reload: its answers die" $back flags=A seq=501 ack=101
	drops pair "reload: the connection in dies" $ask flags=A seq=101 ack=501
	drops pair "reload: its answers die too" $answer flags=A seq=501 ack=101
}

# moved FAMILY MCU FRIEND PUBLIC ICMP...: port 8443 of the public address is port 443 of mcu.
moved() {
	local family=$1 mcu=$2 friend=$3 public=$4 router=$5 inside=$6 error=$7
	local ask="from=outside to=dmz src=$friend dst=$public proto=tcp sport=$((7100 + family))"
	local answer="from=dmz to=outside src=$mcu dst=$friend proto=tcp sport=443"
	answer+=" dport=$((7100 + family))"
	# shellcheck disable=SC2086
	{
		counted site/in "IPv$family, moved: SYN to the public port" $ask dport=8443 flags=S seq=100
		counted site/in "IPv$family, moved: SYN+ACK from the host's own port" $answer flags=SA \
			seq=500 ack=101
		counted site/in "IPv$family, moved: ACK" $ask dport=8443 flags=A seq=101 ack=501
		counted site/in "IPv$family, moved: data back" $answer flags=PA seq=501 ack=101 len=100
		drops port "IPv$family, moved: the host's own port at the public address" $ask dport=443 \
			flags=S
		drops pair "IPv$family, moved: an ACK from the wrong port" ${answer/sport=443/sport=8443} \
			flags=A seq=501 ack=101
		counted site/in "IPv$family, moved: error from outside about the answer, as it left" \
			from=outside to=dmz src=$router dst=$public $error i.src=$public i.dst=$friend \
			i.sport=8443 i.dport=$((7100 + family))
		counted site/in "IPv$family, moved: error from inside about the translated request" \
			from=dmz to=outside src=$inside dst=$friend $error i.src=$friend i.dst=$mcu \
			i.sport=$((7100 + family)) i.dport=443
		drops icmp_inner "IPv$family, moved: error from inside about the port that callers see" \
			from=dmz to=outside src=$inside dst=$friend $error i.src=$friend i.dst=$mcu \
			i.sport=$((7100 + family)) i.dport=8443
	}
}

ip netns exec box nft -f - <<-NFT
	flush ruleset
	table ip nat {
		chain pre { type nat hook prerouting priority -100;
			ip daddr $public tcp dport 8443 dnat to $mcu:443; }
	}
	table ip6 nat {
		chain pre { type nat hook prerouting priority -100;
			ip6 daddr $public6 tcp dport 8443 dnat to [$mcu6]:443; }
	}
NFT
error4="proto=icmp type=3 code=4 mtu=1280 i.proto=tcp"
error6="proto=icmp6 type=2 code=0 mtu=1280 i.proto=tcp"
check "load a profile that knows the ports" "$EQFW_CTL" load --netns box "$TMPDIR/moved.bin"
moved 4 $mcu $friend $public 198.51.100.1 192.0.2.99 "$error4"
moved 6 $mcu6 $friend6 $public6 2001:db8:ffff::1 2001:db8:2::99 "$error6"
ip netns exec box conntrack -F 2>/dev/null
check "load it with mirrored replies" "$EQFW_CTL" load --netns box "$TMPDIR/moved-mirror.bin"
counted site/in "mirror, moved: the answer, which leaves by the host's own port" from=dmz to=outside \
	src=$mcu dst=$friend proto=tcp sport=443 dport=7200 flags=SA seq=500 ack=101
counted site/in "mirror, moved: an answer that was translated elsewhere" from=dmz to=outside \
	src=$public dst=$friend proto=tcp sport=8443 dport=7201 flags=SA seq=500 ack=101
drops pair "mirror, moved: from the port that has another name" from=dmz to=outside src=$public \
	dst=$friend proto=tcp sport=443 dport=7202 flags=SA seq=500 ack=101
lab_stop

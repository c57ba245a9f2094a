#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# What a deployment says about judging itself: audit counts and passes, an item past its until: is
# expired, unzoned: drop closes interfaces of no zone; and packets that NFQUEUE brings in again are
# judged like others.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

# profile_of NAME LINE...: the lab's desk and mcu, one item that stays and one that has ended
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
		  dmz: {interfaces: [dmz0], networks: [192.0.2.0/24]}
		  core: {interfaces: [core0], networks: [10.1.0.0/16]}
		hosts:
		  desk: {roles: [sony-endpoint], zone: core, address: 10.1.0.10}
		  mcu: {roles: [sony-endpoint], zone: dmz, address: 192.0.2.20}
		site-rows:
		  - {from: desk, to: mcu, service: udp 7000, name: stay, because: "test"}
		  - {from: desk, to: mcu, service: udp 8000, name: gone, because: "test", until: 2020-01-01}
		$(printf '%s\n' "$@")
	YAML
	"$EQFW_CTL" compile --matrix "$EQFW_VM/../../matrix" "$TMPDIR/$name.yaml" \
		-o "$TMPDIR/$name.bin" >/dev/null 2>&1 || bail "profile $name does not compile"
}

profile_of enforce "mode: enforce" "unzoned: drop"
profile_of audit "mode: audit"
lab_up
module_load || bail "insmod failed"
EQFW_PROFILES=$TMPDIR
way="from=core to=dmz src=10.1.0.10 dst=192.0.2.20"
# shellcheck disable=SC2086
{
	check "load of audit" load audit
	ns_cat box /proc/net/eqfw/status
	contains "status: auditing" "$LIB_TEXT" "state auditing"
	pkt $way dport=9 n=3
	equal "audit: junk passes" "$REPLY" "passed 3 same"
	count audit port
	equal "audit: and is counted as audit" "$COUNT" 3
	count drop port
	equal "audit: not as a drop" "$COUNT" 0
	ns_cat box /proc/net/eqfw/drops
	equal "audit: nor as a pass of its zones" "$(grep -c '^pair core dmz' <<<"$LIB_TEXT")" 0
	passes site/stay "audit: a permitted packet passes as usual" $way dport=7000

	check "load of enforce" load enforce
	passes site/stay "an item without until:" $way dport=7000
	drops expired "an item past its until:" $way dport=8000
	drops state "the answer to nothing" from=dmz to=core src=192.0.2.20 dst=10.1.0.10 sport=7000 \
		dport=41000
	count audit port
	equal "audit counts survive" "$COUNT" 3

	ip netns exec box nft -f - <<-NFT
		table inet q {
			chain pre {
				type filter hook prerouting priority -280
				meta l4proto udp queue num 0 bypass
			}
		}
	NFT
	passes site/stay "a queue that nobody reads" $way dport=7000
	drops port "and junk" $way dport=9
	ip netns exec box nft flush ruleset
	drops port "F25 after nft flush ruleset" $way dport=9
	passes site/stay "F25 and what is permitted" $way dport=7000

	ip -n box link set core0 down
	ip -n box link set core0 name lost0
	lib_leg lost0 2
	lib_route lost0 2 10.1.0.0/16 | ip -n box -batch -
	drops unzoned "unzoned: drop" $way dport=7000
}
lab_stop

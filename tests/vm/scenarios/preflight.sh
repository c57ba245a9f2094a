#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# `load` looks before it leaps: it replays the SSH connection that it was started by, and refuses a
# profile that would drop it; it says which addresses, interfaces and guards do not fit the box. So do
# `promote`, `mode enforce` and `rollback` with what they would let enforce.
#
#   admin (core) 10.1.99.7, 2001:db8:1::99    a guard lets it in
#   stranger (outside) 198.51.100.9, 2001:db8:ffff::9    nothing does
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

admin=10.1.99.7 stranger=198.51.100.9 box=10.1.0.1 vip=198.51.100.2
servers=()

# profile_of NAME LINE...: everything is judged
profile_of() {
	local name=$1
	shift
	cat - >"$TMPDIR/$name.yaml" <<-YAML
		eqfw: deployment/1
		name: $name
		matrix: equinox-9
		box: {address: [198.51.100.2, 192.0.2.1, 10.1.0.1,
		                "2001:db8:ffff::2", "2001:db8:2::1", "2001:db8:1::1"]}
		hosts:
		  desk: {roles: [sony-endpoint], zone: core, address: [10.1.0.10, "2001:db8:1::10"],
		         public: 198.51.100.20}
		  friend: {roles: [sony-endpoint], zone: outside, address: 198.51.100.77}
		scope: all
		$(printf '%s\n' "$@")
	YAML
	"$EQFW_CTL" compile --matrix "$EQFW_VM/../../matrix" "$TMPDIR/$name.yaml" \
		-o "$TMPDIR/$name.bin" >/dev/null || bail "profile $name does not compile"
}

zones='zones: {outside: {interfaces: [out0], default: true},
  dmz: {interfaces: [dmz0], networks: [192.0.2.0/24, "2001:db8:2::/64"]},
  core: {interfaces: [core0], networks: [10.1.0.0/16, "2001:db8:1::/64"]}}'
ssh='guards: [{from: [10.1.99.0/24, "2001:db8:1::/64"], to: box, service: tcp 22, name: ssh}]'
more='guards: [{from: [10.1.99.0/24, "2001:db8:1::/64"], to: box, service: tcp 22, name: ssh},
  {from: outside, to: box, service: tcp 2222, name: vip}]'
wrong='zones: {outside: {interfaces: [dmz0, core0], default: true}, dmz: {interfaces: [gone0, "wg*"]},
  core: {interfaces: [out0], networks: [10.1.0.0/16, "2001:db8:1::/64"]}}'
behind='site-rows: [{from: friend, to: desk, service: tcp 22, name: in, because: "test"}]'

# serve NETNS ADDRESS: a server on port 22
serve() {
	ip netns exec "$1" "$EQFW_VM/session.py" "$2" 22 >"$TMPDIR/ready.$1" 2>&1 &
	servers+=($!)
	wait_until 20 grep -q ready "$TMPDIR/ready.$1" || bail "no server: $(cat "$TMPDIR/ready.$1")"
}

# from NETNS ADDRESS PORT MODE COMMAND...: through a session of its own; returns the command's status
from() {
	local netns=$1 address=$2 port=$3 said
	shift 3
	# shellcheck disable=SC2016
	said=$(ip netns exec "$netns" timeout 60 bash -c 'exec 3<>"/dev/tcp/$0/$1" && echo "$2" >&3 && cat <&3' \
		"$address" "$port" "$*")
	echo "${said%exit *}"
	return "${said##*exit }"
}

# expects TEXT STATUS NEEDLE COMMAND...: exit status and what is said
expects() {
	local text=$1 want=$2 needle=$3
	shift 3
	status "$text" "$want" "$@"
	[ -z "$needle" ] || contains "$text: says so" "$LIB_SAID" "$needle"
}

idle_there() { ip netns exec box grep -q ":0016 [0-9A-F:]* 01 " /proc/net/tcp6; }
idle_gone() { ! idle_there; }

try() { echo "$EQFW_CTL load --dry-run $*"; }

profile_of good "$zones" "$ssh" "mode: enforce"
profile_of vip "$zones" "$more" "mode: enforce"
profile_of audit "$zones" "$ssh" "mode: audit"
profile_of wrong "$wrong" "$ssh" "mode: enforce"
profile_of behind "$zones" "$ssh" "$behind" "mode: enforce"
lab_up
side_live core 2 $admin 2001:db8:1::99 10.1.0.10
side_live outside 1 $stranger 2001:db8:ffff::9 198.51.100.77
module_load || bail "insmod failed"
serve box ::
good=$TMPDIR/good.bin

for mode in shell bare orphan lost; do
	expects "an admin's session passes ($mode)" 0 "would load" \
		from core $box 22 $mode "$(try "$good")"
	expects "a stranger's does not ($mode)" 1 "pair: " \
		from outside $vip 22 $mode "$(try "$good")"
	contains "and what would pass is named ($mode)" "$LIB_SAID" "nearest that is permitted: guard/ssh"
done
contains "which session it is, nobody knows" "$LIB_SAID" "which may be yours"
contains "the interface that it comes in on" "$LIB_SAID" "$stranger:"
contains "is found" "$LIB_SAID" "$vip:22 (in on out0)"
expects "IPv6: admin" 0 "would load" from core 2001:db8:1::1 22 bare "$(try "$good")"
expects "IPv6: stranger" 1 "[2001:db8:ffff::9]:" \
	from outside 2001:db8:ffff::2 22 bare "$(try "$good")"
expects "--force" 0 "warning: this profile would drop your SSH connection" \
	from outside $vip 22 bare "$(try --force "$good")"
expects "audit drops nothing" 0 "warning: this profile would drop" \
	from outside $vip 22 bare "$(try "$TMPDIR/audit.bin")"
expects "nothing was loaded" 1 "no profile" ctl status --netns box

ip netns exec outside bash -c "exec 3<>/dev/tcp/$vip/22 && echo idle x >&3 && exec cat <&3" &
idle=$!
wait_until 20 idle_there
expects "somebody else's session is a warning" 0 "warning: this profile would drop the SSH session" \
	from core $box 22 bare "$(try "$good")"
expects "unless it may be the caller's" 1 "which may be yours" \
	from core $box 22 lost "$(try "$good")"
expects "without any session: from a console" 1 "which may be yours" ctl load --dry-run --netns box "$good"
kill $idle
wait_until 20 idle_gone || bail "the idle session stays"
expects "from a console without sessions" 0 "would load" ctl load --dry-run --netns box "$good"

expects "wrong zones: the session" 1 "spoof: " from core $box 22 bare \
	"$(try "$TMPDIR/wrong.bin")"
contains "wrong zones: no such interface" "$LIB_SAID" 'zone dmz: there is no interface "gone0"'
contains "wrong zones: no interface for the pattern" "$LIB_SAID" 'no interface here matches "wg*"'
contains "wrong zones: the guard" "$LIB_SAID" "guard/ssh would not pass"
ip -n box address add 10.1.0.99/32 dev core0
expects "an address that is not listed" 0 "10.1.0.99 is an address of this box that" \
	ctl load --dry-run --netns box "$good"
ip -n box address del 10.1.0.99/32 dev core0

ip netns exec box nft -f - <<-NFT
	table ip nat {
		chain pre { type nat hook prerouting priority -100;
			ip daddr $vip tcp dport 2222 dnat to $box:22;
			ip daddr 198.51.100.20 dnat to 10.1.0.10; }
	}
NFT
expects "DNAT to the box: judged as it comes in" 1 "$vip:2222" \
	from outside $vip 2222 bare "$(try "$good")"
expects "DNAT to the box: with a guard for that port" 0 "would load" \
	from outside $vip 2222 bare "$(try "$TMPDIR/vip.bin")"
serve core 10.1.0.10
ip -n outside route replace default via 169.254.1.1 dev eth0 onlink src 198.51.100.77
expects "a server behind the box" 1 "198.51.100.77:" \
	from outside 198.51.100.20 22 shell "$(try --netns box "$good")"
expects "a server behind the box: with a row" 0 "would load" \
	from outside 198.51.100.20 22 shell "$(try --netns box "$TMPDIR/behind.bin")"
expects "the admin loads, not for good" 0 "loaded good" \
	from core $box 22 bare "$EQFW_CTL load --confirm 300s $good && $EQFW_CTL confirm; echo first \$?"
contains "the same session does not confirm" "$LIB_SAID" "first 1"
contains "and hears why" "$LIB_SAID" "open a new one"
expects "a new session confirms" 0 "confirmed" from core $box 22 bare "$EQFW_CTL confirm"
expects "the admin loads another" 0 "confirmed" from core $box 22 bare \
	"$EQFW_CTL load --confirm 300s $TMPDIR/vip.bin && $EQFW_CTL confirm --same-session"

# refuses TEXT COMMAND...: the stranger is refused and told, unless forced; the admin is not.
refuses() {
	local text=$1
	shift
	expects "$text: a stranger is refused" 1 "pair: " from outside $vip 22 bare "$EQFW_CTL $*"
	contains "$text: nothing is done" "$LIB_SAID" "nothing was changed: add a guard for it"
	expects "$text: in a dry run, too" 1 "this profile would drop your SSH connection" \
		from outside $vip 22 bare "$EQFW_CTL $* --dry-run"
	expects "$text: --force" 0 "warning: this profile would drop" \
		from outside $vip 22 bare "$EQFW_CTL $* --dry-run --force"
	expects "$text: an admin is not" 0 "would " from core $box 22 bare "$EQFW_CTL $* --dry-run"
}

quietly() { "$@" >/dev/null 2>&1 || not_ok "$*"; }

quietly ctl load --netns box --force "$TMPDIR/audit.bin"
quietly ctl stage --netns box "$good"
refuses "promote" promote
expects "promote, to confirm" 0 "first 1" from core $box 22 bare \
	"$EQFW_CTL promote --confirm 300s && $EQFW_CTL confirm; echo first \$?"
quietly ctl rollback --netns box
quietly ctl stage --netns box "$TMPDIR/audit.bin"
expects "promote: what only audits is no matter" 0 "would promote" \
	from outside $vip 22 bare "$EQFW_CTL promote --dry-run"
refuses "mode enforce" mode enforce
expects "mode audit: never" 0 "would be mode audit" \
	from outside $vip 22 bare "$EQFW_CTL mode audit --dry-run"
quietly ctl load --netns box --force "$good"
quietly ctl load --netns box --confirm 300s "$TMPDIR/audit.bin"
refuses "rollback of a load" rollback
quietly ctl confirm --netns box
refuses "rollback to what is kept on disk" rollback --confirm 300s
quietly ctl mode --netns box --force enforce
quietly ctl mode --netns box --confirm 300s audit
refuses "rollback of a mode" rollback
quietly ctl confirm --netns box
expects "mode enforce, to confirm" 0 "first 1" from core $box 22 bare \
	"$EQFW_CTL mode enforce --confirm 300s && $EQFW_CTL confirm; echo first \$?"
quietly ctl rollback --netns box
kill "${servers[@]}" 2>/dev/null
lab_stop

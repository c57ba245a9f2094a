#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The boot's load, by the command line of eqfw.service: where `current` is damaged or gone, what the
# deployment's `boot:` asks for stands in: its guards alone, nothing, or (open) everything.
#
#   admin (core) --tcp 22--> box            a guard
#   desk (core)  --tcp 8443--> mcu (dmz)    a row
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

kept=$EQFW_STATE_DIR/netns/box/profiles
unit=$EQFW_VM/../../packaging/eqfw.service

for boot in open guards closed; do
	cat - >"$TMPDIR/$boot.yaml" <<-YAML
		eqfw: deployment/1
		name: lab
		matrix: equinox-9
		box: {address: [198.51.100.2, 192.0.2.1, 10.1.0.1]}
		zones:
		  outside: {interfaces: [out0], default: true}
		  dmz: {interfaces: [dmz0], networks: [192.0.2.0/24]}
		  core: {interfaces: [core0], networks: [10.1.0.0/16]}
		hosts:
		  desk: {roles: [sony-endpoint], zone: core, address: 10.1.0.10}
		  mcu: {roles: [sony-endpoint], zone: dmz, address: 192.0.2.20}
		site-rows: [{from: desk, to: mcu, service: tcp 8443, name: row, because: "test"}]
		guards: [{from: desk, to: box, service: tcp 22, name: ssh}]
		mode: enforce
		boot: $boot
	YAML
	"$EQFW_CTL" compile --matrix "$EQFW_VM/../../matrix" "$TMPDIR/$boot.yaml" \
		-o "$TMPDIR/$boot.bin" >/dev/null || bail "profile $boot does not compile"
done
[ -r "$unit" ] || bail "the unit is not there"
read -ra words <<<"$(sed -n 's,^ExecStart=/usr/sbin/eqfwctl ,,p' "$unit")"
[ ${#words[@]} -gt 0 ] || bail "the unit starts no eqfwctl"

# boot WANT TEXT: as the unit does it, in a namespace that has no profile, as after a reboot
boot() {
	ip netns exec box true
	ctl clear --netns box >/dev/null 2>&1
	status "$2" "$1" ctl "${words[@]}" --netns box
}

damage() {
	local file
	file=$(readlink -f "$kept/current")
	head -c 99 "$file" >"$file.short" && cat "$file.short" >"$file" && rm "$file.short"
}

row="from=core to=dmz src=10.1.0.10 dst=192.0.2.20 proto=tcp sport=6000 dport=8443 flags=S"
ssh="from=core to=box src=10.1.0.10 dst=10.1.0.1 proto=tcp sport=6000 dport=22 flags=S"

# live TEXT WANT: the name of what is live, as people see it
live() {
	ctl status --netns box >"$TMPDIR/said" 2>&1
	contains "$1" "$(cat "$TMPDIR/said")" "$2"
}

lab_up
module_load || bail "insmod failed"

check "load guards" ctl load --netns box "$TMPDIR/guards.bin"
boot 0 "a whole profile is loaded as ever"
# shellcheck disable=SC2086
passes site/row "the row is open" $row
damage
boot 5 "guards: a damaged profile: the unit has failed"
contains "guards: it says what stands in" "$LIB_SAID" "stands in"
live "guards: status names it" "lab (boot: guards)"
# shellcheck disable=SC2086
{
	drops pair "guards: the row is closed" $row
	count item guard/ssh
	before=$COUNT
	pkt $ssh
	count item guard/ssh
	equal "guards: SSH to the box passes" $((COUNT - before)) 1
}
status "guards: again, with it live" 5 ctl "${words[@]}" --netns box
contains "guards: what is live stays" "$LIB_SAID" "a profile is live, and stays"
rm "$kept/current"
boot 5 "guards: without a current profile"
live "guards: the same stands in" "lab (boot: guards)"

check "load closed" ctl load --netns box "$TMPDIR/closed.bin"
live "a whole profile replaces what stood in" "enforcing lab"
status "what stood in is gone" 1 grep "boot:" "$TMPDIR/said"
damage
boot 5 "closed: a damaged profile"
live "closed: status names it" "lab (boot: closed)"
# shellcheck disable=SC2086
{
	drops pair "closed: the row is closed" $row
	drops pair "closed: SSH to the box, too" $ssh
}

mkdir "$TMPDIR/disk"
mount -t tmpfs none "$TMPDIR/disk" || bail "no tmpfs"
check "load closed, kept on a disk" env EQFW_STATE_DIR="$TMPDIR/disk" "$EQFW_CTL" load --netns box "$TMPDIR/closed.bin"
mount -o remount,ro "$TMPDIR/disk"
check "what is kept already needs no write" env EQFW_STATE_DIR="$TMPDIR/disk" "$EQFW_CTL" load --netns box "$TMPDIR/closed.bin"
umount "$TMPDIR/disk"

check "load closed again" ctl load --netns box "$TMPDIR/closed.bin"
damage
status "a profile that is live is not replaced" 5 ctl "${words[@]}" --netns box
# shellcheck disable=SC2086
passes site/row "the row stays open" $row

check "load open" ctl load --netns box "$TMPDIR/open.bin"
damage
boot 5 "open: a damaged profile"
contains "open: it says so" "$LIB_SAID" "every packet passes"
status "open: no profile is live" 1 ctl status --netns box
lab_stop

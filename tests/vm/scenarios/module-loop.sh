#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# F8, F9: load and unload again and again, with traffic and with a namespace that dies meanwhile.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

lab_up
way="from=core to=dmz src=10.1.0.10 dst=192.0.2.20"
for round in 1 2 3 4 5 6; do
	module_load || not_ok "round $round: insmod"
	load lab >/dev/null || not_ok "round $round: load"
	# shellcheck disable=SC2086
	pkt $way dport=9
	[ "$REPLY" = dropped ] || not_ok "round $round: junk: $REPLY"
	ctl clear --netns box >/dev/null || not_ok "round $round: clear"
	# shellcheck disable=SC2086
	pkt $way dport=9
	[ "$REPLY" = "passed 1 same" ] || not_ok "round $round: after clear: $REPLY"
	module_unload || not_ok "round $round: rmmod"
done
ok "F9 six rounds of insmod, load, clear, rmmod"
check "insmod" insmod "$EQFW_KO"
status "F8 insmod twice" 1 insmod "$EQFW_KO"
# The same module under another name, as another version might have: the family's name is taken.
cp "$EQFW_KO" "$TMPDIR/clash.ko"
at=$(readelf -SW "$EQFW_KO" | sed -n 's/^.* \.gnu\.linkonce\.this_module *PROGBITS *[0-9a-f]* \([0-9a-f]*\) .*/\1/p')
printf eqfv | dd of="$TMPDIR/clash.ko" bs=1 seek=$((0x$at + 24)) conv=notrunc status=none
status "F8 another module with the family's name" 1 insmod "$TMPDIR/clash.ko"
# Linux 7 says busy where a module's init says that something exists.
check "F8 it is told so" grep -qE 'File exists|resource busy' <<<"$LIB_SAID"
check "F8 the first one still loads a profile" load lab
# shellcheck disable=SC2086
drops port "F8 and enforces it" $way dport=9
lab_stop

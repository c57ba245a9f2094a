#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# N1, N2: neither a user namespace's root nor an ordinary user may do anything; nothing changes.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

lab_start
inside="unshare -Urn $EQFW_CTL"
# shellcheck disable=SC2086
{
	status "N1 load by root of a user namespace" 4 $inside load "$EQFW_PROFILES/lab.bin"
	status "N1 status" 4 $inside status
	status "N1 clear" 4 $inside clear
}
# The tree may lie where an ordinary user cannot look; /run is a bed's own and writable on each.
open=$(mktemp -d -p /run)
chmod 0755 "$open"
install -m 0755 "$EQFW_CTL" "$open/eqfwctl"
install -m 0644 "$EQFW_PROFILES/lab-less.bin" "$open/profile.bin"
for verb in "load $open/profile.bin" clear status rows drops; do
	# shellcheck disable=SC2086
	status "N2 ${verb%% *} by uid 1000" 4 ip netns exec box \
		setpriv --reuid 1000 --regid 1000 --clear-groups "$open/eqfwctl" $verb
done
status "N2 /proc by uid 1000" 1 ip netns exec box \
	setpriv --reuid 1000 --regid 1000 --clear-groups cat /proc/net/eqfw/drops
ns_cat box /proc/net/eqfw/status
contains "the profile stays" "$LIB_TEXT" "generation 1"
lab_stop

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A box without a profile looks at nothing; load, status, dump, clear and unload do what they say.
#
#   outside --- box --- core, dmz        (lib.sh draws it)
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

junk="from=outside to=core src=198.51.100.9 dst=10.1.0.10 dport=9999"

lab_up
status "status without the module: exit 3" 3 ctl status --netns box
check "module loads" module_load
status "status without a profile: exit 1" 1 ctl status --netns box
# shellcheck disable=SC2086
pkt $junk
equal "without a profile junk passes" "$REPLY" "passed 1 same"
check "load" load lab
ns_cat box /proc/net/eqfw/status
contains "status begins with its name" "$LIB_TEXT" "# eqfw status v1"
contains "state" "$LIB_TEXT" "state enforcing"
contains "generation" "$LIB_TEXT" "generation 1"
status "status while enforcing: exit 0" 0 ctl status --netns box
# shellcheck disable=SC2086
drops pair "with a profile it drops" $junk
check "load the same again" load lab
count drop pair
equal "and counters stay" "$COUNT" 1
check "dump" ctl dump --netns box -o "$TMPDIR/dump.bin"
check "dump is the profile, bit for bit" cmp "$TMPDIR/dump.bin" "$EQFW_PROFILES/lab.bin"
equal "files are for root and their group" "$(stat -c %a /proc/net/eqfw/drops)" 440
status "module unload while enforcing is refused" 1 rmmod eqfw
check "clear" ctl clear --netns box
# shellcheck disable=SC2086
pkt $junk
equal "after clear junk passes" "$REPLY" "passed 1 same"
check "module unloads after clear" module_unload
lab_down
finish

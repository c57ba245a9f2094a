#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# F16: a loader whose cgroup has too little memory is refused, and not killed for it; the
# old profile stays, and what a load needs is charged to who asks for it.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

# A profile of some size: the kernel charges a CPU's share in advance, 256 KiB of it.
lab_start
mkdir "$TMPDIR/groups"
mount -t cgroup2 none "$TMPDIR/groups" || bail "no cgroup 2"
echo +memory >"$TMPDIR/groups/cgroup.subtree_control" || bail "no memory controller"
mkdir "$TMPDIR/groups/loader"
said=$(nsenter --net=/run/netns/box "$EQFW_PROBES/nl_limit" "$TMPDIR/groups/loader" \
	"$EQFW_PROFILES/ranges.bin" 2>&1)
equal "F16 refused until there is room" $? 0
sed 's/^/# /' <<<"$said"
refused=$(sed -n 's/^refused \([0-9]*\) .*/\1/p' <<<"$said")
check "F16 the limit was met" test "${refused:-0}" -ge 5
equal "F16 nobody was killed" "$(awk '$1 ~ /^oom/ { n += $2 } END { print n }' \
	"$TMPDIR/groups/loader/memory.events")" 0
charged=$(sed -n 's/^kernel //p' "$TMPDIR/groups/loader/memory.stat")
needed=$(ctl status --netns box --json |
	jq '.profile.table_bytes + .profile.counter_bytes + .profile.image_bytes')
check "F16 table, counters and profile are charged to the loader: $charged of $needed" \
	test "${charged:-0}" -ge "$needed"
drops port "the new profile judges" from=outside to=core src=198.51.100.9 dst=10.1.0.10 dport=5001
umount "$TMPDIR/groups" 2>/dev/null
lab_stop

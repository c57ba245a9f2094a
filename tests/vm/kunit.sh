#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# kunit.sh - load the KUnit module in a bed and judge its KTAP
#
# insmod returns 0 after failed suites and where suites were skipped, so the result is read: each
# suite of EQFW_SUITES must run, plan at least one case, and report as many as it planned.
set -u

for need in nf_defrag_ipv4 nf_defrag_ipv6 nf_conntrack; do
	[ -e /proc/sys/net/netfilter/nf_conntrack_max ] || modprobe "$need"
done
echo "<6>eqfw-kunit: begin" >/dev/kmsg
insmod "$EQFW_KUNIT" ${EQFW_LONG:+mutants=1000000} ||
	{ echo "not ok - insmod eqfw_kunit.ko"; exit 1; }
dmesg -t | sed '1,/eqfw-kunit: begin$/d' >"$TMPDIR/ktap"
sed "s/^/| /" "$TMPDIR/ktap"

# Cases are indented by four; parameters of a case by eight and more.
awk -v suites="$EQFW_SUITES" '
/^ *# Subtest: / && $0 !~ /^        / { suite = $NF; planned[suite] = 0; next }
/^    1\.\.[0-9]+/ { sub(/^    1\.\./, ""); planned[suite] = $0 + 0; next }
/^    ok [0-9]+ / { seen[suite]++; print "ok - " suite " " $3; good++; next }
/^    not ok [0-9]+ / { seen[suite]++; print "not ok - " suite " " $4; bad++; next }
/^ok [0-9]+ / { done[$3] = 1; next }
/^not ok [0-9]+ / { done[$4] = 1; next }
END {
	n = split(suites, want, " ")
	for (i = 1; i <= n; i++) {
		s = want[i]
		if (!(s in done) || !planned[s] || planned[s] != seen[s]) {
			print "not ok - " s " did not run to its end: planned " planned[s] + 0 ", ran " seen[s] + 0
			bad++
		}
	}
	if (!n) { print "not ok - no suite is expected"; bad++ }
	print "1.." good + bad
	exit bad > 0
}' "$TMPDIR/ktap"
result=$?
rmmod "$(basename "$EQFW_KUNIT" .ko)" || { echo "not ok - rmmod"; exit 1; }
exit $result

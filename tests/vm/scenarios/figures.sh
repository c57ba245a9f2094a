#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# coverage and metrics tell what packets did: what was never used, and every figure for Prometheus.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

# value TEXT: the value of a sample in the text format, into VALUE
value() { VALUE=$(awk -v want="$1" '$1 == want { print $2 }' <<<"$METRICS"); }

lab_start
way="from=core to=dmz src=10.1.0.10 dst=192.0.2.20"
# shellcheck disable=SC2086
{
	equal "at first nothing is used" \
		"$(ctl coverage --netns box --json | jq -c '[.items_used, .items == (.unused | length)]')" \
		"[0,true]"
	pkt $way dport=7000 n=3
	pkt $way dport=9 n=2
	equal "what is used is not listed any more" \
		"$(ctl coverage --netns box --json | jq -c '[.items_used, .rows_used, (.items - (.unused | length)), ([.unused[].id] | index("site/media"))]')" \
		"[1,1,1,null]"
	contains "what is not is" "$(ctl coverage --netns box)" "site/portal"
	status "coverage is no judgement" 0 "$EQFW_CTL" coverage --netns box

	equal "top: the same figures" \
		"$(ctl top --netns box --interval 1 --json | jq -c '[.lines[] | [.kind, .name, .packets, .packets_per_s]]')" \
		'[["pass","site/media",3,0],["drop","port",2,0]]'

	METRICS=$(ctl metrics --netns box)
	value 'eqfw_item_packets_total{item="site/media"}'
	equal "packets of an item" "$VALUE" 3
	value 'eqfw_drop_packets_total{reason="port"}'
	equal "packets of a reason" "$VALUE" 2
	value 'eqfw_zone_packets_total{from="core",to="dmz",verdict="drop"}'
	equal "packets of a pair of zones" "$VALUE" 2
	value 'eqfw_state{state="enforcing"}'
	equal "state" "$VALUE" 1
	equal "each sample has its family" \
		"$(awk '/^# TYPE/ { seen[$3] = 1 } /^[^#]/ { split($1, name, "{"); if (!(name[1] in seen)) print }' <<<"$METRICS")" ""
	equal "nothing but comments and samples" \
		"$(grep -vcE '^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9]+)$' <<<"$METRICS")" 0
	equal "the same figures as JSON" \
		"$(ctl metrics --netns box --json | jq '[.metrics[].samples[]] | length')" \
		"$(grep -c '^[^#]' <<<"$METRICS")"

	ctl clear --netns box
	METRICS=$(ctl metrics --netns box)
	value 'eqfw_state{state="none"}'
	equal "without a profile the state is told" "$VALUE" 1
	status "and the collector is content" 0 "$EQFW_CTL" metrics --netns box
	status "coverage of no profile" 1 "$EQFW_CTL" coverage --netns box
}
lab_stop

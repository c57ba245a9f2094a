#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# K10 to K12: pieces that contradict each other, come in any order, twice, alone or too far out.
# Whatever is put together of them is judged by the ports that go on, so none of them carries a
# denied tuple through.
#
#   desk (core) --udp 7000 yes, udp 9 no--> mcu (dmz); a datagram is 8 + 64 bytes: units 0 to 8
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

SERIAL=100

# piece PORT FROM TO MORE: bytes of a datagram to PORT, as a fragment of the set in hand
piece() {
	local port=$1 from=$2 to=$3 more=$4
	if [ "$FAMILY" = 4 ]; then
		pkt from=core to=dmz src=10.1.0.10 dst=192.0.2.20 len=64 dport="$port" id=$SERIAL \
			slice="$from:$to" frag=$((from / 8)) mf="$more"
	else
		pkt from=core to=dmz src=2001:db8:1::10 dst=2001:db8:2::20 len=64 dport="$port" \
			slice="$from:$to" eh="frag:$((from / 8)):$more:$SERIAL"
	fi
}

# fragments WANT TEXT PIECE...: PIECE is PORT:FROM:TO:MORE. WANT is what became of the set:
# "media 1 port 0" where one datagram passed as permitted, "media 0 port 1" where one dropped as
# denied, "media 0 port 0" where nothing was ever put together.
fragments() {
	local want=$1 text=$2 media port word came=0
	shift 2
	SERIAL=$((SERIAL + 1))
	count item site/media
	media=$COUNT
	count drop port
	port=$COUNT
	for word; do
		# shellcheck disable=SC2086
		piece ${word//:/ }
		case $REPLY in passed*) came=$((came + 1)) ;; esac
	done
	count item site/media
	media=$((COUNT - media))
	count drop port
	port=$((COUNT - port))
	[ "$came" -eq "$media" ] || media="$media but out came $came"
	equal "$text (v$FAMILY)" "media $media port $port" "$want"
}

lab_start
for FAMILY in 4 6; do
	passed="media 1 port 0" dropped="media 0 port 1" nothing="media 0 port 0"
	fragments "$passed" "K10 two pieces" 7000:0:24:1 7000:24:72:0
	fragments "$dropped" "K10 two pieces of a denied tuple" 9:0:24:1 9:24:72:0
	fragments "$passed" "K10 nine pieces of 8 bytes, disordered" 7000:40:48:1 7000:0:8:1 \
		7000:64:72:0 7000:8:16:1 7000:56:64:1 7000:24:32:1 7000:16:24:1 7000:48:56:1 7000:32:40:1
	fragments "$dropped" "K10 the same of a denied tuple" 9:40:48:1 9:0:8:1 9:64:72:0 9:8:16:1 \
		9:56:64:1 9:24:32:1 9:16:24:1 9:48:56:1 9:32:40:1
	fragments "$passed" "K10 a piece that came twice" 7000:0:24:1 7000:0:24:1 7000:24:72:0
	fragments "$dropped" "K10 twice, of a denied tuple" 9:24:72:0 9:24:72:0 9:0:24:1
	fragments "$dropped" "K11 exact, with other ports: denied first" 9:0:24:1 7000:0:24:1 9:24:72:0
	fragments "$passed" "K11 exact, with other ports: permitted first" 7000:0:24:1 9:0:24:1 \
		9:24:72:0
	fragments "$nothing" "K11 head: a longer beginning over the permitted one" 7000:0:16:1 \
		9:0:32:1 7000:32:72:0
	fragments "$nothing" "K11 head: a permitted beginning over the denied one" 9:0:16:1 \
		7000:0:32:1 9:32:72:0
	fragments "$nothing" "K11 tail: the end reaches back over the ports" 7000:0:24:1 9:16:72:0
	fragments "$nothing" "K11 tail first" 9:8:72:0 7000:0:24:1
	fragments "$passed" "K11 inside what is there: ignored" 7000:0:40:1 9:8:16:1 9:40:72:0
	fragments "$dropped" "K11 inside what is there, permitted into denied" 9:0:40:1 7000:0:8:1 \
		7000:40:72:0
	fragments "$nothing" "K11 outside, around what is there" 7000:8:16:1 9:0:40:1 7000:40:72:0
	fragments "$nothing" "K11 two ends" 7000:0:24:1 7000:32:72:0 7000:24:40:0
	fragments "$nothing" "K12 first piece only" 7000:0:24:1
	fragments "$nothing" "K12 last piece only" 7000:24:72:0
	fragments "$nothing" "K12 middle piece only" 7000:24:48:1
	if [ "$FAMILY" = 4 ]; then
		far="pkt from=core to=dmz src=10.1.0.10 dst=192.0.2.20 len=64 dport=7000 id=99 frag=8191"
	else
		far="pkt from=core to=dmz src=2001:db8:1::10 dst=2001:db8:2::20 len=64 dport=7000"
		far+=" eh=frag:8191:0:99"
	fi
	$far
	equal "K12 offset 8191, past the largest packet (v$FAMILY)" "$REPLY" dropped
	fragments "$nothing" "K12 a hole stays a hole" 7000:0:24:1 7000:32:72:0
done
drops_sum
equal "no other reason was counted" "$COUNT" "$(count drop port; echo "$COUNT")"
lab_stop

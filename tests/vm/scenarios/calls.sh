#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Real programs talk through the box while it reloads 100 times, two profiles in turn that both
# have their items: nothing of theirs is dropped, no call breaks, no sound is lost.
#
#   outside                          dmz                            core
#     baresip  --SIP over TLS-->  kamailio  --SIP over UDP-->  baresip     and RTP between the ends
#     sipp     --SIP, RTP over UDP, then SIP over TCP-->  sipp (echoes the sound)
#     turnutils --STUN, TURN-->  coturn  --relayed data-->  echo server
#     h323     --Q.931, H.245, RTP, RTCP (IPv4 and IPv6)-->  h323
#     hold     --100 TCP sessions-->  hold
# beds: uml-7 qemu-6.1 qemu-6.12
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"
# shellcheck source=tests/vm/peers.sh
. "$EQFW_VM/peers.sh"

SECONDS_OF_CALL=${EQFW_CALL_SECONDS:-12}
RELOADS=${EQFW_CALL_RELOADS:-100}
phone=198.51.100.101 desk=10.1.0.10 proxy=192.0.2.20 turn=192.0.2.21 mcu=192.0.2.22

trap 'peers_stop; lib_clean' EXIT

start_servers() {
	peers_certificate
	peers_sound
	peer_kamailio dmz $proxy
	check "kamailio listens on TLS" wait_until 20 bound dmz tcp $proxy:5061
	peer_turn dmz $turn
	check "coturn listens" wait_until 20 bound dmz udp $turn:3478
	peer core peer.log turnutils_peer -L $desk -p 3480
	check "the relay's peer listens" wait_until 10 bound core udp $desk:3480
}

start_softphones() {
	peer_baresip core desk $desk \
		"<sip:desk@$proxy>;outbound=\"sip:$proxy;transport=udp\";answermode=auto;regint=60;auth_pass=x"
	check "baresip registers with kamailio" wait_until 20 said desk.log "200 OK"
	peer_baresip outside phone $phone \
		"<sip:phone@$proxy>;outbound=\"sip:$proxy:5061;transport=tls\";regint=0;auth_pass=x" \
		-e "/dial sip:desk@$proxy"
	check "SIP over TLS through kamailio: the call is established" \
		wait_until 20 said phone.log "Call established"
	check "RTP to the phone" wait_until 20 said phone.log "incoming rtp"
	check "RTP to the desk" wait_until 20 said desk.log "incoming rtp"
}

start_others() {
	local family src dst
	peer outside turn-client.log turnutils_uclient -c -u test -w pw -e $desk -r 3480 -m 1 -l 160 \
		-n $((SECONDS_OF_CALL * 50)) -z 20 $turn
	turn_pid=${PEERS[-1]}
	"$EQFW_PROBES/hold" from=outside src=$phone to=core dst=$desk dport=4000 n=100 pace=1000 \
		ready="$TMPDIR/hold.ready" until="$TMPDIR/stop" >"$TMPDIR/hold.log" 2>&1 &
	hold_pid=$!
	check "100 TCP sessions are open" wait_until 30 test -e "$TMPDIR/hold.ready"
	h323_pids=()
	for family in 4 6; do
		src=$phone dst=$desk
		[ $family = 4 ] || src=2001:db8:ffff::101 dst=2001:db8:1::10
		"$EQFW_PROBES/h323" from=outside src=$src to=core dst=$dst h245=11000 rtp=10090 \
			callerrtp=10094 ready="$TMPDIR/h323-$family.ready" until="$TMPDIR/stop" \
			>"$TMPDIR/h323-$family.log" 2>&1 &
		h323_pids+=($!)
		check "H.323 v$family call is up, sound flows" \
			wait_until 20 test -e "$TMPDIR/h323-$family.ready"
	done
}

start_sipp() {
	local transport proto media=6000
	for transport in u1 t1; do
		proto=udp
		[ $transport = u1 ] || proto=tcp
		peer_sipp_server dmz $mcu $transport $media
		check "sipp listens on $proto" wait_until 20 bound dmz $proto $mcu:5060
		peer_sipp_call outside $phone $((5070 + media - 6000)) $transport $mcu "$SECONDS_OF_CALL" \
			$((media + 10))
		sipp_pids+=("${PEERS[-1]}")
		media=$((media + 40))
	done
}

sides_live() {
	side_live outside 1 $phone 2001:db8:ffff::101
	side_live core 2 $desk 2001:db8:1::10
	side_live dmz 3 $proxy 2001:db8:2::20 $turn $mcu
}

# ends TEXT PID SECONDS LOG: the program ends by itself, content.
ends() {
	if peer_done "$2" "$3"; then
		ok "$1"
	else
		not_ok "$1 (exit $?)"
		tail -n 12 "$TMPDIR/$4"
	fi
}

judge_all() {
	local lossless="lost:                 0            0"
	ends "H.323 v4: signalling alive, no RTP or RTCP lost" "${h323_pids[0]}" 30 h323-4.log
	ends "H.323 v6: signalling alive, no RTP or RTCP lost" "${h323_pids[1]}" 30 h323-6.log
	ends "100 TCP sessions survive" $hold_pid 60 hold.log
	ends "SIP over UDP and its sound survive" "${sipp_pids[0]}" 60 sipp-call-u1.log
	ends "SIP over TCP and its sound survive" "${sipp_pids[1]}" 60 sipp-call-t1.log
	ends "TURN: the client ends by itself" $turn_pid 60 turn-client.log
	check "TURN: no relayed packet lost" said turn-client.log "Total lost packets 0 "
	peers_stop
	check "SIP over TLS: no RTP lost to the phone" said phone.log "$lossless"
	check "SIP over TLS: no RTP lost to the desk" said desk.log "$lossless"
}

# Sound of both directions counts on the item that the first packet met.
count_media() {
	local item
	for item in site/echo-in site/media-in site/relayed site/sip-tcp site/call-udp site/call-tcp; do
		count item $item
		check "$item counted: $COUNT" test "$COUNT" -gt 4
	done
	drops_sum
	equal "nothing was dropped" "$COUNT" 0
}

lab_start peers
sides_live
sipp_pids=()
start_servers
start_softphones
check "STUN answers" ip netns exec outside turnutils_stunclient $turn
start_others
start_sipp
check "$RELOADS reloads" ip netns exec box "$EQFW_PROBES/nl_reload" "$RELOADS" \
	"$EQFW_PROFILES/peers-more.bin" "$EQFW_PROFILES/peers.bin"
touch "$TMPDIR/stop"
judge_all
count_media
lab_stop

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# calls.sh - the flows of the demo; sourced by guest.sh

talk() { "$EQFW_PROBES/talk" "$@"; }

# sip_call SERVER-NS SERVER MEDIA MEDIA-PORT CLIENT-NS CLIENT CLIENT-PORT: a call of two seconds with
# sipp at both ends; sound flows there and is echoed back.
sip_call() {
	local server_ns=$1 server=$2 media=$3 media_port=$4 client_ns=$5 client=$6 port=$7 pid status
	local remote=$server
	case $server in *:*) remote="[$server]" ;; esac
	(cd "$TMPDIR" && exec ip netns exec "$server_ns" sipp -sn uas -i "$server" -p 5060 -mi "$media" \
		-mp "$media_port" -rtp_echo -m 1 -timeout 25 -nostdin >/dev/null 2>&1) &
	pid=$!
	wait_until 10 udp_bound "$server_ns" 5060
	sed "s#TONE#$EQFW_DEMO_FILES/tone.ulaw#" "$EQFW_DEMO/uac.xml" >"$TMPDIR/uac.xml"
	(cd "$TMPDIR" && ip netns exec "$client_ns" sipp -sf "$TMPDIR/uac.xml" -i "$client" -p "$port" \
		-mi "$client" -m 1 -timeout 20 -timeout_error \
		-nostdin "$remote:5060" >"$TMPDIR/uac.log" 2>&1)
	status=$?
	wait $pid
	[ $status -eq 0 ] || tail -n 25 "$TMPDIR/uac.log"
	return $status
}

udp_bound() { ip netns exec "$1" ss -Hnul | grep -q ":$2 "; }
tcp_bound() { ip netns exec "$1" ss -Hntl | grep -q ":$2 "; }

# https SERVER CLIENT: a page over TLS.
https() {
	local server=$1 client=$2 url=$1 pid status
	case $server in *:*) url="[$server]" ;; esac
	ip netns exec core openssl s_server -accept "$url:443" -cert "$EQFW_DEMO_FILES/cert.pem" \
		-key "$EQFW_DEMO_FILES/key.pem" -www -naccept 1 -quiet >/dev/null 2>&1 &
	pid=$!
	wait_until 10 tcp_bound core 443
	ip netns exec outside curl -gsSk --max-time 10 --interface "$client" -o /dev/null "https://$url/"
	status=$?
	kill $pid 2>/dev/null
	wait $pid 2>/dev/null
	return $status
}

# What an H.323 call opens, from the caller to the public leg, then from the inner leg on: RAS
# admission, Q.931 setup, H.245, RTP. The first bytes are those of the real messages.
ras=2686000005
q931=0300002808020001057e
h245=030000150270010600088175
rtp=80000001000000000000002a

h323_call() {
	local family=$1 caller=$2 public=$3 inner=$4 em=$5 mcu=$6
	passes_as "H.323 v$family RAS, caller to edge" "h323-edge/3:1" \
		"--from $caller --to edge1.public --proto udp --sport 1719 --dport 1719 --family $family" \
		talk from=outside src="$caller" sport=1719 to=dmz dst="$public" dport=1719 proto=udp hello=$ras
	passes_as "H.323 v$family setup, caller to edge" "h323-edge/3:2 h323-edge/4:1" \
		"--from $caller --to edge1.public --proto tcp --sport 33000 --dport 1720 --family $family" \
		talk from=outside src="$caller" sport=33000 to=dmz dst="$public" dport=1720 proto=tcp hello=$q931
	passes_as "H.323 v$family H.245 and media, caller to edge" "h323-edge/3:4" \
		"--from $caller --to edge1.public --proto udp --sport 33002 --dport 4002 --family $family" \
		talk from=outside src="$caller" sport=33002 to=dmz dst="$public" dport=4002 proto=udp \
		hello=$rtp n=50
	passes_as "H.323 v$family RAS, edge to gatekeeper" "$7" \
		"--from edge1.internal --to em1 --proto udp --sport 1719 --dport 1719 --family $family" \
		talk from=dmz src="$inner" sport=1719 to=core dst="$em" dport=1719 proto=udp hello=$ras
	passes_as "H.323 v$family setup, edge to gatekeeper" "$8" \
		"--from edge1.internal --to em1 --proto tcp --sport 12001 --dport 1720 --family $family" \
		talk from=dmz src="$inner" sport=12001 to=core dst="$em" dport=1720 proto=tcp hello=$q931
	passes_as "H.323 v$family H.245, edge to MCU" "h323-edge/5:3" \
		"--from edge1.internal --to mcu1 --proto tcp --sport 12003 --dport 1030 --family $family" \
		talk from=dmz src="$inner" sport=12003 to=core dst="$mcu" dport=1030 proto=tcp hello=$h245
	passes_as "H.323 v$family RTP, edge to MCU" "elite-mcu/2:1" \
		"--from edge1.internal --to mcu1 --proto udp --sport 12010 --dport 12000 --family $family" \
		talk from=dmz src="$inner" sport=12010 to=core dst="$mcu" dport=12000 proto=udp \
		hello=$rtp n=50
}

all_calls() {
	passes_as "SIP v4 call, caller to SBC, with RTP" "asbce-edge/1:2 asbce-edge/2:1" \
		"--from 198.51.100.101 --to sbc1.external --proto udp --sport 6060 --dport 5060" \
		sip_call dmz 192.0.2.20 192.0.2.20 36000 outside 198.51.100.101 6060
	passes_as "SIP v6 call, caller to SBC, with RTP" "asbce-edge/1:2 asbce-edge/2:1" \
		"--from 2001:db8:ffff::101 --to sbc1.external --proto udp --sport 6060 --dport 5060 --family 6" \
		sip_call dmz 2001:db8:2::20 2001:db8:2::20 36000 outside 2001:db8:ffff::101 6060
	passes_as "SIP v4 call, SBC to B2BUA, RTP to MCU" "asbce-edge/7:1 asbce-edge/7:2 asbce-edge/8:2" \
		"--from sbc1.internal --to mcu1 --proto udp --sport 40000 --dport 12000" \
		sip_call core 10.1.0.10 10.1.0.20 16384 dmz 192.0.2.21 35060
	h323_call 4 198.51.100.101 192.0.2.10 192.0.2.11 10.1.0.10 10.1.0.20 \
		equinox-management/7:2 "equinox-management/7:3 equinox-management/7:5"
	h323_call 6 2001:db8:ffff::101 2001:db8:2::10 2001:db8:2::11 2001:db8:1::10 2001:db8:1::20 \
		equinox-management/7:2 "equinox-management/7:3 equinox-management/7:5"
	passes_as "HTTPS v4 page, admin to management" "equinox-management/1:3" \
		"--from admin --to em1 --proto tcp --dport 443" https 10.1.0.10 198.51.100.50
	passes_as "HTTPS v6 page, admin to management" "equinox-management/1:3" \
		"--from admin --to em1 --proto tcp --dport 443 --family 6" https 2001:db8:1::10 2001:db8:ffff::50
	passes_as "meeting control, management to desktop server" "equinox-management/9:3" \
		"--from em1 --to sds1 --proto tcp --sport 40000 --dport 3340" \
		talk from=core src=10.1.0.10 sport=40000 to=dmz dst=192.0.2.30 dport=3340 proto=tcp
	passes_as "RTP, desktop server to MCU" "elite-mcu/4:1" \
		"--from sds1 --to mcu1 --proto udp --sport 20000 --dport 12002" \
		talk from=dmz src=192.0.2.30 sport=20000 to=core dst=10.1.0.20 dport=12002 proto=udp n=50 hello=$rtp
}

scan() {
	ip netns exec outside nmap -n -Pn --max-retries 0 --host-timeout 15s --min-parallelism 100 \
		--max-rtt-timeout 300ms "$@"
}

# junk WORDS...: exact packets by probe.c
junk() { pkt "$@"; }

all_junk() {
	drops_as "port scan v4, attacker to management" pair=100 \
		"--from 198.51.100.66 --to em1 --proto tcp --dport 22" \
		scan -sS -p 1-100 10.1.0.10
	drops_as "port scan v6, attacker to MCU" "forbidden=2 pair=98" \
		"--from 2001:db8:ffff::66 --to mcu1 --proto tcp --dport 80 --family 6" \
		scan -6 -sS -p 1-100 2001:db8:1::20
	drops_as "port scan v4, attacker to H.323 edge" port=100 \
		"--from 198.51.100.66 --to edge1.public --proto tcp --sport 40000 --dport 22" \
		scan -sS -p 1-100 192.0.2.10
	drops_as "XMAS scan v4, attacker to H.323 edge" tcp_flags=20 "" \
		scan -sX -p 1-20 192.0.2.10
	drops_as "caller to management's HTTPS" pair=+ \
		"--from 198.51.100.101 --to em1 --proto tcp --dport 443" \
		talk from=outside src=198.51.100.101 sport=44000 to=core dst=10.1.0.10 dport=443 proto=tcp
	drops_as "SIP on a wrong port" port=+ \
		"--from 198.51.100.101 --to sbc1.external --proto tcp --sport 6060 --dport 5062" \
		talk from=outside src=198.51.100.101 sport=6060 to=dmz dst=192.0.2.20 dport=5062 proto=tcp
	drops_as "RTP outside the SBC's range, v6" state=1 \
		"--from 2001:db8:ffff::101 --to sbc1.external --proto udp --sport 40000 --dport 34999 --family 6" \
		talk from=outside src=2001:db8:ffff::101 sport=40000 to=dmz dst=2001:db8:2::20 dport=34999 \
		proto=udp
	drops_as "spoofed v4: management's address from outside" spoof=25 "" \
		junk from=outside to=dmz src=10.1.0.10 dst=192.0.2.30 proto=tcp dport=3340 n=25
	drops_as "spoofed v6: MCU's address from outside" spoof=25 "" \
		junk from=outside to=dmz src=2001:db8:1::20 dst=2001:db8:2::30 dport=12000 n=25
	drops_as "source that cannot be: 240.0.0.1" source=5 "" \
		junk from=outside to=core src=240.0.0.1 dst=10.1.0.20 dport=12000 n=5
	drops_as "reply that nobody asked for: from 1719" pair=5 \
		"--from 198.51.100.66 --to em1 --proto udp --sport 1719 --dport 10000" \
		junk from=outside to=core src=198.51.100.66 dst=10.1.0.10 sport=1719 dport=10000 n=5
	drops_as "GRE tunnel to the SBC" proto=5 "" \
		junk from=outside to=dmz src=198.51.100.66 dst=192.0.2.20 proto=47 n=5
	drops_as "SCTP on SIP's port" proto=5 "" \
		junk from=outside to=dmz src=198.51.100.66 dst=192.0.2.20 proto=132 \
		l4=13c413c400000000000000000100000c n=5
	drops_as "SIP cut short" trunc=5 "" \
		junk from=outside to=dmz src=198.51.100.66 dst=192.0.2.20 dport=5060 cut=5 n=5
	drops_as "source route option" ipopt=5 "" \
		junk from=outside to=dmz src=198.51.100.66 dst=192.0.2.20 dport=5060 opts=830704c0000201 n=5
	drops_as "ICMP redirect from outside" icmp=5 "" \
		junk from=outside to=core src=198.51.100.66 dst=10.1.0.10 proto=icmp type=5 \
		i.src=10.1.0.10 i.dst=198.51.100.66 n=5
}

# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
# peers.sh - real programs that talk through the box; sourced by scenarios behind lib.sh
#
# Each peer_* starts its program in a namespace, in the background, and adds its pid to PEERS.

PEERS=()

# peer NETNS LOG COMMAND...
peer() {
	local space=$1 log=$2
	shift 2
	(cd "$TMPDIR" && exec ip netns exec "$space" "$@" >"$TMPDIR/$log" 2>&1 </dev/null) &
	PEERS+=($!)
}

# peers_stop: ask each once, then insist. (kamailio's children end with their parent.)
peers_stop() {
	local pid tries=0
	for pid in "${PEERS[@]}"; do kill "$pid" 2>/dev/null; done
	while [ $tries -lt 40 ] && kill -0 "${PEERS[@]}" 2>/dev/null; do
		sleep 0.1
		tries=$((tries + 1))
	done
	for pid in "${PEERS[@]}"; do kill -KILL "$pid" 2>/dev/null; done
	PEERS=()
}

bound() { ip netns exec "$1" ss -Hnl "--$2" | grep -q "$3 "; }
said() { grep -q -- "$2" "$TMPDIR/$1"; }

peers_certificate() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=proxy.test \
		-keyout "$TMPDIR/key.pem" -out "$TMPDIR/cert.pem" 2>/dev/null
}

# peer_kamailio NETNS ADDRESS: registrar and proxy on UDP, TCP and TLS
peer_kamailio() {
	local space=$1 addr=$2
	cat >"$TMPDIR/kamailio.cfg" <<-CFG
		debug=1
		log_stderror=yes
		children=1
		tcp_children=1
		auto_aliases=no
		dns=no
		rev_dns=no
		enable_tls=yes
		listen=udp:$addr:5060
		listen=tcp:$addr:5060
		listen=tls:$addr:5061
		loadmodule "tls.so"
		loadmodule "tm.so"
		loadmodule "sl.so"
		loadmodule "rr.so"
		loadmodule "pv.so"
		loadmodule "maxfwd.so"
		loadmodule "usrloc.so"
		loadmodule "registrar.so"
		loadmodule "textops.so"
		loadmodule "siputils.so"
		modparam("tls", "private_key", "$TMPDIR/key.pem")
		modparam("tls", "certificate", "$TMPDIR/cert.pem")
		modparam("tls", "tls_method", "TLSv1+")
		modparam("tls", "cipher_list", "ALL@SECLEVEL=0")
		modparam("usrloc", "db_mode", 0)
		request_route {
			if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
			if (is_method("REGISTER")) { save("location"); exit; }
			if (has_totag() && loose_route()) { t_relay(); exit; }
			if (is_method("ACK")) { exit; }
			record_route();
			if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
			t_relay();
		}
	CFG
	peer "$space" kamailio.log kamailio -f "$TMPDIR/kamailio.cfg" -DD -E -m 16 -M 4 \
		-P "$TMPDIR/kamailio.pid" -Y "$TMPDIR"
}

# Two minutes of a square wave: 8000 Hz, 16 bits, one channel.
peers_sound() {
	{
		printf 'RIFF\x24\x4c\x1d\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00'
		printf '\x40\x1f\x00\x00\x80\x3e\x00\x00\x02\x00\x10\x00data\x00\x4c\x1d\x00'
		yes "$(printf '\020\020\020\020\020\020\020\020\360\360\360\360\360\360\360')" | head -c 1920000
	} >"$TMPDIR/hum.wav"
}

# peer_baresip NETNS NAME ADDRESS ACCOUNT [COMMANDS...]: a softphone that hums
peer_baresip() {
	local space=$1 name=$2 addr=$3 account=$4 dir=$TMPDIR/$2
	shift 4
	mkdir -p "$dir"
	cat >"$dir/config" <<-CFG
		poll_method epoll
		sip_listen $addr:5060
		sip_certificate $TMPDIR/pair.pem
		audio_source aufile,$TMPDIR/hum.wav
		rtp_ports 10000-10100
		rtp_stats yes
		module_path /usr/lib/baresip/modules
		module g711.so
		module aufile.so
		module_tmp account.so
		module_app menu.so
		net_interface eth0
	CFG
	cat "$TMPDIR/cert.pem" "$TMPDIR/key.pem" >"$TMPDIR/pair.pem"
	echo "$account" >"$dir/accounts"
	: >"$dir/contacts"
	peer "$space" "$name.log" baresip -f "$dir" "$@"
}

# peer_turn NETNS ADDRESS: STUN and TURN server, user test, password pw
peer_turn() {
	peer "$1" turn.log turnserver -n -L "$2" --lt-cred-mech -u test:pw -r lab --no-tls --no-dtls \
		--no-cli --min-port 50000 --max-port 50020 --log-file stdout --simple-log \
		--userdb "$TMPDIR/turn.db" --pidfile "$TMPDIR/turn.pid"
}

# peer_sipp_server NETNS ADDRESS TRANSPORT MEDIA-PORT: answers calls, echoes their sound
peer_sipp_server() {
	peer "$1" "sipp-server-$3.log" sipp -sn uas -i "$2" -p 5060 -t "$3" -mi "$2" -mp "$4" \
		-rtp_echo -nostdin
}

# peer_sipp_call NETNS ADDRESS PORT TRANSPORT REMOTE SECONDS MEDIA-PORT: one call with sound
peer_sipp_call() {
	local space=$1 addr=$2 port=$3 transport=$4 remote=$5 seconds=$6 media=$7
	sed "s#TONE,1#$TMPDIR/tone.ulaw,-1#; s#2300#${seconds}000#" "$EQFW_VM/../demo/uac.xml" \
		>"$TMPDIR/uac-$transport.xml"
	head -c 16000 /dev/zero | tr '\0' '\125' >"$TMPDIR/tone.ulaw"
	peer "$space" "sipp-call-$transport.log" sipp -sf "$TMPDIR/uac-$transport.xml" -i "$addr" \
		-p "$port" -t "$transport" -mi "$addr" -mp "$media" \
		-m 1 -timeout $((seconds + 30)) -timeout_error -nostdin "$remote:5060"
}

# peer_done PID SECONDS: waits for a program to end by itself; its exit status
peer_done() {
	local pid=$1 seconds=$2
	wait_until "$seconds" not_running "$pid" || return 1
	wait "$pid"
}

not_running() { ! kill -0 "$1" 2>/dev/null; }

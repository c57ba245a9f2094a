#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Data channels under NAT, of FTP and of TFTP: the helper's expectation is translated by nf_nat_ftp
# and nf_nat_tftp, and passes as it comes in, through 100 reloads that keep its item. A stranger's packet to an expected port does not, and
# data stop when a reload takes the helper from the item that permits the control connection.
#
# beds: uml-7 qemu-6.1 qemu-6.12
#
#   room (core, xt-series)  --tcp 21--> files (dmz, helper: ftp), public 198.51.100.20
#   vc   (core, vc240)      --udp 69--> boot  (dmz, helper: tftp), public 198.51.100.21
#   the box translates both public addresses and, towards dmz, the sources of core
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

# profile_of NAME [SED]: the deployment with a change
profile_of() {
	sed "s/^name: .*/name: $1/; ${2:-}" >"$TMPDIR/$1.yaml" <<-'YAML'
		eqfw: deployment/1
		name: x
		matrix: equinox-9
		box: {address: [198.51.100.2, 192.0.2.1, 10.1.0.1]}
		zones:
		  outside: {interfaces: [out0], default: true}
		  dmz: {interfaces: [dmz0], networks: [192.0.2.0/24]}
		  core: {interfaces: [core0], networks: [10.1.0.0/16]}
		hosts:
		  room: {roles: [xt-series], zone: core, address: 10.1.0.10}
		  vc: {roles: [vc240], zone: core, address: 10.1.0.11}
		  files: {roles: [ftp-server], zone: dmz, address: 192.0.2.20, public: 198.51.100.20, helper: ftp}
		  boot: {roles: [tftp-server], zone: dmz, address: 192.0.2.21, public: 198.51.100.21, helper: tftp}
		enable: {requirement: optional, functions: management}
		mode: enforce
	YAML
	"$EQFW_CTL" compile --matrix "$EQFW_VM/../../matrix" "$TMPDIR/$1.yaml" -o "$TMPDIR/$1.bin" \
		>"$TMPDIR/said" 2>&1 || bail "profile $1 does not compile: $(cat "$TMPDIR/said")"
}

# ftp DST passive|active [OPEN GO]: bytes that came, or "none"; with files: makes OPEN when the data
# connection is there, and asks for the data when GO is there.
ftp() {
	ip netns exec core python3 - "$@" <<-'PYTHON' 2>/dev/null || echo none
		import ftplib, os, sys, time
		ftp = ftplib.FTP(timeout=4, source_address=("10.1.0.10", 0))
		ftp.connect(sys.argv[1], 21)
		ftp.login("a", "b")
		ftp.set_pasv(sys.argv[2] == "passive")
		if len(sys.argv) > 3:
		    import socket
		    data = socket.create_connection(ftp.makepasv(), 4, ("10.1.0.10", 0))
		    open(sys.argv[3], "w").close()
		    while not os.path.exists(sys.argv[4]):
		        time.sleep(0.05)
		    ftp.putcmd("RETR file")
		    data.settimeout(3)
		    print(len(data.recv(100)))
		else:
		    got = []
		    ftp.retrbinary("RETR file", got.append)
		    print(sum(map(len, got)))
	PYTHON
}

# expect PORT READY DONE: a control connection whose helper waits for the server to come to PORT
expect() {
	ip netns exec core python3 - "$@" <<-'PYTHON' 2>/dev/null
		import ftplib, os, sys, time
		ftp = ftplib.FTP(timeout=4, source_address=("10.1.0.10", 0))
		ftp.connect("192.0.2.20", 21)
		ftp.login("a", "b")
		ftp.sendport("10.1.0.10", int(sys.argv[1]))
		open(sys.argv[2], "w").close()
		while not os.path.exists(sys.argv[3]):
		    time.sleep(0.05)
	PYTHON
}

# tftp DST: bytes that came, or "none"
tftp() {
	ip netns exec core python3 - "$@" <<-'PYTHON' 2>/dev/null || echo none
		import socket, sys
		sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
		sock.bind(("10.1.0.11", 0))
		sock.settimeout(3)
		sock.sendto(b"\0\1file\0octet\0", (sys.argv[1], 69))
		total = 0
		while True:
		    block, server = sock.recvfrom(1000)
		    sock.sendto(b"\0\4" + block[2:4], server)
		    total += len(block) - 4
		    if len(block) < 516:
		        break
		print(total)
	PYTHON
}

serve() {
	local program=$1 address=$2
	ip netns exec dmz python3 "$EQFW_VM/$program.py" "$address" >"$TMPDIR/$program" &
	pids+=($!)
	wait_until 20 grep -q ready "$TMPDIR/$program" || bail "no $program"
}

nat() {
	ip netns exec box nft -f - <<-NFT
		table ip nat {
			chain pre {
				type nat hook prerouting priority -100;
				ip daddr 198.51.100.20 dnat to 192.0.2.20
				ip daddr 198.51.100.21 dnat to 192.0.2.21
			}
			chain post {
				type nat hook postrouting priority 100;
				$1
			}
		}
	NFT
}

# closed TEXT WORDS...: eqfw drops it, for whatever reason (past eqfw it would end in the box).
closed() {
	local text=$1 before
	shift
	drops_sum
	before=$COUNT
	pkt "$@"
	drops_sum
	equal "$text" "$REPLY $((COUNT - before))" "dropped 1"
}

modprobe -qa nf_nat_ftp nf_nat_tftp
profile_of data
profile_of more 's/^mode:/flows: 7\nmode:/'
profile_of without "s/, helper: t\\?ftp//"
lab_up
module_load || bail "insmod failed"
side_live core 2 10.1.0.10 2001:db8:1::10 10.1.0.11
side_live dmz 3 192.0.2.20 2001:db8:2::20 192.0.2.21
check "load" ctl load --netns box "$TMPDIR/data.bin"
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; lib_clean' EXIT
serve ftpd 192.0.2.20
serve tftpd 192.0.2.21
nat ""
equal "DNAT, no helper: no FTP data" "$(ftp 198.51.100.20 passive)" none
equal "DNAT, no helper: no TFTP data" "$(tftp 198.51.100.21)" none
ip netns exec box nft -f - <<-NFT
	table inet helpers {
		ct helper ftp { type "ftp" protocol tcp; }
		ct helper tftp { type "tftp" protocol udp; }
		chain pre {
			type filter hook prerouting priority -150;
			tcp dport 21 ct helper set "ftp"
			udp dport 69 ct helper set "tftp"
		}
	}
NFT
for snat in "" "oifname dmz0 ip saddr 10.1.0.0/16 snat to 192.0.2.1"; do
	ip netns exec box nft flush table ip nat
	ip netns exec box nft delete table ip nat
	nat "$snat"
	for mode in passive active; do
		equal "DNAT${snat:+, SNAT}: FTP $mode" "$(ftp 198.51.100.20 $mode)" 100000
		equal "${snat:+SNAT, }no DNAT: FTP $mode" "$(ftp 192.0.2.20 $mode)" 100000
	done
	equal "DNAT${snat:+, SNAT}: TFTP" "$(tftp 198.51.100.21)" 612
	equal "${snat:+SNAT, }no DNAT: TFTP" "$(tftp 192.0.2.21)" 612
done

expect 45001 "$TMPDIR/expected" "$TMPDIR/done" &
pids+=($!)
check "a port is expected, behind SNAT" wait_until 20 test -e "$TMPDIR/expected"
way="from=dmz to=core dst=192.0.2.1 proto=tcp"
# shellcheck disable=SC2086
for flags in S SA A R; do
	closed "a stranger to the expected port ($flags)" $way src=192.0.2.21 sport=20 dport=45001 flags=$flags
	closed "the server to another port ($flags)" $way src=192.0.2.20 sport=20 dport=45002 flags=$flags
done
touch "$TMPDIR/done"
probe_stop

for reload in data without; do
	ftp 198.51.100.20 passive "$TMPDIR/open.$reload" "$TMPDIR/go.$reload" >"$TMPDIR/got" &
	client=$!
	check "a data connection is open" wait_until 20 test -e "$TMPDIR/open.$reload"
	if [ "$reload" = data ]; then
		check "100 reloads that keep the item" ip netns exec box "$EQFW_PROBES/nl_reload" 100 \
			"$TMPDIR/more.bin" "$TMPDIR/data.bin"
	else
		check "reload without helper:" ctl load --netns box "$TMPDIR/$reload.bin"
	fi
	touch "$TMPDIR/go.$reload"
	wait $client
	want=100
	[ "$reload" = data ] || want=none
	equal "data ($reload)" "$(cat "$TMPDIR/got")" $want
done
equal "TFTP without helper:" "$(tftp 198.51.100.21)" none
equal "FTP without helper:" "$(ftp 198.51.100.20 active)" none
kill "${pids[@]}" 2>/dev/null
lab_stop

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Data channels of FTP: a connection that a helper of conntrack expects passes as long as today's
# table permits the one that the helper watches, by an item that the document marks and for which
# the site says that it has assigned the helper. Nothing else does. UML 6.1 has no helper objects of nft.
#
# beds: uml-7 qemu-6.1 qemu-6.12
#
#   room (core, xt-series) --tcp 21--> files (dmz, ftp-server, helper: ftp)
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

# fetch SRC DST passive|active [PORT]: bytes that came, or "none"
fetch() {
	ip netns exec core python3 - "$@" <<-'PYTHON' 2>/dev/null || echo none
		import ftplib, sys
		got = []
		ftp = ftplib.FTP(timeout=4, source_address=(sys.argv[1], 0))
		ftp.connect(sys.argv[2], int(sys.argv[4]) if sys.argv[4:] else 21)
		ftp.login("a", "b")
		ftp.set_pasv(sys.argv[3] == "passive")
		ftp.retrbinary("RETR file", got.append)
		print(sum(map(len, got)))
	PYTHON
}
# hello SRC DST PORT: the server's first line
hello() {
	ip netns exec core python3 - "$@" <<-'PYTHON' 2>/dev/null || echo none
		import socket, sys
		end = (sys.argv[2], int(sys.argv[3]))
		with socket.create_connection(end, 4, (sys.argv[1], 0)) as control:
		    print(control.recv(100).decode().strip())
	PYTHON
}
tables() {
	ip netns exec box nft -f - <<-NFT
		table inet helpers {
			ct helper ftp { type "ftp" protocol tcp; }
			chain pre {
				type filter hook prerouting priority -150;
				tcp dport { 21, 2121 } ct helper set "ftp"
			}
		}
	NFT
}

modprobe -q nf_conntrack_ftp
lab_start files
side_live core 2 10.1.0.10 2001:db8:1::10
side_live dmz 3 192.0.2.20 2001:db8:2::20
pids=()
for address in 192.0.2.20 2001:db8:2::20; do
	ip netns exec dmz python3 "$EQFW_VM/ftpd.py" $address >"$TMPDIR/ftpd-$address" &
	pids+=($!)
	wait_until 20 grep -q ready "$TMPDIR/ftpd-$address" || bail "no FTP server"
done
ip netns exec dmz python3 "$EQFW_VM/ftpd.py" 192.0.2.20 2121 >"$TMPDIR/ftpd-other" &
pids+=($!)
wait_until 20 grep -q ready "$TMPDIR/ftpd-other" || bail "no FTP server"
trap 'kill "${pids[@]}" 2>/dev/null; lib_clean' EXIT
pairs=("10.1.0.10 192.0.2.20" "2001:db8:1::10 2001:db8:2::20")

for pair in "${pairs[@]}"; do
	equal "${pair% *}: no helper, no passive data" "$(fetch "${pair% *}" "${pair#* }" passive)" none
done
tables
for pair in "${pairs[@]}"; do
	for mode in passive active; do
		equal "${pair% *}: $mode" "$(fetch "${pair% *}" "${pair#* }" $mode)" 100000
	done
done
# The helper watches this port too, but the item that permits it says nothing of a helper.
equal "helper on another item: permitted itself" "$(hello 10.1.0.10 192.0.2.20 2121)" "220 hello"
for mode in passive active; do
	equal "helper on another item: $mode" "$(fetch 10.1.0.10 192.0.2.20 $mode 2121)" none
done
# shellcheck disable=SC2086
{
	way="from=dmz to=core src=192.0.2.20 dst=10.1.0.10"
	drops pair "a stranger's port, expected by nobody" $way proto=tcp sport=20 dport=40001 flags=S
	drops pair "udp from there" $way sport=20 dport=40001
}
probe_stop
sed 's/, helper: ftp//' "$EQFW_VM/profiles/files.yaml" >"$TMPDIR/without.yaml"
"$EQFW_CTL" compile --matrix "$EQFW_VM/../../matrix" "$TMPDIR/without.yaml" -o "$TMPDIR/without.bin" \
	>/dev/null 2>&1 || bail "the profile does not compile"
check "the same without helper:" "$EQFW_CTL" load --netns box "$TMPDIR/without.bin"
equal "assigned, but not said" "$(fetch 10.1.0.10 192.0.2.20 passive)" none
kill "${pids[@]}"
lab_stop

# SPDX-License-Identifier: GPL-2.0
"""Run a command with a packet socket as standard error: each write must be whole lines."""
import socket
import subprocess
import sys

reader, writer = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
subprocess.run(sys.argv[1:], stderr=writer, check=False)
writer.close()
writes = []
while True:
    data = reader.recv(65536)
    if not data:
        break
    writes.append(data)
print("whole lines" if writes and all(w.endswith(b"\n") for w in writes) else f"pieces: {len(writes)}")

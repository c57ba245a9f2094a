#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""tftpd.py ADDRESS - as much of a TFTP server as it takes to hand out one file of 612 bytes.

Answers each request on port 69 from a port of its own, block after block as they are acknowledged.
Prints "ready" when it listens.
"""
import socket
import sys

FILE = b"x" * 612


def serve(address, client):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((address, 0))
        sock.settimeout(3)
        for block, at in enumerate(range(0, len(FILE) + 1, 512), 1):
            sock.sendto(b"\0\3" + block.to_bytes(2, "big") + FILE[at:at + 512], client)
            sock.recvfrom(100)


def main():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((sys.argv[1], 69))
    print("ready", flush=True)
    while True:
        _, client = server.recvfrom(1000)
        try:
            serve(sys.argv[1], client)
        except OSError:
            pass


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""ftpd.py ADDRESS [PORT] - as much of an FTP server as ftplib's retrbinary() needs, active and passive.

Serves one file of 100,000 bytes, whatever its name, to one client after the other, on port 21 or
the one that is named; passive data connections listen on any port. Prints "ready" when it listens.
"""
import socket
import sys

DATA = b"x" * 100000


def listener(address, port):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.create_server((address, port), family=family, backlog=5)
    sock.settimeout(10)
    return sock


def opened(mode, address):
    """The data connection: to where the client listens, or where it comes to."""
    if isinstance(mode, socket.socket):
        return mode.accept()[0]
    return socket.create_connection(mode, timeout=3, source_address=(address, 0))


def passive(control, address, word):
    sock = listener(address, 0)
    port = sock.getsockname()[1]
    if word == "EPSV":
        control.sendall(b"229 ok (|||%d|)\r\n" % port)
    else:
        numbers = address.replace(".", ",")
        control.sendall(b"227 ok (%s,%d,%d)\r\n" % (numbers.encode(), port >> 8, port & 255))
    return sock


def active(word, rest):
    if word == "EPRT":
        return rest.split("|")[2], int(rest.split("|")[3])
    numbers = rest.split(",")
    return ".".join(numbers[:4]), int(numbers[4]) * 256 + int(numbers[5])


def send_file(control, mode, address):
    try:
        with opened(mode, address) as data:
            control.sendall(b"150 here it comes\r\n")
            data.sendall(DATA)
        control.sendall(b"226 done\r\n")
    except OSError as error:
        control.sendall(b"425 %s\r\n" % str(error).encode())


def serve(control, address):
    mode = None
    control.sendall(b"220 hello\r\n")
    for line in control.makefile("r"):
        word, _, rest = line.strip().partition(" ")
        if word in ("PASV", "EPSV"):
            mode = passive(control, address, word)
        elif word in ("PORT", "EPRT"):
            mode = active(word, rest)
            control.sendall(b"200 ok\r\n")
        elif word == "RETR":
            send_file(control, mode, address)
        else:
            control.sendall(b"230 ok\r\n" if word in ("USER", "PASS") else b"200 ok\r\n")


def main():
    server = listener(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 21)
    server.settimeout(None)
    print("ready", flush=True)
    while True:
        control, _ = server.accept()
        with control:
            try:
                serve(control, sys.argv[1])
            except OSError:
                pass


main()

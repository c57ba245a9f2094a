#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""A shell by TCP, as an SSH server gives one:

  session.py ADDRESS PORT

A client sends "MODE COMMAND" and gets what the command printed, then "exit STATUS". The server's
child holds the connection while the command runs. MODE says what the command can see of it: "shell"
all (SSH_CONNECTION, and a parent that holds the socket), "bare" only the parent, "orphan" only the
variable, "lost" neither. "idle x" only stays connected until the client goes.
"""
import os
import socket
import subprocess
import sys


def connection(sock):
    peer, local = sock.getpeername(), sock.getsockname()
    return " ".join(str(word).replace("::ffff:", "") for word in (*peer[:2], *local[:2]))


def run(command, variable):
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
    env["EQFW_STATE_DIR"] = os.environ["EQFW_STATE_DIR"]
    if variable:
        env["SSH_CONNECTION"] = variable
    done = subprocess.run(["bash", "-c", command], env=env, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    return done.stdout + b"exit %d\n" % done.returncode


def run_orphaned(command, variable, sock):
    """By a process whose parent is gone and which has not the socket."""
    back, out = os.pipe()
    if os.fork() == 0:
        if os.fork() == 0:
            os.setsid()
            sock.close()
            while os.getppid() != 1:
                pass
            os.write(out, run(command, variable))
        os._exit(0)
    os.close(out)
    os.wait()
    with os.fdopen(back, "rb") as file:
        return file.read()


def answer(sock):
    mode, command = sock.makefile("r").readline().rstrip("\n").split(" ", 1)
    variable = connection(sock) if mode in ("shell", "orphan") else None
    if mode == "idle":
        sock.recv(1)
    elif mode in ("shell", "bare"):
        sock.sendall(run(command, variable))
    else:
        sock.sendall(run_orphaned(command, variable, sock))


def serve(address, port):
    v6 = ":" in address
    listener = socket.create_server((address, port), backlog=16, dualstack_ipv6=address == "::",
                                    family=socket.AF_INET6 if v6 else socket.AF_INET)
    print("ready", flush=True)
    while True:
        sock, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            answer(sock)
            os._exit(0)
        sock.close()


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))

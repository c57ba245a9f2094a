#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""Run a command: milliseconds of wall clock and peak KiB; ends as the command ends."""
import os
import subprocess
import sys
import time

start = time.monotonic()
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(child.pid, 0)
print(round((time.monotonic() - start) * 1000), usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))

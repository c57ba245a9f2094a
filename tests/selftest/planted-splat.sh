#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# All is well but for the kernel's log.
echo "<4>WARNING: CPU: 0 PID: 1 at planted.c:1 planted" >/dev/kmsg
echo "ok - nothing seen"
echo "1..1"

#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Leaves the module loaded with a namespace that enforces: the exit trap must not hide a failure.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

lab_start
status "planted: unload is allowed while enforcing" 0 rmmod eqfw
lab_stop

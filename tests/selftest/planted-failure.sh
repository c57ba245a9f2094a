#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# A wrong expectation: junk is said to pass.
# shellcheck source=tests/vm/lib.sh
. "$EQFW_VM/lib.sh"

lab_start
passes site/media "planted: junk passes" from=core to=dmz src=10.1.0.10 dst=192.0.2.20 dport=9
drops port "planted: a permitted packet drops" from=core to=dmz src=10.1.0.10 dst=192.0.2.20 \
	dport=7000
lab_stop

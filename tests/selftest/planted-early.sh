#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# Ends before its plan, with exit status 0.
echo "ok - so far so good"
exit 0

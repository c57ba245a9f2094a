# SPDX-License-Identifier: GPL-2.0
"""Why a goal was missed: printed only where it was. Each reason was measured; the text says how."""

WHY = {}

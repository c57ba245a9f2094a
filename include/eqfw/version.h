/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_VERSION_H
#define EQFW_VERSION_H

#define EQFW_VERSION "0.1.0"
#define EQFW_VERSION_CODE ((0 << 16) | (1 << 8) | 0)

#endif

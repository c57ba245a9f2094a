/* SPDX-License-Identifier: GPL-2.0 */
/* What the commands have in common that change what packets are judged by. */
#ifndef EQFW_CHANGE_H
#define EQFW_CHANGE_H

#include "cmd.h"
#include "image.h"
#include "nl.h"
#include "pending.h"
#include "store.h"

#define CMD_OPTION_FORCE \
	CMD_FLAG("force", 'f', "even what drops the SSH connection that you come by", force)

/**
 * struct options - what such a command may be told; each takes some of them
 * @dry_run: change nothing
 * @force: even what locks the caller out
 * @boot: load what a boot should
 * @same_session: confirm even over the connection that made the change
 * @json: print JSON
 * @confirm_s: take it back after so many seconds, 0 = it is for good
 * @for_s: the mode ends after so many seconds, 0 = it stays
 * @netns: network namespace, NULL = this one
 */
struct options {
	bool dry_run;
	bool force;
	bool boot;
	bool same_session;
	bool json;
	uint64_t confirm_s;
	uint64_t for_s;
	const char *netns;
};

/**
 * struct change - one such command
 * @options: what it was told
 * @store: its kept profiles; NULL where it has none
 * @nl: the module in it
 * @status: what it said before the change
 */
struct change {
	struct options options;
	struct store *store;
	struct nl *nl;
	struct nl_status status;
};

/* Options out of the command's own list, then its store. First argument, -1 after a usage error. */
int change_begin(struct change *change, const struct cmd *cmd, int argc, char **argv);
/* The module and its status. Returns an exit status. */
int change_open(struct change *change);
/* Also where nothing was opened. */
void change_end(struct change *change);
/* All of it around `act`, for commands without arguments. */
int change_run(const struct cmd *cmd, int argc, char **argv, int (*act)(struct change *change));

#define CHANGE_MODE_OWN EQFW_N_MODES

/*
 * Before a profile is live in a mode (enum eqfw_mode, or CHANGE_MODE_OWN): what would it drop?
 * EXIT_STATUS_NO where that is the caller's own connection, unless forced. The first judges `file`,
 * the second what the kernel knows by `digest`.
 */
int change_check(const struct change *change, const struct profile_file *file, uint8_t mode);
int change_check_kernel(const struct change *change, const uint8_t digest[EQFW_DIGEST_SIZE],
			uint8_t mode);
/*
 * Before a change that awaits confirmation, of which the profile with this digest comes: note who
 * makes it, so that the same connection does not confirm it.
 */
void change_note(const struct change *change, const uint8_t digest[EQFW_DIGEST_SIZE]);

#endif

// SPDX-License-Identifier: GPL-2.0
/* Faults in requests that change something: the state before or the one asked for, nothing else. */
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "faults.h"
#include "nl_client.h"

#define LATER_S 5000
#define DEADLINES 3

enum need { NEED_NONE, NEED_LIVE, NEED_PENDING, NEED_STAGED };

/**
 * struct change - a request that changes something
 * @name: on the command line
 * @need: the state that it starts from
 * @cmd: enum eqfw_cmd
 * @profile: it brings the profile that is not live
 * @on: it arms a trace, or names a log group
 * @blind: status does not tell of it
 * @audit: it sets the mode audit
 * @mode_s: for so many seconds
 * @confirm_s: it is to be confirmed within so many seconds
 */
struct change {
	const char *name;
	enum need need;
	uint8_t cmd;
	bool profile;
	bool on;
	bool blind;
	bool audit;
	uint32_t mode_s;
	uint32_t confirm_s;
};

static const struct change changes[] = {
	{ .name = "first", .need = NEED_NONE, .cmd = EQFW_CMD_LOAD, .profile = true },
	{ .name = "next", .need = NEED_LIVE, .cmd = EQFW_CMD_LOAD, .profile = true },
	{ .name = "clear", .need = NEED_LIVE, .cmd = EQFW_CMD_CLEAR },
	{ .name = "mode", .need = NEED_LIVE, .cmd = EQFW_CMD_MODE_SET, .audit = true },
	{ .name = "stage", .need = NEED_LIVE, .cmd = EQFW_CMD_STAGE_SET, .profile = true },
	{ .name = "promote", .need = NEED_STAGED, .cmd = EQFW_CMD_PROMOTE },
	{ .name = "confirm", .need = NEED_PENDING, .cmd = EQFW_CMD_CONFIRM },
	{ .name = "rollback", .need = NEED_PENDING, .cmd = EQFW_CMD_ROLLBACK },
	{ .name = "log", .need = NEED_LIVE, .cmd = EQFW_CMD_LOG_SET, .on = true },
	{ .name = "trace", .need = NEED_LIVE, .cmd = EQFW_CMD_TRACE_SET, .on = true, .blind = true },
};

/**
 * struct view - what status tells, without times
 * @generation: number of changes
 * @log: netlink attribute's value, or -1
 * @state: enum eqfw_state
 * @pending: enum eqfw_change
 * @timed: the mode ends by itself
 * @digest: of the live profile
 * @staged: of the staged one
 */
struct view {
	uint64_t generation;
	int32_t log;
	uint8_t state;
	uint8_t pending;
	uint16_t timed;
	uint8_t digest[EQFW_DIGEST_SIZE];
	uint8_t staged[EQFW_DIGEST_SIZE];
};

static struct client client, other;
static struct change change;
static struct view done_view;
static bool done_known;

static int take_view(const struct nlmsghdr *nlh, void *data)
{
	struct view *view = data;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		const void *bytes = mnl_attr_get_payload(attr);

		switch (mnl_attr_get_type(attr)) {
		case EQFW_A_GENERATION:
			view->generation = mnl_attr_get_u64(attr);
			break;
		case EQFW_A_LOG_GROUP:
			view->log = mnl_attr_get_u16(attr);
			break;
		case EQFW_A_STATE:
			view->state = mnl_attr_get_u8(attr);
			break;
		case EQFW_A_PENDING:
			view->pending = mnl_attr_get_u8(attr);
			break;
		case EQFW_A_MODE_S:
			view->timed = 1;
			break;
		case EQFW_A_DIGEST:
			memcpy(view->digest, bytes, EQFW_DIGEST_SIZE);
			break;
		case EQFW_A_STAGED_DIGEST:
			memcpy(view->staged, bytes, EQFW_DIGEST_SIZE);
			break;
		}
	}
	return MNL_CB_OK;
}

static void look(struct view *view)
{
	struct nlmsghdr *nlh = client_begin(&client, client.room, EQFW_CMD_STATUS_GET);
	char buffer[16384];
	ssize_t got;
	int more = 1;

	*view = (struct view){ .log = -1 };
	if (mnl_socket_sendto(client.nl, nlh, nlh->nlmsg_len) < 0)
		err(2, "status");
	while (more > 0) {
		got = mnl_socket_recvfrom(client.nl, buffer, sizeof(buffer));
		if (got <= 0)
			err(2, "status");
		more = mnl_cb_run(buffer, got, nlh->nlmsg_seq, client.port, take_view, view);
	}
}

static bool is_zero(const uint8_t *digest)
{
	static const uint8_t zero[EQFW_DIGEST_SIZE];

	return !memcmp(digest, zero, sizeof(zero));
}

static void put_trace(struct nlmsghdr *nlh)
{
	struct nlattr *nest = mnl_attr_nest_start(nlh, EQFW_A_TRACE);

	mnl_attr_put_u32(nlh, EQFW_TRACE_A_COUNT, 5);
	mnl_attr_put_u32(nlh, EQFW_TRACE_A_SECONDS, 500);
	mnl_attr_nest_end(nlh, nest);
}

static const struct nlmsghdr *request_of(const struct change *what, const struct view *now)
{
	struct nlmsghdr *nlh = client_begin(&client, client.room, what->cmd);
	bool mine = !memcmp(now->digest, client.profile + client.size - EQFW_DIGEST_SIZE,
			    EQFW_DIGEST_SIZE);
	const struct client *from = mine ? &other : &client;

	if (what->cmd == EQFW_CMD_TRACE_SET) {
		if (what->on)
			put_trace(nlh);
		return nlh;
	}
	if (what->cmd == EQFW_CMD_LOG_SET) {
		if (what->on)
			mnl_attr_put_u16(nlh, EQFW_A_LOG_GROUP, 5);
		return nlh;
	}
	mnl_attr_put_u64(nlh, EQFW_A_GENERATION, now->generation);
	if (what->cmd == EQFW_CMD_MODE_SET)
		mnl_attr_put_u8(nlh, EQFW_A_MODE,
				what->audit ? EQFW_MODE_AUDIT : EQFW_MODE_ENFORCE);
	if (what->mode_s)
		mnl_attr_put_u32(nlh, EQFW_A_MODE_S, what->mode_s);
	if (what->confirm_s)
		mnl_attr_put_u32(nlh, EQFW_A_CONFIRM_S, what->confirm_s);
	if (what->profile)
		client_put_pieces(nlh, from->profile, from->size);
	return nlh;
}

/* Without a fault. */
static void do_now(struct view *now, struct change what)
{
	int got = client_ask(&client, request_of(&what, now));

	if (got)
		errx(2, "command %u without a fault: %s, %s", what.cmd, strerror(got), client.said);
	look(now);
}

/* Whatever the last attempt has left, the state that the next one starts from. */
static void settle(struct view *now)
{
	look(now);
	if (now->pending && change.need != NEED_PENDING)
		do_now(now, (struct change){ .cmd = EQFW_CMD_ROLLBACK });
	if (change.need == NEED_NONE) {
		if (now->state != EQFW_STATE_NONE)
			do_now(now, (struct change){ .cmd = EQFW_CMD_CLEAR });
		return;
	}
	if (now->state == EQFW_STATE_NONE)
		do_now(now, (struct change){ .cmd = EQFW_CMD_LOAD, .profile = true });
	if (now->state == EQFW_STATE_AUDITING)
		do_now(now, (struct change){ .cmd = EQFW_CMD_MODE_SET });
	if (now->log >= 0)
		do_now(now, (struct change){ .cmd = EQFW_CMD_LOG_SET });
	if (change.blind)
		do_now(now, (struct change){ .cmd = EQFW_CMD_TRACE_SET });
	if (!is_zero(now->staged) && change.need != NEED_STAGED)
		do_now(now, (struct change){ .cmd = EQFW_CMD_STAGE_SET });
	if (is_zero(now->staged) && change.need == NEED_STAGED)
		do_now(now, (struct change){ .cmd = EQFW_CMD_STAGE_SET, .profile = true });
	if (!now->pending && change.need == NEED_PENDING)
		do_now(now, (struct change){
				    .cmd = EQFW_CMD_LOAD, .profile = true, .confirm_s = LATER_S });
}

/* Which of the two profiles is live changes from one attempt to the next; all else does not. */
static struct view difference(const struct view *before, const struct view *after)
{
	struct view diff = *after;

	diff.generation = after->generation - before->generation;
	memset(diff.digest, !memcmp(before->digest, after->digest, EQFW_DIGEST_SIZE), 1);
	memset(diff.digest + 1, is_zero(after->digest), EQFW_DIGEST_SIZE - 1);
	memset(diff.staged, !is_zero(after->staged), EQFW_DIGEST_SIZE);
	return diff;
}

/* The state before, or the one that the first attempt, without a fault, has led to. */
static bool judge_views(const struct view *before, const struct view *after, unsigned int nth,
			bool lasting)
{
	struct view diff = difference(before, after);

	if (!memcmp(before, after, sizeof(*before)))
		return false;
	if (!done_known)
		done_view = diff;
	done_known = true;
	if (memcmp(&done_view, &diff, sizeof(diff)))
		wrong(nth, lasting, "neither the state before nor the one asked for");
	return true;
}

/* An acknowledgement may be lost to the fault: then status tells what happened. */
static void judge(int got, bool done, unsigned int nth, bool lasting, bool came)
{
	char text[128];

	snprintf(text, sizeof(text), "%s%s%.100s", done ? "done" : "not done", got ? ": " : "",
		 client.said[0] ? client.said
		 : got == ETIME ? "no answer"
		 : got		? strerror(got)
				: "");
	remember(text);
	tally.failed += !done;
	tally.coped += done && came;
	if (got != ETIME && done != !got)
		wrong(nth, lasting, text);
	if (got && got != ENOMEM && got != ENOBUFS && got != ETIME)
		wrong(nth, lasting, strerror(got));
}

static bool try_change(unsigned int nth, bool lasting)
{
	const struct nlmsghdr *nlh;
	struct view before, after;
	bool came, done;
	ssize_t sent;
	int got;

	settle(&before);
	nlh = request_of(&change, &before);
	client.said[0] = 0;
	arm(nth, lasting);
	sent = mnl_socket_sendto(client.nl, nlh, nlh->nlmsg_len);
	got = errno;
	came = disarm();
	if (sent >= 0)
		got = client_answer(&client, nlh->nlmsg_seq);
	look(&after);
	done = judge_views(&before, &after, nth, lasting);
	judge(got, change.blind ? !got : done, nth, lasting, came);
	return came;
}

/* ---- deadlines: the kernel's own workers take a change back while nothing can be allocated ---- */

static void fail_workers(bool fail)
{
	char path[300], name[32];
	struct dirent *entry;
	DIR *dir = opendir("/proc");
	ssize_t len;
	int fd;

	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		len = fd < 0 ? -1 : read(fd, name, sizeof(name) - 1);
		if (fd >= 0)
			close(fd);
		if (len < 0 || strncmp(name, "kworker/u", strlen("kworker/u")))
			continue;
		snprintf(path, sizeof(path), "/proc/%s/make-it-fail", entry->d_name);
		write_text(path, fail ? "1" : "0");
	}
	if (dir)
		closedir(dir);
}

static bool is_over(const struct view *view)
{
	return !view->pending && !view->timed;
}

/* The same state as before, whatever the worker could not get; the change only has a deadline. */
static void try_deadline(unsigned int nth)
{
	struct view before, after;
	unsigned int i;
	long most;

	settle(&before);
	after = before;
	do_now(&after, change);
	if (is_over(&after))
		wrong(nth, true, "it has no deadline");
	prepare_kernel(true);
	most = faults_left();
	fail_workers(true);
	for (i = 0; i < 400 && !is_over(&after); i++) {
		usleep(20000);
		look(&after);
	}
	fail_workers(false);
	if (faults_left() == most)
		wrong(nth, true, "its worker has missed nothing");
	prepare_kernel(false);
	tally.faults++;
	if (after.generation <= before.generation)
		wrong(nth, true, "the generation is not a new one");
	after.generation = before.generation;
	if (memcmp(&before, &after, sizeof(before)))
		wrong(nth, true, "it is not taken back");
	else
		tally.coped++;
}

bool changes_open(const char *name, char *const profiles[2])
{
	for (unsigned int i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		if (!strcmp(changes[i].name, name))
			change = changes[i];
	}
	if (!change.name)
		return false;
	client_open(&client);
	client_profile(&client, profiles[0]);
	client_profile(&other, profiles[1]);
	return true;
}

int changes_run(const char *how)
{
	bool expire = strstr(how, "expire");

	if (strstr(how, "for"))
		change.mode_s = expire ? 1 : LATER_S;
	else if (*how)
		change.confirm_s = expire ? 1 : LATER_S;
	if (expire) {
		for (unsigned int nth = 1; nth <= DEADLINES; nth++)
			try_deadline(nth);
	} else {
		sweep_both(try_change);
	}
	return report();
}

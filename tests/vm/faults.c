// SPDX-License-Identifier: GPL-2.0
/*
 * faults - let each allocation of an operation fail once, and then all from each one on
 *
 *   faults insmod KO              insmod, and rmmod where it came about: the last OWN allocations,
 *                                 those before are the loader's, which warns of some
 *   faults netns                  a new network namespace: entries of /proc, eqfw's and all others
 *   faults first PROFILE          load where nothing is enforced, then clear
 *   faults next PROFILE BASE      load where BASE is enforced
 *   faults clear PROFILE          clear, then load again
 *
 * In the namespace that it is started in; wants a kernel with fail-nth (CONFIG_FAULT_INJECTION).
 * After each fault the state must be the one before or, where the operation coped, the one that
 * was asked for. Prints "said COUNT SENTENCE" for each kind of refusal, "# ..." for what is wrong,
 * and at last "faults N failed F coped C wrong W".
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "nl_client.h"

#define MOST 20000
#define OWN 200
#define PROC_CACHE "/sys/kernel/slab/proc_dir_entry/failslab"
#define KINDS_MAX 64

struct tally {
	unsigned int faults;
	unsigned int failed;
	unsigned int coped;
	unsigned int wrong;
};

static struct tally tally;
static struct {
	char text[100];
	unsigned int n;
} kinds[KINDS_MAX];
static int nth_fd, it_fd;
static unsigned int left;
static bool by_cache;
static const char *object;

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(2, "%s", path);
	close(fd);
}

/* Faults hit tasks that ask for them, whatever may sleep, and say nothing. */
static void prepare_kernel(bool lasting)
{
	static const char *const dirs[] = { "failslab", "fail_page_alloc" };
	static const char *const set[][2] = {
		{ "ignore-gfp-wait", "N" }, { "verbose", "0" }, { "task-filter", "Y" },
		{ "interval", "1" },	    { "times", "-1" },
	};
	char path[128];

	for (unsigned int d = 0; d < 2; d++) {
		for (unsigned int i = 0; i < sizeof(set) / sizeof(set[0]); i++) {
			snprintf(path, sizeof(path), "/sys/kernel/debug/%s/%s", dirs[d], set[i][0]);
			write_text(path, set[i][1]);
		}
		snprintf(path, sizeof(path), "/sys/kernel/debug/%s/probability", dirs[d]);
		write_text(path, lasting ? "100" : "0");
	}
	write_text("/sys/kernel/debug/failslab/cache-filter", by_cache ? "Y" : "N");
	/* Pages that caches take now and then would shift the count from one round to the next. */
	write_text("/sys/kernel/debug/fail_page_alloc/min-order",
		   lasting && !by_cache ? "0" : "10");
	write_text("/sys/kernel/debug/fail_page_alloc/ignore-gfp-highmem", "N");
}

static void arm(unsigned int nth, bool lasting)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", nth);
	if (pwrite(nth_fd, text, strlen(text), 0) < 0)
		err(2, "fail-nth");
	if (lasting && pwrite(it_fd, "1", 1, 0) < 0)
		err(2, "make-it-fail");
}

/* Whether the fault came; allocations that were still to go stay in left. */
static bool disarm(void)
{
	char text[16] = "";

	if (pwrite(it_fd, "0", 1, 0) < 0 || pread(nth_fd, text, sizeof(text) - 1, 0) <= 0 ||
	    pwrite(nth_fd, "0", 1, 0) < 0)
		err(2, "fail-nth");
	left = atoi(text);
	return left == 0;
}

static void remember(const char *text)
{
	unsigned int i;

	for (i = 0; i < KINDS_MAX - 1 && kinds[i].n; i++) {
		if (!strcmp(kinds[i].text, text))
			break;
	}
	snprintf(kinds[i].text, sizeof(kinds[i].text), "%s", text);
	kinds[i].n++;
}

static void wrong(unsigned int nth, bool lasting, const char *what)
{
	tally.wrong++;
	printf("# fault %u%s: %s\n", nth, lasting ? " and all after it" : "", what);
}

/* ---- operations: each returns false where no fault came any more ---- */

static bool file_holds(const char *path, const char *text)
{
	static char all[65536];
	FILE *in = fopen(path, "r");
	size_t len;

	if (!in)
		return false;
	len = fread(all, 1, sizeof(all) - 1, in);
	all[len] = 0;
	fclose(in);
	return strstr(all, text);
}

static bool try_insmod(unsigned int nth, bool lasting)
{
	int fd = open(object, O_RDONLY | O_CLOEXEC), got, why;
	bool came;

	arm(nth, lasting);
	got = syscall(SYS_finit_module, fd, "", 0);
	why = errno;
	came = disarm();
	close(fd);
	tally.failed += got != 0;
	tally.coped += !got && came;
	remember(got ? strerror(why) : "loaded");
	if (!got && syscall(SYS_delete_module, "eqfw", O_NONBLOCK))
		wrong(nth, lasting, "loaded, but cannot be removed");
	if (file_holds("/proc/modules", "eqfw ") || !access("/proc/net/eqfw", F_OK))
		wrong(nth, lasting, "something of the module is left");
	return came;
}

static bool try_netns(unsigned int nth, bool lasting)
{
	static int home = -1;
	bool came, there;
	int got, why;

	if (home < 0)
		home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	arm(nth, lasting);
	got = unshare(CLONE_NEWNET);
	why = errno;
	came = disarm();
	tally.failed += got != 0;
	tally.coped += !got && came;
	remember(got ? strerror(why) : "made");
	there = file_holds("/proc/net/eqfw/status", "state none");
	if (!got && !there)
		wrong(nth, lasting, "a namespace without eqfw");
	if (setns(home, CLONE_NEWNET))
		err(2, "back home");
	return came;
}

static int send_armed(struct client *a, const struct nlmsghdr *nlh, unsigned int nth, bool lasting,
		      bool *came)
{
	ssize_t sent;
	int why;

	arm(nth, lasting);
	sent = mnl_socket_sendto(a->nl, nlh, nlh->nlmsg_len);
	why = errno;
	*came = disarm();
	a->said[0] = 0;
	return sent < 0 ? why : client_answer(a, nlh->nlmsg_seq);
}

/* An acknowledgement may be lost to the fault: then the generation tells what happened. */
static bool judge(struct client *a, int got, uint64_t before, unsigned int nth, bool lasting,
		  bool came)
{
	bool done = client_generation(a) != before;
	char text[128];

	snprintf(text, sizeof(text), "%s%s%s", done ? "done" : "not done", got ? ": " : "",
		 a->said[0]	? a->said
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
	return done;
}

static bool change(struct client *a, uint8_t cmd)
{
	struct nlmsghdr *nlh;

	client_generation(a);
	nlh = cmd == EQFW_CMD_LOAD ? client_good_load(a, a->room) : client_begin(a, a->room, cmd);
	if (cmd != EQFW_CMD_LOAD)
		mnl_attr_put_u64(nlh, EQFW_A_GENERATION, a->generation);
	return !client_ask(a, nlh);
}

static struct client client, other;

static bool try_command(unsigned int nth, bool lasting, uint8_t cmd, bool *done)
{
	uint64_t before = client_generation(&client);
	struct nlmsghdr *nlh;
	bool came;
	int got;

	nlh = cmd == EQFW_CMD_LOAD ? client_good_load(&client, client.room)
				   : client_begin(&client, client.room, cmd);
	if (cmd != EQFW_CMD_LOAD)
		mnl_attr_put_u64(nlh, EQFW_A_GENERATION, before);
	got = send_armed(&client, nlh, nth, lasting, &came);
	*done = judge(&client, got, before, nth, lasting, came);
	return came;
}

static bool try_first(unsigned int nth, bool lasting)
{
	bool done, came = try_command(nth, lasting, EQFW_CMD_LOAD, &done);

	if (file_holds("/proc/net/eqfw/status", "state none") == done)
		wrong(nth, lasting, "the state is not what the answer says");
	if (done && !change(&client, EQFW_CMD_CLEAR))
		wrong(nth, lasting, "what was loaded cannot be cleared");
	return came;
}

static void swap_profiles(void)
{
	uint8_t *bytes = client.profile;
	size_t size = client.size;

	client.profile = other.profile;
	client.size = other.size;
	other.profile = bytes;
	other.size = size;
}

/* The same profile once more would change nothing. */
static bool try_next(unsigned int nth, bool lasting)
{
	bool done, came = try_command(nth, lasting, EQFW_CMD_LOAD, &done);

	swap_profiles();
	if (done && !change(&client, EQFW_CMD_LOAD))
		wrong(nth, lasting, "what was loaded cannot be replaced");
	swap_profiles();

	if (!file_holds("/proc/net/eqfw/status", "state enforcing"))
		wrong(nth, lasting, "nothing is enforced any more");
	return came;
}

static bool try_clear(unsigned int nth, bool lasting)
{
	bool done, came = try_command(nth, lasting, EQFW_CMD_CLEAR, &done);

	if (file_holds("/proc/net/eqfw/status", "state none") != done)
		wrong(nth, lasting, "the state is not what the answer says");
	if (done && !change(&client, EQFW_CMD_LOAD))
		wrong(nth, lasting, "what was cleared cannot be loaded");
	return came;
}

/* ---- */

static void sweep(bool (*try)(unsigned int nth, bool lasting), bool lasting, unsigned int first)
{
	prepare_kernel(lasting);
	for (unsigned int nth = first; nth < MOST && tally.wrong < 20; nth++) {
		if (!try(nth, lasting))
			break;
		tally.faults++;
	}
	prepare_kernel(false);
}

static void sweep_both(bool (*try)(unsigned int nth, bool lasting))
{
	unsigned int first = 1, total;

	prepare_kernel(false);
	try(MOST, false);
	total = MOST - left;
	if (try == try_insmod && total > OWN)
		first = total - OWN;
	printf("# allocations %u to %u\n", first, total);
	sweep(try, false, first);
	sweep(try, true, first);
}

static const struct {
	const char *name;
	bool (*try)(unsigned int nth, bool lasting);
} operations[] = {
	{ "insmod", try_insmod }, { "netns", try_netns }, { "first", try_first },
	{ "next", try_next },	  { "clear", try_clear },
};

int main(int argc, char **argv)
{
	bool (*try)(unsigned int nth, bool lasting) = NULL;

	setlinebuf(stdout);
	object = argc > 2 ? argv[2] : NULL;
	for (unsigned int i = 0; argc > 1 && i < sizeof(operations) / sizeof(operations[0]); i++) {
		if (!strcmp(operations[i].name, argv[1]))
			try = operations[i].try;
	}
	nth_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	it_fd = open("/proc/thread-self/make-it-fail", O_RDWR | O_CLOEXEC);
	if (!try || (!object && try != try_netns) || nth_fd < 0 || it_fd < 0)
		errx(2, "insmod KO, netns, first, next or clear PROFILE; with fault injection");
	by_cache = try == try_netns;
	/* tests/vm/uml asks for this cache by the kernel's command line. */
	if (by_cache && !file_holds(PROC_CACHE, "1"))
		errx(2, PROC_CACHE " is not set");
	if (try != try_netns && try != try_insmod) {
		client_open(&client);
		client_profile(&client, object);
		client_profile(&other, argc > 3 ? argv[3] : object);
	}
	if (mlockall(MCL_CURRENT))
		err(2, "mlockall");
	sweep_both(try);
	for (unsigned int i = 0; i < KINDS_MAX && kinds[i].n; i++)
		printf("said %u %s\n", kinds[i].n, kinds[i].text);
	printf("faults %u failed %u coped %u wrong %u\n", tally.faults, tally.failed, tally.coped,
	       tally.wrong);
	return tally.wrong != 0;
}

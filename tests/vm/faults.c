// SPDX-License-Identifier: GPL-2.0
/*
 * faults - let each allocation of an operation fail once, and then all from each one on
 *
 *   faults insmod KO              insmod, and rmmod where it came about: the last OWN allocations,
 *                                 those before are the loader's, which warns of some
 *   faults netns                  a new network namespace: entries of /proc, eqfw's and all others
 *   faults CHANGE PROFILE PROFILE [HOW]
 *                                 a request: first (load where nothing is enforced), next, clear,
 *                                 mode, stage, promote, confirm, rollback, log, trace. HOW:
 *                                 "confirm" arms a deadline for it, "for" one for the mode;
 *                                 "expire" and "for-expire" let it pass, three times, while the
 *                                 kernel's workers can allocate nothing
 *
 * In the namespace that it is started in; wants a kernel with fail-nth (CONFIG_FAULT_INJECTION).
 * After each fault the state must be the one before, generation and all, or, where the operation
 * coped, the one that was asked for. Prints "said COUNT SENTENCE" for each kind of refusal,
 * "# ..." for what is wrong, and at last "faults N failed F coped C wrong W".
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

#include "faults.h"

#define MOST 20000
#define OWN 200
#define FAULTS_MOST "1000000" /* in one attempt; the kernel counts down */
#define PROC_CACHE "/sys/kernel/slab/proc_dir_entry/failslab"
#define KINDS_MAX 64

struct tally tally;
static struct {
	char text[100];
	unsigned int n;
} kinds[KINDS_MAX];
static int nth_fd, it_fd;
static unsigned int left;
static bool by_cache;
static const char *object;

void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(2, "%s", path);
	close(fd);
}

/* Faults hit tasks that ask for them, whatever may sleep, and say nothing. */
void prepare_kernel(bool lasting)
{
	static const char *const dirs[] = { "failslab", "fail_page_alloc" };
	static const char *const set[][2] = {
		{ "ignore-gfp-wait", "N" }, { "verbose", "0" },	      { "task-filter", "Y" },
		{ "interval", "1" },	    { "times", FAULTS_MOST },
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

long faults_left(void)
{
	char text[32] = "";
	int fd = open("/sys/kernel/debug/failslab/times", O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		err(2, "failslab/times");
	close(fd);
	return atol(text);
}

void arm(unsigned int nth, bool lasting)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", nth);
	if (pwrite(nth_fd, text, strlen(text), 0) < 0)
		err(2, "fail-nth");
	if (lasting && pwrite(it_fd, "1", 1, 0) < 0)
		err(2, "make-it-fail");
}

/* Whether the fault came; allocations that were still to go stay in left. */
bool disarm(void)
{
	char text[16] = "";

	if (pwrite(it_fd, "0", 1, 0) < 0 || pread(nth_fd, text, sizeof(text) - 1, 0) <= 0 ||
	    pwrite(nth_fd, "0", 1, 0) < 0)
		err(2, "fail-nth");
	left = atoi(text);
	return left == 0;
}

void remember(const char *text)
{
	unsigned int i;

	for (i = 0; i < KINDS_MAX - 1 && kinds[i].n; i++) {
		if (!strcmp(kinds[i].text, text))
			break;
	}
	snprintf(kinds[i].text, sizeof(kinds[i].text), "%s", text);
	kinds[i].n++;
}

void wrong(unsigned int nth, bool lasting, const char *what)
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

void sweep_both(bool (*try)(unsigned int nth, bool lasting))
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

int report(void)
{
	for (unsigned int i = 0; i < KINDS_MAX && kinds[i].n; i++)
		printf("said %u %s\n", kinds[i].n, kinds[i].text);
	printf("faults %u failed %u coped %u wrong %u\n", tally.faults, tally.failed, tally.coped,
	       tally.wrong);
	return tally.wrong != 0;
}

int main(int argc, char **argv)
{
	setlinebuf(stdout);
	if (argc < 2)
		errx(2, "insmod KO, netns, or CHANGE PROFILE PROFILE [HOW]");
	nth_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	it_fd = open("/proc/thread-self/make-it-fail", O_RDWR | O_CLOEXEC);
	if (nth_fd < 0 || it_fd < 0)
		errx(2, "a kernel without fault injection");
	object = argc > 2 ? argv[2] : "";
	by_cache = !strcmp(argv[1], "netns");
	/* tests/vm/uml asks for this cache by the kernel's command line. */
	if (by_cache && !file_holds(PROC_CACHE, "1"))
		errx(2, PROC_CACHE " is not set");
	if (argc > 3 && !changes_open(argv[1], argv + 2))
		errx(2, "no change %s", argv[1]);
	if (mlockall(MCL_CURRENT))
		err(2, "mlockall");
	if (argc > 3)
		return changes_run(argc > 4 ? argv[4] : "");
	sweep_both(by_cache ? try_netns : try_insmod);
	return report();
}

// SPDX-License-Identifier: GPL-2.0
/*
 * nl_dump - clients that ask for a dump and then do not behave
 *
 *   nl_dump stalled PROFILE PROFILE   N41: stop reading, load 100 profiles elsewhere, read on
 *   nl_dump tiny                      N42: read by single bytes, with the smallest buffer
 *   nl_dump hold READY UNTIL          F7: stop reading; make READY, end when UNTIL is there
 *
 * In a namespace that enforces. Prints "ok - ..." and "not ok - ..." lines.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nl_client.h"

#define LOADS 100
#define READS_MAX 10000
#define WAIT_MS 50
#define WAITS_MAX 1200

static int bad;

static void tell(bool good, const char *what, const char *why)
{
	bad += !good;
	printf("%s - %s%s%s\n", good ? "ok" : "not ok", what, good ? "" : ": ", good ? "" : why);
}

static bool ask_dump(struct client *c, uint8_t cmd)
{
	struct nlmsghdr *nlh = client_begin(c, c->room, cmd);

	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	return mnl_socket_sendto(c->nl, nlh, nlh->nlmsg_len) >= 0;
}

struct ending {
	unsigned int messages;
	bool done;
	bool interrupted;
};

static void read_to_end(struct client *c, struct ending *ending)
{
	char buffer[32768];
	const struct nlmsghdr *nlh;
	ssize_t got;
	int left;

	memset(ending, 0, sizeof(*ending));
	while (!ending->done && (got = mnl_socket_recvfrom(c->nl, buffer, sizeof(buffer))) > 0) {
		left = got;
		for (nlh = (void *)buffer; mnl_nlmsg_ok(nlh, left);
		     nlh = mnl_nlmsg_next(nlh, &left)) {
			ending->messages++;
			ending->interrupted |= !!(nlh->nlmsg_flags & NLM_F_DUMP_INTR);
			ending->done |= nlh->nlmsg_type == NLMSG_DONE;
		}
	}
}

static bool load_many(char *const *files, char *why, size_t size)
{
	static struct client loader[2];

	for (int i = 0; i < 2; i++) {
		client_open(&loader[i]);
		client_profile(&loader[i], files[i]);
	}
	for (int i = 0; i < LOADS; i++) {
		struct client *c = &loader[i % 2];
		int err;

		client_generation(c);
		err = client_ask(c, client_good_load(c, c->room));
		if (err) {
			snprintf(why, size, "load %d: errno %d, %s", i, err, c->said);
			return false;
		}
	}
	return true;
}

static void stalled(char *const *files)
{
	static const uint8_t commands[] = { EQFW_CMD_PROFILE_GET, EQFW_CMD_DROPS_GET };
	static const char *const texts[] = {
		"N41 a stalled dump of the profile ends, marked as interrupted",
		"N41 a stalled dump of the drops ends, marked as interrupted",
	};
	static struct client dumper[2];
	char why[1024] = "";
	struct ending end;

	for (int i = 0; i < 2; i++) {
		client_open(&dumper[i]);
		ask_dump(&dumper[i], commands[i]);
	}
	tell(load_many(files, why, sizeof(why)), "N41 100 loads while two dumps are stalled", why);
	for (int i = 0; i < 2; i++) {
		read_to_end(&dumper[i], &end);
		snprintf(why, sizeof(why), "%u messages, done %d, interrupted %d", end.messages,
			 end.done, end.interrupted);
		tell(end.done && end.interrupted, texts[i], why);
	}
	ask_dump(&dumper[0], EQFW_CMD_PROFILE_GET);
	read_to_end(&dumper[0], &end);
	tell(end.done && !end.interrupted, "N41 the same socket's next dump is whole", "it is not");
}

/* Truncated reads throw messages away: what counts is that there is an end. */
static unsigned int read_bytes(struct client *c)
{
	struct timeval limit = { .tv_sec = 1 };
	int fd = mnl_socket_get_fd(c->nl);
	unsigned int n = 0;
	char byte;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	while (n < READS_MAX && recv(fd, &byte, 1, n % 2 ? MSG_TRUNC : 0) > 0)
		n++;
	return n;
}

static void tiny(void)
{
	static const uint8_t commands[] = { EQFW_CMD_PROFILE_GET, EQFW_CMD_DROPS_GET,
					    EQFW_CMD_ITEMS_GET };
	static struct client c;
	int size = 1;
	struct ending end;

	client_open(&c);
	setsockopt(mnl_socket_get_fd(c.nl), SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	for (unsigned int i = 0; i < sizeof(commands); i++) {
		unsigned int n;
		char text[128];

		ask_dump(&c, commands[i]);
		n = read_bytes(&c);
		snprintf(text, sizeof(text), "N42 dump %u read by single bytes ends after %u reads",
			 commands[i], n);
		tell(n > 0 && n < READS_MAX, text, "it does not");
	}
	size = 65536;
	setsockopt(mnl_socket_get_fd(c.nl), SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	ask_dump(&c, EQFW_CMD_PROFILE_GET);
	read_to_end(&c, &end);
	tell(end.done && end.messages > 1, "N42 after that the same socket dumps as ever",
	     "it does not");
}

static void hold(const char *ready, const char *until)
{
	static struct client c;

	client_open(&c);
	ask_dump(&c, EQFW_CMD_PROFILE_GET);
	close(open(ready, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	for (int i = 0; i < WAITS_MAX && access(until, F_OK); i++)
		usleep(WAIT_MS * 1000);
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "stalled"))
		stalled(argv + 2);
	else if (argc == 2 && !strcmp(argv[1], "tiny"))
		tiny();
	else if (argc == 4 && !strcmp(argv[1], "hold"))
		hold(argv[2], argv[3]);
	else
		return 2;
	return bad > 0;
}

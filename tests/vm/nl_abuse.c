// SPDX-License-Identifier: GPL-2.0
/*
 * nl_abuse - netlink messages that no sane program sends, and what each must get
 *
 *   nl_abuse PROFILE OTHER       in a namespace that enforces PROFILE already
 *
 * Prints "ok - ..." and "not ok - ..." lines. After each refusal the generation must be what it
 * was: the old profile stays.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "nl_client.h"

#define MANY 1000

static struct genlmsghdr *genl_of(struct nlmsghdr *nlh)
{
	return mnl_nlmsg_get_payload(nlh);
}

static void tell(struct client *a, const char *what, bool good)
{
	a->n++;
	a->bad += !good;
	printf("%s - %s%s%s\n", good ? "ok" : "not ok", what, good ? "" : ": ",
	       good ? "" : a->said);
}

/* Send, and demand an errno, a part of the sentence, and that nothing changed. */
static void refused(struct client *a, const char *what, const struct nlmsghdr *nlh, int want,
		    const char *sentence)
{
	uint64_t before = a->generation;
	char why[sizeof(a->said)];
	int got = client_ask(a, nlh);

	snprintf(why, sizeof(why), "errno %d (%.400s), want %d '%.200s'", got, a->said, want,
		 sentence ? sentence : "");
	if (got == want && (!sentence || strstr(a->said, sentence)) &&
	    client_generation(a) == before) {
		tell(a, what, true);
	} else {
		strcpy(a->said, why);
		tell(a, what, false);
	}
}

static struct nlmsghdr *status(struct client *a)
{
	return client_begin(a, a->room, EQFW_CMD_STATUS_GET);
}

static void abuse_header(struct client *a)
{
	struct nlmsghdr *nlh;

	refused(a, "N4 unknown command", client_begin(a, a->room, __EQFW_CMD_MAX + 5), EOPNOTSUPP,
		NULL);
	nlh = status(a);
	genl_of(nlh)->version = EQFW_GENL_VERSION + 1;
	refused(a, "N5 newer family version", nlh, EINVAL, "unsupported version");
	nlh = status(a);
	genl_of(nlh)->version = 0;
	refused(a, "N5 older family version", nlh, EINVAL, "unsupported version");
	nlh = status(a);
	genl_of(nlh)->reserved = 1;
	refused(a, "N6 reserved header bytes", nlh, EINVAL, NULL);
	nlh = status(a);
	nlh->nlmsg_len = NLMSG_HDRLEN + 2;
	refused(a, "N7 shorter than its header", nlh, EINVAL, NULL);
}

static void abuse_attributes(struct client *a)
{
	struct nlmsghdr *nlh;
	struct nlattr *attr;

	nlh = client_good_load(a, a->room);
	mnl_attr_put_u32(nlh, EQFW_A_MAX + 7, 1);
	refused(a, "N8 unknown attribute", nlh, EINVAL, "nknown attribute type");
	for (unsigned int len = 0; len < 4; len++) {
		nlh = client_good_load(a, a->room);
		attr = mnl_nlmsg_get_payload_tail(nlh);
		attr->nla_len = len;
		attr->nla_type = EQFW_A_DIGEST;
		nlh->nlmsg_len += 4;
		refused(a, "N9 attribute header cut short", nlh, EINVAL, NULL);
	}
	nlh = client_good_load(a, a->room);
	memset(mnl_nlmsg_get_payload_tail(nlh), 0x55, 3);
	nlh->nlmsg_len += 3;
	refused(a, "N10 bytes after the attributes", nlh, EINVAL, NULL);
	for (unsigned int len = 1; len <= 16; len += len == 4 ? 3 : len == 7 ? 2 : 1) {
		nlh = client_begin(a, a->room, EQFW_CMD_LOAD);
		mnl_attr_put(nlh, EQFW_A_GENERATION, len, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0");
		client_put_pieces(nlh, a->profile, a->size);
		refused(a, "N11 generation of a wrong size", nlh, EINVAL, NULL);
	}
	nlh = client_good_load(a, a->room);
	mnl_attr_put(nlh, EQFW_A_ITEM, 4, "\0\0\0\0");
	refused(a, "N12 an attribute that is no request's", nlh, EINVAL, NULL);
}

/* Linux 6.1 hands no sentence on from where a dump begins. */
static const char *of_dump(const char *sentence)
{
	struct utsname name;

	return !uname(&name) && !strncmp(name.release, "6.1.", 4) ? NULL : sentence;
}

static void abuse_dumps(struct client *a)
{
	uint8_t digest[EQFW_DIGEST_SIZE] = { 1 };
	struct nlmsghdr *nlh;

	nlh = client_begin(a, a->room, EQFW_CMD_PROFILE_GET);
	nlh->nlmsg_flags |= NLM_F_DUMP;
	mnl_attr_put(nlh, EQFW_A_DIGEST, sizeof(digest), digest);
	refused(a, "dump of a profile that is none of them", nlh, ENOENT, of_dump("no profile"));
	nlh = client_begin(a, a->room, EQFW_CMD_PROFILE_GET);
	nlh->nlmsg_flags |= NLM_F_DUMP;
	mnl_attr_put(nlh, EQFW_A_DIGEST, sizeof(digest) - 1, digest);
	refused(a, "N11 dump with a digest of a wrong size", nlh, ERANGE, NULL);
	nlh = client_begin(a, a->room, EQFW_CMD_PROFILE_GET);
	nlh->nlmsg_flags |= NLM_F_DUMP;
	mnl_attr_put(nlh, EQFW_A_DIGEST, sizeof(digest), digest);
	mnl_attr_put(nlh, EQFW_A_DIGEST, sizeof(digest), digest);
	refused(a, "N15 dump with two digests", nlh, EINVAL, of_dump("duplicate"));
	nlh = client_begin(a, a->room, EQFW_CMD_ITEMS_GET);
	nlh->nlmsg_flags |= NLM_F_DUMP;
	mnl_attr_put(nlh, EQFW_A_DIGEST, sizeof(digest), digest);
	refused(a, "N12 dump of items with a digest", nlh, EINVAL, NULL);
}

static void abuse_sets(struct client *a)
{
	struct nlmsghdr *nlh;

	nlh = client_begin(a, a->room, EQFW_CMD_LOAD);
	mnl_attr_put_u64(nlh, EQFW_A_GENERATION, a->generation);
	refused(a, "N14 profile missing", nlh, EINVAL, "the profile is missing");
	nlh = client_begin(a, a->room, EQFW_CMD_LOAD);
	client_put_pieces(nlh, a->profile, a->size);
	refused(a, "N14 generation missing", nlh, EINVAL, "the generation is missing");
	nlh = client_begin(a, a->room, EQFW_CMD_CLEAR);
	refused(a, "N14 generation of clear missing", nlh, EINVAL, "the generation is missing");
	nlh = client_good_load(a, a->room);
	mnl_attr_put_u64(nlh, EQFW_A_GENERATION, a->generation);
	refused(a, "N15 generation twice", nlh, EINVAL, "duplicate");
	nlh = client_begin(a, a->room, EQFW_CMD_LOAD);
	client_put_pieces(nlh, a->profile, 8);
	mnl_attr_put_u64(nlh, EQFW_A_GENERATION, a->generation);
	client_put_pieces(nlh, a->profile + 8, a->size - 8);
	refused(a, "N15 profile pieces that do not follow each other", nlh, EINVAL, "duplicate");
	nlh = client_begin(a, a->room, EQFW_CMD_LOAD);
	mnl_attr_put_u64(nlh, EQFW_A_GENERATION, a->generation + 1);
	client_put_pieces(nlh, a->profile, a->size);
	refused(a, "N35 stale generation", nlh, ESTALE, "the current one is");
	nlh = client_good_load(a, a->room);
	mnl_attr_put(nlh, EQFW_A_DIGEST, EQFW_DIGEST_SIZE, a->profile);
	refused(a, "N36 digest of something else", nlh, EBADMSG, "digest");
	a->profile[a->size / 2] ^= 1;
	nlh = client_good_load(a, a->room);
	refused(a, "N36 a flipped bit", nlh, EBADMSG, NULL);
	a->profile[a->size / 2] ^= 1;
}

static void abuse_sizes(struct client *a)
{
	uint8_t *big = calloc(1, EQFW_PROFILE_MAX + 1);
	struct nlmsghdr *nlh;

	if (!big)
		exit(2);
	memcpy(big, a->profile, a->size);
	nlh = client_begin(a, a->room, EQFW_CMD_LOAD);
	mnl_attr_put_u64(nlh, EQFW_A_GENERATION, a->generation);
	client_put_pieces(nlh, big, EQFW_PROFILE_MAX + 1);
	refused(a, "N19 one byte over the largest size", nlh, E2BIG, "64 MiB");
	nlh = client_begin(a, a->room, EQFW_CMD_LOAD);
	mnl_attr_put_u64(nlh, EQFW_A_GENERATION, a->generation);
	client_put_pieces(nlh, big, EQFW_PROFILE_MAX);
	refused(a, "N19 the largest size is read, and judged by its bytes", nlh, EINVAL, "file");
	free(big);
	nlh = client_begin(a, a->room, EQFW_CMD_LOAD);
	mnl_attr_put_u64(nlh, EQFW_A_GENERATION, a->generation);
	client_put_pieces(nlh, a->profile, a->size - 1);
	refused(a, "N19 a profile cut short", nlh, EINVAL, NULL);
	nlh = client_begin(a, a->room, EQFW_CMD_LOAD);
	mnl_attr_put_u64(nlh, EQFW_A_GENERATION, a->generation);
	mnl_attr_put(nlh, EQFW_A_PROFILE, 0, "");
	refused(a, "N19 an empty piece", nlh, ERANGE, NULL);
}

/* Two profiles in turn, and between them loads that name a generation which is none. */
static size_t put_many(struct client *a, char **profiles, uint64_t generation)
{
	size_t len = 0;

	for (unsigned int i = 0; i < MANY; i++) {
		struct nlmsghdr *nlh;

		a->generation = i % 2 ? generation + MANY : generation + i / 2;
		if (i % 2 == 0)
			client_profile(a, profiles[i / 2 % 2 ? 1 : 2]);
		nlh = client_good_load(a, a->room + len);
		len += NLMSG_ALIGN(nlh->nlmsg_len);
	}
	return len;
}

/* Good and bad ones in turn, all in one send: each is answered alone, the last good one counts. */
static void abuse_many(struct client *a, char **profiles)
{
	uint64_t generation = a->generation;
	uint32_t first = a->seq + 1;
	size_t len = put_many(a, profiles, generation);
	unsigned int wrong = 0;

	if (mnl_socket_sendto(a->nl, a->room, len) < 0)
		wrong = MANY;
	for (unsigned int i = 0; i < MANY && wrong < MANY; i++)
		wrong += client_answer(a, first + i) != (i % 2 ? ESTALE : 0);
	snprintf(a->said, sizeof(a->said), "%u of %u wrong", wrong, MANY);
	tell(a, "N44 1,000 loads in one send, every other one good, each answered alone",
	     !wrong && client_generation(a) == generation + MANY / 2);
	tell(a, "N44 the last good one is live",
	     !memcmp(a->digest, a->profile + a->size - EQFW_DIGEST_SIZE, EQFW_DIGEST_SIZE));
}

/* A good load that is taken back after a time. */
static struct nlmsghdr *load_for(struct client *a, uint32_t seconds)
{
	struct nlmsghdr *nlh = client_begin(a, a->room, EQFW_CMD_LOAD);

	mnl_attr_put_u64(nlh, EQFW_A_GENERATION, a->generation);
	mnl_attr_put_u32(nlh, EQFW_A_CONFIRM_S, seconds);
	client_put_pieces(nlh, a->profile, a->size);
	return nlh;
}

static struct nlmsghdr *end_of(struct client *a, uint8_t cmd, uint64_t generation)
{
	struct nlmsghdr *nlh = client_begin(a, a->room, cmd);

	mnl_attr_put_u64(nlh, EQFW_A_GENERATION, generation);
	return nlh;
}

static void taken(struct client *a, const char *what, const struct nlmsghdr *nlh, int more)
{
	uint64_t before = a->generation;
	int got = client_ask(a, nlh);

	snprintf(a->said, sizeof(a->said), "errno %d", got);
	tell(a, what, !got && client_generation(a) == before + more);
}

static void abuse_pending(struct client *a)
{
	refused(a, "N39 a load while one is pending", client_good_load(a, a->room), EBUSY,
		"awaits confirmation");
	refused(a, "N39 another one to confirm", load_for(a, 5), EBUSY, "awaits confirmation");
	refused(a, "N39 a stale load too", end_of(a, EQFW_CMD_CLEAR, 0), EBUSY, "confirmation");
	refused(a, "N37 confirm of a wrong generation",
		end_of(a, EQFW_CMD_CONFIRM, a->generation - 1), ESTALE, "the current one is");
	refused(a, "N37 rollback of a wrong generation",
		end_of(a, EQFW_CMD_ROLLBACK, a->generation + 1), ESTALE, "the current one is");
	refused(a, "N14 confirm without a generation", client_begin(a, a->room, EQFW_CMD_CONFIRM),
		EINVAL, "the generation is missing");
}

static void abuse_confirm(struct client *a, char **profiles)
{
	static const uint32_t wrong[] = { 0, 86401, UINT32_MAX };

	refused(a, "N37 confirm, none pending", end_of(a, EQFW_CMD_CONFIRM, a->generation), ENOENT,
		"nothing awaits");
	refused(a, "N37 rollback, none pending", end_of(a, EQFW_CMD_ROLLBACK, a->generation),
		ENOENT, "nothing awaits");
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		refused(a, "N38 confirm time out of range", load_for(a, wrong[i]), EINVAL,
			"out of range");
	client_profile(a, profiles[2]);
	taken(a, "a load to confirm", load_for(a, 86400), 1);
	abuse_pending(a);
	taken(a, "confirm", end_of(a, EQFW_CMD_CONFIRM, a->generation), 0);
	refused(a, "N37 confirm twice", end_of(a, EQFW_CMD_CONFIRM, a->generation), ENOENT,
		"nothing awaits");
	taken(a, "the same again changes nothing, nor waits", load_for(a, 5), 0);
	client_profile(a, profiles[1]);
	taken(a, "another load to confirm", load_for(a, 1000), 1);
	taken(a, "rollback", end_of(a, EQFW_CMD_ROLLBACK, a->generation), 1);
	refused(a, "N37 rollback twice", end_of(a, EQFW_CMD_ROLLBACK, a->generation), ENOENT,
		"nothing awaits");
}

static struct nlmsghdr *mode_of(struct client *a, uint8_t mode, uint32_t seconds)
{
	struct nlmsghdr *nlh = end_of(a, EQFW_CMD_MODE_SET, a->generation);

	mnl_attr_put_u8(nlh, EQFW_A_MODE, mode);
	if (seconds)
		mnl_attr_put_u32(nlh, EQFW_A_MODE_S, seconds);
	return nlh;
}

static void abuse_mode(struct client *a)
{
	struct nlmsghdr *nlh;

	refused(a, "N33 mode out of range", mode_of(a, EQFW_N_MODES, 0), EINVAL, "out of range");
	refused(a, "N33 mode 255", mode_of(a, 255, 0), EINVAL, "out of range");
	refused(a, "N38 mode time out of range", mode_of(a, EQFW_MODE_AUDIT, 86401), EINVAL,
		"out of range");
	refused(a, "N14 mode missing", end_of(a, EQFW_CMD_MODE_SET, a->generation), EINVAL,
		"the mode is missing");
	nlh = end_of(a, EQFW_CMD_MODE_SET, a->generation + 1);
	mnl_attr_put_u8(nlh, EQFW_A_MODE, EQFW_MODE_AUDIT);
	refused(a, "N35 mode of a stale generation", nlh, ESTALE, "the current one is");
	taken(a, "the mode that it has", mode_of(a, EQFW_MODE_ENFORCE, 0), 0);
	taken(a, "another mode", mode_of(a, EQFW_MODE_AUDIT, 0), 1);
	taken(a, "the same profile: its own mode", client_good_load(a, a->room), 1);
	taken(a, "the same profile", client_good_load(a, a->room), 0);
}

/* A request that is sent to a port id that is not the kernel's. */
static void abuse_port(struct client *a)
{
	struct sockaddr_nl elsewhere = { .nl_family = AF_NETLINK, .nl_pid = 0x7eee0001 };
	uint64_t before = client_generation(a);
	const struct nlmsghdr *nlh = client_good_load(a, a->room);
	ssize_t sent = sendto(mnl_socket_get_fd(a->nl), nlh, nlh->nlmsg_len, 0,
			      (struct sockaddr *)&elsewhere, sizeof(elsewhere));

	snprintf(a->said, sizeof(a->said), "sent %zd, or another generation", sent);
	tell(a, "N47 a load to another port id has no effect",
	     sent < 0 && client_generation(a) == before);
}

static void good_at_the_end(struct client *a)
{
	uint64_t before = client_generation(a);
	int got = client_ask(a, client_good_load(a, a->room));

	snprintf(a->said, sizeof(a->said), "errno %d", got);
	tell(a, "after all that a good load is taken", !got && client_generation(a) == before + 1);
}

int main(int argc, char **argv)
{
	static struct client a;

	if (argc != 3)
		return 2;
	client_open(&a);
	client_profile(&a, argv[1]);
	client_generation(&a);
	abuse_header(&a);
	abuse_attributes(&a);
	abuse_dumps(&a);
	abuse_sets(&a);
	abuse_sizes(&a);
	abuse_many(&a, argv);
	abuse_port(&a);
	abuse_mode(&a);
	abuse_confirm(&a, argv);
	client_profile(&a, argv[1]);
	good_at_the_end(&a);
	return a.bad > 0;
}

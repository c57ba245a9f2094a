// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>

#include "nl_client.h"

#define PIECE 65528u

struct nlmsghdr *client_begin(struct client *a, void *room, uint8_t cmd)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(room);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = a->family;
	nlh->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	nlh->nlmsg_seq = ++a->seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = EQFW_GENL_VERSION;
	return nlh;
}

void client_put_pieces(struct nlmsghdr *nlh, const uint8_t *bytes, size_t size)
{
	size_t at, len;

	for (at = 0; at < size; at += len) {
		len = size - at < PIECE ? size - at : PIECE;
		mnl_attr_put(nlh, EQFW_A_PROFILE, len, bytes + at);
	}
}

struct nlmsghdr *client_good_load(struct client *a, void *room)
{
	struct nlmsghdr *nlh = client_begin(a, room, EQFW_CMD_LOAD);

	mnl_attr_put_u64(nlh, EQFW_A_GENERATION, a->generation);
	client_put_pieces(nlh, a->profile, a->size);
	return nlh;
}

static int said_attr(const struct nlattr *attr, void *data)
{
	struct client *a = data;

	if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
		snprintf(a->said, sizeof(a->said), "%s", mnl_attr_get_str(attr));
	return MNL_CB_OK;
}

static int read_error(struct client *a, const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(nlh);
	size_t skip = sizeof(*error);

	a->said[0] = 0;
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS) {
		if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
			skip += error->msg.nlmsg_len - sizeof(error->msg);
		mnl_attr_parse(nlh, skip, said_attr, a);
	}
	return -error->error;
}

int client_answer(struct client *a, uint32_t seq)
{
	char buffer[16384];
	const struct nlmsghdr *nlh;
	ssize_t got;
	int left;

	while ((got = mnl_socket_recvfrom(a->nl, buffer, sizeof(buffer))) > 0) {
		left = got;
		for (nlh = (void *)buffer; mnl_nlmsg_ok(nlh, left);
		     nlh = mnl_nlmsg_next(nlh, &left)) {
			if (nlh->nlmsg_seq == seq && nlh->nlmsg_type == NLMSG_ERROR)
				return read_error(a, nlh);
		}
	}
	return ETIME;
}

int client_ask(struct client *a, const struct nlmsghdr *nlh)
{
	if (mnl_socket_sendto(a->nl, nlh, nlh->nlmsg_len) < 0)
		return errno;
	return client_answer(a, nlh->nlmsg_seq);
}

static int take_generation(const struct nlmsghdr *nlh, void *data)
{
	struct client *a = data;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == EQFW_A_GENERATION)
			a->generation = mnl_attr_get_u64(attr);
		if (mnl_attr_get_type(attr) == EQFW_A_DIGEST)
			memcpy(a->digest, mnl_attr_get_payload(attr), EQFW_DIGEST_SIZE);
	}
	return MNL_CB_OK;
}

uint64_t client_generation(struct client *a)
{
	struct nlmsghdr *nlh = client_begin(a, a->room, EQFW_CMD_STATUS_GET);
	char buffer[16384];
	ssize_t got;
	int more = 1;

	memset(a->digest, 0, sizeof(a->digest));
	mnl_socket_sendto(a->nl, nlh, nlh->nlmsg_len);
	while (more > 0) {
		got = mnl_socket_recvfrom(a->nl, buffer, sizeof(buffer));
		if (got <= 0)
			break;
		more = mnl_cb_run(buffer, got, nlh->nlmsg_seq, a->port, take_generation, a);
	}
	return a->generation;
}

static int take_family(const struct nlmsghdr *nlh, void *data)
{
	struct client *a = data;
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			a->family = mnl_attr_get_u16(attr);
	}
	return MNL_CB_OK;
}

static void find_family(struct client *a)
{
	char buffer[16384];
	struct nlmsghdr *nlh;
	ssize_t got;

	a->family = GENL_ID_CTRL;
	nlh = client_begin(a, a->room, CTRL_CMD_GETFAMILY);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, EQFW_GENL_NAME);
	mnl_socket_sendto(a->nl, nlh, nlh->nlmsg_len);
	got = mnl_socket_recvfrom(a->nl, buffer, sizeof(buffer));
	if (got <= 0 || mnl_cb_run(buffer, got, nlh->nlmsg_seq, a->port, take_family, a) < 0)
		exit(2);
	client_answer(a, nlh->nlmsg_seq);
}

void client_profile(struct client *a, const char *file)
{
	FILE *in = fopen(file, "rb");
	struct stat st;

	if (!in || fstat(fileno(in), &st))
		exit(2);
	free(a->profile);
	a->profile = malloc((size_t)st.st_size);
	if (!a->profile || fread(a->profile, 1, (size_t)st.st_size, in) != (size_t)st.st_size)
		exit(2);
	a->size = (size_t)st.st_size;
	fclose(in);
}

void client_open(struct client *a)
{
	int size = 2 * ROOM, one = 1;
	struct timeval limit = { .tv_sec = 20 };

	a->room = calloc(1, ROOM);
	a->nl = mnl_socket_open(NETLINK_GENERIC);
	if (!a->room || !a->nl || mnl_socket_bind(a->nl, 0, MNL_SOCKET_AUTOPID) < 0)
		exit(2);
	a->port = mnl_socket_get_portid(a->nl);
	setsockopt(mnl_socket_get_fd(a->nl), SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	setsockopt(mnl_socket_get_fd(a->nl), SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	setsockopt(mnl_socket_get_fd(a->nl), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	mnl_socket_setsockopt(a->nl, NETLINK_EXT_ACK, &one, sizeof(one));
	mnl_socket_setsockopt(a->nl, NETLINK_CAP_ACK, &one, sizeof(one));
	find_family(a);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * nfqueue - be the program that a netfilter queue leads to
 *
 *   nfqueue QUEUE accept|hold SECONDS READY
 *
 * Makes the file READY when it listens, in the namespace it was started in. Lets each packet go, or
 * holds them all until it ends, after SECONDS or by a signal.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_queue.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <libmnl/libmnl.h>

static unsigned char buffer[1 << 16], answer[256];
static struct mnl_socket *nl;
static unsigned int queue;

static struct nlmsghdr *request(unsigned char *room, unsigned int type, unsigned int flags)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(room);
	struct nfgenmsg *nf;

	message->nlmsg_type = (uint16_t)((NFNL_SUBSYS_QUEUE << 8) | type);
	message->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	nf = mnl_nlmsg_put_extra_header(message, sizeof(*nf));
	nf->nfgen_family = AF_UNSPEC;
	nf->res_id = htons((uint16_t)queue);
	return message;
}

static void configure(int attribute, const void *value, size_t size)
{
	struct nlmsghdr *message = request(buffer, NFQNL_MSG_CONFIG, NLM_F_ACK);
	ssize_t got;

	mnl_attr_put(message, (uint16_t)attribute, size, value);
	if (mnl_socket_sendto(nl, message, message->nlmsg_len) < 0)
		err(2, "send");
	got = mnl_socket_recvfrom(nl, buffer, sizeof(buffer));
	if (got < 0 || mnl_cb_run(buffer, (size_t)got, 0, 0, NULL, NULL) < 0)
		err(2, "queue %u", queue);
}

static int let_go(const struct nlmsghdr *message, void *data)
{
	struct nfqnl_msg_verdict_hdr verdict = { .verdict = htonl(NF_ACCEPT) };
	const struct nlattr *attr;
	struct nlmsghdr *reply;

	(void)data;
	mnl_attr_for_each(attr, message, sizeof(struct nfgenmsg))
		if (mnl_attr_get_type(attr) == NFQA_PACKET_HDR)
			memcpy(&verdict.id, mnl_attr_get_payload(attr), sizeof(verdict.id));
	reply = request(answer, NFQNL_MSG_VERDICT, 0);
	mnl_attr_put(reply, NFQA_VERDICT_HDR, sizeof(verdict), &verdict);
	if (mnl_socket_sendto(nl, reply, reply->nlmsg_len) < 0)
		err(2, "verdict");
	return MNL_CB_OK;
}

static void serve(bool accept, time_t end)
{
	struct pollfd ready = { .fd = mnl_socket_get_fd(nl), .events = POLLIN };

	while (time(NULL) < end) {
		ssize_t got;

		if (poll(&ready, 1, 200) <= 0)
			continue;
		got = mnl_socket_recvfrom(nl, buffer, sizeof(buffer));
		if (got < 0 && errno != ENOBUFS)
			err(2, "receive");
		if (got > 0 && accept)
			mnl_cb_run(buffer, (size_t)got, 0, 0, let_go, NULL);
	}
}

int main(int argc, char **argv)
{
	struct nfqnl_msg_config_cmd bind = { .command = NFQNL_CFG_CMD_BIND };
	struct nfqnl_msg_config_params params = { .copy_mode = NFQNL_COPY_META };

	if (argc != 5)
		errx(2, "usage: nfqueue QUEUE accept|hold SECONDS READY");
	queue = (unsigned int)strtoul(argv[1], NULL, 10);
	nl = mnl_socket_open(NETLINK_NETFILTER);
	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID))
		err(2, "netlink");
	configure(NFQA_CFG_CMD, &bind, sizeof(bind));
	configure(NFQA_CFG_PARAMS, &params, sizeof(params));
	close(open(argv[4], O_CREAT | O_WRONLY, 0600));
	serve(!strcmp(argv[2], "accept"), time(NULL) + strtol(argv[3], NULL, 10));
	mnl_socket_close(nl);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0
/*
 * nflog - read a group of the netfilter log, as tcpdump and ulogd do
 *
 *   nflog GROUP COUNT SECONDS READY
 *
 * Makes the file READY when it listens, in the namespace it was started in. Prints a line for each
 * packet, its prefix and its destination: "eqfw drop port  > 192.0.2.20:9". Ends after COUNT
 * packets or SECONDS, and then prints "N packets".
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <libmnl/libmnl.h>

static unsigned char buffer[1 << 17];
static unsigned long seen, wanted;

static struct nlmsghdr *config(unsigned int group, uint8_t family)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct nfgenmsg *nf;

	message->nlmsg_type = (NFNL_SUBSYS_ULOG << 8) | NFULNL_MSG_CONFIG;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	nf = mnl_nlmsg_put_extra_header(message, sizeof(*nf));
	nf->nfgen_family = family;
	nf->res_id = htons((uint16_t)group);
	return message;
}

static void talk(struct mnl_socket *nl, const struct nlmsghdr *message)
{
	ssize_t got;

	if (mnl_socket_sendto(nl, message, message->nlmsg_len) < 0)
		err(2, "send");
	got = mnl_socket_recvfrom(nl, buffer, sizeof(buffer));
	if (got < 0 || mnl_cb_run(buffer, (size_t)got, 0, 0, NULL, NULL) < 0)
		err(2, "netfilter log");
}

static void bind_group(struct mnl_socket *nl, unsigned int group)
{
	struct nfulnl_msg_config_cmd bind = { .command = NFULNL_CFG_CMD_BIND };
	struct nfulnl_msg_config_mode mode = { .copy_range = htonl(0xffff),
					       .copy_mode = NFULNL_COPY_PACKET };
	struct nlmsghdr *message = config(group, AF_INET);

	mnl_attr_put(message, NFULA_CFG_CMD, sizeof(bind), &bind);
	talk(nl, message);
	message = config(group, AF_UNSPEC);
	mnl_attr_put(message, NFULA_CFG_MODE, sizeof(mode), &mode);
	talk(nl, message);
}

static void print_destination(const struct nlattr *payload)
{
	const unsigned char *packet = mnl_attr_get_payload(payload);
	size_t len = mnl_attr_get_payload_len(payload);
	char text[INET6_ADDRSTRLEN];

	if (len >= 40 && packet[0] >> 4 == 6)
		printf("> [%s]:%u\n", inet_ntop(AF_INET6, packet + 24, text, sizeof(text)),
		       len >= 44 ? packet[42] << 8 | packet[43] : 0);
	else if (len >= 24)
		printf("> %s:%u\n", inet_ntop(AF_INET, packet + 16, text, sizeof(text)),
		       packet[22] << 8 | packet[23]);
	else
		printf("> ?\n");
}

static int take(const struct nlmsghdr *message, void *data)
{
	const struct nlattr *attr, *payload = NULL;
	const char *prefix = "";

	(void)data;
	if ((message->nlmsg_type & 0xff) != NFULNL_MSG_PACKET || seen == wanted)
		return MNL_CB_OK;
	mnl_attr_for_each(attr, message, sizeof(struct nfgenmsg)) {
		if (mnl_attr_get_type(attr) == NFULA_PREFIX)
			prefix = mnl_attr_get_str(attr);
		if (mnl_attr_get_type(attr) == NFULA_PAYLOAD)
			payload = attr;
	}
	seen++;
	printf("%s ", prefix);
	if (payload)
		print_destination(payload);
	return MNL_CB_OK;
}

int main(int argc, char **argv)
{
	struct mnl_socket *nl = mnl_socket_open(NETLINK_NETFILTER);
	struct pollfd ready = { .events = POLLIN };
	time_t end;

	if (argc != 5)
		errx(2, "usage: nflog GROUP COUNT SECONDS READY");
	if (!nl || mnl_socket_bind(nl, 0, MNL_SOCKET_AUTOPID))
		err(2, "netlink");
	wanted = strtoul(argv[2], NULL, 10);
	bind_group(nl, (unsigned int)strtoul(argv[1], NULL, 10));
	ready.fd = mnl_socket_get_fd(nl);
	end = time(NULL) + strtol(argv[3], NULL, 10);
	close(open(argv[4], O_CREAT | O_WRONLY, 0600));
	while (seen < wanted && time(NULL) < end) {
		ssize_t got;

		if (poll(&ready, 1, 200) <= 0)
			continue;
		got = mnl_socket_recvfrom(nl, buffer, sizeof(buffer));
		if (got < 0 && errno != ENOBUFS)
			err(2, "receive");
		if (got > 0)
			mnl_cb_run(buffer, (size_t)got, 0, 0, take, NULL);
	}
	printf("%lu packets\n", seen);
	mnl_socket_close(nl);
	return 0;
}

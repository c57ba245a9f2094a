// SPDX-License-Identifier: GPL-2.0
#include "ask.h"

#include <arpa/inet.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#define PATIENCE_SECONDS 10 /* until a kernel that says nothing is not asked any more */

/* One request, one answer. False where the kernel refuses or cannot be asked. */
static bool ask(int bus, struct nlmsghdr *request, mnl_cb_t take, void *ctx)
{
	struct mnl_socket *socket = mnl_socket_open2(bus, SOCK_CLOEXEC);
	char answer[8192];
	ssize_t got = -1;
	bool good = false;

	if (!socket)
		return false;
	request->nlmsg_flags |= NLM_F_REQUEST;
	request->nlmsg_seq = 1;
	if (!mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) &&
	    mnl_socket_sendto(socket, request, request->nlmsg_len) > 0)
		got = mnl_socket_recvfrom(socket, answer, sizeof(answer));
	if (got > 0)
		good = mnl_cb_run(answer, (size_t)got, 1, mnl_socket_get_portid(socket), take,
				  ctx) >= 0;
	mnl_socket_close(socket);
	return good;
}

bool ask_dump(struct nlmsghdr *request, mnl_cb_t take, void *ctx)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	struct timeval patience = { .tv_sec = PATIENCE_SECONDS };
	char answer[16384];
	int more = MNL_CB_ERROR;

	request->nlmsg_flags |= NLM_F_REQUEST | NLM_F_DUMP;
	if (socket)
		(void)setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_RCVTIMEO, &patience,
				 sizeof(patience));
	if (socket && !mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) &&
	    mnl_socket_sendto(socket, request, request->nlmsg_len) > 0)
		more = MNL_CB_OK;
	while (more == MNL_CB_OK) {
		ssize_t got = mnl_socket_recvfrom(socket, answer, sizeof(answer));

		more = got < 0 ? MNL_CB_ERROR
			       : mnl_cb_run(answer, (size_t)got, 0, mnl_socket_get_portid(socket),
					    take, ctx);
	}
	if (socket)
		mnl_socket_close(socket);
	return more == MNL_CB_STOP;
}

static size_t address_size(uint8_t family)
{
	return family == 4 ? 4 : 16;
}

static int family_of(uint8_t family)
{
	return family == 4 ? AF_INET : AF_INET6;
}

static int take_route(const struct nlmsghdr *message, void *ctx)
{
	const struct nlattr *attr;
	uint32_t *index = ctx;

	if (message->nlmsg_type != RTM_NEWROUTE)
		return MNL_CB_OK;
	mnl_attr_for_each(attr, message, sizeof(struct rtmsg))
		if (mnl_attr_get_type(attr) == RTA_OIF && !mnl_attr_validate(attr, MNL_TYPE_U32))
			*index = mnl_attr_get_u32(attr);
	return MNL_CB_OK;
}

bool ask_route(uint8_t family, const struct eqfw_addr *to, char name[IF_NAMESIZE])
{
	char buffer[256];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct rtmsg *route = mnl_nlmsg_put_extra_header(request, sizeof(*route));
	uint32_t index = 0;

	request->nlmsg_type = RTM_GETROUTE;
	route->rtm_family = (unsigned char)family_of(family);
	route->rtm_dst_len = family == 4 ? 32 : 128;
	mnl_attr_put(request, RTA_DST, address_size(family), to->b);
	return ask(NETLINK_ROUTE, request, take_route, &index) && index &&
	       if_indextoname(index, name);
}

static void put_tuple(struct nlmsghdr *request, const struct wire *answer)
{
	struct nlattr *tuple = mnl_attr_nest_start(request, CTA_TUPLE_REPLY), *part;
	bool v4 = answer->family == 4;

	part = mnl_attr_nest_start(request, CTA_TUPLE_IP);
	mnl_attr_put(request, v4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, address_size(answer->family),
		     answer->src.b);
	mnl_attr_put(request, v4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, address_size(answer->family),
		     answer->dst.b);
	mnl_attr_nest_end(request, part);
	part = mnl_attr_nest_start(request, CTA_TUPLE_PROTO);
	mnl_attr_put_u8(request, CTA_PROTO_NUM, IPPROTO_TCP);
	mnl_attr_put_u16(request, CTA_PROTO_SRC_PORT, htons(answer->sport));
	mnl_attr_put_u16(request, CTA_PROTO_DST_PORT, htons(answer->dport));
	mnl_attr_nest_end(request, part);
	mnl_attr_nest_end(request, tuple);
}

static void take_address(const struct nlattr *attr, struct wire *out)
{
	uint16_t type = mnl_attr_get_type(attr), size = mnl_attr_get_payload_len(attr);
	bool source = type == CTA_IP_V4_SRC || type == CTA_IP_V6_SRC;

	if (size == address_size(out->family))
		memcpy(source ? out->src.b : out->dst.b, mnl_attr_get_payload(attr), size);
}

static void take_proto(const struct nlattr *attr, struct tracked_way *out)
{
	uint16_t type = mnl_attr_get_type(attr);

	if (type == CTA_PROTO_NUM && !mnl_attr_validate(attr, MNL_TYPE_U8))
		out->proto = mnl_attr_get_u8(attr);
	if (mnl_attr_validate(attr, MNL_TYPE_U16))
		return;
	if (type == CTA_PROTO_SRC_PORT)
		out->wire.sport = ntohs(mnl_attr_get_u16(attr));
	else if (type == CTA_PROTO_DST_PORT)
		out->wire.dport = ntohs(mnl_attr_get_u16(attr));
}

static void take_way(const struct nlattr *tuple, uint8_t family, struct tracked_way *out)
{
	const struct nlattr *part, *attr;

	out->wire.family = family;
	mnl_attr_for_each_nested(part, tuple)
		mnl_attr_for_each_nested(attr, part)
			if (mnl_attr_get_type(part) == CTA_TUPLE_IP)
				take_address(attr, &out->wire);
			else if (mnl_attr_get_type(part) == CTA_TUPLE_PROTO)
				take_proto(attr, out);
}

/* False: the message is of no connection. */
static bool read_entry(const struct nlmsghdr *message, struct tracked *out)
{
	const struct nfgenmsg *head = mnl_nlmsg_get_payload(message);
	const struct nlattr *attr;
	uint8_t family = head->nfgen_family == AF_INET ? 4 : 6;

	*out = (struct tracked){ 0 };
	if (message->nlmsg_type != (NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW))
		return false;
	mnl_attr_for_each(attr, message, sizeof(*head)) {
		if (mnl_attr_get_type(attr) == CTA_TUPLE_ORIG)
			take_way(attr, family, &out->original);
		else if (mnl_attr_get_type(attr) == CTA_TUPLE_REPLY)
			take_way(attr, family, &out->answer);
		else if (mnl_attr_get_type(attr) == CTA_TUPLE_MASTER)
			take_way(attr, family, &out->master);
	}
	return true;
}

static int take_original(const struct nlmsghdr *message, void *ctx)
{
	struct tracked entry;
	struct wire *out = ctx;

	if (read_entry(message, &entry))
		*out = entry.original.wire;
	return MNL_CB_OK;
}

static struct nfgenmsg *put_head(struct nlmsghdr *request)
{
	struct nfgenmsg *head = mnl_nlmsg_put_extra_header(request, sizeof(*head));

	request->nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_GET;
	head->version = NFNETLINK_V0;
	return head;
}

bool ask_tracked(const struct wire *seen, struct wire *original)
{
	struct wire answer = { seen->family, seen->dst, seen->src, seen->dport, seen->sport };
	char buffer[512];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);

	put_head(request)->nfgen_family = (uint8_t)family_of(seen->family);
	put_tuple(request, &answer);
	*original = (struct wire){ .family = seen->family };
	return ask(NETLINK_NETFILTER, request, take_original, original) && original->dport;
}

struct offloaded {
	void (*take)(void *ctx, const struct tracked *entry);
	void *ctx;
};

static int take_offloaded(const struct nlmsghdr *message, void *ctx)
{
	const struct offloaded *offloaded = ctx;
	struct tracked entry;

	if (read_entry(message, &entry))
		offloaded->take(offloaded->ctx, &entry);
	return MNL_CB_OK;
}

bool ask_offloaded(void (*take)(void *ctx, const struct tracked *entry), void *ctx)
{
	struct offloaded offloaded = { take, ctx };
	char buffer[128];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);

	put_head(request)->nfgen_family = AF_UNSPEC;
	/* What hardware forwards (IPS_HW_OFFLOAD) has this bit, too. */
	mnl_attr_put_u32(request, CTA_STATUS, htonl(IPS_OFFLOAD));
	mnl_attr_put_u32(request, CTA_STATUS_MASK, htonl(IPS_OFFLOAD));
	return ask_dump(request, take_offloaded, &offloaded);
}

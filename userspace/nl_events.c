// SPDX-License-Identifier: GPL-2.0
#include "nl_events.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "cmd.h"
#include "mem.h"
#include "nl.h"
#include "out.h"

#define RECEIVE_BYTES 65536u
#define GROUPS_MAX 8

struct nl_events {
	struct mnl_socket *socket;
	uint16_t family;
	uint32_t groups[GROUPS_MAX];
	unsigned char *buffer;
	size_t size; /* bytes of the datagram in the buffer */
	size_t at;   /* where its next message begins */
};

/* What CTRL_CMD_GETFAMILY says of the groups that somebody wants. */
struct wanted {
	struct nl_events *events;
	const char *const *names;
};

static void take_group(struct wanted *wanted, const struct nlattr *nest)
{
	const struct nlattr *attrs[CTRL_ATTR_MCAST_GRP_MAX + 1];

	nl_nest(nest, attrs, CTRL_ATTR_MCAST_GRP_MAX);
	for (size_t i = 0; i < GROUPS_MAX && wanted->names[i]; i++)
		if (!strcmp(nl_string(attrs[CTRL_ATTR_MCAST_GRP_NAME]), wanted->names[i]) &&
		    attrs[CTRL_ATTR_MCAST_GRP_ID])
			wanted->events->groups[i] = mnl_attr_get_u32(attrs[CTRL_ATTR_MCAST_GRP_ID]);
}

static int take_family(const struct nlmsghdr *message, void *data)
{
	struct wanted *wanted = data;
	const struct nlattr *attr, *group;

	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			wanted->events->family = mnl_attr_get_u16(attr);
		if (mnl_attr_get_type(attr) != CTRL_ATTR_MCAST_GROUPS)
			continue;
		mnl_attr_for_each_nested(group, attr)
			take_group(wanted, group);
	}
	return MNL_CB_OK;
}

static int ask_family(struct nl_events *events, const char *const *groups)
{
	struct wanted wanted = { events, groups };
	unsigned char buffer[256];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *generic;
	ssize_t got;

	message->nlmsg_type = GENL_ID_CTRL;
	message->nlmsg_flags = NLM_F_REQUEST;
	message->nlmsg_seq = 1;
	generic = mnl_nlmsg_put_extra_header(message, sizeof(*generic));
	generic->cmd = CTRL_CMD_GETFAMILY;
	generic->version = 1;
	mnl_attr_put_strz(message, CTRL_ATTR_FAMILY_NAME, EQFW_GENL_NAME);
	if (mnl_socket_sendto(events->socket, message, message->nlmsg_len) < 0)
		return -1;
	got = mnl_socket_recvfrom(events->socket, events->buffer, RECEIVE_BYTES);
	if (got < 0)
		return -1;
	return mnl_cb_run(events->buffer, (size_t)got, 1, mnl_socket_get_portid(events->socket),
			  take_family, &wanted);
}

static int join(struct nl_events *events, const char *const *groups)
{
	for (size_t i = 0; i < GROUPS_MAX && groups[i]; i++) {
		if (!events->groups[i]) {
			out_complain("the loaded module tells nothing of \"%s\": install versions "
				     "that fit",
				     groups[i]);
			return EXIT_STATUS_VERSION;
		}
		if (!mnl_socket_setsockopt(events->socket, NETLINK_ADD_MEMBERSHIP,
					   &events->groups[i], sizeof(events->groups[i])))
			continue;
		if (errno == EPERM) {
			out_complain("not permitted: to listen needs CAP_NET_ADMIN (root)");
			return EXIT_STATUS_NOT_PERMITTED;
		}
		out_complain("cannot listen: %s", strerror(errno));
		return EXIT_STATUS_REFUSED;
	}
	return EXIT_STATUS_OK;
}

static int begin(struct nl_events *events, const char *const *groups, int size)
{
	events->socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!events->socket || mnl_socket_bind(events->socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    ask_family(events, groups) < 0) {
		out_complain("cannot ask the kernel for the eqfw module: %s", strerror(errno));
		return EXIT_STATUS_NO_MODULE;
	}
	if (setsockopt(mnl_socket_get_fd(events->socket), SOL_SOCKET, SO_RCVBUFFORCE, &size,
		       sizeof(size)))
		(void)setsockopt(mnl_socket_get_fd(events->socket), SOL_SOCKET, SO_RCVBUF, &size,
				 sizeof(size));
	return join(events, groups);
}

int nl_events_open(const char *const *groups, unsigned int size, struct nl_events **events)
{
	struct nl_events *opened = must_alloc(sizeof(*opened));
	int status;

	*opened = (struct nl_events){ .buffer = must_alloc(RECEIVE_BYTES) };
	status = begin(opened, groups, (int)size);
	if (status) {
		nl_events_close(opened);
		opened = NULL;
	}
	*events = opened;
	return status;
}

void nl_events_close(struct nl_events *events)
{
	if (!events)
		return;
	if (events->socket)
		mnl_socket_close(events->socket);
	free(events->buffer);
	free(events);
}

int nl_events_fd(const struct nl_events *events)
{
	return mnl_socket_get_fd(events->socket);
}

static uint8_t u8_of(const struct nlattr *attr)
{
	return attr && !mnl_attr_validate(attr, MNL_TYPE_U8) ? mnl_attr_get_u8(attr) : 0;
}

static uint16_t u16_of(const struct nlattr *attr)
{
	return attr && !mnl_attr_validate(attr, MNL_TYPE_U16) ? mnl_attr_get_u16(attr) : 0;
}

static uint32_t u32_of(const struct nlattr *attr)
{
	return attr && !mnl_attr_validate(attr, MNL_TYPE_U32) ? mnl_attr_get_u32(attr) : 0;
}

static void text_of(const struct nlattr *attr, char out[EQFW_MAX_NAME])
{
	snprintf(out, EQFW_MAX_NAME, "%s", nl_string(attr));
}

static void address_of(const struct nlattr *attr, struct eqfw_addr *out)
{
	size_t size = attr ? mnl_attr_get_payload_len(attr) : 0;

	if (size == 4 || size == 16)
		memcpy(out->b, mnl_attr_get_payload(attr), size);
}

static void take_flow(const struct nlattr *const *attrs, struct event *out)
{
	out->flow.family = u8_of(attrs[EQFW_EVENT_A_FAMILY]);
	address_of(attrs[EQFW_EVENT_A_SRC], &out->flow.src);
	address_of(attrs[EQFW_EVENT_A_DST], &out->flow.dst);
	out->has_proto = attrs[EQFW_EVENT_A_PROTO];
	out->has_ports = attrs[EQFW_EVENT_A_DPORT];
	out->flow.proto = u8_of(attrs[EQFW_EVENT_A_PROTO]);
	out->flow.sport = u16_of(attrs[EQFW_EVENT_A_SPORT]);
	out->flow.dport = u16_of(attrs[EQFW_EVENT_A_DPORT]);
	out->flow.tcp_flags = u8_of(attrs[EQFW_EVENT_A_TCP_FLAGS]);
	out->flow.now_s = out->time_ns / 1000000000u;
}

static void take_way(const struct nlattr *const *attrs, struct event *out)
{
	text_of(attrs[EQFW_EVENT_A_FROM_CLASS], out->from_class);
	text_of(attrs[EQFW_EVENT_A_TO_CLASS], out->to_class);
	text_of(attrs[EQFW_EVENT_A_FORWARD_ITEM], out->forward_item);
	text_of(attrs[EQFW_EVENT_A_REVERSE_ITEM], out->reverse_item);
	out->forward = u8_of(attrs[EQFW_EVENT_A_FORWARD]);
	out->reverse = u8_of(attrs[EQFW_EVENT_A_REVERSE]);
	out->ct = u8_of(attrs[EQFW_EVENT_A_CT]);
	out->asked = attrs[EQFW_EVENT_A_ASKED];
}

static void take_event(const struct nlattr *nest, struct event *out)
{
	const struct nlattr *attrs[EQFW_EVENT_A_MAX + 1];

	nl_nest(nest, attrs, EQFW_EVENT_A_MAX);
	out->time_ns = nl_u64(attrs[EQFW_EVENT_A_TIME_NS]);
	take_flow(attrs, out);
	out->bytes = u32_of(attrs[EQFW_EVENT_A_BYTES]);
	out->ifindex = u32_of(attrs[EQFW_EVENT_A_IFINDEX]);
	text_of(attrs[EQFW_EVENT_A_IN], out->in);
	text_of(attrs[EQFW_EVENT_A_FROM_ZONE], out->from_zone);
	text_of(attrs[EQFW_EVENT_A_TO_ZONE], out->to_zone);
	text_of(attrs[EQFW_EVENT_A_ITEM], out->item);
	out->action = u8_of(attrs[EQFW_EVENT_A_ACTION]);
	out->reason = u8_of(attrs[EQFW_EVENT_A_REASON]);
	out->audit = attrs[EQFW_EVENT_A_AUDIT];
	take_way(attrs, out);
}

static void take_top(const struct nlattr *const *attrs, struct event *out)
{
	const struct nlattr *digest = attrs[EQFW_A_DIGEST];

	if (digest && mnl_attr_get_payload_len(digest) == EQFW_DIGEST_SIZE) {
		memcpy(out->digest, mnl_attr_get_payload(digest), EQFW_DIGEST_SIZE);
		out->has_digest = true;
	}
	out->suppressed = nl_u64(attrs[EQFW_A_SUPPRESSED]);
	out->change = u8_of(attrs[EQFW_A_CHANGE]);
	out->state = u8_of(attrs[EQFW_A_STATE]);
	out->mode = u8_of(attrs[EQFW_A_MODE]);
	out->generation = nl_u64(attrs[EQFW_A_GENERATION]);
	text_of(attrs[EQFW_A_NAME], out->name);
	out->trace_end = u8_of(attrs[EQFW_A_TRACE_END]);
	out->expired = attrs[EQFW_A_EXPIRED];
	out->confirm_s = u32_of(attrs[EQFW_A_CONFIRM_S]);
	if (attrs[EQFW_A_EVENT])
		take_event(attrs[EQFW_A_EVENT], out);
}

bool nl_event_parse(const void *bytes, size_t size, struct event *out)
{
	const struct nlattr *attrs[EQFW_A_MAX + 1] = { 0 };
	const struct nlmsghdr *message = bytes;
	const struct genlmsghdr *generic;
	const struct nlattr *attr;

	*out = (struct event){ 0 };
	if (!mnl_nlmsg_ok(message, (int)size) ||
	    mnl_nlmsg_get_payload_len(message) < sizeof(*generic))
		return false;
	generic = mnl_nlmsg_get_payload(message);
	if (generic->cmd < EQFW_CMD_DROP_EVENT || generic->cmd > EQFW_CMD_TRACE_END_EVENT)
		return false;
	out->cmd = generic->cmd;
	mnl_attr_for_each(attr, message, sizeof(*generic))
		if (mnl_attr_get_type(attr) <= EQFW_A_MAX)
			attrs[mnl_attr_get_type(attr)] = attr;
	take_top(attrs, out);
	return true;
}

/* The next message of the datagram in the buffer; false at its end. */
static bool next_in_buffer(struct nl_events *events, struct event *out)
{
	while (events->at < events->size) {
		const struct nlmsghdr *message = (const void *)(events->buffer + events->at);
		size_t left = events->size - events->at;

		if (!mnl_nlmsg_ok(message, (int)left))
			break;
		events->at += MNL_ALIGN(message->nlmsg_len);
		if (message->nlmsg_type == events->family && nl_event_parse(message, left, out))
			return true;
	}
	events->size = 0;
	events->at = 0;
	return false;
}

enum nl_events_result nl_events_next(struct nl_events *events, int timeout_ms, struct event *out)
{
	struct pollfd poll_fd = { nl_events_fd(events), POLLIN, 0 };
	ssize_t got;
	int ready;

	while (!next_in_buffer(events, out)) {
		ready = poll(&poll_fd, 1, timeout_ms);
		if (!ready || (ready < 0 && errno == EINTR))
			return NL_EVENT_NONE;
		got = ready < 0
			      ? -1
			      : mnl_socket_recvfrom(events->socket, events->buffer, RECEIVE_BYTES);
		if (got < 0 && errno == ENOBUFS)
			return NL_EVENT_LOST;
		if (got < 0)
			return errno == EINTR ? NL_EVENT_NONE : NL_EVENT_FAILED;
		events->size = (size_t)got;
	}
	return NL_EVENT;
}

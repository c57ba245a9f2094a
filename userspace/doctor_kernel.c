// SPDX-License-Identifier: GPL-2.0
/* What other parts of the kernel do before, beside or past eqfw. */
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "doctor.h"

#define EQFW_PRIORITY (-250)
#define DEFRAG_PRIORITY (-400)

/* The first number of a file; -1 where it is not there. */
static int read_number(const char *path)
{
	FILE *file = fopen(path, "re");
	int number = -1;

	if (!file)
		return -1;
	if (fscanf(file, "%d", &number) != 1)
		number = -1;
	fclose(file);
	return number;
}

static void check_forwarding(struct doctor *doctor)
{
	int v4 = read_number("/proc/sys/net/ipv4/ip_forward");
	int v6 = read_number("/proc/sys/net/ipv6/conf/all/forwarding");

	doctor_find(doctor, "forwarding", v4 == 1 || v6 == 1 ? DOCTOR_OK : DOCTOR_WARNING,
		    "sysctl net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1",
		    "IPv4 %s, IPv6 %s", v4 == 1 ? "on" : "off", v6 == 1 ? "on" : "off");
}

static void check_helpers(struct doctor *doctor)
{
	int automatic = read_number("/proc/sys/net/netfilter/nf_conntrack_helper");

	/* Newer kernels assign none by themselves and have no such switch. */
	doctor_find(doctor, "helpers", automatic == 1 ? DOCTOR_BAD : DOCTOR_OK,
		    "sysctl net.netfilter.nf_conntrack_helper=0",
		    automatic == 1 ? "every connection to a well-known port gets a helper, which "
				     "opens what its payload asks for"
				   : "none is assigned by port alone");
}

static bool is_strict(const char *interface)
{
	char path[64 + IF_NAMESIZE];
	int all = read_number("/proc/sys/net/ipv4/conf/all/rp_filter"), own;

	snprintf(path, sizeof(path), "/proc/sys/net/ipv4/conf/%s/rp_filter", interface);
	own = read_number(path);
	/* The kernel takes the larger of the two; 2 is the loose kind. */
	return (all > own ? all : own) == 1;
}

static void check_rp_filter(struct doctor *doctor)
{
	const struct eqfw_profile *profile = &doctor->profile.profile;
	const char *strict = NULL;

	if (!doctor->has_profile)
		return;
	for (uint32_t i = 0; i < profile->n_interfaces && !strict; i++) {
		const char *name = eqfw_profile_string(profile, profile->interfaces[i].name);

		if (!(le16toh(profile->interfaces[i].flags) & EQFW_INTERFACE_PREFIX) &&
		    is_strict(name))
			strict = name;
	}
	if (strict)
		doctor_find(doctor, "rp_filter", DOCTOR_WARNING,
			    "sysctl net.ipv4.conf.IF.rp_filter=2 where paths are asymmetric",
			    "strict on %s: what comes by another way than back is dropped after "
			    "eqfw, which counts it as passed",
			    strict);
	else
		doctor_find(doctor, "rp_filter", DOCTOR_OK, NULL, "not strict on zone interfaces");
}

struct nft_count {
	uint8_t type;
	unsigned int n;
	char name[128];
};

/* A hook of PRE_ROUTING that runs between defragmentation and eqfw. */
static bool is_before(const struct nlattr *hook)
{
	const struct nlattr *attr;
	int32_t priority = 0;
	uint32_t number = UINT32_MAX;

	mnl_attr_for_each_nested(attr, hook) {
		if (mnl_attr_get_payload_len(attr) != sizeof(uint32_t))
			continue;
		if (mnl_attr_get_type(attr) == NFTA_HOOK_HOOKNUM)
			number = be32toh(mnl_attr_get_u32(attr));
		else if (mnl_attr_get_type(attr) == NFTA_HOOK_PRIORITY)
			priority = (int32_t)be32toh(mnl_attr_get_u32(attr));
	}
	return number == NF_INET_PRE_ROUTING && priority > DEFRAG_PRIORITY &&
	       priority <= EQFW_PRIORITY;
}

static int take_object(const struct nlmsghdr *message, void *ctx)
{
	struct nft_count *count = ctx;
	const struct nlattr *attr;
	bool wanted = count->type == NFT_MSG_NEWFLOWTABLE;
	const char *name = "";

	if ((message->nlmsg_type & 0xff) != count->type)
		return MNL_CB_OK;
	mnl_attr_for_each(attr, message, sizeof(struct nfgenmsg)) {
		/* Tables of chains and of flowtables have their own name in attribute 1 alike. */
		if (mnl_attr_get_type(attr) == 1 && !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
			name = mnl_attr_get_str(attr);
		if (count->type == NFT_MSG_NEWCHAIN && mnl_attr_get_type(attr) == NFTA_CHAIN_HOOK)
			wanted = is_before(attr);
	}
	if (wanted && !count->n++)
		snprintf(count->name, sizeof(count->name), "%s", name);
	return MNL_CB_OK;
}

/* Count nft objects of this namespace; false where nft cannot be asked. */
static bool count_nft(uint8_t command, struct nft_count *count)
{
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_NETFILTER, SOCK_CLOEXEC);
	char buffer[16384];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct nfgenmsg *head = mnl_nlmsg_put_extra_header(request, sizeof(*head));
	int more = MNL_CB_ERROR;

	request->nlmsg_type = (uint16_t)(NFNL_SUBSYS_NFTABLES << 8 | command);
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	head->version = NFNETLINK_V0;
	if (socket && !mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) &&
	    mnl_socket_sendto(socket, request, request->nlmsg_len) > 0)
		more = MNL_CB_OK;
	while (more == MNL_CB_OK) {
		ssize_t got = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));

		more = got < 0 ? MNL_CB_ERROR
			       : mnl_cb_run(buffer, (size_t)got, 0, mnl_socket_get_portid(socket),
					    take_object, count);
	}
	if (socket)
		mnl_socket_close(socket);
	return more == MNL_CB_STOP;
}

static void check_flowtables(struct doctor *doctor)
{
	struct nft_count count = { .type = NFT_MSG_NEWFLOWTABLE };

	if (!count_nft(NFT_MSG_GETFLOWTABLE, &count))
		return;
	doctor_find(doctor, "flowtables", count.n ? DOCTOR_WARNING : DOCTOR_OK,
		    "nft delete flowtable, or leave its ports out of zone interfaces",
		    count.n ? "%u: flows that are in one pass eqfw unseen (nft table %s)"
			    : "%u: no flow passes eqfw unseen%s",
		    count.n, count.name);
}

static void check_order(struct doctor *doctor)
{
	struct nft_count count = { .type = NFT_MSG_NEWCHAIN };

	if (!count_nft(NFT_MSG_GETCHAIN, &count))
		return;
	doctor_find(doctor, "hooks", count.n ? DOCTOR_WARNING : DOCTOR_OK,
		    "give these chains a priority above -250, unless they are meant to be first",
		    count.n ? "%u nft chains at PRE_ROUTING come before eqfw (nft table %s)"
			    : "%u nft chains come before eqfw%s",
		    count.n, count.name);
}

void doctor_check_kernel(struct doctor *doctor)
{
	check_forwarding(doctor);
	check_helpers(doctor);
	check_rp_filter(doctor);
	check_flowtables(doctor);
	check_order(doctor);
}

// SPDX-License-Identifier: GPL-2.0
/* What other parts of the kernel do before, beside or past eqfw. */
#include <net/if.h>
#include <stdio.h>

#include "ask.h"
#include "doctor.h"

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

static void check_flowtables(struct doctor *doctor)
{
	struct nft_found found;

	if (!ask_flowtables(&found))
		return;
	doctor_find(doctor, "flowtables", found.n ? DOCTOR_WARNING : DOCTOR_OK,
		    "nft delete flowtable, or leave its ports out of zone interfaces",
		    found.n ? "%u: flows that are in one pass eqfw unseen (nft table %s)"
			    : "%u: no flow passes eqfw unseen%s",
		    found.n, found.table);
}

static void check_order(struct doctor *doctor)
{
	struct nft_found found;

	if (!ask_early_chains(&found))
		return;
	doctor_find(doctor, "hooks", found.n ? DOCTOR_WARNING : DOCTOR_OK,
		    "give these chains a priority above -250, unless they are meant to be first",
		    found.n ? "%u nft chains at PRE_ROUTING come before eqfw (nft table %s)"
			    : "%u nft chains come before eqfw%s",
		    found.n, found.table);
}

void doctor_check_kernel(struct doctor *doctor)
{
	check_forwarding(doctor);
	check_helpers(doctor);
	check_rp_filter(doctor);
	check_flowtables(doctor);
	check_order(doctor);
}

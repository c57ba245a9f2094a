// SPDX-License-Identifier: GPL-2.0
#include "doctor.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <eqfw/version.h>

#include "box.h"
#include "mem.h"

#define UNIT_WANTED "/etc/systemd/system/sysinit.target.wants/eqfw.service"
#define SYSTEMD "/run/systemd/system"

void doctor_find(struct doctor *doctor, const char *check, enum doctor_state state, const char *fix,
		 const char *format, ...)
{
	struct doctor_finding *finding;
	va_list args;
	char *said;

	va_start(args, format);
	if (vasprintf(&said, format, args) < 0)
		said = NULL;
	va_end(args);
	GROW(doctor->findings, doctor->n, doctor->capacity);
	finding = &doctor->findings[doctor->n++];
	*finding = (struct doctor_finding){ check, state, said, state == DOCTOR_OK ? NULL : fix };
}

static void check_module(struct doctor *doctor)
{
	const struct nl_status *status = &doctor->status;
	bool same;

	if (!doctor->has_status) {
		doctor_find(doctor, "module", DOCTOR_BAD,
			    "modprobe eqfw; if it is not found, install it for this kernel",
			    "the module does not answer");
		return;
	}
	same = !strcmp(status->module_version, EQFW_VERSION);
	doctor_find(doctor, "module", DOCTOR_OK, NULL, "loaded, version %s",
		    status->module_version);
	doctor_find(doctor, "versions", same ? DOCTOR_OK : DOCTOR_WARNING,
		    "install tool and module of one version", "eqfwctl %s, module %s", EQFW_VERSION,
		    status->module_version);
}

static void check_state(struct doctor *doctor)
{
	const struct nl_status *status = &doctor->status;

	if (!doctor->has_status)
		return;
	if (status->state == EQFW_STATE_NONE)
		doctor_find(doctor, "profile", DOCTOR_BAD,
			    "eqfwctl load current, or compile and load a deployment",
			    "no profile is live: packets are not looked at");
	else if (status->state == EQFW_STATE_AUDITING)
		doctor_find(
			doctor, "profile", DOCTOR_WARNING,
			"mode: enforce in the deployment, when `eqfwctl drops` shows no surprise",
			"%s audits: nothing is dropped", status->name);
	else
		doctor_find(doctor, "profile", DOCTOR_OK, NULL, "%s enforces", status->name);
	if (status->pending)
		doctor_find(doctor, "confirm", DOCTOR_WARNING,
			    "eqfwctl confirm, over a new SSH connection",
			    "a %s awaits confirmation: %u s left", nl_change_name(status->pending),
			    status->confirm_s);
}

struct interface_check {
	struct doctor *doctor;
	unsigned int missing;
};

/* A pattern may be there for what comes later. */
static void is_missing(void *ctx, const char *zone, const char *name, bool prefix)
{
	struct interface_check *check = ctx;
	char text[BOX_MISSING_TEXT];

	if (prefix)
		return;
	check->missing++;
	box_missing_text(zone, name, prefix, text, sizeof(text));
	doctor_find(check->doctor, "interfaces", DOCTOR_BAD,
		    "mend the name in the deployment's zones:, or bring the interface up", "%s",
		    text);
}

static void check_interfaces(struct doctor *doctor)
{
	struct interface_check check = { .doctor = doctor };

	box_missing_interfaces(&doctor->profile.profile, is_missing, &check);
	if (!check.missing)
		doctor_find(doctor, "interfaces", DOCTOR_OK, NULL,
			    "all that zones name by their whole name are there");
}

struct address_check {
	struct doctor *doctor;
	unsigned int different;
};

static void differs(void *ctx, uint8_t family, const void *addr, const char *what)
{
	struct address_check *check = ctx;
	char text[INET6_ADDRSTRLEN];

	inet_ntop(family == 4 ? AF_INET : AF_INET6, addr, text, sizeof(text));
	check->different++;
	doctor_find(check->doctor, "box", DOCTOR_WARNING, "mend the deployment's box:", "%s %s",
		    text, what);
}

static void check_addresses(struct doctor *doctor)
{
	struct address_check check = { .doctor = doctor };
	struct box_addresses live;

	box_addresses_read(&live);
	box_differences(&doctor->profile.profile, live.list, live.n, differs, &check);
	box_addresses_free(&live);
	if (!check.different)
		doctor_find(doctor, "box", DOCTOR_OK, NULL,
			    "box: and the live addresses are the same");
}

static void check_conntrack(struct doctor *doctor)
{
	const struct nl_status *status = &doctor->status;
	static const char fix[] = "sysctl net.netfilter.nf_conntrack_max, and for good in sysctl.d";
	bool full = (uint64_t)status->conntrack_count * 10 > (uint64_t)status->conntrack_max * 8;

	if (!doctor->has_status || !status->conntrack_max)
		return;
	doctor_find(doctor, "conntrack", full ? DOCTOR_BAD : DOCTOR_OK, fix, "%u of %u entries: %s",
		    status->conntrack_count, status->conntrack_max,
		    full ? "replies of new connections will soon be dropped" : "there is room");
	if (status->flows > status->conntrack_max)
		doctor_find(doctor, "conntrack", DOCTOR_WARNING, fix,
			    "the deployment expects %u flows, the table takes %u", status->flows,
			    status->conntrack_max);
}

static void check_store(struct doctor *doctor)
{
	static const char fix[] = "eqfwctl load PROFILE keeps it and makes it current";
	struct diag diag = { .quiet = true };
	struct profile_file file;
	bool same;

	if (!doctor->store) {
		doctor_find(doctor, "store", DOCTOR_WARNING, "name it with ip netns",
			    "this namespace has no name: nothing is kept");
		return;
	}
	if (profile_file_read(store_path(doctor->store, STORE_CURRENT), &diag, &file)) {
		doctor_find(doctor, "store", DOCTOR_BAD, fix,
			    "%s/current is absent or damaged: the next boot loads nothing",
			    store_directory(doctor->store));
		return;
	}
	same = doctor->has_status && doctor->status.has_digest &&
	       !memcmp(file.profile.digest, doctor->status.digest, EQFW_DIGEST_SIZE);
	doctor_find(doctor, "store", same ? DOCTOR_OK : DOCTOR_WARNING, fix,
		    same ? "what is live is what the next boot loads"
			 : "what is live is not what the next boot loads");
	profile_file_free(&file);
}

static void check_unit(struct doctor *doctor)
{
	bool wanted = !access(UNIT_WANTED, F_OK);

	if (access(SYSTEMD, F_OK))
		return;
	doctor_find(doctor, "unit", wanted ? DOCTOR_OK : DOCTOR_WARNING,
		    "systemctl enable eqfw.service",
		    wanted ? "every boot loads the current profile"
			   : "eqfw.service is not enabled: the next boot loads nothing");
}

void doctor_check(struct doctor *doctor)
{
	check_module(doctor);
	check_state(doctor);
	if (doctor->has_profile) {
		check_interfaces(doctor);
		check_addresses(doctor);
	}
	check_conntrack(doctor);
	doctor_check_kernel(doctor);
	check_store(doctor);
	check_unit(doctor);
}

// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "expand_lab.h"

#define FIXTURE EQFW_SOURCE_DIR "/tests/unit/expand-fixture"

static const char preamble[] =
	"eqfw: deployment/1\n"
	"name: lab\n"
	"matrix: lab-1\n"
	"mode: enforce\n"
	"zones:\n"
	"  outside: {interfaces: [eth0], default: true}\n"
	"  dmz: {interfaces: [eth1], networks: [192.0.2.0/24], intra: enforce}\n"
	"  core: {interfaces: [eth2], networks: [10.1.0.0/16], intra: pass}\n"
	"box: {address: [192.0.2.1, 10.1.0.1]}\n";

static void write_text(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(preamble, file) < 0 || fputs(text, file) < 0 || fclose(file)) {
		perror(path);
		exit(1);
	}
}

void lab_open(struct lab *lab, const char *text)
{
	char path[] = "/tmp/expand-lab-XXXXXX";
	int fd = mkstemp(path);

	*lab = (struct lab){ .diag = { .quiet = getenv("LAB_LOUD") == NULL } };
	if (fd < 0) {
		perror(path);
		exit(1);
	}
	close(fd);
	write_text(path, text);
	lab->matrix = matrix_read(FIXTURE, NULL, &lab->diag);
	if (lab->matrix)
		lab->deployment = deployment_read(path, lab->matrix, &lab->diag);
	unlink(path);
	if (!lab->deployment) {
		fprintf(stderr, "the lab's input is bad (LAB_LOUD=1 says why)\n");
		exit(1);
	}
	lab->ruleset = expand(lab->deployment, &lab->diag);
}

void lab_close(struct lab *lab)
{
	ruleset_free(lab->ruleset);
	deployment_free(lab->deployment);
	matrix_free(lab->matrix);
}

static const struct endpoint *find_host(const struct lab *lab, const char *name)
{
	for (size_t i = 0; i < lab->deployment->n_endpoints; i++) {
		if (!strcmp(lab->deployment->endpoints[i]->name, name))
			return lab->deployment->endpoints[i];
	}
	return NULL;
}

static bool has_member(const struct group *group, const char *name)
{
	for (size_t i = 0; i < group->n_members; i++) {
		if (group->members[i].name && !strcmp(group->members[i].name, name))
			return true;
	}
	return false;
}

/* By name: a host or leg, "box", a literal or multicast group as the rule prints it. */
static bool in_group(const struct lab *lab, uint32_t index, const char *name)
{
	const struct group *group = &lab->ruleset->groups[index];
	const struct endpoint *host = find_host(lab, name);

	if (group->flags & GROUP_EVERYWHERE)
		return true;
	if (group->flags & GROUP_BOX)
		return !strcmp(name, "box");
	if (group->flags & GROUP_WHOLE_ZONE)
		return host && host->zone == group->zone;
	return has_member(group, name);
}

static bool in_range(struct port_range range, unsigned int port)
{
	return range.lo <= port && port <= range.hi;
}

static unsigned int proto_number(const char *proto)
{
	if (!strcmp(proto, "tcp"))
		return 6;
	return !strcmp(proto, "udp") ? 17 : (unsigned int)atoi(proto);
}

/* As factor() does it: what is not exact loses the forbidden ports of wherever it goes. */
static bool is_closed(const struct lab *lab, const struct rule *rule, const char *to,
		      unsigned int dport)
{
	for (size_t i = 0; i < lab->ruleset->n_forbids && !rule->exact; i++) {
		const struct rule *forbid = &lab->ruleset->forbids[i];

		if (forbid->proto == rule->proto && in_range(forbid->dst, dport) &&
		    in_group(lab, forbid->to, to))
			return true;
	}
	return false;
}

const char *lab_item(const struct lab *lab, const char *from, const char *to, const char *proto,
		     unsigned int sport, unsigned int dport)
{
	for (size_t i = 0; i < lab->ruleset->n_rules; i++) {
		const struct rule *rule = &lab->ruleset->rules[i];

		if (rule->proto == proto_number(proto) && in_range(rule->src, sport) &&
		    in_range(rule->dst, dport) && in_group(lab, rule->from, from) &&
		    in_group(lab, rule->to, to) && !is_closed(lab, rule, to, dport))
			return lab->ruleset->items[rule->item].id;
	}
	return NULL;
}

size_t lab_rules(const struct lab *lab, const char *item)
{
	size_t n = 0;

	for (size_t i = 0; i < lab->ruleset->n_rules; i++)
		n += !strcmp(lab->ruleset->items[lab->ruleset->rules[i].item].id, item);
	return n;
}

// SPDX-License-Identifier: GPL-2.0
#include "hooks.h"

#include <endian.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_hook.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "mem.h"
#include "out.h"

#define OWN_MODULE "eqfw"
#define LINE_MAX_BYTES 1024

struct search {
	struct hooks *out;
	uint8_t family;
};

static const char *family_word(uint8_t family)
{
	return family == NFPROTO_INET ? "inet" : family == NFPROTO_IPV4 ? "ip" : "ip6";
}

/* A chain's table, family and name: attributes of their own numbering, two nests deep. */
static void take_chain(const struct nlattr *info, struct hook *hook)
{
	const char *table = "", *chain = "", *family = "";
	const struct nlattr *part, *attr;

	mnl_attr_for_each_nested(part, info) {
		if (mnl_attr_get_type(part) != NFNLA_HOOK_INFO_DESC)
			continue;
		mnl_attr_for_each_nested(attr, part) {
			uint16_t type = mnl_attr_get_type(attr);

			if (type == NFNLA_CHAIN_FAMILY && !mnl_attr_validate(attr, MNL_TYPE_U8))
				family = family_word(mnl_attr_get_u8(attr));
			else if (mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
				continue;
			else if (type == NFNLA_CHAIN_TABLE)
				table = mnl_attr_get_str(attr);
			else if (type == NFNLA_CHAIN_NAME)
				chain = mnl_attr_get_str(attr);
		}
	}
	if (*chain)
		snprintf(hook->name, sizeof(hook->name), "%s %s %s", family, table, chain);
}

static void take_attr(const struct nlattr *attr, struct hook *hook)
{
	uint16_t type = mnl_attr_get_type(attr);
	bool text = !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING);

	if (type == NFNLA_HOOK_PRIORITY && !mnl_attr_validate(attr, MNL_TYPE_U32))
		hook->priority = (int32_t)be32toh(mnl_attr_get_u32(attr));
	else if (type == NFNLA_HOOK_FUNCTION_NAME && text && !*hook->name)
		snprintf(hook->name, sizeof(hook->name), "%s", mnl_attr_get_str(attr));
	else if (type == NFNLA_HOOK_MODULE_NAME && text)
		hook->own = !strcmp(mnl_attr_get_str(attr), OWN_MODULE);
	else if (type == NFNLA_HOOK_CHAIN_INFO)
		take_chain(attr, hook);
}

static int take_hook(const struct nlmsghdr *message, void *ctx)
{
	const struct search *search = ctx;
	struct hooks *out = search->out;
	struct hook hook = { .family = search->family };
	const struct nlattr *attr;

	if (message->nlmsg_type != (NFNL_SUBSYS_HOOK << 8 | NFNL_MSG_HOOK_GET))
		return MNL_CB_OK;
	mnl_attr_for_each(attr, message, sizeof(struct nfgenmsg))
		take_attr(attr, &hook);
	GROW(out->list, out->n, out->capacity);
	out->list[out->n++] = hook;
	return MNL_CB_OK;
}

static bool ask_family(uint8_t family, struct hooks *out)
{
	struct search search = { out, family };
	char buffer[128];
	struct nlmsghdr *request = mnl_nlmsg_put_header(buffer);
	struct nfgenmsg *head = mnl_nlmsg_put_extra_header(request, sizeof(*head));

	request->nlmsg_type = NFNL_SUBSYS_HOOK << 8 | NFNL_MSG_HOOK_GET;
	head->nfgen_family = family == 4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
	head->version = NFNETLINK_V0;
	mnl_attr_put_u32(request, NFNLA_HOOK_HOOKNUM, htobe32(NF_INET_PRE_ROUTING));
	return ask_dump(request, take_hook, &search);
}

void hooks_find(struct hooks *out)
{
	*out = (struct hooks){ 0 };
	out->known = ask_family(4, out);
	/* Without IPv6 there are none of it. */
	if (out->known)
		(void)ask_family(6, out);
}

void hooks_free(struct hooks *hooks)
{
	free(hooks->list);
}

static const struct hook *own_of(const struct hooks *hooks, uint8_t family)
{
	for (size_t i = 0; i < hooks->n; i++)
		if (hooks->list[i].own && hooks->list[i].family == family)
			return &hooks->list[i];
	return NULL;
}

static bool is_beside(const struct hooks *hooks, const struct hook *hook)
{
	const struct hook *own = own_of(hooks, hook->family);

	return own && !hook->own && hook->priority == own->priority;
}

static void print_family(const struct hooks *hooks, uint8_t family)
{
	char line[LINE_MAX_BYTES];
	size_t at = 0;

	for (size_t i = 0; i < hooks->n && at < sizeof(line); i++) {
		const struct hook *hook = &hooks->list[i];

		if (hook->family == family)
			at += (size_t)snprintf(line + at, sizeof(line) - at, "%s%s %d",
					       at ? ", " : "", hook->own ? "eqfw" : hook->name,
					       hook->priority);
	}
	if (at)
		out_line("  hooks at PRE_ROUTING, IPv%u: %s", family, line);
}

void hooks_print(const struct hooks *hooks)
{
	print_family(hooks, 4);
	print_family(hooks, 6);
	for (size_t i = 0; i < hooks->n; i++)
		if (is_beside(hooks, &hooks->list[i]))
			out_line("  warning: %s has the priority of eqfw (IPv%u): whichever was "
				 "there last comes first",
				 hooks->list[i].name, hooks->list[i].family);
}

json_t *hooks_json(const struct hooks *hooks)
{
	json_t *all;

	if (!hooks->known)
		return json_null();
	all = json_array();
	for (size_t i = 0; i < hooks->n; i++) {
		const struct hook *hook = &hooks->list[i];

		json_array_append_new(
			all, json_pack("{s:i,s:i,s:o,s:b,s:b}", "family", hook->family, "priority",
				       hook->priority, "name", out_json_string(hook->name), "own",
				       hook->own, "same_priority", is_beside(hooks, hook)));
	}
	return all;
}

// SPDX-License-Identifier: GPL-2.0
/* F26: the order of hooks, out of what nfnetlink_hook sends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "userspace/hooks.c"

static struct nlmsghdr *begin(char *buffer)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);

	message->nlmsg_type = NFNL_SUBSYS_HOOK << 8 | NFNL_MSG_HOOK_GET;
	mnl_nlmsg_put_extra_header(message, sizeof(struct nfgenmsg));
	return message;
}

static void take_function(struct hooks *hooks, uint8_t family, const char *function,
			  const char *module, int32_t priority)
{
	struct search search = { hooks, family };
	char buffer[512];
	struct nlmsghdr *message = begin(buffer);

	mnl_attr_put_u32(message, NFNLA_HOOK_HOOKNUM, htobe32(NF_INET_PRE_ROUTING));
	mnl_attr_put_u32(message, NFNLA_HOOK_PRIORITY, htobe32((uint32_t)priority));
	mnl_attr_put_strz(message, NFNLA_HOOK_FUNCTION_NAME, function);
	if (module)
		mnl_attr_put_strz(message, NFNLA_HOOK_MODULE_NAME, module);
	assert_int_equal(take_hook(message, &search), MNL_CB_OK);
}

static void take_base_chain(struct hooks *hooks, uint8_t family, int32_t priority)
{
	struct search search = { hooks, family };
	struct nlattr *info, *desc;
	char buffer[512];
	struct nlmsghdr *message = begin(buffer);

	mnl_attr_put_strz(message, NFNLA_HOOK_FUNCTION_NAME, "nft_do_chain_inet");
	mnl_attr_put_u32(message, NFNLA_HOOK_PRIORITY, htobe32((uint32_t)priority));
	info = mnl_attr_nest_start(message, NFNLA_HOOK_CHAIN_INFO);
	mnl_attr_put_u32(message, NFNLA_HOOK_INFO_TYPE, htobe32(NFNL_HOOK_TYPE_NFTABLES));
	desc = mnl_attr_nest_start(message, NFNLA_HOOK_INFO_DESC);
	mnl_attr_put_strz(message, NFNLA_CHAIN_TABLE, "others");
	mnl_attr_put_u8(message, NFNLA_CHAIN_FAMILY, NFPROTO_INET);
	mnl_attr_put_strz(message, NFNLA_CHAIN_NAME, "same");
	mnl_attr_nest_end(message, desc);
	mnl_attr_nest_end(message, info);
	assert_int_equal(take_hook(message, &search), MNL_CB_OK);
}

static void expect(const json_t *all, size_t at, const char *name, int priority, bool own,
		   bool same)
{
	const json_t *one = json_array_get(all, at);

	assert_string_equal(json_string_value(json_object_get(one, "name")), name);
	assert_int_equal(json_integer_value(json_object_get(one, "priority")), priority);
	assert_int_equal(json_is_true(json_object_get(one, "own")), own);
	assert_int_equal(json_is_true(json_object_get(one, "same_priority")), same);
}

static void test_order(void **state)
{
	struct hooks hooks = { .known = true };
	json_t *all;

	take_function(&hooks, 4, "ipv4_conntrack_defrag", "nf_defrag_ipv4", -400);
	take_base_chain(&hooks, 4, -250);
	take_function(&hooks, 4, "eqfw_hook4", "eqfw", -250);
	take_function(&hooks, 4, "ipv4_conntrack_in", NULL, -200);
	/* Of the other family, where eqfw has no hook: beside nobody. */
	take_base_chain(&hooks, 6, -250);
	all = hooks_json(&hooks);
	assert_int_equal(json_array_size(all), 5);
	expect(all, 0, "ipv4_conntrack_defrag", -400, false, false);
	expect(all, 1, "inet others same", -250, false, true);
	expect(all, 2, "eqfw_hook4", -250, true, false);
	expect(all, 3, "ipv4_conntrack_in", -200, false, false);
	expect(all, 4, "inet others same", -250, false, false);
	json_decref(all);
	hooks_free(&hooks);
}

static void test_unknown(void **state)
{
	struct hooks hooks = { 0 };
	json_t *all = hooks_json(&hooks);

	assert_true(json_is_null(all));
	json_decref(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_unknown),
	};

	return cmocka_run_group_tests_name("hooks", tests, NULL, NULL);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * nl.c against a kernel made of a list: each answer to a receive is a prepared buffer or an errno.
 * What was sent is kept for a look at it.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static struct mnl_socket *fake_open(int bus, int flags);
static int fake_bind(struct mnl_socket *socket, unsigned int groups, pid_t pid);
static int fake_close(struct mnl_socket *socket);
static int fake_setsockopt(const struct mnl_socket *socket, int type, void *buffer, socklen_t len);
static int fake_fd(const struct mnl_socket *socket);
static unsigned int fake_portid(const struct mnl_socket *socket);
static ssize_t fake_send(const struct mnl_socket *socket, const void *bytes, size_t len);
static ssize_t fake_receive(const struct mnl_socket *socket, void *buffer, size_t size);

#define mnl_socket_open2 fake_open
#define mnl_socket_bind fake_bind
#define mnl_socket_close fake_close
#define mnl_socket_setsockopt fake_setsockopt
#define mnl_socket_get_fd fake_fd
#define mnl_socket_get_portid fake_portid
#define mnl_socket_sendto fake_send
#define mnl_socket_recvfrom fake_receive
/* The tool's own object file is linked too. */
#define nl_module_present tested_nl_module_present
#define nl_open tested_nl_open
#define nl_close tested_nl_close
#define nl_status tested_nl_status
#define nl_load tested_nl_load
#define nl_clear tested_nl_clear
#define nl_dump tested_nl_dump

#include "userspace/nl.c"

#define PORT 4711
#define MAX_ANSWERS 64

static struct {
	struct {
		unsigned char bytes[1024];
		size_t len;
		int code;
	} answers[MAX_ANSWERS];
	size_t n;
	size_t next;
	unsigned char *sent;
	size_t sent_len;
	unsigned int opened;
} kernel;

static struct mnl_socket *fake_open(int bus, int flags)
{
	assert_int_equal(bus, NETLINK_GENERIC);
	assert_int_equal(flags, SOCK_CLOEXEC);
	kernel.opened++;
	return (struct mnl_socket *)&kernel;
}

static int fake_bind(struct mnl_socket *socket, unsigned int groups, pid_t pid)
{
	return 0;
}

static int fake_close(struct mnl_socket *socket)
{
	kernel.opened--;
	return 0;
}

static int fake_setsockopt(const struct mnl_socket *socket, int type, void *buffer, socklen_t len)
{
	return 0;
}

static int fake_fd(const struct mnl_socket *socket)
{
	return -1;
}

static unsigned int fake_portid(const struct mnl_socket *socket)
{
	return PORT;
}

static ssize_t fake_send(const struct mnl_socket *socket, const void *bytes, size_t len)
{
	free(kernel.sent);
	kernel.sent = malloc(len);
	memcpy(kernel.sent, bytes, len);
	kernel.sent_len = len;
	return (ssize_t)len;
}

/* Answers carry the sequence number of the request that was sent last. */
static ssize_t fake_receive(const struct mnl_socket *socket, void *buffer, size_t size)
{
	struct nlmsghdr *message = buffer;
	size_t i = kernel.next++;

	assert_true(i < kernel.n);
	if (kernel.answers[i].code) {
		errno = kernel.answers[i].code;
		return -1;
	}
	assert_true(kernel.answers[i].len <= size);
	memcpy(buffer, kernel.answers[i].bytes, kernel.answers[i].len);
	message->nlmsg_seq = ((const struct nlmsghdr *)kernel.sent)->nlmsg_seq;
	return (ssize_t)kernel.answers[i].len;
}

static struct nlmsghdr *add(uint16_t type, uint16_t flags)
{
	struct nlmsghdr *message;

	assert_true(kernel.n < MAX_ANSWERS);
	message = mnl_nlmsg_put_header(kernel.answers[kernel.n].bytes);
	message->nlmsg_type = type;
	message->nlmsg_flags = flags;
	message->nlmsg_pid = PORT;
	return message;
}

static void added(const struct nlmsghdr *message)
{
	kernel.answers[kernel.n++].len = message->nlmsg_len;
}

static void answer_errno(int code)
{
	kernel.answers[kernel.n++].code = code;
}

static struct nlmsghdr *add_data(uint16_t flags)
{
	struct nlmsghdr *message = add(100, flags);

	mnl_nlmsg_put_extra_header(message, sizeof(struct genlmsghdr));
	return message;
}

/* An acknowledgement or refusal as the kernel writes it with NETLINK_CAP_ACK and EXT_ACK. */
static void answer_ack(int code, const char *sentence)
{
	struct nlmsghdr *message = add(NLMSG_ERROR, NLM_F_CAPPED | (sentence ? NLM_F_ACK_TLVS : 0));
	struct nlmsgerr *error = mnl_nlmsg_put_extra_header(message, sizeof(*error));

	error->error = -code;
	error->msg.nlmsg_len = 5000000;
	if (sentence)
		mnl_attr_put_strz(message, NLMSGERR_ATTR_MSG, sentence);
	added(message);
}

static void answer_done(int code)
{
	struct nlmsghdr *message = add(NLMSG_DONE, NLM_F_MULTI);
	int *value = mnl_nlmsg_put_extra_header(message, sizeof(*value));

	*value = -code;
	added(message);
}

static void answer_family(uint32_t version)
{
	struct nlmsghdr *message = add_data(0);

	mnl_attr_put_u16(message, CTRL_ATTR_FAMILY_ID, 100);
	mnl_attr_put_u32(message, CTRL_ATTR_VERSION, version);
	added(message);
	answer_ack(0, NULL);
}

static int begin(void **state)
{
	kernel.n = kernel.next = 0;
	return 0;
}

static int end(void **state)
{
	free(kernel.sent);
	kernel.sent = NULL;
	memset(kernel.answers, 0, sizeof(kernel.answers));
	return kernel.opened;
}

static struct nl *opened(void)
{
	struct nl *nl;

	answer_family(EQFW_GENL_VERSION);
	assert_int_equal(nl_open(NULL, &nl), EXIT_STATUS_OK);
	return nl;
}

static void test_family_absent_is_3(void **state)
{
	struct nl *nl;

	answer_ack(ENOENT, NULL);
	assert_int_equal(nl_open(NULL, &nl), EXIT_STATUS_NO_MODULE);
	assert_null(nl);
}

static void test_P23_family_version_is_8(void **state)
{
	struct nl *nl;

	answer_family(EQFW_GENL_VERSION + 1);
	assert_int_equal(nl_open(NULL, &nl), EXIT_STATUS_VERSION);
	answer_family(0);
	assert_int_equal(nl_open(NULL, &nl), EXIT_STATUS_VERSION);
}

static void test_errno_is_exit_status(void **state)
{
	static const struct {
		int code;
		int status;
	} cases[] = {
		{ EPERM, EXIT_STATUS_NOT_PERMITTED }, { ESTALE, EXIT_STATUS_BUSY },
		{ EBUSY, EXIT_STATUS_BUSY },	      { EPROTONOSUPPORT, EXIT_STATUS_VERSION },
		{ EOPNOTSUPP, EXIT_STATUS_VERSION },  { ENOENT, EXIT_STATUS_NO },
		{ EINVAL, EXIT_STATUS_REFUSED },      { EBADMSG, EXIT_STATUS_REFUSED },
		{ E2BIG, EXIT_STATUS_REFUSED },	      { ENOMEM, EXIT_STATUS_REFUSED },
	};
	struct nl *nl = opened();

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		answer_ack(cases[i].code, NULL);
		assert_int_equal(nl_clear(nl, 7, 0), cases[i].status);
	}
	nl_close(nl);
}

static void test_extack_behind_a_capped_request(void **state)
{
	struct nl_exchange exchange = { 0 };

	answer_ack(EINVAL, "rules 17: range reversed");
	assert_int_equal(on_error((struct nlmsghdr *)kernel.answers[0].bytes, &exchange),
			 MNL_CB_STOP);
	assert_int_equal(exchange.refusal.code, EINVAL);
	assert_string_equal(exchange.refusal.sentence, "rules 17: range reversed");
}

static void test_extack_behind_an_echoed_request(void **state)
{
	struct nl_exchange exchange = { 0 };
	struct nlmsghdr *message = add(NLMSG_ERROR, NLM_F_ACK_TLVS);
	struct nlmsgerr *error = mnl_nlmsg_put_extra_header(message, sizeof(*error));

	error->error = -EINVAL;
	error->msg.nlmsg_len = sizeof(error->msg) + 8;
	mnl_nlmsg_put_extra_header(message, 8);
	mnl_attr_put_u32(message, NLMSGERR_ATTR_MISS_TYPE, EQFW_A_GENERATION);
	assert_int_equal(on_error(message, &exchange), MNL_CB_STOP);
	assert_int_equal(exchange.refusal.missing, EQFW_A_GENERATION);
	assert_string_equal(exchange.refusal.sentence, "");
}

static void test_short_error_is_no_success(void **state)
{
	struct nl_exchange exchange = { 0 };
	struct nlmsghdr *message = add(NLMSG_ERROR, 0);

	mnl_nlmsg_put_extra_header(message, 4);
	assert_int_equal(on_error(message, &exchange), MNL_CB_STOP);
	assert_int_not_equal(exchange.refusal.code, 0);
}

static void test_load_sends_one_message_of_consecutive_pieces(void **state)
{
	size_t size = 3 * PIECE_BYTES + 24, got = 0, pieces = 0;
	unsigned char *bytes = malloc(size);
	const struct nlattr *attr, *last = NULL;
	struct nl *nl = opened();

	for (size_t i = 0; i < size; i++)
		bytes[i] = (unsigned char)(i * 7);
	answer_ack(0, NULL);
	assert_int_equal(nl_load(nl, bytes, size, 41, 120), EXIT_STATUS_OK);
	assert_int_equal(((struct nlmsghdr *)kernel.sent)->nlmsg_len, kernel.sent_len);
	mnl_attr_for_each(attr, (struct nlmsghdr *)kernel.sent, sizeof(struct genlmsghdr)) {
		if (mnl_attr_get_type(attr) == EQFW_A_GENERATION)
			assert_int_equal(mnl_attr_get_u64(attr), 41);
		if (mnl_attr_get_type(attr) == EQFW_A_CONFIRM_S)
			assert_int_equal(mnl_attr_get_u32(attr), 120);
		if (mnl_attr_get_type(attr) != EQFW_A_PROFILE)
			continue;
		assert_true(!last || mnl_attr_next(last) == attr);
		assert_memory_equal(mnl_attr_get_payload(attr), bytes + got,
				    mnl_attr_get_payload_len(attr));
		got += mnl_attr_get_payload_len(attr);
		last = attr;
		pieces++;
	}
	assert_int_equal(got, size);
	assert_int_equal(pieces, 4);
	free(bytes);
	nl_close(nl);
}

struct counts {
	unsigned int restarts;
	unsigned int attrs;
};

static void forget(void *ctx)
{
	struct counts *counts = ctx;

	counts->restarts++;
	counts->attrs = 0;
}

static bool count(void *ctx, const struct nlattr *attr)
{
	struct counts *counts = ctx;

	counts->attrs++;
	return true;
}

static void answer_item(uint16_t flags)
{
	struct nlmsghdr *message = add_data((uint16_t)(NLM_F_MULTI | flags));

	mnl_attr_put_u32(message, EQFW_A_ITEM, 1);
	added(message);
}

static void test_P24_interrupted_dump_begins_again(void **state)
{
	struct counts counts = { 0 };
	struct nl_reader reader = { forget, count, &counts };
	struct nl *nl = opened();

	answer_item(0);
	answer_item(NLM_F_DUMP_INTR);
	answer_item(0);
	answer_errno(ENOBUFS);
	answer_item(0);
	answer_item(0);
	answer_done(0);
	assert_int_equal(nl_dump(nl, EQFW_CMD_ITEMS_GET, &reader), EXIT_STATUS_OK);
	assert_int_equal(counts.restarts, 3);
	assert_int_equal(counts.attrs, 2);
	nl_close(nl);
}

static void test_P24_dump_gives_up_after_five_retries(void **state)
{
	struct counts counts = { 0 };
	struct nl_reader reader = { forget, count, &counts };
	struct nl *nl = opened();

	for (int i = 0; i < 10; i++)
		answer_errno(ENOBUFS);
	assert_int_equal(nl_dump(nl, EQFW_CMD_ITEMS_GET, &reader), EXIT_STATUS_BUSY);
	assert_int_equal(counts.restarts, 6);
	nl_close(nl);
}

static void test_dump_error_at_its_end(void **state)
{
	struct counts counts = { 0 };
	struct nl_reader reader = { forget, count, &counts };
	struct nl *nl = opened();

	answer_item(0);
	answer_done(ENOMEM);
	assert_int_equal(nl_dump(nl, EQFW_CMD_ITEMS_GET, &reader), EXIT_STATUS_REFUSED);
	answer_ack(ENOENT, "no profile");
	assert_int_equal(nl_dump(nl, EQFW_CMD_ITEMS_GET, &reader), EXIT_STATUS_NO);
	nl_close(nl);
}

static void test_status_reads_what_fits(void **state)
{
	struct nlmsghdr *message;
	struct nl_status status;
	struct nl *nl = opened();
	char name[300];

	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	message = add_data(0);
	mnl_attr_put_u8(message, EQFW_A_STATE, EQFW_STATE_ENFORCING);
	mnl_attr_put_u64(message, EQFW_A_GENERATION, 12);
	mnl_attr_put_u16(message, EQFW_A_ITEMS, 3); /* of the wrong size: left out */
	mnl_attr_put_strz(message, EQFW_A_NAME, name);
	mnl_attr_put(message, EQFW_A_DIGEST, 31, name);
	added(message);
	answer_ack(0, NULL);
	assert_int_equal(nl_status(nl, &status), EXIT_STATUS_OK);
	assert_int_equal(status.state, EQFW_STATE_ENFORCING);
	assert_int_equal(status.generation, 12);
	assert_int_equal(status.items, 0);
	assert_int_equal(strlen(status.name), EQFW_MAX_NAME - 1);
	assert_false(status.has_digest);
	nl_close(nl);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_family_absent_is_3),
		TEST(test_P23_family_version_is_8),
		TEST(test_errno_is_exit_status),
		TEST(test_extack_behind_a_capped_request),
		TEST(test_extack_behind_an_echoed_request),
		TEST(test_short_error_is_no_success),
		TEST(test_load_sends_one_message_of_consecutive_pieces),
		TEST(test_P24_interrupted_dump_begins_again),
		TEST(test_P24_dump_gives_up_after_five_retries),
		TEST(test_dump_error_at_its_end),
		TEST(test_status_reads_what_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

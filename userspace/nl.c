// SPDX-License-Identifier: GPL-2.0
#include "nl.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#include <eqfw/version.h>

#include "cmd.h"
#include "mem.h"
#include "netns.h"
#include "nl_attr.h"
#include "out.h"

#define RECEIVE_BYTES (256u << 10) /* over the largest message that a dump can make */
#define PIECE_BYTES 65528u	   /* of a profile in one attribute, a multiple of 8 */
#define DUMP_ATTEMPTS 6		   /* the first and five more */
#define ANSWER_SECONDS 60
#define SENTENCE_BYTES 512

struct nl {
	struct mnl_socket *socket;
	unsigned char *buffer;
	uint32_t sequence;
	uint16_t family;
};

/**
 * struct nl_refusal - what went wrong in an exchange
 * @code: errno, positive
 * @missing: type of a required attribute that the request lacks, 0 = none
 * @sentence: the kernel's own words, "" where it gave none
 */
struct nl_refusal {
	int code;
	unsigned int missing;
	char sentence[SENTENCE_BYTES];
};

/* Reads one exchange; also the callbacks' context. */
struct nl_exchange {
	const struct nl_reader *reader;
	struct nl_refusal refusal;
	bool stopped;
};

/* DESIGN section 7. ENOENT is the kernel's "no profile": a plain no. */
static int exit_status_of(int code)
{
	switch (code) {
	case EPERM:
	case EACCES:
		return EXIT_STATUS_NOT_PERMITTED;
	case ESTALE:
	case EBUSY:
		return EXIT_STATUS_BUSY;
	case EPROTONOSUPPORT:
	case EOPNOTSUPP:
		return EXIT_STATUS_VERSION;
	case ENOENT:
		return EXIT_STATUS_NO;
	case EAGAIN:
	case ECONNREFUSED:
		return EXIT_STATUS_NO_MODULE;
	default:
		return EXIT_STATUS_REFUSED;
	}
}

/* What to say where the kernel gave an errno and no sentence. */
static const char *plain_words(int code)
{
	switch (code) {
	case EPERM:
		return "not permitted: this needs CAP_NET_ADMIN in the initial user namespace "
		       "(root)";
	case ENOENT:
		return "no profile is loaded";
	case ESTALE:
		return "somebody else changed the profile meanwhile: look at it and try again";
	case EBUSY:
		return "the module is busy with another change: try again";
	case EAGAIN:
		return "the module does not answer";
	default:
		return strerror(code);
	}
}

/* Of the loaded module; "?" where it does not say. */
static void module_version(char *out, size_t size)
{
	FILE *file = fopen("/sys/module/eqfw/version", "re");

	if (!file || !fgets(out, (int)size, file) || !*out)
		snprintf(out, size, "?");
	out[strcspn(out, "\n")] = '\0';
	if (file)
		fclose(file);
}

static int complain(const struct nl_refusal *refusal)
{
	int status = exit_status_of(refusal->code);
	char version[64];

	if (*refusal->sentence)
		out_complain("%s", refusal->sentence);
	else if (refusal->missing)
		out_complain("the kernel refused: attribute %u is missing", refusal->missing);
	else
		out_complain("%s%s", status == EXIT_STATUS_REFUSED ? "the kernel refused: " : "",
			     plain_words(refusal->code));
	if (status == EXIT_STATUS_VERSION) {
		module_version(version, sizeof(version));
		out_complain("this is eqfwctl %s, the loaded module is %s: install versions that "
			     "fit",
			     EQFW_VERSION, version);
	}
	return status;
}

/* The extended acknowledgement behind an error: a sentence, perhaps the missing attribute. */
static void read_extack(const void *tlvs, size_t len, struct nl_refusal *refusal)
{
	const struct nlattr *attr;

	mnl_attr_for_each_payload(tlvs, len)
	{
		uint16_t size = mnl_attr_get_payload_len(attr);

		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			snprintf(refusal->sentence, sizeof(refusal->sentence), "%.*s", (int)size,
				 (const char *)mnl_attr_get_payload(attr));
		else if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MISS_TYPE && size == 4)
			refusal->missing = mnl_attr_get_u32(attr);
	}
}

static int on_error(const struct nlmsghdr *message, void *data)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(message);
	struct nl_exchange *exchange = data;
	size_t len = mnl_nlmsg_get_payload_len(message), head = sizeof(*error);

	if (len < head) {
		exchange->refusal.code = EBADMSG;
		return MNL_CB_STOP;
	}
	if (!(message->nlmsg_flags & NLM_F_CAPPED) && error->msg.nlmsg_len > sizeof(error->msg))
		head += MNL_ALIGN(error->msg.nlmsg_len) - sizeof(error->msg);
	exchange->refusal.code = error->error < 0 ? -error->error : error->error;
	if ((message->nlmsg_flags & NLM_F_ACK_TLVS) && head < len)
		read_extack((const char *)error + head, len - head, &exchange->refusal);
	return MNL_CB_STOP;
}

/* A dump's end carries an error too. */
static int on_done(const struct nlmsghdr *message, void *data)
{
	const int *code = mnl_nlmsg_get_payload(message);
	struct nl_exchange *exchange = data;
	size_t len = mnl_nlmsg_get_payload_len(message);

	if (len < sizeof(*code) || *code >= 0)
		return MNL_CB_STOP;
	exchange->refusal.code = -*code;
	if ((message->nlmsg_flags & NLM_F_ACK_TLVS) && len > sizeof(*code))
		read_extack(code + 1, len - sizeof(*code), &exchange->refusal);
	return MNL_CB_STOP;
}

static int on_data(const struct nlmsghdr *message, void *data)
{
	struct nl_exchange *exchange = data;
	const struct nlattr *attr;

	if (!exchange->reader)
		return MNL_CB_OK;
	mnl_attr_for_each(attr, message, sizeof(struct genlmsghdr)) {
		if (exchange->reader->take(exchange->reader->ctx, attr))
			continue;
		exchange->refusal.code = EBADMSG;
		exchange->stopped = true;
		return MNL_CB_STOP;
	}
	return MNL_CB_OK;
}

/* Read answers until the acknowledgement, the dump's end or an error. */
static void receive(struct nl *nl, struct nl_exchange *exchange)
{
	static mnl_cb_t control[NLMSG_MIN_TYPE] = {
		[NLMSG_ERROR] = on_error,
		[NLMSG_DONE] = on_done,
	};
	int more = MNL_CB_OK;

	while (more == MNL_CB_OK) {
		ssize_t got = mnl_socket_recvfrom(nl->socket, nl->buffer, RECEIVE_BYTES);

		if (got < 0) {
			exchange->refusal.code = errno;
			return;
		}
		more = mnl_cb_run2(nl->buffer, (size_t)got, nl->sequence,
				   mnl_socket_get_portid(nl->socket), on_data, exchange, control,
				   NLMSG_MIN_TYPE);
	}
	if (more < 0)
		exchange->refusal.code = errno;
}

static void option(struct nl *nl, int number)
{
	int on = 1;

	/* Without them a refusal has no sentence, or an old kernel echoes the request: both work. */
	(void)mnl_socket_setsockopt(nl->socket, number, &on, sizeof(on));
}

static bool open_socket(struct nl *nl)
{
	struct timeval patience = { .tv_sec = ANSWER_SECONDS };

	nl->socket = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!nl->socket)
		return false;
	if (mnl_socket_bind(nl->socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		mnl_socket_close(nl->socket);
		nl->socket = NULL;
		return false;
	}
	option(nl, NETLINK_CAP_ACK);
	option(nl, NETLINK_EXT_ACK);
	(void)setsockopt(mnl_socket_get_fd(nl->socket), SOL_SOCKET, SO_RCVTIMEO, &patience,
			 sizeof(patience));
	return true;
}

static struct nlmsghdr *start(struct nl *nl, void *buffer, uint16_t type, uint16_t flags,
			      uint8_t command, uint8_t version)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *generic;

	message->nlmsg_type = type;
	message->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	message->nlmsg_seq = ++nl->sequence;
	generic = mnl_nlmsg_put_extra_header(message, sizeof(*generic));
	generic->cmd = command;
	generic->version = version;
	return message;
}

/* Send a request and read everything that comes back. */
static void talk(struct nl *nl, const struct nlmsghdr *message, struct nl_exchange *exchange)
{
	if (mnl_socket_sendto(nl->socket, message, message->nlmsg_len) < 0)
		exchange->refusal.code = errno;
	else
		receive(nl, exchange);
}

struct family {
	uint16_t id;
	uint32_t version;
};

static bool take_family(void *ctx, const struct nlattr *attr)
{
	struct family *family = ctx;

	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
	    !mnl_attr_validate(attr, MNL_TYPE_U16))
		family->id = mnl_attr_get_u16(attr);
	if (mnl_attr_get_type(attr) == CTRL_ATTR_VERSION && !mnl_attr_validate(attr, MNL_TYPE_U32))
		family->version = mnl_attr_get_u32(attr);
	return true;
}

/*
 * Asking for a family makes the kernel try to load a module of that name's alias; eqfw.ko has no
 * such alias on purpose, so nothing is loaded by looking.
 */
static int resolve(struct nl *nl, struct family *family)
{
	struct nl_reader reader = { .take = take_family, .ctx = family };
	struct nl_exchange exchange = { .reader = &reader };
	unsigned char buffer[256];
	struct nlmsghdr *message =
		start(nl, buffer, GENL_ID_CTRL, NLM_F_ACK, CTRL_CMD_GETFAMILY, 1);

	mnl_attr_put_strz(message, CTRL_ATTR_FAMILY_NAME, EQFW_GENL_NAME);
	talk(nl, message, &exchange);
	if (!exchange.refusal.code && !family->id)
		return ENOENT;
	return exchange.refusal.code;
}

static struct nl *nl_new(void)
{
	struct nl *nl = must_alloc(sizeof(*nl));

	*nl = (struct nl){ .sequence = (uint32_t)time(NULL) };
	if (!open_socket(nl)) {
		free(nl);
		return NULL;
	}
	nl->buffer = must_alloc(RECEIVE_BYTES);
	return nl;
}

bool nl_module_present(void)
{
	struct family family = { 0 };
	struct nl *nl = nl_new();
	bool present = nl && !resolve(nl, &family);

	nl_close(nl);
	return present;
}

/* Both sides' versions, whichever is the newer one. */
static int check_version(const struct family *family)
{
	if (family->version == EQFW_GENL_VERSION)
		return EXIT_STATUS_OK;
	out_complain("this eqfwctl (%s) speaks netlink version %d, the loaded module version %u: "
		     "install the %s that fits",
		     EQFW_VERSION, EQFW_GENL_VERSION, family->version,
		     family->version > EQFW_GENL_VERSION ? "eqfwctl" : "module");
	return EXIT_STATUS_VERSION;
}

static int find_module(struct nl *nl)
{
	struct family family = { 0 };
	int code = resolve(nl, &family);

	if (code == ENOENT) {
		out_complain("the eqfw module is not loaded (modprobe eqfw)");
		return EXIT_STATUS_NO_MODULE;
	}
	if (code) {
		out_complain("cannot ask the kernel for the eqfw module: %s", strerror(code));
		return EXIT_STATUS_NO_MODULE;
	}
	nl->family = family.id;
	return check_version(&family);
}

int nl_open(const char *netns, struct nl **nl)
{
	int status = netns ? netns_enter(netns) : EXIT_STATUS_OK;

	*nl = NULL;
	if (status)
		return status;
	*nl = nl_new();
	if (!*nl) {
		out_complain("cannot open a netlink socket: %s", strerror(errno));
		return EXIT_STATUS_NO_MODULE;
	}
	status = find_module(*nl);
	if (status) {
		nl_close(*nl);
		*nl = NULL;
	}
	return status;
}

void nl_close(struct nl *nl)
{
	if (!nl)
		return;
	if (nl->socket)
		mnl_socket_close(nl->socket);
	free(nl->buffer);
	free(nl);
}

/* A send buffer that takes the message; without the right to force it, what the limit gives. */
static void make_room(struct nl *nl, size_t len)
{
	int fd = mnl_socket_get_fd(nl->socket), size = (int)len + 32;

	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		(void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
}

/* The profile in as few consecutive attributes as their 16-bit length allows. */
static void put_profile(struct nlmsghdr *message, const unsigned char *bytes, size_t size)
{
	while (size) {
		size_t piece = size < PIECE_BYTES ? size : PIECE_BYTES;

		mnl_attr_put(message, EQFW_A_PROFILE, piece, bytes);
		bytes += piece;
		size -= piece;
	}
}

static void put_confirm(struct nlmsghdr *message, uint32_t confirm_s)
{
	if (confirm_s)
		mnl_attr_put_u32(message, EQFW_A_CONFIRM_S, confirm_s);
}

static int send_profile(struct nl *nl, uint8_t command, const unsigned char *bytes, size_t size,
			uint64_t generation, uint32_t confirm_s)
{
	size_t pieces = size / PIECE_BYTES + 1;
	size_t room = size + pieces * (MNL_ATTR_HDRLEN + MNL_ALIGNTO) + 256;
	struct nl_exchange exchange = { 0 };
	void *buffer = must_alloc(room);
	struct nlmsghdr *message =
		start(nl, buffer, nl->family, NLM_F_ACK, command, EQFW_GENL_VERSION);

	mnl_attr_put_u64(message, EQFW_A_GENERATION, generation);
	if (size >= EQFW_DIGEST_SIZE)
		mnl_attr_put(message, EQFW_A_DIGEST, EQFW_DIGEST_SIZE,
			     bytes + size - EQFW_DIGEST_SIZE);
	put_confirm(message, confirm_s);
	put_profile(message, bytes, size);
	make_room(nl, message->nlmsg_len);
	talk(nl, message, &exchange);
	free(buffer);
	return exchange.refusal.code ? complain(&exchange.refusal) : EXIT_STATUS_OK;
}

int nl_load(struct nl *nl, const unsigned char *bytes, size_t size, uint64_t generation,
	    uint32_t confirm_s)
{
	return send_profile(nl, EQFW_CMD_LOAD, bytes, size, generation, confirm_s);
}

int nl_stage(struct nl *nl, const unsigned char *bytes, size_t size, uint64_t generation)
{
	return send_profile(nl, EQFW_CMD_STAGE_SET, bytes, size, generation, 0);
}

int nl_clear(struct nl *nl, uint64_t generation, uint32_t confirm_s)
{
	struct nl_exchange exchange = { 0 };
	unsigned char buffer[256];
	struct nlmsghdr *message =
		start(nl, buffer, nl->family, NLM_F_ACK, EQFW_CMD_CLEAR, EQFW_GENL_VERSION);

	mnl_attr_put_u64(message, EQFW_A_GENERATION, generation);
	put_confirm(message, confirm_s);
	talk(nl, message, &exchange);
	return exchange.refusal.code ? complain(&exchange.refusal) : EXIT_STATUS_OK;
}

int nl_request(struct nl *nl, uint8_t command,
	       void (*put)(struct nlmsghdr *message, const void *ctx), const void *ctx)
{
	struct nl_exchange exchange = { 0 };
	unsigned char buffer[1024];
	struct nlmsghdr *message =
		start(nl, buffer, nl->family, NLM_F_ACK, command, EQFW_GENL_VERSION);

	if (put)
		put(message, ctx);
	talk(nl, message, &exchange);
	return exchange.refusal.code ? complain(&exchange.refusal) : EXIT_STATUS_OK;
}

int nl_status(struct nl *nl, struct nl_status *status)
{
	struct nl_reader reader = { .take = nl_status_take, .ctx = status };
	struct nl_exchange exchange = { .reader = &reader };
	unsigned char buffer[256];
	struct nlmsghdr *message =
		start(nl, buffer, nl->family, NLM_F_ACK, EQFW_CMD_STATUS_GET, EQFW_GENL_VERSION);

	*status = (struct nl_status){ 0 };
	talk(nl, message, &exchange);
	return exchange.refusal.code ? complain(&exchange.refusal) : EXIT_STATUS_OK;
}

/* One attempt at a dump, on a socket of its own: nothing of a broken one can be left in it. */
static void dump_once(struct nl *nl, uint8_t command, struct nl_exchange *exchange)
{
	unsigned char buffer[256];
	struct nlmsghdr *message;

	exchange->refusal = (struct nl_refusal){ 0 };
	mnl_socket_close(nl->socket);
	nl->socket = NULL;
	if (!open_socket(nl)) {
		exchange->refusal.code = errno;
		return;
	}
	message = start(nl, buffer, nl->family, NLM_F_DUMP, command, EQFW_GENL_VERSION);
	if (exchange->reader->digest)
		mnl_attr_put(message, EQFW_A_DIGEST, EQFW_DIGEST_SIZE, exchange->reader->digest);
	talk(nl, message, exchange);
}

int nl_dump(struct nl *nl, uint8_t command, const struct nl_reader *reader)
{
	struct nl_exchange exchange = { .reader = reader };

	for (int attempt = 0; attempt < DUMP_ATTEMPTS; attempt++) {
		reader->restart(reader->ctx);
		dump_once(nl, command, &exchange);
		/* EINTR is libmnl's word for NLM_F_DUMP_INTR: the profile changed meanwhile. */
		if (exchange.refusal.code != EINTR && exchange.refusal.code != ENOBUFS)
			return exchange.refusal.code ? complain(&exchange.refusal) : EXIT_STATUS_OK;
	}
	out_complain("gave up after %d attempts: the profile keeps changing, or the answer does "
		     "not fit (%s)",
		     DUMP_ATTEMPTS, strerror(exchange.refusal.code));
	return EXIT_STATUS_BUSY;
}

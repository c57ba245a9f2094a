/* SPDX-License-Identifier: GPL-2.0 */
#ifndef EQFW_COMPAT_LINUX_NETLINK_H
#define EQFW_COMPAT_LINUX_NETLINK_H

#include_next <linux/netlink.h>
#include <linux/atomic.h>

#define EQFW_SENTENCE_MAX 80

/**
 * struct eqfw_sentences - room for formatted refusals where an extack brings none
 * @next: the slot that the next refusal uses
 * @slot: the sentences; the last byte of each is always NUL
 *
 * A sentence must live until the acknowledgement is made, a few microseconds after the refusal. A
 * slot is written again only sixteen refusals of the same namespace later.
 */
struct eqfw_sentences {
#ifndef NL_SET_ERR_MSG_FMT
	atomic_t next;
	char slot[16][EQFW_SENTENCE_MAX];
#endif
};

/**
 * eqfw_sentence_room() - where to write a formatted refusal
 * @extack: the request's extack
 * @sentences: of its namespace
 *
 * Return: EQFW_SENTENCE_MAX bytes.
 */
static inline char *eqfw_sentence_room(struct netlink_ext_ack *extack,
				       struct eqfw_sentences *sentences)
{
#ifdef NL_SET_ERR_MSG_FMT
	BUILD_BUG_ON(sizeof(extack->_msg_buf) < EQFW_SENTENCE_MAX);
	return extack->_msg_buf;
#else
	unsigned int n = atomic_inc_return(&sentences->next);

	return sentences->slot[n % ARRAY_SIZE(sentences->slot)];
#endif
}

#ifndef NL_SET_ERR_ATTR_MISS
#define NL_SET_ERR_ATTR_MISS(extack, nest, type) \
	do { \
	} while (0)
#endif

#endif

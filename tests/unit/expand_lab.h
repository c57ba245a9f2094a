/* SPDX-License-Identifier: GPL-2.0 */
/* A deployment of the small document in expand-fixture/, expanded, and a naive reader of its rules. */
#ifndef EXPAND_LAB_H
#define EXPAND_LAB_H

#include "ruleset.h"

struct lab {
	struct diag diag;
	struct matrix *matrix;
	struct deployment *deployment;
	struct ruleset *ruleset;
};

/* `text` goes behind name, matrix, mode and zones. */
void lab_open(struct lab *lab, const char *text);
void lab_close(struct lab *lab);
/* Item of the first rule that permits it, or NULL; `to` may be a multicast group's address. */
const char *lab_item(const struct lab *lab, const char *from, const char *to, const char *proto,
		     unsigned int sport, unsigned int dport);
/* Number of rules of an item. */
size_t lab_rules(const struct lab *lab, const char *item);

#define assert_permit(lab, from, to, proto, sport, dport, item) \
	do { \
		const char *found_ = lab_item(lab, from, to, proto, sport, dport); \
		assert_string_equal(found_ ? found_ : "(drop)", item); \
	} while (0)
#define assert_drop(lab, from, to, proto, sport, dport) \
	assert_permit(lab, from, to, proto, sport, dport, "(drop)")

#endif

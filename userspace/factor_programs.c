// SPDX-License-Identifier: GPL-2.0
/*
 * Programs: the rules of a pair of classes in their canonical order, equal ones shared.
 *
 * Rules come in bundles, one for each pair of groups. The sorted set of bundles that meet at a pair
 * of classes names its program before any rule is looked at; sets whose rules turn out equal share
 * one program too. A rule is left out where a wider one of the same item contains it and no rule of
 * another item that stands between them could claim one of its packets: then neither the verdict
 * nor the item of any packet changes.
 */
#include <endian.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "factor.h"
#include "profile_check.h"

/* In flags while rules are collected; the format has none. */
#define MARK_EXACT 1u

struct cache_entry {
	UT_hash_handle hh;
	void *key;
	uint32_t program;
};

/* Programs by set of bundles, and by their rules. */
struct program_cache {
	struct cache_entry *by_bundles;
	struct cache_entry *by_rules;
	struct eqfw_rule_rec *scratch;
	size_t n, capacity;
	struct eqfw_rule_rec *closing; /* scratch: forbids of the pair in hand */
	size_t n_closing, closing_capacity;
	uint32_t *key; /* scratch */
	size_t key_capacity;
};

static bool has_numbers(uint8_t proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP || proto == IPPROTO_ICMP ||
	       proto == IPPROTO_ICMPV6;
}

static struct eqfw_rule_rec rule_record(const struct rule *rule, bool forbid)
{
	struct eqfw_rule_rec rec = { .item = htole32(rule->item), .proto = rule->proto };

	rec.flags = rule->exact ? MARK_EXACT : 0;

	if (!has_numbers(rule->proto))
		return rec;
	rec.src_lo = htole16(rule->src.lo);
	rec.src_hi = htole16(rule->src.hi);
	rec.dst_lo = htole16(rule->dst.lo);
	rec.dst_hi = htole16(rule->dst.hi);
	if (forbid) {
		rec.src_lo = htole16(1);
		rec.src_hi = htole16(65535);
	}
	return rec;
}

static int record_compare(const void *a, const void *b)
{
	if (eqfw_rule_before(a, b))
		return -1;
	return eqfw_rule_before(b, a);
}

static int permit_compare(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return (x->to > y->to) - (x->to < y->to);
}

static int forbid_compare(const void *a, const void *b)
{
	const struct rule *x = a, *y = b;

	return (x->to > y->to) - (x->to < y->to);
}

/* Append the bundles of sorted rules; the order inside a bundle is settled by its program. */
static void bundles_append(struct factor *f, const struct rule *rules, size_t n, bool forbid)
{
	for (size_t i = 0; i < n; i++) {
		struct bundle *last = &f->bundles[f->n_bundles];

		if (i && rules[i].to == rules[i - 1].to &&
		    (forbid || rules[i].from == rules[i - 1].from)) {
			last[-1].count++;
		} else {
			*last = (struct bundle){ .from = rules[i].from,
						 .to = rules[i].to,
						 .first = (uint32_t)f->n_rules,
						 .count = 1 };
			f->n_bundles++;
		}
		f->rules[f->n_rules++] = rule_record(&rules[i], forbid);
	}
}

static void bundles_sorted(struct factor *f, const struct rule *rules, size_t n, bool forbid)
{
	struct rule *sorted = must_alloc(n * sizeof(*sorted));

	if (n) {
		memcpy(sorted, rules, n * sizeof(*sorted));
		qsort(sorted, n, sizeof(*sorted), forbid ? forbid_compare : permit_compare);
	}
	bundles_append(f, sorted, n, forbid);
	free(sorted);
}

void factor_bundles(struct factor *f)
{
	const struct ruleset *ruleset = f->ruleset;
	size_t n = ruleset->n_rules + ruleset->n_forbids;

	f->rules = arena_alloc(f->arena, (n + 1) * sizeof(*f->rules));
	f->bundles = arena_alloc(f->arena, (n + 1) * sizeof(*f->bundles));
	f->program_cache = arena_alloc(f->arena, sizeof(*f->program_cache));
	bundles_sorted(f, ruleset->rules, ruleset->n_rules, false);
	f->n_permits = f->n_bundles;
	bundles_sorted(f, ruleset->forbids, ruleset->n_forbids, true);
}

static bool contains(const struct eqfw_rule_rec *outer, const struct eqfw_rule_rec *inner)
{
	return le16toh(outer->src_lo) <= le16toh(inner->src_lo) &&
	       le16toh(outer->src_hi) >= le16toh(inner->src_hi) &&
	       le16toh(outer->dst_lo) <= le16toh(inner->dst_lo) &&
	       le16toh(outer->dst_hi) >= le16toh(inner->dst_hi);
}

static bool overlaps(const struct eqfw_rule_rec *a, const struct eqfw_rule_rec *b)
{
	return le16toh(a->src_lo) <= le16toh(b->src_hi) &&
	       le16toh(b->src_lo) <= le16toh(a->src_hi) &&
	       le16toh(a->dst_lo) <= le16toh(b->dst_hi) && le16toh(b->dst_lo) <= le16toh(a->dst_hi);
}

/* Whether a later rule of the same item makes rules[i] say nothing. */
static bool is_covered(const struct eqfw_rule_rec *rules, size_t i, size_t n)
{
	for (size_t j = i + 1; j < n && rules[j].proto == rules[i].proto; j++) {
		if (rules[j].item == rules[i].item) {
			if (contains(&rules[j], &rules[i]))
				return true;
		} else if (overlaps(&rules[j], &rules[i])) {
			return false;
		}
	}
	return false;
}

/* Sort, and leave out what says nothing; of equal rules that is all but the last. */
static size_t rules_settle(struct eqfw_rule_rec *rules, size_t n)
{
	size_t out = 0;

	if (!n)
		return 0;
	qsort(rules, n, sizeof(*rules), record_compare);
	for (size_t i = 0; i < n; i++) {
		if (!is_covered(rules, i, n))
			rules[out++] = rules[i];
	}
	return out;
}

static struct cache_entry *cache_add(struct factor *f, struct cache_entry **table, const void *key,
				     size_t size, uint32_t program)
{
	struct cache_entry *entry = arena_alloc(f->arena, sizeof(*entry));

	entry->key = memcpy(arena_alloc(f->arena, size), key, size);
	entry->program = program;
	HASH_ADD_KEYPTR(hh, *table, entry->key, size, entry);
	return entry;
}

static const char *items_text(struct factor *f, const struct eqfw_rule_rec *rules, size_t n)
{
	const char *text = "";
	uint32_t last = NO_INDEX;
	unsigned int named = 0;

	for (size_t i = 0; i < n && named < 4; i++) {
		uint32_t item = le32toh(rules[i].item);

		if (item == last)
			continue;
		last = item;
		text = arena_printf(f->arena, "%s%s%s", text, named++ ? ", " : "",
				    f->ruleset->items[item].id);
	}
	return text;
}

static bool too_many_rules(struct factor *f, size_t n, const struct encounter *encounter)
{
	const struct program_cache *cache = f->program_cache;
	const char *src = encounter->src == NO_INDEX ? "anywhere" : f->classes[encounter->src].name;

	if (n <= EQFW_MAX_PROGRAM_RULES)
		return false;
	diag_error(f->diag, NOWHERE, "give one rule wider ports in place of many narrow ones",
		   "%zu rules from %s to %s (items %s, ...): the limit is %u", n, src,
		   f->classes[encounter->dst].name, items_text(f, cache->scratch, n),
		   EQFW_MAX_PROGRAM_RULES);
	return true;
}

static uint32_t program_append(struct factor *f, const struct eqfw_rule_rec *rules, size_t n)
{
	struct eqfw_program_rec rec = { .first = htole32((uint32_t)f->n_program_rules),
					.count = htole32((uint32_t)n) };

	for (size_t i = 0; i < n; i++) {
		GROW(f->program_rules, f->n_program_rules, f->program_rules_capacity);
		f->program_rules[f->n_program_rules++] = rules[i];
	}
	GROW(f->programs, f->n_programs, f->programs_capacity);
	f->programs[f->n_programs] = rec;
	return (uint32_t)f->n_programs++;
}

/* The program with exactly these rules, made if it is new. */
static uint32_t program_by_rules(struct factor *f, const struct eqfw_rule_rec *rules, size_t n)
{
	struct program_cache *cache = f->program_cache;
	struct cache_entry *found = NULL;

	HASH_FIND(hh, cache->by_rules, rules, n * sizeof(*rules), found);
	if (!found)
		found = cache_add(f, &cache->by_rules, rules, n * sizeof(*rules),
				  program_append(f, rules, n));
	return found->program;
}

static void scratch_add(struct program_cache *cache, const struct eqfw_rule_rec *rule)
{
	GROW(cache->scratch, cache->n, cache->capacity);
	cache->scratch[cache->n++] = *rule;
	cache->scratch[cache->n - 1].flags = 0;
}

/* The first forbid that takes ports from the rule, or NULL. */
static const struct eqfw_rule_rec *find_closing(const struct program_cache *cache,
						const struct eqfw_rule_rec *rule)
{
	for (size_t i = 0; i < cache->n_closing; i++) {
		if (cache->closing[i].proto == rule->proto && overlaps(&cache->closing[i], rule))
			return &cache->closing[i];
	}
	return NULL;
}

/* What forbids leave of a rule: below the first that meets it, then what they leave above. */
static void scratch_cut(struct program_cache *cache, struct eqfw_rule_rec rule)
{
	const struct eqfw_rule_rec *forbid;

	while (!(rule.flags & MARK_EXACT) && (forbid = find_closing(cache, &rule))) {
		struct eqfw_rule_rec below = rule;

		below.dst_hi = htole16((uint16_t)(le16toh(forbid->dst_lo) - 1));
		if (le16toh(forbid->dst_lo) > le16toh(rule.dst_lo))
			scratch_cut(cache, below);
		if (le16toh(forbid->dst_hi) >= le16toh(rule.dst_hi))
			return;
		rule.dst_lo = htole16((uint16_t)(le16toh(forbid->dst_hi) + 1));
	}
	scratch_add(cache, &rule);
}

static void closing_add(struct program_cache *cache, struct eqfw_rule_rec rule)
{
	GROW(cache->closing, cache->n_closing, cache->closing_capacity);
	cache->closing[cache->n_closing++] = rule;
}

typedef void (*rule_taker)(struct program_cache *cache, struct eqfw_rule_rec rule);

/* A rule as it looks between two classes: DNAT may change ports at either. */
static void rule_move(struct factor *f, const struct encounter *encounter, uint32_t index,
		      struct eqfw_rule_rec rule, rule_taker take)
{
	const struct addr_class *dst = &f->classes[encounter->dst];
	const struct bundle *bundle = &f->bundles[index];
	struct port_range all = { le16toh(rule.src_lo), le16toh(rule.src_hi) };
	struct portset from = { .ranges = &all, .n = 1 }, to;
	struct arena *arena = arena_new();

	/* Forbids are from everybody, and from every port. */
	if (index < f->n_permits)
		from = factor_ports_at(f, arena, &f->classes[encounter->src], bundle->from, &rule,
				       true);
	to = factor_ports_at(f, arena, dst, bundle->to, &rule, false);
	for (size_t i = 0; i < from.n; i++) {
		for (size_t k = 0; k < to.n; k++) {
			rule.src_lo = htole16(from.ranges[i].lo);
			rule.src_hi = htole16(from.ranges[i].hi);
			rule.dst_lo = htole16(to.ranges[k].lo);
			rule.dst_hi = htole16(to.ranges[k].hi);
			take(f->program_cache, rule);
		}
	}
	arena_free(arena);
}

static bool moves_ports(const struct factor *f, const struct encounter *encounter)
{
	return f->classes[encounter->dst].key->view != NO_VIEW ||
	       (encounter->src != NO_INDEX && f->classes[encounter->src].key->view != NO_VIEW);
}

static void bundle_take(struct factor *f, const struct encounter *encounter, size_t i, bool moves,
			rule_taker take)
{
	uint32_t index = encounter->bundles[i];
	const struct bundle *bundle = &f->bundles[index];

	for (uint32_t r = 0; r < bundle->count; r++) {
		if (moves)
			rule_move(f, encounter, index, f->rules[bundle->first + r], take);
		else
			take(f->program_cache, f->rules[bundle->first + r]);
	}
}

/* Forbids stand behind the permits; alone they are the rules, else they close ports of them. */
static void scratch_fill(struct factor *f, const struct encounter *encounter)
{
	bool moves = moves_ports(f, encounter);
	size_t n = encounter->n, n_rules = 0;

	while (n_rules < n && encounter->bundles[n_rules] < f->n_permits)
		n_rules++;
	if (!n_rules)
		n_rules = n;
	f->program_cache->n = 0;
	f->program_cache->n_closing = 0;
	for (size_t i = n_rules; i < n; i++)
		bundle_take(f, encounter, i, moves, closing_add);
	for (size_t i = 0; i < n_rules; i++)
		bundle_take(f, encounter, i, moves, scratch_cut);
}

/* What an encounter's program depends on: how both ends see ports, and the bundles. */
static size_t encounter_key(struct factor *f, const struct encounter *encounter)
{
	struct program_cache *cache = f->program_cache;
	uint32_t src = encounter->src;
	size_t n = 0;

	GROW(cache->key, n, cache->key_capacity);
	cache->key[n++] = src == NO_INDEX ? NO_VIEW : f->classes[src].key->view;
	cache->key[n++] = f->classes[encounter->dst].key->view;
	/* Of the box or not: its own ports are no host's. */
	cache->key[n++] = f->classes[encounter->dst].key->flags & EQFW_CLASS_BOX;
	cache->key[n++] = src == NO_INDEX ? 0 : f->classes[src].key->flags & EQFW_CLASS_BOX;
	for (size_t i = 0; i < encounter->n; i++) {
		GROW(cache->key, n, cache->key_capacity);
		cache->key[n++] = encounter->bundles[i];
	}
	return n * sizeof(*cache->key);
}

bool factor_program(struct factor *f, const struct encounter *encounter, uint32_t *program)
{
	struct program_cache *cache = f->program_cache;
	struct cache_entry *found = NULL;
	size_t n_rules, size = encounter_key(f, encounter);

	HASH_FIND(hh, cache->by_bundles, cache->key, size, found);
	if (found) {
		*program = found->program;
		return true;
	}
	scratch_fill(f, encounter);
	n_rules = rules_settle(cache->scratch, cache->n);
	if (too_many_rules(f, n_rules, encounter))
		return false;
	*program = n_rules ? program_by_rules(f, cache->scratch, n_rules) : EQFW_PROGRAM_NONE;
	cache_add(f, &cache->by_bundles, cache->key, size, *program);
	return factor_limit_rules(f, "port programs", f->n_programs, EQFW_MAX_PROGRAMS) &&
	       factor_limit_rules(f, "rules", f->n_program_rules, EQFW_MAX_RULES);
}

static void cache_free(struct cache_entry *table)
{
	HASH_CLEAR(hh, table);
}

void factor_programs_free(struct factor *f)
{
	if (f->program_cache) {
		cache_free(f->program_cache->by_bundles);
		cache_free(f->program_cache->by_rules);
		free(f->program_cache->scratch);
		free(f->program_cache->closing);
		free(f->program_cache->key);
	}
	free(f->programs);
	free(f->program_rules);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * Pair of classes -> program.
 *
 * Problem: up to 65535 classes make four billion pairs, of which at most a million have a program.
 * A matrix of pairs is too large; a hash table has no bound that an opponent respects.
 *
 * Idea: row displacement. Each source class has a row with a cell for each destination class that
 * it may talk to. The rows, mostly empty, are laid over each other in one array, each shifted so
 * far that no two cells meet; a slot remembers whose cell it is:
 *
 *     row 1     . . 0 . . 1                   (1,2)->p0 (1,5)->p1
 *     row 3     . . 0 . 2                     (3,2)->p0 (3,4)->p2
 *                                     shifts[1] = 0, shifts[3] = 1
 *     slots     . . 1:p0 3:p0 . 1+3?         (3,4) would go to slot 5, where (1,5) is: no
 *                                     shifts[3] = 2
 *     slots     . . 1:p0 . 3:p0 1:p1 3:p2    lookup (s,d): slots[shifts[s] + d], s the owner?
 *
 * Two loads and one comparison, whatever is asked; the shift stands beside the zone of the class,
 * which is loaded anyway. Rows with many cells go first, each to the first
 * of some places where it fits, else behind all others: short ones fill the holes. 256 places are
 * tried, so the time is bounded; the search begins where rows of such length still found a place.
 *
 * Long rows strewn at random over very many classes do not fit into each other. Where the array
 * would take more than SLOTS_PER_CELL slots a cell, the cells stay as they come, sorted by source,
 * then destination, with an index of the rows, and a row is searched by halving: 16 steps at most.
 *
 * References: R. Tarjan, A. Yao, "Storing a Sparse Table", 1979; Y. Saad, "Iterative Methods for
 * Sparse Linear Systems", 2003, section 3.4 (compressed rows).
 */
#include "build.h"

#define TRIES 256
#define SLOTS_PER_CELL 6u
#define NO_OWNER 0xffff0000u

/* Rows by descending length, and which slots are taken. */
struct layout {
	const struct eqfw_cell_rec *cells;
	u32 *first; /* of each source class its first cell; one more at the end */
	u32 *order;
	u64 *taken;
	u32 limit;  /* slots */
	u32 end;    /* behind the last slot taken */
	u32 from;   /* where the search begins */
	u32 length; /* of the first row since the search began at slot 0 */
};

static void index_rows(const struct eqfw_profile *profile, u32 *first)
{
	u32 i, row = 0;

	for (i = 0; i < profile->n_cells; i++) {
		u32 src = le32_to_cpu(profile->cells[i].src_class);

		while (row < src)
			first[++row] = i;
		if (!(i & 1023))
			eqfw_core_breathe();
	}
	while (row < profile->n_classes)
		first[++row] = i;
}

static u32 row_length(const struct layout *l, u32 row)
{
	return l->first[row + 1] - l->first[row];
}

/* Counting sort; begins[n] becomes where rows of length n begin in the order. */
static void sort_rows(struct layout *l, u32 *begins, u32 n)
{
	u32 i, at = 0;

	for (i = 0; i < n; i++)
		begins[row_length(l, i)]++;
	for (i = n + 1; i--;) {
		u32 count = begins[i];

		begins[i] = at;
		at += count;
	}
	for (i = 0; i < n; i++)
		l->order[begins[row_length(l, i)]++] = i;
}

static bool is_taken(const struct layout *l, u32 slot)
{
	return l->taken[slot / 64] >> (slot % 64) & 1;
}

/* The next free slot of the word that @slot is in, or where the next word begins. */
static u32 next_free(const struct layout *l, u32 slot)
{
	u64 free = ~l->taken[slot / 64] >> (slot % 64);

	return free ? slot + __ffs64(free) : (slot / 64 + 1) * 64;
}

static u32 dst_of(const struct layout *l, u32 cell)
{
	return le32_to_cpu(l->cells[cell].dst_class);
}

static bool fits(const struct layout *l, u32 row, u32 shift)
{
	u32 i;

	for (i = l->first[row]; i < l->first[row + 1]; i++)
		if (is_taken(l, shift + dst_of(l, i)))
			return false;
	return true;
}

static u32 max32(u32 a, u32 b)
{
	return a > b ? a : b;
}

/* A shift at which the row fits; the slots behind the end are all free. */
static u32 find_shift(struct layout *l, u32 row)
{
	u32 first = dst_of(l, l->first[row]);
	u32 slot = max32(l->from, first);
	u32 i;

	for (i = 0; i < TRIES; i++) {
		slot = next_free(l, slot);
		if (slot >= l->end || fits(l, row, slot - first))
			return slot - first;
		slot += !is_taken(l, slot);
	}
	l->from = slot;
	return max32(l->end, first) - first;
}

static bool place_row(struct layout *l, u32 row, u32 *shifts)
{
	u32 length = row_length(l, row), i;

	/* What was too crowded for long rows may not be for shorter ones. */
	if (length <= l->length / 2) {
		l->from = 0;
		l->length = length;
	}
	shifts[row] = find_shift(l, row);
	if (shifts[row] + dst_of(l, l->first[row + 1] - 1) >= l->limit)
		return false;
	for (i = l->first[row]; i < l->first[row + 1]; i++) {
		u32 slot = shifts[row] + dst_of(l, i);

		l->taken[slot / 64] |= 1ull << (slot % 64);
		l->end = max32(l->end, slot + 1);
	}
	return true;
}

/* True where all rows found a place. */
static bool place_rows(struct layout *l, u32 n, u32 *shifts)
{
	u32 i;

	l->length = U32_MAX;
	for (i = 0; i < n && row_length(l, l->order[i]); i++) {
		if (!place_row(l, l->order[i], shifts))
			return false;
		if (!(i & 15))
			eqfw_core_breathe();
	}
	return true;
}

static u32 last_slot(const struct eqfw_profile *profile, const u32 *shifts)
{
	u32 most = 0, i;

	for (i = 0; i < profile->n_classes; i++)
		most = max32(most, shifts[i]);
	return most + profile->n_classes;
}

/* Any destination class added to any shift stays inside. */
static void plan_form(struct eqfw_builder *b, bool placed)
{
	u32 n = b->profile->n_classes;

	if (placed) {
		b->draft.slots =
			eqfw_builder_take(b, last_slot(b->profile, b->shifts), sizeof(u32));
	} else {
		b->draft.first = eqfw_builder_take(b, n + 1, sizeof(u32));
		b->draft.cells = eqfw_builder_take(b, b->profile->n_cells, sizeof(u32));
	}
}

int eqfw_cells_plan(struct eqfw_builder *b)
{
	const struct eqfw_profile *profile = b->profile;
	u32 n = profile->n_classes;
	u32 limit = profile->n_cells * SLOTS_PER_CELL + n;
	struct layout l = { .cells = profile->cells, .limit = limit };
	u32 *begins = eqfw_core_alloc((n + 1) * sizeof(*begins));
	bool placed;

	l.first = eqfw_core_alloc((n + 1) * sizeof(*l.first));
	l.order = eqfw_core_alloc(n * sizeof(*l.order));
	/* Searches look one word past the limit, tests of a row one row. */
	l.taken = eqfw_core_alloc((limit + n + 128) / 64 * sizeof(*l.taken));
	b->shifts = eqfw_core_alloc(n * sizeof(*b->shifts));
	if (begins && l.first && l.order && l.taken && b->shifts) {
		index_rows(profile, l.first);
		sort_rows(&l, begins, n);
		placed = place_rows(&l, n, b->shifts);
		plan_form(b, placed);
	}
	eqfw_core_free(begins);
	eqfw_core_free(l.first);
	eqfw_core_free(l.order);
	eqfw_core_free(l.taken);
	return b->draft.slots || b->draft.first ? 0 : -ENOMEM;
}

static void fill_slots(struct eqfw_builder *b)
{
	u32 n = last_slot(b->profile, b->shifts), i;
	u32 *slots = eqfw_builder_at(b, b->draft.slots);

	for (i = 0; i < n; i++)
		slots[i] = NO_OWNER;
	for (i = 0; i < b->profile->n_cells; i++) {
		const struct eqfw_cell_rec *cell = &b->profile->cells[i];
		u32 src = le32_to_cpu(cell->src_class), dst = le32_to_cpu(cell->dst_class);

		slots[b->shifts[src] + dst] = src << 16 | (le32_to_cpu(cell->program) + 1);
		if (!(i & 1023))
			eqfw_core_breathe();
	}
}

static void fill_sorted(struct eqfw_builder *b)
{
	u32 *cells = eqfw_builder_at(b, b->draft.cells);
	u32 i;

	index_rows(b->profile, eqfw_builder_at(b, b->draft.first));
	for (i = 0; i < b->profile->n_cells; i++) {
		const struct eqfw_cell_rec *cell = &b->profile->cells[i];

		cells[i] = le32_to_cpu(cell->dst_class) << 16 | (le32_to_cpu(cell->program) + 1);
	}
}

void eqfw_cells_fill(struct eqfw_builder *b)
{
	if (b->draft.slots)
		fill_slots(b);
	else
		fill_sorted(b);
}

u32 eqfw_cells_search(const struct eqfw_table *table, u32 src, u32 dst)
{
	const u32 *first = eqfw_table_at(table, table->first);
	const u32 *cells = eqfw_table_at(table, table->cells);
	u32 lo = first[src], n = first[src + 1] - lo;

	if (!n)
		return EQFW_PROGRAM_EMPTY;
	while (n > 1) {
		u32 half = n / 2;

		lo += cells[lo + half] >> 16 <= dst ? half : 0;
		n -= half;
	}
	return cells[lo] >> 16 == dst ? cells[lo] & 0xffff : EQFW_PROGRAM_EMPTY;
}

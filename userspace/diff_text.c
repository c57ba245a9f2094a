// SPDX-License-Identifier: GPL-2.0
/* A comparison for people. */
#include <stdlib.h>
#include <string.h>

#include "diff.h"
#include "image.h"
#include "out.h"

#define DIGEST_SHOWN 12 /* hex digits of a digest that people see */
#define ENDS_SHOWN 12	/* lines of ends; --all shows the rest */
#define ADDRESSES_SHOWN 20

static void print_heads(const struct diff *diff)
{
	for (int s = 0; s < N_SIDES; s++) {
		const struct eqfw_profile *profile = diff->sides[s].profile;
		char digest[65];

		digest_hex(profile->digest, digest);
		out_line("%s %s: %s %.*s", s == OLD ? "---" : "+++", diff->sides[s].file,
			 diff_string(diff, s, profile->header->name), DIGEST_SHOWN, digest);
	}
}

static void print_settings(const char *title, const struct setting_change *changes, size_t n,
			   size_t shown)
{
	if (!n)
		return;
	out_line(" ");
	out_headline(OUT_BOLD, title, ":");
	for (size_t i = 0; i < n && i < shown; i++)
		out_line("    %s: %s -> %s", changes[i].what, changes[i].old, changes[i].new);
	if (n > shown)
		out_line("    ... and %zu more", n - shown);
}

/* Lines of one kind, put together by who changed. */
static void print_scopes_of(const struct diff *diff, bool closes, bool both)
{
	struct arena *arena = arena_new();
	struct end_pair *pairs, *lines;
	size_t n = 0;

	pairs = arena_alloc(arena, (diff->n_scope_changes + 1) * sizeof(*pairs));
	for (size_t i = 0; i < diff->n_scope_changes; i++) {
		const struct scope_change *change = &diff->scope_changes[i];

		if (change->closes == closes && change->both == both)
			pairs[n++] = (struct end_pair){ .from = change->from, .to = change->to };
	}
	lines = end_pairs_join(arena, pairs, n, &n);
	for (size_t i = 0; i < n; i++)
		out_line("    %s: %s %s %s",
			 closes ? "judged now, drops what no row permits"
				: "not judged any more, passes",
			 lines[i].from, both ? "<->" : "->", lines[i].to);
	arena_free(arena);
}

static void print_scope(const struct diff *diff)
{
	if (!diff->n_scope_changes)
		return;
	out_line(" ");
	out_headline(OUT_BOLD, "judged or not", ":");
	for (int kind = 0; kind < 4; kind++)
		print_scopes_of(diff, kind & 2, kind & 1);
}

static void print_blocks(const struct change *change, bool all)
{
	struct arena *arena = arena_new();
	struct flow_blocks blocks;

	diff_blocks(arena, change, &blocks);
	for (size_t i = 0; i < blocks.n; i++) {
		const struct flow_block *block = &blocks.blocks[i];
		size_t shown = all || block->n_ends <= ENDS_SHOWN ? block->n_ends : ENDS_SHOWN;

		for (size_t j = 0; j < shown; j++)
			out_line("    %s -> %s", block->ends[j].from, block->ends[j].to);
		if (shown < block->n_ends)
			out_line("    ... and %zu more lines like these (--all shows them)",
				 block->n_ends - shown);
		for (size_t j = 0; j < block->n_lines; j++)
			out_line("        %c %s",
				 change->kind == CHANGE_ROW ? '='
				 : block->lines[j].tag	    ? '+'
							    : '-',
				 flow_line_text(arena, &block->lines[j]));
	}
	free(blocks.blocks);
	arena_free(arena);
}

static void print_change(const struct diff *diff, const struct change *change, bool all)
{
	static const enum out_style styles[N_CHANGES] = { OUT_GREEN, OUT_RED, OUT_BOLD, OUT_BOLD };
	const struct label *old = &diff->labels[change->label[OLD]];
	const struct label *new = &diff->labels[change->label[NEW]];
	const struct label *label = change->label[NEW] ? new : old;
	const struct eqfw_item_rec *item = &diff->sides[label->side].profile->items[label->item];

	out_line(" ");
	out_headline(styles[change->kind], diff_change_names[change->kind], " %s%s%s: %s: \"%s\"",
		     change->kind == CHANGE_ROW ? old->text : "",
		     change->kind == CHANGE_ROW ? " => " : "", label->text,
		     diff_string(diff, label->side, item->pair),
		     diff_string(diff, label->side, item->printed));
	print_blocks(change, all);
}

static void print_summary(const struct diff *diff)
{
	size_t n[N_CHANGES] = { 0 };

	for (size_t i = 0; i < diff->n_changes; i++)
		n[diff->changes[i].kind]++;
	if (diff_same(diff)) {
		out_line("same: no packet is judged differently");
		return;
	}
	out_line(" ");
	out_line("items: %zu open, %zu close, %zu move, %zu change their row; "
		 "%zu settings, %zu kinds of address, %zu scopes differ",
		 n[CHANGE_OPENS], n[CHANGE_CLOSES], n[CHANGE_MOVES], n[CHANGE_ROW],
		 diff->n_settings, diff->n_addresses, diff->n_scope_changes);
}

void diff_print_text(const struct diff *diff, bool all)
{
	size_t shown = all ? SIZE_MAX : ADDRESSES_SHOWN;

	print_heads(diff);
	print_settings("settings", diff->settings, diff->n_settings, SIZE_MAX);
	print_settings("addresses", diff->addresses, diff->n_addresses, shown);
	print_scope(diff);
	for (size_t i = 0; i < diff->n_changes; i++)
		print_change(diff, &diff->changes[i], all);
	print_settings("no packet notices", diff->notes, diff->n_notes, SIZE_MAX);
	print_summary(diff);
}

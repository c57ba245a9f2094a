// SPDX-License-Identifier: GPL-2.0
/* /proc/net/eqfw: status, drops and rows for people and simple scripts. Read only. */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <linux/seq_file_net.h>
#include <net/netfilter/nf_conntrack.h>

#include "names.h"
#include "net.h"
#include "proc.h"

#define EQFW_PROC_MODE 0440

const char *eqfw_reason_name(unsigned int reason)
{
	static const char *const names[] = { "none",
#define EQFW_REASON_NAME(sym, name, sentence) name,
					     EQFW_REASONS(EQFW_REASON_NAME)
#undef EQFW_REASON_NAME
	};

	return names[reason < EQFW_N_REASONS ? reason : 0];
}

static struct eqfw_net *lock_net(struct seq_file *m)
{
	struct eqfw_net *en = eqfw_net(seq_file_single_net(m));

	mutex_lock(&en->mutex);
	return en;
}

static void show_state(struct seq_file *m, const struct eqfw_net *en, const struct eqfw_live *live)
{
	const char *state = "none";

	if (live)
		state = live->audit ? "auditing" : "enforcing";
	seq_printf(m, "state %s\n", state);
	seq_printf(m, "mode %s\n", !live ? "none" : live->audit ? "audit" : "enforce");
	seq_puts(m, "digest ");
	if (live)
		seq_printf(m, "%*phN\n", EQFW_DIGEST_SIZE, live->profile.digest);
	else
		seq_puts(m, "none\n");
	seq_printf(m, "generation %llu\n", en->generation);
	seq_printf(m, "confirm_left_s %u\nadopt_left_s %u\n", eqfw_confirm_left_s(en),
		   live ? eqfw_seconds_until(live->adopt_until) : 0);
	seq_printf(m, "mode_left_s %u\n", live ? eqfw_mode_left_s(live) : 0);
	seq_printf(m, "rolled_back_at %llu\n", en->rolled_back.at);
}

static void show_profile(struct seq_file *m, const struct eqfw_live *live)
{
	const struct eqfw_profile *profile = &live->profile;
	const struct eqfw_header *header = profile->header;

	seq_printf(m, "name %s\n", eqfw_profile_string(profile, header->name));
	seq_printf(m, "matrix %s\n", eqfw_profile_string(profile, header->matrix));
	seq_printf(m, "zones %u\nclasses %u\nrules %u\nitems %u\n", profile->n_zones,
		   profile->n_classes, profile->n_rules, profile->n_items);
	seq_printf(m, "table_bytes %zu\ncounter_bytes %zu\nimage_bytes %zu\n",
		   eqfw_table_bytes(live->table), eqfw_counters_bytes(live->counters),
		   profile->size);
}

static int eqfw_status_show(struct seq_file *m, void *v)
{
	struct eqfw_net *en = lock_net(m);
	const struct eqfw_live *live = eqfw_net_live(en);

	seq_puts(m, "# eqfw status v1\n");
	show_state(m, en, live);
	if (live)
		show_profile(m, live);
	seq_printf(m, "conntrack_count %u\nconntrack_max %u\n", nf_conntrack_count(en->net),
		   nf_conntrack_max);
	if (live)
		seq_printf(m, "flows %u\nunzoned_passed %llu\nadopted %llu\nloaded_at %llu\n",
			   le32_to_cpu(live->profile.header->flows),
			   eqfw_totals_unzoned(&en->totals, live),
			   eqfw_totals_adopted(&en->totals, live), live->loaded_at);
	mutex_unlock(&en->mutex);
	return 0;
}

static void show_reasons(struct seq_file *m, const struct eqfw_net *en,
			 const struct eqfw_live *live)
{
	struct eqfw_sum drop, audit;
	unsigned int r;

	for (r = 1; r < EQFW_N_REASONS; r++) {
		eqfw_totals_reason(&en->totals, live, r, &drop, &audit);
		seq_printf(m, "drop %s %llu %llu\n", eqfw_reason_name(r), drop.packets, drop.bytes);
	}
	for (r = 1; r < EQFW_N_REASONS; r++) {
		eqfw_totals_reason(&en->totals, live, r, &drop, &audit);
		seq_printf(m, "audit %s %llu %llu\n", eqfw_reason_name(r), audit.packets,
			   audit.bytes);
	}
}

static void show_pair(struct seq_file *m, const char *from, const char *to,
		      const struct eqfw_sum *pass, const struct eqfw_sum *drop)
{
	seq_printf(m, "pair %s %s %llu %llu %llu %llu\n", from, to, pass->packets, pass->bytes,
		   drop->packets, drop->bytes);
}

/* Of two hundred zones most pairs never meet: only those that counted are shown. */
static void show_pairs(struct seq_file *m, const struct eqfw_net *en, const struct eqfw_live *live)
{
	u32 n = live->profile.n_zones, from, to;
	const struct eqfw_total *total;
	struct eqfw_sum pass, drop;

	for (from = 0; from <= n; from++) {
		for (to = 0; to <= n; to++) {
			eqfw_totals_pair(&en->totals, live, from, to, &pass, &drop);
			if (pass.packets || drop.packets)
				show_pair(m, eqfw_live_zone_name(live, from),
					  eqfw_live_zone_name(live, to), &pass, &drop);
		}
	}
	list_for_each_entry(total, &en->totals.pairs, list) {
		if (!total->live)
			show_pair(m, total->from, total->to, &total->pass, &total->drop);
	}
}

static int eqfw_drops_show(struct seq_file *m, void *v)
{
	struct eqfw_net *en = lock_net(m);
	const struct eqfw_live *live = eqfw_net_live(en);

	seq_puts(m, "# eqfw drops v1\n");
	if (live) {
		show_reasons(m, en, live);
		show_pairs(m, en, live);
	}
	mutex_unlock(&en->mutex);
	return 0;
}

static void show_items(struct seq_file *m, const struct eqfw_net *en, const struct eqfw_live *live)
{
	const struct eqfw_total *total;
	struct eqfw_sum pass;
	u32 i;

	for (i = 0; i < live->profile.n_items; i++) {
		eqfw_totals_item(&en->totals, live, i, &pass);
		seq_printf(m, "item %s %llu %llu\n", eqfw_live_item_id(live, i), pass.packets,
			   pass.bytes);
	}
	list_for_each_entry(total, &en->totals.items, list) {
		if (!total->live)
			seq_printf(m, "item %s %llu %llu\n", total->from, total->pass.packets,
				   total->pass.bytes);
	}
}

static int eqfw_rows_show(struct seq_file *m, void *v)
{
	struct eqfw_net *en = lock_net(m);
	const struct eqfw_live *live = eqfw_net_live(en);

	seq_puts(m, "# eqfw rows v1\n");
	if (live)
		show_items(m, en, live);
	mutex_unlock(&en->mutex);
	return 0;
}

static const struct {
	const char *name;
	int (*show)(struct seq_file *m, void *v);
} eqfw_proc_files[] = {
	{ "status", eqfw_status_show },
	{ "drops", eqfw_drops_show },
	{ "rows", eqfw_rows_show },
};

static int __net_init eqfw_proc_start(struct net *net)
{
	struct eqfw_net *en = eqfw_net(net);
	unsigned int i;

	en->proc = proc_net_mkdir(net, "eqfw", net->proc_net);
	if (!en->proc)
		return -ENOMEM;
	for (i = 0; i < ARRAY_SIZE(eqfw_proc_files); i++) {
		if (!proc_create_net_single(eqfw_proc_files[i].name, EQFW_PROC_MODE, en->proc,
					    eqfw_proc_files[i].show, NULL)) {
			proc_remove(en->proc);
			return -ENOMEM;
		}
	}
	return 0;
}

static void __net_exit eqfw_proc_stop(struct net *net)
{
	proc_remove(eqfw_net(net)->proc);
}

/* Registered after eqfw's state of a namespace, so ended before it. */
static struct pernet_operations eqfw_proc_ops = {
	.init = eqfw_proc_start,
	.exit = eqfw_proc_stop,
};

int eqfw_proc_init(void)
{
	return register_pernet_subsys(&eqfw_proc_ops);
}

void eqfw_proc_exit(void)
{
	unregister_pernet_subsys(&eqfw_proc_ops);
}

// SPDX-License-Identifier: GPL-2.0
/*
 * A namespace's hooks at PRE_ROUTING, or some of them: eqfw's own cost is that of its hook without
 * the connection tracking that it has brought along. The copy is called as the kernel calls the
 * original, by nf_hook_slow().
 */
#include <linux/slab.h>
#include <net/net_namespace.h>

#include "bench.h"

/* At the beginning of a page: where in its page a copy lies must not tell two cases apart. */
static struct nf_hook_entries *alloc_entries(unsigned int n)
{
	struct nf_hook_entries *entries;

	entries = kzalloc(max(struct_size(entries, hooks, n), PAGE_SIZE), GFP_ATOMIC);
	if (entries)
		entries->num_hook_entries = n;
	return entries;
}

static struct nf_hook_entries *copy_between(const struct nf_hook_entries *from, int low, int high)
{
	struct nf_hook_ops **ops = nf_hook_entries_get_hook_ops(from);
	struct nf_hook_entries *to = alloc_entries(from->num_hook_entries);
	unsigned int i, n = 0;

	if (!to)
		return NULL;
	for (i = 0; i < from->num_hook_entries; i++)
		if (ops[i]->priority >= low && ops[i]->priority <= high)
			to->hooks[n++] = from->hooks[i];
	to->num_hook_entries = n;
	return to;
}

/**
 * bench_hooks_between() - copy the hooks of a namespace that have these priorities
 * @net: namespace; its hooks must stay while the copy is used
 * @family: 4 or 6
 * @low: lowest priority that is copied
 * @high: highest
 *
 * Return: the copy, for kfree(); NULL where there are no hooks, or no memory
 */
struct nf_hook_entries *bench_hooks_between(struct net *net, u8 family, int low, int high)
{
	struct nf_hook_entries *from, *to = NULL;

	rcu_read_lock();
	if (family == 4)
		from = rcu_dereference(net->nf.hooks_ipv4[NF_INET_PRE_ROUTING]);
	else
		from = rcu_dereference(net->nf.hooks_ipv6[NF_INET_PRE_ROUTING]);
	if (from)
		to = copy_between(from, low, high);
	rcu_read_unlock();
	if (to && !to->num_hook_entries) {
		kfree(to);
		return NULL;
	}
	return to;
}

static unsigned int accept_all(void *priv, struct sk_buff *skb, const struct nf_hook_state *state)
{
	return NF_ACCEPT;
}

/**
 * bench_hooks_empty() - hooks that accept at once
 * @n: how many
 *
 * Return: for kfree(), or NULL
 */
struct nf_hook_entries *bench_hooks_empty(unsigned int n)
{
	struct nf_hook_entries *entries = alloc_entries(n);
	unsigned int i;

	for (i = 0; entries && i < n; i++)
		entries->hooks[i].hook = accept_all;
	return entries;
}

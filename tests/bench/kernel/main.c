// SPDX-License-Identifier: GPL-2.0
/*
 * Commands are lines written to /sys/kernel/debug/eqfw_bench/control, one a write:
 *
 *   trace NAME FILE         read packets
 *   case NAME TRACE WORD... one more case, in the namespace of the writer, packets coming by bench0:
 *                             hooks=LOW:HIGH  its hooks of these priorities
 *                             empty[=N]       hooks that accept at once, instead
 *                             accept | drop   every packet must; else what the trace says
 *                             forward         the whole stack, not hooks alone
 *                             fresh release serial cold=BYTES limit=PACKETS   as bench.h says
 *   connect NAME            let connection tracking keep the packets of a case
 *   check                   compare the verdicts of all cases
 *   run ROUNDS CPUS         time them
 *   clear                   forget cases and traces
 *
 * Then /sys/kernel/debug/eqfw_bench/results has a line for each case: NAME, packets of a round,
 * wrong verdicts, picoseconds a packet for each round (mean of the CPUs), separated by tabs.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netdevice.h>
#include <linux/nsproxy.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <net/net_namespace.h>

#include "bench.h"

#define DEVICE "bench0"
#define COMMAND_MAX 512
/* A short trace is gone through again: what a round warms up must not count. */
#define ROUND_PACKETS (128u << 10)

static DEFINE_MUTEX(bench_mutex);
static LIST_HEAD(traces);
static LIST_HEAD(cases);
static unsigned int rounds_done, lanes_done;
static struct dentry *bench_dir;

static struct bench_trace *find_trace(const char *name)
{
	struct bench_trace *trace;

	list_for_each_entry(trace, &traces, list)
		if (!strcmp(trace->name, name))
			return trace;
	return NULL;
}

static struct bench_case *find_case(const char *name)
{
	struct bench_case *c;

	list_for_each_entry(c, &cases, list)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

static char *next_word(char **line)
{
	char *word;

	do
		word = strsep(line, " \n");
	while (word && !*word);
	return word;
}

static int do_trace(char *line)
{
	const char *name = next_word(&line), *path = next_word(&line);
	struct bench_trace *trace;

	if (!path)
		return -EINVAL;
	trace = bench_trace_read(name, path);
	if (IS_ERR(trace))
		return PTR_ERR(trace);
	list_add_tail(&trace->list, &traces);
	return 0;
}

static void free_case(struct bench_case *c)
{
	kfree(c->entries);
	if (c->dev)
		dev_put(c->dev);
	put_net(c->net);
	kfree(c);
}

static int take_hooks(struct bench_case *c, const char *word)
{
	unsigned int n = 1;
	int low, high;

	if (sscanf(word, "hooks=%d:%d", &low, &high) == 2)
		c->entries = bench_hooks_between(c->net, c->trace->packets[0].family, low, high);
	else if (!strcmp(word, "empty") || sscanf(word, "empty=%u", &n) == 1)
		c->entries = bench_hooks_empty(n);
	else
		return -EINVAL;
	return c->entries ? 0 : -ENOENT;
}

static int take_word(struct bench_case *c, const char *word)
{
	if (!strcmp(word, "accept"))
		c->expect = BENCH_EXPECT_ACCEPT;
	else if (!strcmp(word, "drop"))
		c->expect = BENCH_EXPECT_DROP;
	else if (!strcmp(word, "fresh"))
		c->fresh = true;
	else if (!strcmp(word, "forward"))
		c->forward = true;
	else if (!strcmp(word, "release"))
		c->release = true;
	else if (!strcmp(word, "serial"))
		c->serial = true;
	else if (sscanf(word, "cold=%u", &c->cold) == 1)
		return c->cold <= BENCH_EVICT_MAX ? 0 : -ERANGE;
	else if (sscanf(word, "limit=%u", &c->limit) == 1)
		return c->limit ? 0 : -ERANGE;
	else
		return take_hooks(c, word);
	return 0;
}

static struct bench_case *new_case(const char *name, struct bench_trace *trace)
{
	struct bench_case *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (!c)
		return NULL;
	strscpy(c->name, name, sizeof(c->name));
	c->trace = trace;
	c->limit = max(trace->n, ROUND_PACKETS);
	c->net = get_net(current->nsproxy->net_ns);
	c->dev = dev_get_by_name(c->net, DEVICE);
	return c;
}

static int do_case(char *line)
{
	const char *name = next_word(&line), *word = next_word(&line);
	struct bench_trace *trace = word ? find_trace(word) : NULL;
	struct bench_case *c;
	int err;

	if (!trace)
		return -ENOENT;
	c = new_case(name, trace);
	if (!c)
		return -ENOMEM;
	err = c->dev ? 0 : -ENODEV;
	while (!err && (word = next_word(&line)))
		err = take_word(c, word);
	if (err) {
		free_case(c);
		return err;
	}
	list_add_tail(&c->list, &cases);
	return 0;
}

static int do_connect(char *line)
{
	const char *name = next_word(&line);
	struct bench_case *c = name ? find_case(name) : NULL;

	return c ? bench_replay_connect(c) : -ENOENT;
}

static int do_check(char *line)
{
	struct bench_case *c;
	int err = 0;

	list_for_each_entry(c, &cases, list)
		err = err ?: bench_replay_check(c);
	return err;
}

static int do_run(char *line)
{
	unsigned int rounds, lanes;

	if (sscanf(line, "%u %u", &rounds, &lanes) != 2 || !rounds || rounds > BENCH_ROUNDS_MAX ||
	    !lanes || lanes > min_t(unsigned int, BENCH_LANES_MAX, num_online_cpus()))
		return -EINVAL;
	rounds_done = rounds;
	lanes_done = lanes;
	return bench_replay_rounds(&cases, rounds, lanes);
}

static int do_clear(char *line)
{
	struct bench_trace *trace, *next_trace;
	struct bench_case *c, *next_case;

	list_for_each_entry_safe(c, next_case, &cases, list)
	{
		list_del(&c->list);
		free_case(c);
	}
	list_for_each_entry_safe(trace, next_trace, &traces, list)
	{
		list_del(&trace->list);
		bench_trace_free(trace);
	}
	rounds_done = 0;
	return 0;
}

static const struct {
	const char *name;
	int (*run)(char *line);
} commands[] = {
	{ "trace", do_trace }, { "case", do_case }, { "connect", do_connect },
	{ "check", do_check }, { "run", do_run },   { "clear", do_clear },
};

static int command(char *line)
{
	const char *name = next_word(&line);
	unsigned int i;

	for (i = 0; name && i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i].name, name))
			return commands[i].run(line ?: "");
	return -EINVAL;
}

static ssize_t control_write(struct file *file, const char __user *from, size_t len, loff_t *at)
{
	char *line;
	int err;

	if (len >= COMMAND_MAX)
		return -E2BIG;
	line = memdup_user_nul(from, len);
	if (IS_ERR(line))
		return PTR_ERR(line);
	mutex_lock(&bench_mutex);
	err = command(line);
	mutex_unlock(&bench_mutex);
	kfree(line);
	return err ?: len;
}

static const struct file_operations control_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = control_write,
};

static int results_show(struct seq_file *seq, void *v)
{
	unsigned int round, lane;
	struct bench_case *c;

	mutex_lock(&bench_mutex);
	list_for_each_entry(c, &cases, list) {
		seq_printf(seq, "%s\t%u\t%u", c->name, c->packets, c->different);
		for (round = 0; round < rounds_done; round++) {
			u64 ps = 0;

			for (lane = 0; lane < lanes_done; lane++)
				ps += c->ps[lane][round];
			seq_printf(seq, "\t%llu", div_u64(ps, lanes_done));
		}
		seq_putc(seq, '\n');
	}
	mutex_unlock(&bench_mutex);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(results);

static int __init bench_init(void)
{
	bench_dir = debugfs_create_dir("eqfw_bench", NULL);
	if (IS_ERR(bench_dir))
		return PTR_ERR(bench_dir);
	debugfs_create_file("control", 0200, bench_dir, NULL, &control_fops);
	debugfs_create_file("results", 0400, bench_dir, NULL, &results_fops);
	return 0;
}

static void __exit bench_exit(void)
{
	debugfs_remove_recursive(bench_dir);
	do_clear(NULL);
}

module_init(bench_init);
module_exit(bench_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("eqfw benchmark: replays packets through netfilter hooks");

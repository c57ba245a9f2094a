// SPDX-License-Identifier: GPL-2.0
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "bench.h"

#define BENCH_TRACE_MAX (1u << 20)

static int read_packets(struct bench_trace *trace, struct file *file)
{
	size_t size = (size_t)trace->n * sizeof(*trace->packets);
	loff_t at = 0;

	while (at < size) {
		ssize_t got = kernel_read(file, (u8 *)trace->packets + at, size - at, &at);

		if (got <= 0)
			return got < 0 ? got : -EINVAL;
	}
	return 0;
}

static int open_and_read(struct bench_trace *trace, const char *path)
{
	struct file *file = filp_open(path, O_RDONLY, 0);
	u64 n;
	int err;

	if (IS_ERR(file))
		return PTR_ERR(file);
	n = (u64)i_size_read(file_inode(file)) / sizeof(*trace->packets);
	trace->n = n > BENCH_TRACE_MAX ? 0 : rounddown((u32)n, BENCH_BATCH);
	if (trace->n)
		trace->packets = vmalloc(array_size(trace->n, sizeof(*trace->packets)));
	err = trace->packets ? read_packets(trace, file) : -EINVAL;
	fput(file);
	return err;
}

/**
 * bench_trace_read() - packets out of a file of struct bench_packet
 * @name: to be known by
 * @path: the file
 *
 * Context: process, sleeps
 * Return: the trace, or an error pointer
 */
struct bench_trace *bench_trace_read(const char *name, const char *path)
{
	struct bench_trace *trace = kzalloc(sizeof(*trace), GFP_KERNEL);
	int err;

	if (!trace)
		return ERR_PTR(-ENOMEM);
	strscpy(trace->name, name, sizeof(trace->name));
	err = open_and_read(trace, path);
	if (!err)
		return trace;
	bench_trace_free(trace);
	return ERR_PTR(err);
}

/**
 * bench_trace_free() - give a trace back
 * @trace: in no list any more
 *
 * Context: process, sleeps
 */
void bench_trace_free(struct bench_trace *trace)
{
	vfree(trace->packets);
	kfree(trace);
}

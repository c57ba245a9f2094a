/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Forced into kmod/load.c where the benchmark builds the module: what a load does under the
 * namespace's mutex, without what it waits for (the grace period, RTNL). The sources know nothing
 * of it. /sys/module/eqfw/parameters: nanoseconds of the last loads, in turn.
 *
 *   bench_swap     from the mutex to the grace period: the new rules are published
 *   bench_grace    the grace period
 *   bench_fold     from there to the end of the mutex: counts are carried over
 */
#ifndef EQFW_BENCH_TIMED_H
#define EQFW_BENCH_TIMED_H

#include <linux/ktime.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rtnetlink.h>

#define BENCH_LOADS 21 /* one place is the next one's */

static unsigned int bench_swap[BENCH_LOADS], bench_grace[BENCH_LOADS], bench_fold[BENCH_LOADS];
static unsigned int bench_turn;
static u64 bench_since, bench_waited;
module_param_array(bench_swap, uint, NULL, 0444);
module_param_array(bench_grace, uint, NULL, 0444);
module_param_array(bench_fold, uint, NULL, 0444);

static inline void bench_mutex_lock(struct mutex *mutex)
{
	mutex_lock(mutex);
	bench_since = ktime_get_ns();
	bench_waited = 0;
}

static inline void bench_rtnl_lock(void)
{
	u64 start = ktime_get_ns();

	rtnl_lock();
	bench_waited += ktime_get_ns() - start;
}

static inline void bench_grace_period(void)
{
	u64 start = ktime_get_ns();

	bench_swap[bench_turn] = start - bench_since - bench_waited;
	synchronize_rcu_expedited();
	bench_since = ktime_get_ns();
	bench_grace[bench_turn] = bench_since - start;
}

/* What had no grace period was no load of other rules. */
static inline void bench_mutex_unlock(struct mutex *mutex)
{
	if (bench_swap[bench_turn]) {
		bench_fold[bench_turn] = ktime_get_ns() - bench_since;
		bench_turn = (bench_turn + 1) % BENCH_LOADS;
		bench_swap[bench_turn] = 0;
	}
	mutex_unlock(mutex);
}

#undef mutex_lock
#define mutex_lock(mutex) bench_mutex_lock(mutex)
#define mutex_unlock(mutex) bench_mutex_unlock(mutex)
#define rtnl_lock() bench_rtnl_lock()
#define synchronize_rcu_expedited() bench_grace_period()

#endif

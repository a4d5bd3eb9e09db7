/*
 * cores -- affinity mask and cgroup quota.
 *
 * v2: file cpu.max: "max 100000" or "150000 100000" (quota and
 * period in microseconds).  v1: files cpu.cfs_quota_us
 * (-1: none) and cpu.cfs_period_us.  (Linux: admin-guide/cgroup-v2 and
 * scheduler/sched-bwc.)
 */
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stream/cgroup.h"
#include "stream/cores.h"
#include "stream/fan.h"

/* Both in microseconds; no quota is 0. */
static unsigned whole_cores(const char *quota, const char *period)
{
	long long q = strtoll(quota, NULL, 10), p = strtoll(period, NULL, 10);

	if (q <= 0 || p <= 0)
		return 0;
	q = (q - 1) / p + 1;
	return q > INT_MAX ? INT_MAX : (unsigned)q;
}

static unsigned quota_here(const char *dir, bool v1)
{
	char quota[32], period[32], rest[32];

	if (!v1)
		return cgroup_words(dir, "cpu.max", quota, period) ?
		       whole_cores(quota, period) : 0;
	if (!cgroup_words(dir, "cpu.cfs_quota_us", quota, rest) ||
	    !cgroup_words(dir, "cpu.cfs_period_us", period, rest))
		return 0;
	return whole_cores(quota, period);
}

static unsigned least(unsigned a, unsigned b)
{
	return !a || (b && b < a) ? b : a;
}

static void see_quota(void *arg, const char *folder, bool v1)
{
	unsigned *quota = arg;

	*quota = least(*quota, quota_here(folder, v1));
}

unsigned cores_quota(const char *list, const char *root)
{
	unsigned quota = 0;

	cgroup_walk(list, root, "cpu", see_quota, &quota);
	return quota;
}

/* The mask may be longer than cpu_set_t's 1024 bits. */
static unsigned mask_cores(void)
{
	for (size_t bits = 1024; bits <= 1 << 20; bits *= 2) {
		size_t size = CPU_ALLOC_SIZE(bits);
		cpu_set_t *set = CPU_ALLOC(bits);
		int n = 0, error;

		if (!set)
			return 1;
		error = sched_getaffinity(0, size, set) ? errno : 0;
		if (!error)
			n = CPU_COUNT_S(size, set);
		CPU_FREE(set);
		if (!error)
			return n > 0 ? (unsigned)n : 1;
		if (error != EINVAL)
			return 1;
	}
	return 1;
}

unsigned fan_cores(void)
{
	unsigned cores = mask_cores();
	unsigned quota = cores_quota("/proc/self/cgroup", "/sys/fs/cgroup");

	return quota && quota < cores ? quota : cores;
}

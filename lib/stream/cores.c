/*
 * cores -- affinity mask and cgroup quota.
 *
 * A quota on any cgroup above counts too, so each path is walked up to the
 * root.  In a container the path in /proc/self/cgroup may be that of the host,
 * which is not mounted here; the walk then ends at the mounted root, which is
 * the container's own cgroup.
 *
 * v2: "0::/path", file cpu.max: "max 100000" or "150000 100000" (quota and
 * period in microseconds).  v1: "5:cpu,cpuacct:/path", files cpu.cfs_quota_us
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

#include "stream/cores.h"
#include "stream/fan.h"

/* The first two words of a file; false where it cannot be read. */
static bool read_words(const char *dir, const char *file, char one[32],
		       char two[32])
{
	char path[PATH_MAX];
	FILE *f;
	int n;

	n = snprintf(path, sizeof(path), "%s/%s", dir, file);
	if (n < 0 || (size_t)n >= sizeof(path))
		return false;
	f = fopen(path, "re");
	if (!f)
		return false;
	one[0] = two[0] = '\0';
	n = fscanf(f, "%31s %31s", one, two);
	fclose(f);
	return n >= 1;
}

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
		return read_words(dir, "cpu.max", quota, period) ?
		       whole_cores(quota, period) : 0;
	if (!read_words(dir, "cpu.cfs_quota_us", quota, rest) ||
	    !read_words(dir, "cpu.cfs_period_us", period, rest))
		return 0;
	return whole_cores(quota, period);
}

static unsigned least(unsigned a, unsigned b)
{
	return !a || (b && b < a) ? b : a;
}

/* ${mount}/${path}, and all above it to ${mount}. */
static unsigned quota_up(const char *mount, const char *path, bool v1)
{
	char dir[PATH_MAX];
	size_t root = strlen(mount);
	unsigned quota = 0;
	char *slash;
	int n;

	n = snprintf(dir, sizeof(dir), "%s%s", mount, path);
	if (n < 0 || (size_t)n >= sizeof(dir))
		return 0;
	for (;;) {
		quota = least(quota, quota_here(dir, v1));
		slash = strrchr(dir, '/');
		if (!slash || slash < dir + root)
			return quota;
		*slash = '\0';
	}
}

static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word), m;

	for (;; list += m + 1) {
		m = strcspn(list, ",");
		if (m == n && !memcmp(list, word, n))
			return true;
		if (!list[m])
			return false;
	}
}

/* One line "ID:CONTROLLERS:PATH"; the line is taken apart. */
static unsigned quota_of_line(char *line, const char *root)
{
	char mount[PATH_MAX];
	char *controllers = strchr(line, ':');
	char *path = controllers ? strchr(controllers + 1, ':') : NULL;
	bool v1;
	int n;

	if (!path)
		return 0;
	*controllers++ = '\0';
	*path++ = '\0';
	path[strcspn(path, "\n")] = '\0';
	v1 = *controllers;
	if (v1 && !has_word(controllers, "cpu"))
		return 0;
	/* v2 beside v1 is mounted one below, in "unified", without cpu. */
	n = snprintf(mount, sizeof(mount), "%s%s%s", root, v1 ? "/" : "",
		     controllers);
	if (n < 0 || (size_t)n >= sizeof(mount))
		return 0;
	return quota_up(mount, path, v1);
}

unsigned cores_quota(const char *list, const char *root)
{
	FILE *f = fopen(list, "re");
	char *line = NULL;
	size_t cap = 0;
	unsigned quota = 0;

	if (!f)
		return 0;
	while (getline(&line, &cap, f) >= 0)
		quota = least(quota, quota_of_line(line, root));
	free(line);
	fclose(f);
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

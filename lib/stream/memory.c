/*
 * memory -- how much memory a run may use, and how much batches will take.
 *
 * v2: memory.max ("max" or bytes), memory.current, and of memory.stat the line
 * inactive_file.  v1: memory.limit_in_bytes, memory.usage_in_bytes,
 * total_inactive_file.  (Linux: admin-guide/cgroup-v2, cgroup-v1/memory.)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "stream/cgroup.h"
#include "stream/lines.h"
#include "stream/memory.h"

/* Value of the line "NAME[:] VALUE" of a file; false where there is none. */
static bool value_of(const char *path, const char *name, uint64_t *value)
{
	FILE *f = fopen(path, "re");
	char line[256];
	size_t n = strlen(name);
	bool found = false;

	if (!f)
		return false;
	while (!found && fgets(line, sizeof(line), f)) {
		found = !strncmp(line, name, n) &&
			(line[n] == ':' || line[n] == ' ');
		if (found)
			*value = strtoull(line + n + 1, NULL, 10);
	}
	fclose(f);
	return found;
}

static bool number_of(const char *folder, const char *file, uint64_t *value)
{
	char one[32], two[32];

	if (!cgroup_words(folder, file, one, two) || one[0] < '0' ||
	    one[0] > '9')
		return false;
	*value = strtoull(one, NULL, 10);
	return true;
}

static void see_group(void *arg, const char *folder, bool v1)
{
	uint64_t *left = arg, limit, used, cache = 0;
	char path[4200];

	if (!number_of(folder, v1 ? "memory.limit_in_bytes" : "memory.max",
		       &limit) ||
	    !number_of(folder, v1 ? "memory.usage_in_bytes" : "memory.current",
		       &used))
		return;
	snprintf(path, sizeof(path), "%s/memory.stat", folder);
	value_of(path, v1 ? "total_inactive_file" : "inactive_file", &cache);
	used = used > cache ? used - cache : 0;
	limit = limit > used ? limit - used : 0;
	*left = limit < *left ? limit : *left;
}

uint64_t memory_left_of(const char *meminfo, const char *list,
			const char *root)
{
	uint64_t left = UINT64_MAX, kib;

	if (value_of(meminfo, "MemAvailable", &kib))
		left = kib * 1024;
	cgroup_walk(list, root, "memory", see_group, &left);
	return left;
}

uint64_t memory_left(void)
{
	return memory_left_of("/proc/meminfo", "/proc/self/cgroup",
			      "/sys/fs/cgroup");
}

void memory_look(struct memory_sample *s, struct reader *reader)
{
	struct batch b;

	*s = (struct memory_sample){0};
	batch_init(&b);
	while (s->bytes < MEMORY_SAMPLE && reader_next(reader, &b) == 1) {
		s->records += lines_count(b.text, 0, b.len);
		s->bytes += b.len;
	}
	batch_release(&b);
}

/* a * b, UINT64_MAX where that is more. */
static uint64_t times(uint64_t a, uint64_t b)
{
	uint64_t r;

	return __builtin_mul_overflow(a, b, &r) ? UINT64_MAX : r;
}

void memory_estimate(struct memory_plan *p, const struct memory_sample *s,
		     uint64_t procs, uint64_t batch_records,
		     uint64_t batch_bytes)
{
	p->average = s->records ? (s->bytes + s->records - 1) / s->records : 0;
	p->batch = batch_bytes;
	if (p->average) {
		p->batch = times(p->average, batch_records);
		/* one record is a batch, however long */
		if (p->batch > batch_bytes)
			p->batch = batch_bytes > p->average ? batch_bytes
							    : p->average;
	}
	p->estimate = times(times(p->batch, procs), 2);
}

/* As the options take them: whole K, M or G, rounded down. */
static void show_bytes(char out[32], uint64_t bytes)
{
	static const char units[] = "BKMGT";
	size_t u = 0;

	while (u < 4 && bytes >= 10000) {
		bytes /= 1024;
		u++;
	}
	if (u)
		snprintf(out, 32, "%llu%c", (unsigned long long)bytes,
			 units[u]);
	else
		snprintf(out, 32, "%llu", (unsigned long long)bytes);
}

bool memory_fits(const struct memory_plan *p, uint64_t procs,
		 uint64_t batch_records)
{
	char need[32], limit[32], average[32], bytes[32];
	uint64_t procs_that_fit = p->limit / 2 / p->batch;
	uint64_t records = p->average ? p->limit / 2 / procs / p->average : 0;

	if (p->estimate <= p->limit)
		return true;
	show_bytes(need, p->estimate);
	show_bytes(limit, p->limit);
	show_bytes(average, p->average ? p->average : p->batch);
	show_bytes(bytes, p->limit / 2 / procs);
	if (records && records < batch_records)
		err_msg("batches of %llu records of %s on average, for %llu "
			"workers, twice over, take %s, but --max-memory is %s "
			"(give -n %llu%s%.0llu)",
			(unsigned long long)batch_records, average,
			(unsigned long long)procs, need, limit,
			(unsigned long long)records,
			procs_that_fit ? ", or -P " : "",
			(unsigned long long)procs_that_fit);
	else
		err_msg("batches of %s for %llu workers, twice over, take %s, "
			"but --max-memory is %s (give %s%s%s%.0llu)", average,
			(unsigned long long)procs, need, limit,
			p->average ? "fewer workers" : "-b ",
			p->average ? "" : bytes,
			procs_that_fit ? ", -P " : "",
			(unsigned long long)procs_that_fit);
	return false;
}

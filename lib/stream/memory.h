/*
 * memory -- how much memory a run may use, and how much batches will take.
 */
#ifndef STREAM_MEMORY_H
#define STREAM_MEMORY_H

#include <stdbool.h>
#include "stream/reader.h"

/*
 * What the machine has left (MemAvailable of ${meminfo}, as /proc/meminfo), or
 * the control groups of ${list} under ${root} (cgroup.h) if that is less: their
 * limit less what they use, without the cache of files that is not in use.
 * UINT64_MAX where nothing is known.
 */
uint64_t memory_left_of(const char *meminfo, const char *list,
			const char *root);
/* Of this machine and process. */
uint64_t memory_left(void);

/* Bytes of records at the beginning that are looked at. */
#define MEMORY_SAMPLE (1 << 20)

struct memory_sample {
	uint64_t records, bytes;	/* 0 where nothing was looked at */
};

/*
 * The first MEMORY_SAMPLE bytes of records that ${reader} gives; the reader is
 * of no more use.
 */
void memory_look(struct memory_sample *, struct reader *);

struct memory_plan {
	uint64_t average;	/* bytes of a record; 0: not known */
	uint64_t batch;		/* bytes of a batch, at most */
	uint64_t estimate;	/* batch x procs x 2 */
	uint64_t limit;
};

/*
 * Average size of a record x batch records (or what --batch-bytes allows, if
 * that is less) x workers x 2.  Average not known: batches of ${batch_bytes}.
 */
void memory_estimate(struct memory_plan *, const struct memory_sample *,
		     uint64_t procs, uint64_t batch_records,
		     uint64_t batch_bytes);

/*
 * Does it fit ${plan}->limit?  Otherwise a message (usage) with the settings
 * that would.
 */
bool memory_fits(const struct memory_plan *, uint64_t procs,
		 uint64_t batch_records);

#endif

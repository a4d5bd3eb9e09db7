/*
 * split_pass -- batches without workers, and the choice between the two.
 */
#include <time.h>

#include "base/err.h"
#include "stream/split_in.h"

static uint64_t now_us(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

static int pass_batch(struct split *s, struct parcel *p)
{
	uint64_t begun = now_us(CLOCK_MONOTONIC);
	struct joblog_line line = {
		.serial = p->serial, .start_us = now_us(CLOCK_REALTIME),
		.sent = p->bytes, .received = p->bytes, .in_place = true
	};

	if (sink_batch(s->sink, p->serial, NULL, p))
		return RC_FAILED;
	line.runtime_us = now_us(CLOCK_MONOTONIC) - begun;
	line.end = s->sink->pattern ? JOBLOG_FILE :
		   s->sink->regular ? s->sink->end : JOBLOG_NONE;
	s->batches++;
	s->records += p->records;
	s->bytes += p->bytes;
	return joblog_add(s->log, &line) ? RC_FAILED : RC_DONE;
}

/* No command: the batches themselves are the result. */
static int pass_on(struct split *s)
{
	struct parcel p;
	enum parcel_got how = PARCEL_GOT;
	int rc = RC_DONE;

	parcel_init(&p);
	while (!rc && (how = s->supplier->next(s->supplier, &p)) ==
		      PARCEL_GOT) {
		if (joblog_has(s->log, p.serial))
			s->skipped++;
		else
			rc = pass_batch(s, &p);
		parcel_release(&p);
	}
	parcel_release(&p);
	if (how == PARCEL_STOPPED)
		rc = rc_join(rc, RC_STOPPED);
	return how == PARCEL_FAILED ? rc_join(rc, RC_FAILED) : rc;
}

int split_run(struct split *s)
{
	int rc = s->opts->command ? run_workers(s) : pass_on(s);

	return rc_join(rc, s->supplier->result(s->supplier));
}

/*
 * fan -- the same work on N threads.
 *
 * The caller's own thread is one of them: it does the work of index 0, starts
 * the others before and joins them after.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "stream/fan.h"

struct job {
	void (*work)(void *arg, unsigned i);
	void *arg;
	unsigned i;
	pthread_t thread;
};

static void *run(void *arg)
{
	struct job *job = arg;

	job->work(job->arg, job->i);
	return NULL;
}

void fan_run(unsigned n, void (*work)(void *arg, unsigned i), void *arg)
{
	struct job *jobs;
	unsigned started;
	int error = 0;

	if (n <= 1) {
		work(arg, 0);
		return;
	}
	jobs = mem_zalloc(n, sizeof(*jobs));
	for (started = 1; started < n; started++) {
		struct job *job = &jobs[started];

		*job = (struct job){ .work = work, .arg = arg, .i = started };
		error = pthread_create(&job->thread, NULL, run, job);
		if (error)
			break;
	}
	if (error)
		err_msg("only %u of %u threads could be started: %s", started,
			n, strerror(error));
	work(arg, 0);
	while (--started)
		pthread_join(jobs[started].thread, NULL);
	free(jobs);
}

unsigned fan_threads(uint64_t asked, bool oversubscribe)
{
	unsigned cores = fan_cores();

	if (!asked)
		return cores;
	if (asked <= cores || (oversubscribe && asked <= 65536))
		return (unsigned)asked;
	if (oversubscribe)
		err_msg("-P %llu: more than 65536 threads",
			(unsigned long long)asked);
	else
		err_msg("-P %llu: there %s %u core%s for this process "
			"(-P0 takes all, --oversubscribe allows more)",
			(unsigned long long)asked, cores == 1 ? "is" : "are",
			cores, cores == 1 ? "" : "s");
	return 0;
}

/*
 * feeder -- the batches of a reader, for a loop that waits for more than that.
 *
 * Two batches: the thread fills one while the loop uses the other.  Under the
 * lock: ${full} (the thread's batch is ready), ${wanted} (the loop is done with
 * its own), ${end}, ${quit}.  The eventfd is up while .full or .end is.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "stream/feeder.h"

struct feeder {
	struct reader *reader;
	struct batch batches[2];
	int filling;		/* which one is the thread's */
	int event;
	bool full, end, quit;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	pthread_t thread;
};

static void raise_event(struct feeder *f)
{
	uint64_t one = 1;

	/* Cannot fail: the counter never comes near its end. */
	if (write(f->event, &one, sizeof(one)) != sizeof(one))
		err_msg("cannot raise an event: %s", strerror(errno));
}

static void lower_event(struct feeder *f)
{
	uint64_t count;

	if (read(f->event, &count, sizeof(count)) < 0 && errno != EAGAIN)
		err_msg("cannot lower an event: %s", strerror(errno));
}

/* Hands over a full batch, or the end; false: to quit. */
static bool hand_over(struct feeder *f, bool end)
{
	bool quit;

	pthread_mutex_lock(&f->lock);
	f->full = !end;
	f->end = end;
	raise_event(f);
	while (f->full && !f->quit)
		pthread_cond_wait(&f->changed, &f->lock);
	quit = f->quit;
	pthread_mutex_unlock(&f->lock);
	return !quit && !end;
}

static void *feed(void *arg)
{
	struct feeder *f = arg;

	while (reader_next(f->reader, &f->batches[f->filling]))
		if (!hand_over(f, false))
			return NULL;
	hand_over(f, true);
	return NULL;
}

struct feeder *feeder_start(struct reader *reader)
{
	struct feeder *f = mem_zalloc(1, sizeof(*f));
	int error;

	f->reader = reader;
	f->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (f->event < 0) {
		free(f);
		return NULL;
	}
	batch_init(&f->batches[0]);
	batch_init(&f->batches[1]);
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->changed, NULL);
	error = pthread_create(&f->thread, NULL, feed, f);
	if (!error)
		return f;
	close(f->event);
	free(f);
	errno = error;
	return NULL;
}

void feeder_free(struct feeder *f)
{
	if (!f)
		return;
	pthread_mutex_lock(&f->lock);
	f->quit = true;
	pthread_cond_signal(&f->changed);
	pthread_mutex_unlock(&f->lock);
	pthread_join(f->thread, NULL);
	pthread_cond_destroy(&f->changed);
	pthread_mutex_destroy(&f->lock);
	batch_release(&f->batches[0]);
	batch_release(&f->batches[1]);
	close(f->event);
	free(f);
}

int feeder_fd(const struct feeder *f)
{
	return f->event;
}

enum fed feeder_take(struct feeder *f, const struct batch **batch)
{
	enum fed got = FEEDER_NONE;

	pthread_mutex_lock(&f->lock);
	if (f->full) {
		*batch = &f->batches[f->filling];
		f->filling = !f->filling;
		f->full = false;
		lower_event(f);
		pthread_cond_signal(&f->changed);
		got = FEEDER_BATCH;
	} else if (f->end) {
		got = FEEDER_END;
	}
	pthread_mutex_unlock(&f->lock);
	return got;
}

/*
 * feed -- a supplier of parcels on a thread of its own.
 *
 * One lock, one place for a parcel, an eventfd that counts what was put there.
 * feed_end() asks the thread to stop between two parcels; one that waits for
 * input ends by stop_request(), which the caller has made by then.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "stream/feed.h"

struct feed {
	struct supplier *supplier;
	pthread_t thread;
	int fd;
	pthread_mutex_t lock;
	pthread_cond_t taken;
	/* By the lock. */
	struct parcel parcel;
	bool full, quit;
	enum parcel_got how;	/* PARCEL_GOT until the end */
};

static void news(struct feed *f)
{
	uint64_t one = 1;

	while (write(f->fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

/* Waits for room; false when there will be none. */
static bool wait_taken(struct feed *f)
{
	bool quit;

	pthread_mutex_lock(&f->lock);
	while (f->full && !f->quit)
		pthread_cond_wait(&f->taken, &f->lock);
	quit = f->quit;
	pthread_mutex_unlock(&f->lock);
	return !quit;
}

static void *run(void *arg)
{
	struct feed *f = arg;
	enum parcel_got how = PARCEL_GOT;

	while (how == PARCEL_GOT && wait_taken(f)) {
		struct parcel p;

		parcel_init(&p);
		how = f->supplier->next(f->supplier, &p);
		pthread_mutex_lock(&f->lock);
		if (how == PARCEL_GOT) {
			f->parcel = p;	/* now owned by the feed */
			f->full = true;
		} else {
			parcel_release(&p);
			f->how = how;
		}
		pthread_mutex_unlock(&f->lock);
		news(f);
	}
	return NULL;
}

struct feed *feed_start(struct supplier *supplier)
{
	struct feed *f = mem_zalloc(1, sizeof(*f));
	int error;

	f->supplier = supplier;
	f->how = PARCEL_GOT;
	f->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (f->fd < 0) {
		free(f);
		return NULL;
	}
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->taken, NULL);
	error = pthread_create(&f->thread, NULL, run, f);
	if (!error)
		return f;
	close(f->fd);
	free(f);
	errno = error;
	return NULL;
}

int feed_fd(const struct feed *f)
{
	return f->fd;
}

int feed_take(struct feed *f, struct parcel *p, enum parcel_got *how)
{
	uint64_t n;
	int rc = 0;

	while (read(f->fd, &n, sizeof(n)) < 0 && errno == EINTR)
		;
	pthread_mutex_lock(&f->lock);
	if (f->full) {
		*p = f->parcel;	/* now owned by the caller */
		f->full = false;
		pthread_cond_signal(&f->taken);
		rc = 1;
	} else if (f->how != PARCEL_GOT) {
		*how = f->how;
		rc = -1;
	}
	pthread_mutex_unlock(&f->lock);
	return rc;
}

void feed_end(struct feed *f)
{
	if (!f)
		return;
	pthread_mutex_lock(&f->lock);
	f->quit = true;
	pthread_cond_signal(&f->taken);
	pthread_mutex_unlock(&f->lock);
	pthread_join(f->thread, NULL);
	if (f->full)
		parcel_release(&f->parcel);
	close(f->fd);
	pthread_cond_destroy(&f->taken);
	pthread_mutex_destroy(&f->lock);
	free(f);
}

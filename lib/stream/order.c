/*
 * order -- commits results in the order of their serial numbers.
 *
 * A ring of ${window} slots; slot serial % window belongs to one serial at a
 * time, because who is a window ahead waits.  Committing happens outside the
 * lock, by one thread at a time (${busy}): a thread that comes meanwhile leaves
 * its item in the ring and goes, and the committing one takes it along.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"
#include "stream/fan.h"

struct slot {
	void *item;
	bool full;
};

struct order {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	uint64_t next;		/* the lowest serial not committed */
	bool busy;
	void (*commit)(void *arg, void *item);
	void *arg;
	unsigned window;
	struct slot *slots;
};

struct order *order_new(unsigned window, void (*commit)(void *arg, void *item),
			void *arg)
{
	struct order *o = mem_zalloc(1, sizeof(*o));

	if (!window)
		window = 1;
	pthread_mutex_init(&o->lock, NULL);
	pthread_cond_init(&o->moved, NULL);
	o->window = window;
	o->slots = mem_zalloc(window, sizeof(*o->slots));
	o->commit = commit;
	o->arg = arg;
	return o;
}

/* Commits what is ready.  Called and returns with the lock held. */
static void drain(struct order *o)
{
	struct slot *slot = &o->slots[o->next % o->window];

	o->busy = true;
	while (slot->full) {
		pthread_mutex_unlock(&o->lock);
		o->commit(o->arg, slot->item);
		pthread_mutex_lock(&o->lock);
		slot->full = false;
		o->next++;
		pthread_cond_broadcast(&o->moved);
		slot = &o->slots[o->next % o->window];
	}
	o->busy = false;
}

void order_put(struct order *o, uint64_t serial, void *item)
{
	pthread_mutex_lock(&o->lock);
	while (serial - o->next >= o->window)
		pthread_cond_wait(&o->moved, &o->lock);
	o->slots[serial % o->window] = (struct slot){ item, true };
	if (!o->busy)
		drain(o);
	pthread_mutex_unlock(&o->lock);
}

void order_free(struct order *o)
{
	if (!o)
		return;
	pthread_cond_destroy(&o->moved);
	pthread_mutex_destroy(&o->lock);
	free(o->slots);
	free(o);
}

/*
 * strata -- which container each dataset is in, as the stream has said so far.
 *
 * A hash table of datasets, each with its entries, the last one first.  An
 * entry that says nothing new is not kept, so a dataset mostly has one.
 */
#include "datahub/strata.h"

#include <pthread.h>
#include <stdlib.h>
#include <xxhash.h>

#include "base/mem.h"
#include "base/pool.h"

struct entry {
	struct entry *before;
	struct place place;
	struct span container;
};

struct dataset {
	struct dataset *next;
	struct span urn;
	uint64_t hash;
	struct entry *last;
};

struct strata {
	pthread_mutex_t lock;
	pthread_cond_t moved;
	uint64_t next;		/* serial */
	struct dataset **slots;
	size_t n, mask;
	struct pool pool;
};

void contained_add(struct contained_list *c, uint64_t line, struct span urn,
		   struct span container)
{
	struct contained *x;

	mem_grow(&c->items, &c->cap, c->n + 1, sizeof(*c->items));
	x = &c->items[c->n++];
	x->line = line;
	x->urn = c->text.len;
	x->urn_len = urn.len;
	buf_add(&c->text, urn.s, urn.len);
	x->container = c->text.len;
	x->container_len = container.len;
	buf_add(&c->text, container.s, container.len);
}

void contained_clear(struct contained_list *c)
{
	c->n = 0;
	buf_clear(&c->text);
}

void contained_release(struct contained_list *c)
{
	free(c->items);
	buf_release(&c->text);
	*c = (struct contained_list){0};
}

struct strata *strata_new(void)
{
	struct strata *s = mem_zalloc(1, sizeof(*s));

	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->moved, NULL);
	s->mask = 1023;
	s->slots = mem_zalloc(s->mask + 1, sizeof(*s->slots));
	return s;
}

void strata_free(struct strata *s)
{
	if (!s)
		return;
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->moved);
	free(s->slots);
	pool_release(&s->pool);
	free(s);
}

static bool same(struct span a, struct span b)
{
	return a.len == b.len && !memcmp(a.s, b.s, a.len);
}

static struct dataset *find(const struct strata *s, struct span urn,
			    uint64_t hash)
{
	struct dataset *d = s->slots[hash & s->mask];

	while (d && (d->hash != hash || !same(d->urn, urn)))
		d = d->next;
	return d;
}

static void grow(struct strata *s)
{
	size_t mask = 2 * s->mask + 1;
	struct dataset **slots = mem_zalloc(mask + 1, sizeof(struct dataset *));

	for (size_t i = 0; i <= s->mask; i++) {
		struct dataset *d = s->slots[i], *next;

		for (; d; d = next) {
			next = d->next;
			d->next = slots[d->hash & mask];
			slots[d->hash & mask] = d;
		}
	}
	free(s->slots);
	s->slots = slots;
	s->mask = mask;
}

static struct dataset *add(struct strata *s, struct span urn, uint64_t hash)
{
	struct dataset *d = pool_zero(&s->pool, 1, sizeof(*d));

	if (s->n++ > s->mask)
		grow(s);
	d->urn = (struct span){pool_dup(&s->pool, urn.s, urn.len), urn.len};
	d->hash = hash;
	d->next = s->slots[hash & s->mask];
	s->slots[hash & s->mask] = d;
	return d;
}

static void take_up(struct strata *s, struct place place, struct span urn,
		    struct span container)
{
	uint64_t hash = XXH3_64bits(urn.s, urn.len);
	struct dataset *d = find(s, urn, hash);
	struct entry *e;

	if (!d)
		d = add(s, urn, hash);
	if (d->last && same(d->last->container, container))
		return;
	e = pool_take(&s->pool, sizeof(*e));
	e->before = d->last;
	e->place = place;
	e->container = (struct span){
		pool_dup(&s->pool, container.s, container.len), container.len
	};
	d->last = e;
}

void strata_put(struct strata *s, uint64_t serial,
		const struct contained_list *c)
{
	pthread_mutex_lock(&s->lock);
	while (s->next != serial)
		pthread_cond_wait(&s->moved, &s->lock);
	for (size_t i = 0; i < c->n; i++) {
		const struct contained *x = &c->items[i];

		take_up(s, (struct place){serial, x->line},
			(struct span){c->text.s + x->urn, x->urn_len},
			(struct span){c->text.s + x->container,
				      x->container_len});
	}
	s->next++;
	pthread_cond_broadcast(&s->moved);
	pthread_mutex_unlock(&s->lock);
}

struct span strata_find(struct strata *s, struct span urn, struct place place)
{
	struct span found = {0};
	struct dataset *d;
	struct entry *e;

	pthread_mutex_lock(&s->lock);
	d = find(s, urn, XXH3_64bits(urn.s, urn.len));
	for (e = d ? d->last : NULL; e; e = e->before) {
		if (e->place.serial < place.serial ||
		    (e->place.serial == place.serial &&
		     e->place.line < place.line)) {
			found = e->container;
			break;
		}
	}
	pthread_mutex_unlock(&s->lock);
	return found;
}

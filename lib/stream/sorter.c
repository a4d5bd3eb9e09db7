/*
 * sorter -- items sorted in memory, or in runs that are merged.
 *
 * An item in memory and in a run is the same bytes: the length of the key and
 * of the data as four bytes each (as the machine has them: nobody else reads
 * the file), then both.  In memory each has a reference with the first eight
 * bytes of its key, so that most comparisons do not touch the items.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "stream/scratch.h"
#include "stream/sorter.h"

#define HEAD 8			/* bytes before the key */
#define WINDOW_MOST (1 << 20)

struct ref {
	uint64_t prefix;	/* of the key, big end first, 0 behind it */
	const char *item;	/* ascends as items are added */
};

/* Memory of an item: its reference twice, as qsort() takes a copy. */
#define REF_BYTES (2 * sizeof(struct ref))

struct run {
	uint64_t at, end;	/* in the file: what is not read yet */
	uint64_t start;
	char *window;
	size_t pos, len, cap;	/* of the window; the item at hand at pos */
};

struct sorter {
	uint64_t max_bytes;
	char *arena;
	size_t used, cap;
	size_t nrefs;
	size_t next;		/* ref to give */
	int fd;
	uint64_t written;
	struct run *runs;
	size_t nruns, runs_cap;
	uint32_t *heap;		/* runs, the one with the least item on top */
	size_t nheap;
	bool given;		/* the top's item was */
};

struct sorter *sorter_new(uint64_t max_bytes)
{
	struct sorter *s = mem_zalloc(1, sizeof(*s));

	s->max_bytes = max_bytes < SORTER_LEAST ? SORTER_LEAST : max_bytes;
	s->fd = -1;
	return s;
}

static void drop_windows(struct sorter *s)
{
	for (size_t i = 0; i < s->nruns; i++) {
		free(s->runs[i].window);
		s->runs[i].window = NULL;
	}
	free(s->heap);
	s->heap = NULL;
	s->nheap = 0;
}

void sorter_free(struct sorter *s)
{
	if (!s)
		return;
	drop_windows(s);
	free(s->runs);
	free(s->arena);
	if (s->fd >= 0)
		close(s->fd);
	free(s);
}

size_t sorter_runs(const struct sorter *s)
{
	return s->nruns;
}

static uint32_t load32(const char *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

static size_t item_bytes(const char *item)
{
	return HEAD + (size_t)load32(item) + load32(item + 4);
}

static uint64_t prefix_of(const unsigned char *key, size_t len)
{
	uint64_t v = 0;

	for (size_t i = 0; i < 8; i++)
		v = v << 8 | (i < len ? key[i] : 0);
	return v;
}

static int order_keys(const char *a, const char *b)
{
	uint32_t x = load32(a), y = load32(b);
	int r = memcmp(a + HEAD, b + HEAD, x < y ? x : y);

	return r ? r : (x > y) - (x < y);
}

static int by_key(const void *a, const void *b)
{
	const struct ref *x = a, *y = b;
	int r;

	if (x->prefix != y->prefix)
		return x->prefix < y->prefix ? -1 : 1;
	r = order_keys(x->item, y->item);
	return r ? r : (x->item > y->item) - (x->item < y->item);
}

/* They stand at the end of the arena and grow towards the items. */
static struct ref *refs(const struct sorter *s)
{
	void *end = s->arena + s->cap;

	return (struct ref *)end - s->nrefs;
}

static void sort(struct sorter *s)
{
	if (s->nrefs > 1)
		qsort(refs(s), s->nrefs, sizeof(struct ref), by_key);
}

/* Sorts what is in memory and appends it to the file as a run. */
static int spill(struct sorter *s)
{
	struct buf out = {0};
	uint64_t start = s->written;
	int rc = 0;

	if (s->fd < 0 && (s->fd = scratch_open()) < 0)
		return -1;
	sort(s);
	for (size_t i = 0; !rc && i <= s->nrefs; i++) {
		if (i < s->nrefs)
			buf_add(&out, refs(s)[i].item,
				item_bytes(refs(s)[i].item));
		if (i < s->nrefs && out.len < WINDOW_MOST / 4)
			continue;
		rc = scratch_write(s->fd, out.s, out.len, s->written);
		s->written += out.len;
		buf_clear(&out);
	}
	buf_release(&out);
	mem_grow(&s->runs, &s->runs_cap, s->nruns + 1, sizeof(*s->runs));
	s->runs[s->nruns++] = (struct run){.start = start, .end = s->written};
	s->used = s->nrefs = 0;
	return rc;
}

/* Untouched pages of the arena cost nothing. */
static int make_room(struct sorter *s, size_t bytes)
{
	size_t want = bytes + REF_BYTES;

	if (s->nrefs && s->used + want + s->nrefs * REF_BYTES > s->max_bytes &&
	    spill(s))
		return -1;
	if (s->nrefs || want <= s->cap)
		return 0;
	/* the first item, or one that is longer than everything */
	want = want > s->max_bytes ? want : (size_t)s->max_bytes;
	free(s->arena);
	s->cap = (want + sizeof(struct ref)) & ~(sizeof(struct ref) - 1);
	s->arena = mem_aligned(sizeof(struct ref), s->cap);
	return 0;
}

int sorter_add(struct sorter *s, const void *key, size_t key_len,
	       const void *data, size_t len)
{
	uint32_t k = (uint32_t)key_len, d = (uint32_t)len;
	char *item;

	if (make_room(s, HEAD + key_len + len))
		return -1;
	item = s->arena + s->used;
	memcpy(item, &k, sizeof(k));
	memcpy(item + 4, &d, sizeof(d));
	if (key_len)
		memcpy(item + HEAD, key, key_len);
	if (len)
		memcpy(item + HEAD + key_len, data, len);
	s->used += HEAD + key_len + len;
	s->nrefs++;
	*refs(s) = (struct ref){ prefix_of(key, key_len), item };
	return 0;
}

/* Reads on, so that at least ${want} bytes are in the window. */
static int fill(struct sorter *s, struct run *r, size_t want)
{
	size_t have = r->len - r->pos, more;

	if (have)
		memmove(r->window, r->window + r->pos, have);
	r->pos = 0;
	r->len = have;
	if (want > r->cap) {
		r->window = mem_resize(r->window, want, 1);
		r->cap = want;
	}
	more = r->end - r->at < r->cap - have ? (size_t)(r->end - r->at)
					      : r->cap - have;
	if (scratch_read(s->fd, r->window + have, more, r->at))
		return -1;
	r->at += more;
	r->len += more;
	return 0;
}

/* The run's next item whole in its window: 1; 0 at its end. */
static int load_item(struct sorter *s, struct run *r)
{
	size_t want;

	if (r->len - r->pos < HEAD && r->at < r->end && fill(s, r, HEAD))
		return -1;
	if (r->pos == r->len)
		return 0;
	want = item_bytes(r->window + r->pos);
	if (r->len - r->pos < want && fill(s, r, want))
		return -1;
	return 1;
}

static bool less(const struct sorter *s, uint32_t a, uint32_t b)
{
	const struct run *x = &s->runs[a], *y = &s->runs[b];
	int r = order_keys(x->window + x->pos, y->window + y->pos);

	return r ? r < 0 : a < b;
}

static void sink(struct sorter *s, size_t i)
{
	uint32_t run = s->heap[i];

	for (size_t child; (child = 2 * i + 1) < s->nheap; i = child) {
		if (child + 1 < s->nheap &&
		    less(s, s->heap[child + 1], s->heap[child]))
			child++;
		if (!less(s, s->heap[child], run))
			break;
		s->heap[i] = s->heap[child];
	}
	s->heap[i] = run;
}

static int begin_merge(struct sorter *s)
{
	size_t window = (size_t)(s->max_bytes / s->nruns);
	int got;

	window = window < SORTER_WINDOW ? SORTER_WINDOW : window;
	window = window > WINDOW_MOST ? WINDOW_MOST : window;
	drop_windows(s);
	s->heap = mem_zalloc(s->nruns, sizeof(*s->heap));
	s->given = false;
	for (size_t i = 0; i < s->nruns; i++) {
		struct run *r = &s->runs[i];

		r->at = r->start;
		r->pos = r->len = 0;
		r->cap = window;
		r->window = mem_alloc(window);
		got = load_item(s, r);
		if (got < 0)
			return -1;
		if (got)
			s->heap[s->nheap++] = (uint32_t)i;
	}
	for (size_t i = s->nheap / 2; i-- > 0;)
		sink(s, i);
	return 0;
}

int sorter_rewind(struct sorter *s)
{
	s->next = 0;
	return s->nruns ? begin_merge(s) : 0;
}

int sorter_finish(struct sorter *s)
{
	if (!s->nruns) {
		sort(s);
		return sorter_rewind(s);
	}
	if (s->nrefs && spill(s))
		return -1;
	free(s->arena);
	s->arena = NULL;
	s->cap = 0;
	return sorter_rewind(s);
}

static void give(const char *item, const void **data, size_t *len)
{
	*data = item + HEAD + load32(item);
	*len = load32(item + 4);
}

/* The run whose item was given goes on to its next one. */
static int step(struct sorter *s)
{
	struct run *r = &s->runs[s->heap[0]];
	int got;

	r->pos += item_bytes(r->window + r->pos);
	got = load_item(s, r);
	if (got < 0)
		return -1;
	if (!got)
		s->heap[0] = s->heap[--s->nheap];
	if (s->nheap)
		sink(s, 0);
	return 0;
}

int sorter_next(struct sorter *s, const void **data, size_t *len)
{
	const struct run *r;

	if (!s->nruns) {
		if (s->next == s->nrefs)
			return 0;
		give(refs(s)[s->next++].item, data, len);
		return 1;
	}
	if (s->given && step(s))
		return -1;
	s->given = s->nheap > 0;
	if (!s->nheap)
		return 0;
	r = &s->runs[s->heap[0]];
	give(r->window + r->pos, data, len);
	return 1;
}

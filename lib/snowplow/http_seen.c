/*
 * http_seen -- within a run no URL is answered twice.
 *
 * A table of the URLs' hashes (XXH3-128: by chance two are equal once in 2^64
 * runs).  Bodies are found again in the cache; without one, in a temporary file
 * that has no name, of which the last 64 KiB are still in memory.  Where it
 * cannot be written, a URL that comes again is asked for again, which is slower
 * but not wrong.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/mem.h"
#include "base/pread_all.h"
#include "snowplow/http_in.h"

enum { FIRST_SIZE = 256, COLLECT = 64 * 1024 };

static const uint64_t nowhere = UINT64_MAX;

struct once {
	XXH128_hash_t hash;
	struct job *leader;	/* asks for it; NULL: done */
	uint64_t at, len;	/* in the file; nowhere */
	enum http_outcome outcome;
	int status;
};

struct seen {
	struct once *list;
	size_t n, cap;
	uint32_t *table;	/* index + 1 into the list; 0: free */
	size_t size;		/* a power of two */
	uint64_t end;		/* of the file */
	struct buf last;	/* what comes behind it */
	int fd;			/* -1: none; -2: not tried */
};

struct seen *seen_new(void)
{
	struct seen *s = mem_zalloc(1, sizeof(*s));

	s->fd = -2;
	s->size = FIRST_SIZE;
	s->table = mem_zalloc(s->size, sizeof(*s->table));
	return s;
}

void seen_free(struct seen *s)
{
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	buf_release(&s->last);
	free(s->list);
	free(s->table);
	free(s);
}

/* Where the hash is in the table, or would be. */
static uint32_t *place(struct seen *s, XXH128_hash_t hash)
{
	size_t i = (size_t)hash.low64 & (s->size - 1);

	while (s->table[i] &&
	       !XXH128_isEqual(s->list[s->table[i] - 1].hash, hash))
		i = (i + 1) & (s->size - 1);
	return &s->table[i];
}

static void enlarge(struct seen *s)
{
	free(s->table);
	s->size *= 2;
	s->table = mem_zalloc(s->size, sizeof(*s->table));
	for (size_t i = 0; i < s->n; i++)
		*place(s, s->list[i].hash) = (uint32_t)i + 1;
}

static void add(struct seen *s, XXH128_hash_t hash, struct job *j)
{
	if (2 * s->n >= s->size)
		enlarge(s);
	mem_grow(&s->list, &s->cap, s->n + 1, sizeof(*s->list));
	s->list[s->n] = (struct once){ .hash = hash, .leader = j,
		.at = nowhere };
	j->seen = (long)s->n++;
	*place(s, hash) = (uint32_t)s->n;
}

bool seen_submit(struct http *h, struct job *j)
{
	XXH128_hash_t hash;
	uint32_t *where;
	struct once *o;

	if (j->request.stream)
		return false;
	cache_key(&h->key, j->request.url, j->request.content_hash);
	hash = XXH3_128bits(h->key.s, h->key.len);
	where = place(h->seen, hash);
	if (!*where) {
		add(h->seen, hash, j);
		return false;
	}
	o = &h->seen->list[*where - 1];
	if (!o->leader) {
		j->seen = (long)*where - 1;
		j->again = true;
		return true;
	}
	j->same = o->leader->same;
	o->leader->same = j;
	return true;
}

static void open_file(struct seen *s)
{
	const char *folder = getenv("TMPDIR");

	s->fd = open(folder && *folder ? folder : "/tmp",
		     O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
}

/* False: the file takes no more.  What is in memory is then lost as well. */
static bool flush(struct seen *s)
{
	ssize_t n = pwrite(s->fd, s->last.s, s->last.len, (off_t)s->end);

	if (n < 0 || (size_t)n != s->last.len) {
		close(s->fd);
		s->fd = -1;
		return false;
	}
	s->end += s->last.len;
	buf_clear(&s->last);
	return true;
}

static void put(struct seen *s, struct once *o, const struct buf *body)
{
	if (s->fd == -2)
		open_file(s);
	if (s->fd < 0 || (s->last.len + body->len > COLLECT && !flush(s)))
		return;
	o->at = s->end + s->last.len;
	o->len = body->len;
	buf_add(&s->last, body->s, body->len);
}

void seen_done(struct http *h, struct job *j, const struct http_answer *a)
{
	struct once *o;

	if (j->seen < 0)
		return;
	o = &h->seen->list[j->seen];
	o->leader = NULL;
	o->outcome = a->outcome;
	o->status = a->status;
	if (a->outcome == HTTP_OK && !h->cache && o->at == nowhere)
		put(h->seen, o, a->body);
}

static bool get(const struct seen *s, const struct once *o, struct buf *body)
{
	char *to = buf_reserve(body, (size_t)o->len + 1);

	if (s->fd < 0)
		return false;
	if (o->at >= s->end) {
		buf_add(body, s->last.s + (o->at - s->end), (size_t)o->len);
		return true;
	}
	if (pread_all(s->fd, to + body->len, (size_t)o->len, o->at))
		return false;
	body->len += (size_t)o->len;
	return true;
}

bool seen_body(struct http *h, struct job *j, struct http_answer *a)
{
	const struct once *o = &h->seen->list[j->seen];

	a->outcome = o->outcome;
	a->status = o->status;
	if (o->outcome != HTTP_OK) {
		a->reason = o->status ? NULL : "failed before in this run";
		return true;
	}
	return o->at != nowhere && get(h->seen, o, &j->body);
}

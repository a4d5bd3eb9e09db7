/*
 * cache_write -- answers kept in a folder: writing.
 *
 * No fsync: a file that a crash of the machine leaves cut has a wrong sum, and
 * is then asked for again.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/err.h"
#include "base/mem.h"
#include "snowplow/cache_in.h"

enum { COLLECT = 64 * 1024 };

struct cache_writer {
	struct cache *cache;
	char *path, *temp;
	struct cache_form form;
	struct buf pending;
	XXH3_state_t *sum;
	bool begun;		/* the head is in the file already */
	int fd;			/* -1: given up */
};

/* The first failure is told, the others are counted. */
static void give_up(struct cache_writer *w, const char *what)
{
	int e = errno;

	if (w->fd >= 0) {
		close(w->fd);
		unlink(w->temp);
	}
	w->fd = -1;
	if (!w->cache->lost++)
		err_msg("%s: %s: %s (the run goes on; what cannot be kept is "
			"asked for again next time)", what, w->path,
			strerror(e));
}

static int write_all(int fd, const char *s, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, s, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		s += n;
		len -= (size_t)n;
	}
	return 0;
}

static void flush(struct cache_writer *w)
{
	if (w->fd >= 0 && write_all(w->fd, w->pending.s, w->pending.len))
		give_up(w, "cache");
	w->begun = true;
	buf_clear(&w->pending);
}

/* What a killed process of the same number left behind is written over. */
static int create_file(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
		    0600);
}

/* A name that no other process and no other writer of this one has. */
static void create(struct cache_writer *w, const struct buf *key)
{
	struct buf temp = {0};
	char *sub;

	buf_addf(&temp, "%s.%ld.%llu", w->path, (long)getpid(),
		 (unsigned long long)w->cache->serial++);
	w->temp = buf_cstr(&temp);
	w->fd = create_file(w->temp);
	if (w->fd < 0 && errno == ENOENT) {
		sub = cache_path(w->cache, key, true);
		if (!mkdir(sub, 0700) || errno == EEXIST)
			w->fd = create_file(w->temp);
		free(sub);
	}
	if (w->fd < 0)
		give_up(w, "cache");
}

struct cache_writer *cache_write_begin(struct cache *c, const struct buf *key,
				       const char *etag)
{
	struct cache_writer *w = mem_zalloc(1, sizeof(*w));

	w->cache = c;
	w->fd = -1;
	w->path = cache_path(c, key, false);
	w->form.magic = CACHE_MAGIC;
	w->form.key_len = (uint32_t)key->len;
	w->form.etag_len = etag ? (uint32_t)strlen(etag) : 0;
	w->sum = XXH3_createState();
	create(w, key);
	if (!w->sum || XXH3_64bits_reset(w->sum) != XXH_OK) {
		errno = ENOMEM;
		give_up(w, "cache");
	}
	buf_add(&w->pending, &w->form, sizeof(w->form));
	buf_add(&w->pending, key->s, key->len);
	if (etag)
		buf_adds(&w->pending, etag);
	return w;
}

void cache_write(struct cache_writer *w, const char *body, size_t len)
{
	if (w->fd < 0)
		return;
	XXH3_64bits_update(w->sum, body, len);
	w->form.body_len += len;
	if (w->pending.len + len > COLLECT)
		flush(w);
	if (len > COLLECT) {
		if (w->fd >= 0 && write_all(w->fd, body, len))
			give_up(w, "cache");
	} else {
		buf_add(&w->pending, body, len);
	}
}

/* The head has its place last: until then the length does not fit. */
static void write_head(struct cache_writer *w)
{
	const struct cache_form *f = &w->form;
	bool late = w->begun;

	w->form.sum = XXH3_64bits_digest(w->sum);
	if (!late)
		memcpy(w->pending.s, f, sizeof(*f));
	flush(w);
	if (w->fd >= 0 && late &&
	    pwrite(w->fd, f, sizeof(*f), 0) != (ssize_t)sizeof(*f))
		give_up(w, "cache");
}

static void put_in_place(struct cache_writer *w)
{
	if (w->fd >= 0)
		write_head(w);
	if (w->fd < 0)
		return;
	if (close(w->fd) || rename(w->temp, w->path)) {
		w->fd = -1;
		unlink(w->temp);
		give_up(w, "cache");
	}
	w->fd = -1;
}

void cache_write_end(struct cache_writer *w, bool keep)
{
	if (!w)
		return;
	if (keep)
		put_in_place(w);
	if (w->fd >= 0) {
		close(w->fd);
		unlink(w->temp);
	}
	XXH3_freeState(w->sum);
	buf_release(&w->pending);
	free(w->path);
	free(w->temp);
	free(w);
}

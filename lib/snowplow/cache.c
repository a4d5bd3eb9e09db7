/*
 * cache -- answers kept in a folder: opening and reading.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/digest.h"
#include "base/pread_all.h"
#include "base/err.h"
#include "base/mem.h"
#include "snowplow/cache_in.h"

enum { PIECE = 64 * 1024, MAX_ETAG = 64 * 1024 };

struct cache_entry {
	char *path, *etag;
	struct cache_form form;
	uint64_t start, at;	/* of the body in the file; read so far */
	struct timespec time;
	int fd;
};

static int make_folder(const char *path)
{
	struct buf b = {0};
	int rc = 0;

	/* every parent as well: --cache=~/.cache/penstock on a new account */
	buf_adds(&b, path);
	buf_cstr(&b);
	for (char *p = b.s + 1; *p && !rc; p++)
		if (*p == '/') {
			*p = '\0';
			rc = mkdir(b.s, 0700) && errno != EEXIST ? -1 : 0;
			*p = '/';
		}
	if (!rc)
		rc = mkdir(b.s, 0700) && errno != EEXIST ? -1 : 0;
	buf_release(&b);
	return rc;
}

struct cache *cache_open(const char *folder)
{
	struct cache *c;
	struct stat st;

	if (!*folder || make_folder(folder) || stat(folder, &st) ||
	    access(folder, R_OK | X_OK)) {
		err_msg("cache '%s': %s", folder, *folder ? strerror(errno) :
			"a folder needs a name");
		return NULL;
	}
	if (!S_ISDIR(st.st_mode)) {
		err_msg("cache '%s': this is no folder", folder);
		return NULL;
	}
	if (st.st_mode & 022)
		err_msg("cache '%s': others can write to it (chmod go-w it)",
			folder);
	c = mem_zalloc(1, sizeof(*c));
	c->folder = mem_dup(folder, strlen(folder));
	return c;
}

void cache_close(struct cache *c)
{
	if (!c)
		return;
	free(c->folder);
	free(c);
}

uint64_t cache_lost(const struct cache *c)
{
	return c->lost;
}

void cache_key(struct buf *key, const char *url, const char *content_hash)
{
	buf_clear(key);
	buf_adds(key, url);
	if (content_hash)
		buf_addf(key, "\n%s", content_hash);
}

char *cache_path(const struct cache *c, const struct buf *key, bool sub)
{
	char hex[SHA256_HEX];
	struct buf b = {0};

	digest_sha256(key->s, key->len, hex);
	if (sub)
		buf_addf(&b, "%s/%.2s", c->folder, hex);
	else
		buf_addf(&b, "%s/%.2s/%s", c->folder, hex, hex + 2);
	return buf_cstr(&b);
}

/* The head of the file: is it ours, whole, and of this key? */
static bool read_head(struct cache_entry *e, const struct buf *key)
{
	struct cache_form *f = &e->form;
	struct stat st;
	struct buf other = {0};
	bool same;

	if (fstat(e->fd, &st) || pread_all(e->fd, f, sizeof(*f), 0) ||
	    f->magic != CACHE_MAGIC || f->key_len != key->len ||
	    f->etag_len > MAX_ETAG)
		return false;
	e->time = st.st_mtim;
	e->start = sizeof(*f) + f->key_len + f->etag_len;
	if (f->body_len > INT64_MAX - e->start ||
	    (uint64_t)st.st_size != e->start + f->body_len)
		return false;
	same = !pread_all(e->fd, buf_reserve(&other, key->len), key->len,
		       sizeof(*f)) && !memcmp(other.s, key->s, key->len);
	buf_release(&other);
	if (!same || !f->etag_len)
		return same;
	e->etag = mem_zalloc(1, f->etag_len + 1);
	return !pread_all(e->fd, e->etag, f->etag_len, sizeof(*f) + f->key_len) &&
	       strlen(e->etag) == f->etag_len && !strpbrk(e->etag, "\r\n");
}

static bool sum_is_right(struct cache_entry *e)
{
	XXH3_state_t *state = XXH3_createState();
	char *piece = mem_alloc(PIECE);
	long n = -1;
	bool right = false;

	if (state && XXH3_64bits_reset(state) == XXH_OK) {
		while ((n = cache_read(e, piece, PIECE)) > 0)
			XXH3_64bits_update(state, piece, (size_t)n);
		right = !n && XXH3_64bits_digest(state) == e->form.sum;
	}
	XXH3_freeState(state);
	free(piece);
	cache_rewind(e);
	return right;
}

struct cache_entry *cache_find(struct cache *c, const struct buf *key)
{
	struct cache_entry *e = mem_zalloc(1, sizeof(*e));

	e->path = cache_path(c, key, false);
	e->fd = open(e->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (e->fd >= 0 && read_head(e, key) && sum_is_right(e))
		return e;
	if (e->fd >= 0)
		cache_discard(c, e);
	else
		cache_release(e);
	return NULL;
}

uint64_t cache_age_ms(const struct cache_entry *e)
{
	struct timespec now;
	int64_t ms;

	clock_gettime(CLOCK_REALTIME, &now);
	ms = (int64_t)(now.tv_sec - e->time.tv_sec) * 1000 +
	     (now.tv_nsec - e->time.tv_nsec) / 1000000;
	return ms > 0 ? (uint64_t)ms : 0;
}

const char *cache_etag(const struct cache_entry *e)
{
	return e->etag;
}

uint64_t cache_length(const struct cache_entry *e)
{
	return e->form.body_len;
}

long cache_read(struct cache_entry *e, char *to, size_t size)
{
	uint64_t left = e->form.body_len - e->at;

	if (size > left)
		size = (size_t)left;
	if (size && pread_all(e->fd, to, size, e->start + e->at))
		return -1;
	e->at += size;
	return (long)size;
}

void cache_rewind(struct cache_entry *e)
{
	e->at = 0;
}

/* Its time is all that changes: nothing that a reader could see half. */
void cache_confirm(struct cache_entry *e)
{
	(void)futimens(e->fd, NULL);
}

void cache_discard(struct cache *c, struct cache_entry *e)
{
	(void)c;
	unlink(e->path);
	cache_release(e);
}

void cache_release(struct cache_entry *e)
{
	if (!e)
		return;
	if (e->fd >= 0)
		close(e->fd);
	free(e->path);
	free(e->etag);
	free(e);
}

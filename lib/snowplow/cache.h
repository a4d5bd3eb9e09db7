/*
 * cache -- answers kept in a folder, for the next run and for others.
 *
 * A file an answer, 0600 in folders of 0700, named by the SHA-256 of its key
 * (URL, and content hash).  It is written beside its place and renamed, so
 * readers in other processes see all of it or nothing; it carries its length
 * and a checksum, so that a file cut by a crash is as good as none.  Its mtime
 * is when the host last said that the body is right.
 *
 * A full disk costs the entry, never the answer: one message, and the run goes
 * on without.  Secrets are not in it: URLs and bodies alone.
 */
#ifndef SNOWPLOW_CACHE_H
#define SNOWPLOW_CACHE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"

struct cache;
struct cache_entry;	/* one that is read */
struct cache_writer;	/* one that is written */

/* Makes the folder where needed.  NULL after a message. */
struct cache *cache_open(const char *folder);
void cache_close(struct cache *);

/* The file of a key; ${content_hash} may be NULL. */
void cache_key(struct buf *key, const char *url, const char *content_hash);

/*
 * The entry of ${key}, or NULL: none, damaged (removed then), or of a
 * future version.
 */
struct cache_entry *cache_find(struct cache *, const struct buf *key);

/* How old; 0 where the clock went back. */
uint64_t cache_age_ms(const struct cache_entry *);
/* The ETag, or NULL. */
const char *cache_etag(const struct cache_entry *);
uint64_t cache_length(const struct cache_entry *);
/*
 * The next bytes of the body, up to ${size}; 0 at the end, -1 when it cannot
 * be read.
 */
long cache_read(struct cache_entry *, char *to, size_t size);
/* Back to the first byte. */
void cache_rewind(struct cache_entry *);
/* The host said that it is still right. */
void cache_confirm(struct cache_entry *);
/* The entry is damaged: others shall not find it. */
void cache_discard(struct cache *, struct cache_entry *);
void cache_release(struct cache_entry *);

/* ${etag} may be NULL.  Cannot fail: what fails is dropped in the end. */
struct cache_writer *cache_write_begin(struct cache *, const struct buf *key,
				       const char *etag);
void cache_write(struct cache_writer *, const char *body, size_t len);
/* Puts it in place, or (${keep} false) drops it.  NULL is fine. */
void cache_write_end(struct cache_writer *, bool keep);

/* Entries that could not be written. */
uint64_t cache_lost(const struct cache *);

#endif

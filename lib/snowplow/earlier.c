/*
 * earlier -- what an earlier run of fetch-deploys got.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "json/check.h"
#include "snowplow/earlier.h"
#include "snowplow/object.h"

enum { MAX_DEPTH = 1000 };

/* Has each member of ${versions} a body? */
static bool all_bodies(struct span versions)
{
	struct value_iter it;
	struct span key, value;

	if (!versions.s || *versions.s != '{')
		return false;
	value_iter_start(&it, versions);
	while (value_next(&it, &key, &value))
		if (*value.s != '{' || object_member(value, "fetch_error").s)
			return false;
	return true;
}

static bool is_whole(struct span line, bool versions)
{
	struct span history;
	struct json_fault fault;

	if (json_check(line.s, line.len, MAX_DEPTH, &fault))
		return false;
	history = object_member(line, "history");
	if (!history.s || *history.s != '[' ||
	    object_member(line, "fetch_error").s)
		return false;
	return !versions || all_bodies(object_member(line, "versions"));
}

static void take(struct earlier *e, struct span line, uint64_t at,
		 bool versions)
{
	struct buf hash = {0};
	uint32_t i;

	if (is_whole(line, versions) && object_text(line, "hash", &hash)) {
		i = nameset_add(&e->hashes, hash.s, hash.len, NULL);
		mem_grow(&e->places, &e->cap, e->hashes.n, sizeof(*e->places));
		e->places[i] = (struct place){at, line.len};
	}
	buf_release(&hash);
}

static int read_lines(struct earlier *e, FILE *f, bool versions)
{
	char *text = NULL;
	size_t cap = 0;
	uint64_t at = 0;
	ssize_t n;
	int bad;

	while ((n = getline(&text, &cap, f)) > 0) {
		if (text[n - 1] == '\n')
			take(e, value_trim(text, (size_t)n), at, versions);
		at += (uint64_t)n;
	}
	bad = ferror(f);
	free(text);
	return bad ? -1 : 0;
}

int earlier_open(struct earlier *e, const char *path, bool versions)
{
	struct stat st;
	FILE *f;
	int rc;

	*e = (struct earlier){.path = path, .fd = -1};
	f = fopen(path, "re");
	if (!f) {
		err_msg("%s: cannot be read: %s", path, strerror(errno));
		return -1;
	}
	if (fstat(fileno(f), &st) || !S_ISREG(st.st_mode)) {
		err_msg("%s: --resume needs a regular file", path);
		fclose(f);
		return -1;
	}
	rc = read_lines(e, f, versions);
	e->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (rc || e->fd < 0)
		err_msg("%s: cannot be read: %s", path, strerror(errno));
	fclose(f);
	return rc || e->fd < 0 ? -1 : 0;
}

void earlier_close(struct earlier *e)
{
	if (e->fd >= 0)
		close(e->fd);
	nameset_release(&e->hashes);
	free(e->places);
	*e = (struct earlier){.fd = -1};
}

static bool same_text(struct span a, struct span b, const char *name)
{
	struct span x = object_member(a, name), y = object_member(b, name);

	return x.s && y.s && x.len == y.len && !memcmp(x.s, y.s, x.len);
}

static bool has(struct span history, struct span deployment)
{
	struct value_iter it;
	struct span one;

	value_iter_start(&it, history);
	while (value_next(&it, NULL, &one))
		if (same_text(one, deployment, "ts") &&
		    same_text(one, deployment, "version") &&
		    same_text(one, deployment, "env"))
			return true;
	return false;
}

static bool is_fresh(struct span history, struct span now)
{
	struct span list = object_member(now, "deployments"), one;
	struct value_iter it;

	if (!list.s || *list.s != '[')
		return true;
	value_iter_start(&it, list);
	while (value_next(&it, NULL, &one))
		if (!has(history, one))
			return false;
	return true;
}

bool earlier_find(struct earlier *e, const char *hash, struct span now,
		  struct buf *line)
{
	int64_t i = e->fd < 0 ? -1
			      : nameset_find(&e->hashes, hash, strlen(hash));
	struct span text;
	ssize_t n;

	if (i < 0)
		return false;
	buf_clear(line);
	n = pread(e->fd, buf_reserve(line, e->places[i].len), e->places[i].len,
		  (off_t)e->places[i].at);
	if (n != (ssize_t)e->places[i].len)
		return false;
	line->len = (size_t)n;
	text = (struct span){line->s, line->len};
	/* the file may have been changed since */
	return is_whole(text, false) &&
	       is_fresh(object_member(text, "history"), now);
}

/*
 * diff_history -- since when each version has been active, or is no longer.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/err.h"
#include "base/mem.h"
#include "base/out.h"
#include "json/check.h"
#include "json/str.h"
#include "json/value.h"
#include "attrs/diff_history.h"
#include "attrs/render_facts.h"

struct entry {
	char *key;		/* "STEPS,VERSION": as they are in the line */
	char *date;		/* as in the line, without quotes */
	bool active, seen;	/* seen: in the new scan */
};

struct history {
	struct entry *items;
	size_t n, cap;
	size_t sorted;		/* items before it are */
};

static int by_key(const void *va, const void *vb)
{
	const struct entry *a = va, *b = vb;

	return strcmp(a->key, b->key);
}

static void add(struct history *h, const struct buf *key, const char *date,
		size_t len, bool active)
{
	mem_grow(&h->items, &h->cap, h->n + 1, sizeof(*h->items));
	h->items[h->n++] = (struct entry){
		.key = mem_dup(key->s, key->len), .date = mem_dup(date, len),
		.active = active
	};
}

static bool is_key(struct span key, const char *name)
{
	return key.len == strlen(name) && !memcmp(key.s, name, key.len);
}

/* A string without escapes; what we write has none. */
static bool take_text(struct span value, struct span *to)
{
	if (value.len < 2 || value.s[0] != '"' ||
	    memchr(value.s, '\\', value.len))
		return false;
	*to = (struct span){value.s + 1, value.len - 2};
	return true;
}

static int read_line(struct history *h, const char *s, size_t len)
{
	struct span line = value_trim(s, len), name, value;
	struct span steps = {0}, version = {0}, status = {0}, date = {0};
	struct value_iter it;
	struct json_fault fault;
	struct buf key = {0};
	bool good = true;

	if (json_check(s, len, SCAN_MAX_DEPTH, &fault) || line.s[0] != '{')
		return -1;
	value_iter_start(&it, line);
	while (good && value_next(&it, &name, &value)) {
		if (is_key(name, "steps"))
			steps = value_trim(value.s, value.len);
		else if (is_key(name, "version"))
			good = take_text(value, &version);
		else if (is_key(name, "status"))
			good = take_text(value, &status);
		else if (is_key(name, "date"))
			good = take_text(value, &date);
	}
	if (!good || !steps.s || steps.s[0] != '[' || !version.s || !date.s ||
	    (!is_key(status, "active") && !is_key(status, "inactive")))
		return -1;
	buf_add(&key, steps.s, steps.len);
	buf_addf(&key, ",\"%.*s\"", (int)version.len, version.s);
	add(h, &key, date.s, date.len, is_key(status, "active"));
	buf_release(&key);
	return 0;
}

/* All of a file that may not be there yet. */
static int read_all(const char *path, struct buf *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	do {
		char *to = buf_reserve(text, 65536);

		n = read(fd, to, 65536);
		text->len += n > 0 ? (size_t)n : 0;
	} while (n > 0 || (n < 0 && errno == EINTR));
	if (n < 0) {
		close(fd);
		return -1;
	}
	return close(fd);
}

/* The number of the first line that is none, or 0. */
static size_t read_lines(struct history *h, const struct buf *text)
{
	size_t number = 0, from = 0;

	while (from < text->len) {
		const char *s = text->s + from;
		const char *end = memchr(s, '\n', text->len - from);
		size_t len = end ? (size_t)(end - s) : text->len - from;

		number++;
		if (value_blank(s, s + len) != s + len && read_line(h, s, len))
			return number;
		from += len + 1;
	}
	if (h->n)
		qsort(h->items, h->n, sizeof(*h->items), by_key);
	h->sorted = h->n;
	return 0;
}

struct history *history_load(const char *path, int *rc)
{
	struct history *h = mem_zalloc(1, sizeof(*h));
	struct buf text = {0};
	size_t line;

	*rc = RC_DONE;
	if (read_all(path, &text)) {
		err_msg("%s: %s", path, strerror(errno));
		*rc = RC_FAILED;
	} else if ((line = read_lines(h, &text)) > 0) {
		err_msg("%s:%zu: not a line of a history (give another file, "
			"or take the line out)", path, line);
		*rc = RC_USAGE;
	}
	buf_release(&text);
	if (*rc == RC_DONE)
		return h;
	history_free(h);
	return NULL;
}

void history_free(struct history *h)
{
	if (!h)
		return;
	for (size_t i = 0; i < h->n; i++) {
		free(h->items[i].key);
		free(h->items[i].date);
	}
	free(h->items);
	free(h);
}

struct updating {
	struct history *history;
	const char *date;
	struct buf key;
	struct step *steps;
	size_t cap;
};

static void see(struct updating *u, enum version v)
{
	struct history *h = u->history;
	struct entry *e, want = {0};
	size_t len = u->key.len;

	buf_addf(&u->key, ",\"%s\"", version_name(v));
	want.key = buf_cstr(&u->key);
	e = h->sorted ? bsearch(&want, h->items, h->sorted, sizeof(*e), by_key)
		      : NULL;
	if (!e) {
		add(h, &u->key, u->date, strlen(u->date), true);
		e = &h->items[h->n - 1];
	} else if (!e->active) {
		free(e->date);
		e->date = mem_dup(u->date, strlen(u->date));
		e->active = true;
	}
	e->seen = true;
	u->key.len = len;
}

static void see_node(void *arg, const struct tree *t, uint32_t node)
{
	struct updating *u = arg;
	struct facts f;
	size_t n = tree_steps(t, node, &u->steps, &u->cap);

	facts_read(&f, t, node);
	buf_clear(&u->key);
	path_write_steps(&u->key, u->steps, n);
	for (unsigned v = 0; v < VERSIONS; v++)
		if (facts_has(&f, (enum version)v))
			see(u, (enum version)v);
}

void history_update(struct history *h, const struct scan *now,
		    const char *date, bool partial)
{
	struct updating u = {.history = h, .date = date};

	tree_walk(&now->tree, see_node, &u);
	for (size_t i = 0; i < h->sorted && !partial; i++) {
		struct entry *e = &h->items[i];

		if (e->seen || !e->active)
			continue;
		free(e->date);
		e->date = mem_dup(date, strlen(date));
		e->active = false;
	}
	if (h->n)
		qsort(h->items, h->n, sizeof(*h->items), by_key);
	h->sorted = h->n;
	buf_release(&u.key);
	free(u.steps);
}

int history_save(const struct history *h, const char *path)
{
	struct out out = {.fd = -1};
	struct buf b = {0};

	if (out_open(&out, path))
		return RC_FAILED;
	for (size_t i = 0; i < h->n; i++) {
		const struct entry *e = &h->items[i];
		const char *comma = strrchr(e->key, ',');

		buf_clear(&b);
		buf_adds(&b, "{\"steps\":");
		buf_add(&b, e->key, (size_t)(comma - e->key));
		buf_addf(&b, ",\"version\":%s,\"status\":\"%s\","
			 "\"date\":\"%s\"}\n", comma + 1,
			 e->active ? "active" : "inactive", e->date);
		out_add(&out, b.s, b.len);
	}
	buf_release(&b);
	return out_close(&out, RC_DONE);
}

/*
 * places -- reading the lines of PENSTOCK_INDEX_FD.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/opts.h"
#include "json/check.h"
#include "json/value.h"
#include "stream/place.h"
#include "stream/places.h"
#include "stream/source_name.h"

#define READ_BYTES (64 * 1024)

struct places {
	pthread_mutex_t lock;
	int fd;
	const char *prefix;
	uint64_t at;		/* read so far */
	struct buf text;	/* a line not yet whole */
	struct place *runs;
	size_t n, cap;
	char **names;		/* by bytes */
	size_t nnames, names_cap;
	size_t *by_place;	/* runs, by source and byte; places_back() */
	struct buf name;
	bool broken;		/* what stands there is no line of ours */
};

struct places *places_open(const char *prefix)
{
	const char *text = getenv(PLACE_INDEX_ENV);
	struct places *p;
	struct stat st;
	uint64_t fd;

	if (!text)
		return NULL;
	if (opt_number(text, &fd) || fd > INT32_MAX || fstat((int)fd, &st) ||
	    !S_ISREG(st.st_mode)) {
		err_msg("%s=%s is no open file: places are those on standard "
			"input", PLACE_INDEX_ENV, text);
		return NULL;
	}
	p = mem_zalloc(1, sizeof(*p));
	pthread_mutex_init(&p->lock, NULL);
	p->fd = (int)fd;
	p->prefix = prefix ? prefix : "";
	return p;
}

void places_free(struct places *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->nnames; i++)
		free(p->names[i]);
	free(p->names);
	free(p->runs);
	free(p->by_place);
	buf_release(&p->text);
	buf_release(&p->name);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

/* The one copy of ${name}. */
static const char *keep_name(struct places *p, const char *name)
{
	size_t low = 0, high = p->nnames;

	if (p->n && !strcmp(p->runs[p->n - 1].source, name))
		return p->runs[p->n - 1].source;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c = strcmp(name, p->names[mid]);

		if (!c)
			return p->names[mid];
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	mem_grow(&p->names, &p->names_cap, p->nnames + 1, sizeof(char *));
	memmove(p->names + low + 1, p->names + low,
		(p->nnames - low) * sizeof(char *));
	p->nnames++;
	p->names[low] = mem_dup(name, strlen(name));
	return p->names[low];
}

static bool take_name(struct places *p, struct place *run, struct span value)
{
	const char *name;
	size_t len;

	if (value.len < 2 || *value.s != '"')
		return false;
	name = source_name_read(&p->name,
				(struct span){value.s + 1, value.len - 2});
	if (!name)
		return false;
	if (*p->prefix) {
		len = strlen(p->prefix);
		buf_reserve(&p->name, len + 1);
		memmove(p->name.s + len, p->name.s, strlen(p->name.s) + 1);
		memcpy(p->name.s, p->prefix, len);
		name = p->name.s;
	}
	run->source = keep_name(p, name);
	return true;
}

static bool take_number(uint64_t *to, struct span value)
{
	uint64_t v = 0;

	for (size_t i = 0; i < value.len; i++) {
		unsigned digit = (unsigned)(value.s[i] - '0');

		if (digit > 9 || v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*to = v;
	return true;
}

static bool is(struct span key, const char *name)
{
	return key.len == strlen(name) && !memcmp(key.s, name, key.len);
}

/* Members that are not known are of a later version, and left alone. */
static bool take_member(struct places *p, struct place *run, uint64_t *length,
			struct span key, struct span value)
{
	if (is(key, "source"))
		return take_name(p, run, value);
	if (is(key, "record"))
		return take_number(&run->record, value);
	if (is(key, "byte"))
		return take_number(&run->byte, value);
	if (is(key, "length"))
		return take_number(length, value);
	if (is(key, "from"))
		return take_number(&run->from, value);
	if (is(key, "to"))
		return take_number(&run->to, value);
	if (is(key, "stream"))
		run->stream = *value.s == 't';
	return true;
}

static bool take_line(struct places *p, const char *line, size_t len)
{
	struct place run = {.from = UINT64_MAX, .to = UINT64_MAX};
	struct span text = value_trim(line, len), key, value;
	struct json_fault fault;
	struct value_iter it;
	uint64_t length = 0;

	if (json_check(line, len, 2, &fault) || *text.s != '{')
		return false;
	value_iter_start(&it, text);
	while (value_next(&it, &key, &value))
		if (!take_member(p, &run, &length, key, value))
			return false;
	run.start = p->n ? p->runs[p->n - 1].end : 0;
	run.end = run.start + length;
	if (!run.source || run.end <= run.start)
		return false;
	if (run.from == UINT64_MAX)
		run.from = run.byte;
	if (run.to == UINT64_MAX)
		run.to = run.byte + length;
	run.number = p->n;
	mem_grow(&p->runs, &p->cap, p->n + 1, sizeof(*p->runs));
	p->runs[p->n++] = run;
	return true;
}

static void take_lines(struct places *p)
{
	char *line = p->text.s, *end = line + p->text.len, *stop;

	while (!p->broken && line < end &&
	       (stop = memchr(line, '\n', (size_t)(end - line)))) {
		p->broken = !take_line(p, line, (size_t)(stop - line));
		line = stop + 1;
	}
	p->text.len = (size_t)(end - line);
	if (p->text.len)
		memmove(p->text.s, line, p->text.len);
}

/* More lines; false where there are none for now. */
static bool read_more(struct places *p)
{
	size_t before = p->n;
	ssize_t n;

	while (!p->broken && p->n == before) {
		n = pread(p->fd, buf_reserve(&p->text, READ_BYTES), READ_BYTES,
			  (off_t)p->at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p->at += (uint64_t)n;
		p->text.len += (size_t)n;
		take_lines(p);
	}
	return p->n > before;
}

/* The run that holds ${at}, of those that were read; .n: none. */
static size_t search(const struct places *p, uint64_t at)
{
	size_t low = 0, high = p->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (p->runs[mid].end <= at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool places_find(struct places *p, uint64_t at, struct place *to)
{
	size_t i;
	bool found;

	pthread_mutex_lock(&p->lock);
	while ((!p->n || p->runs[p->n - 1].end <= at) && read_more(p))
		;
	i = search(p, at);
	found = i < p->n;
	if (found)
		*to = p->runs[i];
	pthread_mutex_unlock(&p->lock);
	return found;
}

bool places_get(struct places *p, size_t number, struct place *to)
{
	bool found;

	pthread_mutex_lock(&p->lock);
	while (number >= p->n && read_more(p))
		;
	found = number < p->n;
	if (found)
		*to = p->runs[number];
	pthread_mutex_unlock(&p->lock);
	return found;
}

bool places_end_at(struct places *p, uint64_t end)
{
	bool same;

	pthread_mutex_lock(&p->lock);
	while (read_more(p))
		;
	same = !p->broken && end == (p->n ? p->runs[p->n - 1].end : 0);
	pthread_mutex_unlock(&p->lock);
	return same;
}

static int by_place(const void *a, const void *b, void *arg)
{
	const struct place *runs = arg;
	const struct place *x = &runs[*(const size_t *)a];
	const struct place *y = &runs[*(const size_t *)b];
	int c = x->source == y->source ? 0 : strcmp(x->source, y->source);

	return c ? c : (x->byte > y->byte) - (x->byte < y->byte);
}

static void sort_by_place(struct places *p)
{
	p->by_place = mem_alloc(p->n * sizeof(*p->by_place));
	for (size_t i = 0; i < p->n; i++)
		p->by_place[i] = i;
	if (p->n)
		qsort_r(p->by_place, p->n, sizeof(*p->by_place), by_place,
			p->runs);
}

uint64_t places_back(struct places *p, const char *source, uint64_t byte)
{
	const struct place *run;
	size_t low = 0, high = p->n;

	if (!p->by_place)
		sort_by_place(p);
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int c;

		run = &p->runs[p->by_place[mid]];
		c = strcmp(run->source, source);
		if (c < 0 || (!c && run->byte <= byte))
			low = mid + 1;
		else
			high = mid;
	}
	if (!low)
		return UINT64_MAX;
	run = &p->runs[p->by_place[low - 1]];
	if (strcmp(run->source, source) || byte - run->byte >=
	    run->end - run->start)
		return UINT64_MAX;
	return run->start + (byte - run->byte);
}

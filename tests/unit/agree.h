/*
 * agree -- what the scanner promises on any bytes: every kernel of the machine
 * gives the same account and the same attribute lines, and refuses just the
 * lines that the plain checker (json/check.h) refuses, at the same column.
 * Shared by the unit test and the fuzz target.
 */
#ifndef UNIT_AGREE_H
#define UNIT_AGREE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "attrs/attrio.h"
#include "attrs/observe.h"
#include "base/mem.h"

#define AGREE_DEPTH 20	/* small, so that inputs reach it */

struct agree_run {
	struct buf lines;	/* attribute lines */
	struct buf account;	/* totals and rejects as text */
};

static inline struct scan_opts agree_opts(void)
{
	struct scan_opts o;

	scan_opts_init(&o);
	o.max_depth = AGREE_DEPTH;
	o.max_embedded = 2;
	o.max_keys = 50;
	return o;
}

/* The attribute lines of a scan, through a file in memory. */
static inline void agree_lines(struct buf *to, const struct scan *scan,
			       const struct scan_opts *opts)
{
	struct out out = {.fd = memfd_create("lines", 0)};
	off_t size;

	attr_write(&out, scan, opts);
	out_flush(&out);
	size = lseek(out.fd, 0, SEEK_END);
	buf_reserve(to, (size_t)size + 1);
	to->len = (size_t)pread(out.fd, to->s, (size_t)size, 0);
	out_close(&out, 0);
}

static inline void agree_scan(struct agree_run *r, int kernel,
			      const char *text, size_t len)
{
	struct scan_opts opts = agree_opts();
	struct buf why = {0};
	struct observer *o = observer_new(&opts, kernel, &why);
	struct batch b = {.text = (char *)(uintptr_t)text, .len = len};
	const struct observed *seen;
	struct scan scan;

	observer_lines(o, &b, "text", 0, len, &seen);
	for (size_t i = 0; i < seen->nrejects; i++) {
		const struct reject *x = &seen->rejects[i];

		buf_addf(&r->account, "reject %llu at %zu+%zu: %s %zu %s\n",
			 (unsigned long long)x->record, x->pos, x->len,
			 fault_name(x->error), x->column, x->reason);
	}
	scan_init(&scan, &opts);
	scan_add_totals(&scan.totals, observer_totals(o));
	tree_release(&scan.tree);
	observer_take_tree(o, &scan.tree);
	agree_lines(&r->lines, &scan, &opts);
	scan_release(&scan);
	observer_free(o);
	buf_release(&why);
}

/* The account that the plain checker gives. */
static inline void agree_plain(struct buf *account, const char *text,
			       size_t len)
{
	unsigned long long record = 0;

	for (size_t from = 0, next; from < len; from = next) {
		size_t to = from + (size_t)((const char *)memchr(text + from,
			'\n', len - from) - (text + from));
		struct json_fault f;

		next = to + 1;
		while (from < to && strchr(" \t\r", text[from]) && text[from])
			from++;
		while (to > from && strchr(" \t\r", text[to - 1]) &&
		       text[to - 1])
			to--;
		if (from == to)
			continue;
		record++;
		if (json_check(text + from, to - from, AGREE_DEPTH, &f))
			buf_addf(account, "reject %llu at %zu+%zu: %s %zu %s\n",
				 record, from, to - from, fault_name(f.error),
				 f.at + 1, f.reason);
	}
}

static inline bool agree_same(const struct buf *a, const struct buf *b,
			      const char *what, int kernel)
{
	if (a->len == b->len && !memcmp(a->s ? a->s : "", b->s ? b->s : "",
					a->len))
		return true;
	printf("%s of %s differ:\n%.*s---\n%.*s", what, kernel_name(kernel),
	       (int)a->len, a->s, (int)b->len, b->s);
	return false;
}

/* A batch's text: zero bytes before and behind, '\n' at the end. */
static inline char *agree_text(const void *data, size_t *len)
{
	char *block = mem_zalloc(1, *len + 64 + 1 + BATCH_PADDING);

	if (*len)
		memcpy(block + 64, data, *len);
	block[64 + (*len)++] = '\n';
	return block + 64;
}

/* True when all promises hold for ${data} taken as lines. */
static inline bool agree(const void *data, size_t len)
{
	char *text = agree_text(data, &len);
	struct agree_run runs[KERNELS] = {0};
	struct buf plain = {0};
	bool good = true;

	agree_plain(&plain, text, len);
	for (int k = 0; k < KERNELS; k++) {
		if (!kernel_runs(k))
			continue;
		agree_scan(&runs[k], k, text, len);
		good &= agree_same(&plain, &runs[k].account, "rejects", k);
		good &= agree_same(&runs[0].lines, &runs[k].lines, "lines", k);
	}
	for (int k = 0; k < KERNELS; k++) {
		buf_release(&runs[k].account);
		buf_release(&runs[k].lines);
	}
	buf_release(&plain);
	free(text - 64);
	return good;
}

#endif

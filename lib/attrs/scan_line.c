/*
 * scan_line -- the first line of a scan, written.
 */
#include "attrs/attrio.h"
#include "attrs/scan_line.h"
#include "stream/source_name.h"

/* ${head} is all that stands before the number. */
static void add_count(struct buf *b, const char *head, uint64_t value)
{
	buf_adds(b, head);
	buf_addu(b, value);
}

static void add_totals(struct buf *b, const struct scan_totals *t)
{
	add_count(b, ",\"records\":", t->records);
	add_count(b, ",\"bytes\":", t->bytes);
	add_count(b, ",\"rejected\":", t->rejected);
	add_count(b, ",\"blank\":", t->blank);
	add_count(b, ",\"duplicate_keys\":", t->duplicate_keys);
	add_count(b, ",\"lone_surrogates\":", t->lone_surrogates);
	add_count(b, ",\"long_numbers\":", t->long_numbers);
	if (t->inexact)
		add_count(b, ",\"inexact\":", t->inexact);
}

static void add_pending(struct buf *b, const struct pending_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct pending *p = &list->items[i];

		buf_adds(b, i ? ",{\"source\":" : "{\"source\":");
		source_name_write(b, p->source);
		add_count(b, ",\"from\":", p->from);
		buf_adds(b, ",\"to\":");
		if (p->to == UINT64_MAX)
			buf_adds(b, "null");
		else
			buf_addu(b, p->to);
		if (p->size || p->mtime_ns) {
			add_count(b, ",\"size\":", p->size);
			buf_adds(b, ",\"mtime_ns\":");
			buf_addi(b, p->mtime_ns);
		}
		buf_addc(b, '}');
	}
}

static void add_sources(struct buf *b, const struct scan *scan)
{
	for (size_t i = 0; i < scan->nsources; i++) {
		const struct source_ranges *s = &scan->sources[i];

		buf_adds(b, i ? ",{\"source\":" : "{\"source\":");
		source_name_write(b, s->name);
		buf_adds(b, ",\"ranges\":[");
		for (size_t k = 0; k < s->n; k++) {
			add_count(b, k ? ",[" : "[", s->items[k].from);
			add_count(b, ",", s->items[k].to);
			buf_addc(b, ']');
		}
		buf_adds(b, "]}");
	}
}

void scan_line_write(struct buf *b, const struct scan *scan,
		     const struct scan_opts *opts, uint64_t attributes)
{
	buf_adds(b, "{\"scan\":{\"format\":1,\"options\":");
	if (scan->options)
		buf_adds(b, scan->options);
	else
		scan_write_options(b, opts);
	add_count(b, ",\"attributes\":", attributes);
	add_totals(b, &scan->totals);
	buf_adds(b, ",\"complete\":");
	buf_adds(b, scan->pending.n ? "false" : "true");
	buf_adds(b, ",\"pending\":[");
	add_pending(b, &scan->pending);
	if (scan->resumed.n) {
		buf_adds(b, "],\"resumed\":[");
		add_pending(b, &scan->resumed);
	}
	buf_adds(b, "],\"sources\":[");
	if (!opts->no_first)
		add_sources(b, scan);
	buf_adds(b, scan->folded ? "],\"folded\":true}}\n" : "]}}\n");
}

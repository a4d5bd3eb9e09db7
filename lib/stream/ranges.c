/*
 * ranges -- --range=I/N: one of N parts of the stored bytes of all files.
 *
 * The files are thought one behind the other and cut at total * k / N.  A
 * record belongs to the part it begins in, a compressed file to the one its
 * first byte is in.  Everything that makes parts impossible is refused here,
 * before any work, by every run of the N alike.
 */
#include "base/err.h"
#include "stream/plan.h"
#include "stream/stream.h"

__extension__ typedef unsigned __int128 wide;

static uint64_t bound(uint64_t total, uint64_t k, uint64_t n)
{
	return (uint64_t)((wide)total * k / n);
}

static int refuse(const char *name, const char *why)
{
	err_msg("%s: --range %s", name, why);
	return -1;
}

/* What kind of file it is; -1 after a message when it cannot be divided. */
static int look(struct stream *s, const struct reader_opts *opts,
		const struct plan_source *source)
{
	struct reader_opts quiet = *opts;
	int rc = 0;

	quiet.hints = false;
	if (stream_open(s, &quiet, source->name, source->shown) &&
	    s->state == GOT_FAULT)
		rc = refuse(source->shown, s->source.reason);
	else if (s->source.kind == SOURCE_PLAIN &&
		 (s->form == INPUT_JSON || s->form == INPUT_ARRAY))
		rc = refuse(source->shown, "needs one record a line, or RFC "
			    "7464; this is one array or documents of several "
			    "lines (--input=lines overrules)");
	s->source.stored = 0;	/* stdin stays where it is */
	stream_close(s);
	return rc;
}

/* A compressed file cannot be divided. */
static void add_part(struct plan *p, uint32_t source, enum source_kind kind,
		     uint64_t from, uint64_t to)
{
	if (kind == SOURCE_PLAIN)
		plan_add(p, source, from, to);
	else if (!from)
		plan_add(p, source, 0, UINT64_MAX);
}

int plan_range(struct plan *p, const struct reader_opts *opts)
{
	uint64_t low, high, at = 0;
	struct stream s;
	int rc = 0;

	for (size_t i = 0; i < p->nsources; i++)
		if (!p->sources[i].regular)
			return refuse(p->sources[i].shown,
				      "needs regular files");
	low = bound(p->total, opts->range_i - 1, opts->range_n);
	high = bound(p->total, opts->range_i, opts->range_n);
	stream_init(&s);
	for (uint32_t i = 0; i < p->nsources && !rc; i++) {
		uint64_t size = p->sources[i].size, from, to;

		if (!size)
			continue;
		rc = look(&s, opts, &p->sources[i]);
		from = low > at ? low - at : 0;
		to = high - at < size ? high - at : size;
		if (high > at && from < to)
			add_part(p, i, s.source.kind, from, to);
		at += size;
	}
	stream_release(&s);
	return rc;
}

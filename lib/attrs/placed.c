/*
 * placed -- a scan of standard input whose bytes are known to come from
 * elsewhere (stream/places.h): workers of split-batches.
 *
 * A batch of the reader is divided where runs end, and each piece is scanned
 * as lines of the run's source (observer_place()).  Rejects carry their offset
 * on standard input until they are taken up, in order; there they get source,
 * record and byte of the run.
 *
 * Whether the lines of the index tell of the bytes that came is seen where a
 * run ends (behind a line end or not), and at the end of all (the lengths add
 * up or not): a filter that stood between changes lengths.  So rejects are held
 * until the run they are in has ended.  Where it does not fit, all becomes what
 * it would have been without an index: rejects not yet told, `first` and the
 * sources.  What `first` keeps of a version is one place, which is turned
 * back; with runs in no order (--order-by) another place may have come before
 * it on standard input.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "attrs/discover_in.h"
#include "base/err.h"
#include "base/mem.h"
#include "stream/batch.h"
#include "stream/place.h"

#define STDIN_SHOWN "<stdin>"

struct placed {
	struct places *places;
	atomic_bool broken;	/* some run does not fit */
	/* Taken over, in order. */
	struct result **held;
	size_t n, cap;
	uint64_t to;		/* standard input so far */
	/* Taken up: */
	uint64_t record;	/* records of standard input */
	size_t run;		/* the run at hand, + 1; 0: none */
	uint64_t run_record;	/* records before it */
};

struct placed *placed_new(struct places *places)
{
	struct placed *p = mem_zalloc(1, sizeof(*p));

	p->places = places;
	atomic_init(&p->broken, false);
	return p;
}

void placed_free(struct placed *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->n; i++)
		result_free(p->held[i]);
	free(p->held);
	free(p);
}

static void meet(struct result *r, size_t run)
{
	if (r->nmet && r->met[r->nmet - 1].run == run)
		return;
	mem_grow(&r->met, &r->met_cap, r->nmet + 1, sizeof(*r->met));
	r->met[r->nmet++] = (struct met){run, r->records};
}

size_t placed_meet(struct placed *p, struct result *r, uint64_t at)
{
	struct place place;

	if (!places_find(p->places, at, &place))
		return 0;
	meet(r, place.number);
	return place.number;
}

/* Nothing is known of where the lines come from. */
static size_t plain_lines(struct state *s, struct worker *w, struct result *r,
			  size_t from, size_t to)
{
	atomic_store(&s->placed->broken, true);
	observer_place(w->observer, 0);
	return discover_lines(s, w, r, STDIN_SHOWN, from, to);
}

size_t placed_lines(struct state *s, struct worker *w, struct result *r,
		    size_t from, size_t to)
{
	struct placed *p = s->placed;
	const struct batch *b = &w->batch;
	struct place place;
	size_t end;

	while (from < to && !observer_done(w->observer)) {
		uint64_t at = batch_byte(b, from);

		if (atomic_load(&p->broken) ||
		    !places_find(p->places, at, &place))
			return plain_lines(s, w, r, from, to);
		end = batch_position(b, place.end);
		end = end < to ? end : to;
		if (b->text[end - 1] != '\n')
			return plain_lines(s, w, r, from, to);
		meet(r, place.number);
		if (batch_byte(b, end) >= place.end) {
			r->checked = true;
			r->upto = place.end;
		}
		observer_place(w->observer, place.byte - place.start);
		from = discover_lines(s, w, r, place.source, from, end);
		if (from < end)
			break;
	}
	return from;
}

/* Where the reject really is. */
static void move(struct placed *p, struct found *f)
{
	struct error_line *e = &f->line;
	struct place place;

	if (!places_find(p->places, e->byte, &place))
		return;
	e->source = place.source;
	e->byte = place.byte + (e->byte - place.start);
	if (!e->record)
		return;
	e->record = !place.record || place.number + 1 != p->run ? 0 :
		place.record + (p->record + e->record - p->run_record) - 1;
}

static void tell_placed(struct state *s, struct result *r)
{
	struct placed *p = s->placed;
	size_t next = 0;

	for (size_t i = 0; i <= r->nfound; i++) {
		/* runs that begin before the reject, or in the batch at all */
		while (next < r->nmet && (i == r->nfound ||
					  r->met[next].run <= r->found[i].run)) {
			const struct met *m = &r->met[next++];

			if (m->run + 1 == p->run)
				continue;
			p->run = m->run + 1;
			p->run_record = p->record + m->records;
		}
		if (i < r->nfound) {
			move(p, &r->found[i]);
			result_tell(s, &r->found[i]);
		}
	}
}

/* [from, to) of standard input was scanned. */
static void add_ranges(struct state *s, uint64_t from, uint64_t to)
{
	struct place place;
	struct range overlap;

	while (from < to && places_find(s->placed->places, from, &place)) {
		uint64_t end = place.end < to ? place.end : to;

		if (place.stream)
			scan_add_stream(s->scan, place.source);
		else
			scan_add_range(s->scan, place.source,
				from == place.start ? place.from :
				place.byte + (from - place.start),
				end == place.end ? place.to :
				place.byte + (end - place.start),
				true, &overlap);
		from = end;
	}
}

static void take_up(struct state *s, struct result *r)
{
	struct placed *p = s->placed;

	tell_placed(s, r);
	p->record += r->records;
	s->d->records += r->records;
	if (!s->d->opts->no_first && r->to > r->from)
		add_ranges(s, r->from, r->to);
	result_free(r);
}

void placed_put(struct state *s, struct result *r)
{
	struct placed *p = s->placed;
	size_t done = 0;

	mem_grow(&p->held, &p->cap, p->n + 1, sizeof(struct result *));
	p->held[p->n++] = r;
	p->to = r->to > p->to ? r->to : p->to;
	if (!r->checked || atomic_load(&p->broken))
		return;
	while (done < p->n && p->held[done]->to <= r->upto)
		take_up(s, p->held[done++]);
	p->n -= done;
	if (p->n)
		memmove(p->held, p->held + done,
			p->n * sizeof(struct result *));
}

/* A place in a source becomes the one on standard input. */
static void turn_back(void *arg, struct tree *t, struct first *f)
{
	struct placed *p = arg;
	uint64_t at = places_back(p->places, t->sources[f->source], f->byte);

	if (at != UINT64_MAX)
		f->byte = at;
	f->source = tree_source(t, STDIN_SHOWN);
}

static void forget_places(struct state *s)
{
	struct placed *p = s->placed;

	err_msg("%s does not fit what stands on standard input, a filter "
		"between perhaps: places are those on standard input",
		PLACE_INDEX_ENV);
	tree_each_first(&s->scan->tree, turn_back, p);
	scan_forget_sources(s->scan);
	s->source = UINT32_MAX;
	s->record = p->record;
	for (size_t i = 0; i < p->n; i++) {
		struct result *r = p->held[i];

		r->source_start = false;
		s->source = r->source;
		s->counted = s->d->whole;
		result_take_up(s, r);
		result_free(r);
	}
	p->n = 0;
	if (!s->d->opts->no_first && p->to)
		scan_add_stream(s->scan, STDIN_SHOWN);
}

static void add_pending(struct state *s)
{
	struct placed *p = s->placed;
	uint64_t at = p->to;
	struct place place;

	for (; places_find(p->places, at, &place); at = place.end) {
		uint64_t from = at == place.start ? place.from :
				place.byte + (at - place.start);
		struct stat st = {0};
		bool file = !stat(place.source, &st) && S_ISREG(st.st_mode);

		scan_add_pending(s->scan, place.source, from, place.to,
				 file ? (uint64_t)st.st_size : 0,
				 file ? (int64_t)st.st_mtim.tv_sec *
					1000000000 + st.st_mtim.tv_nsec : 0);
	}
}

void placed_end(struct state *s, bool whole)
{
	struct placed *p = s->placed;

	if (atomic_load(&p->broken) ||
	    (whole && !places_end_at(p->places, p->to))) {
		forget_places(s);
		return;
	}
	for (size_t i = 0; i < p->n; i++)
		take_up(s, p->held[i]);
	p->n = 0;
	s->d->placed = true;
	if (!whole && !s->d->limited)
		add_pending(s);
}

/*
 * input -- what split-batches reads: from options to a supplier of batches.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/stop.h"
#include "stream/call_plan.h"
#include "stream/calls.h"
#include "stream/cutter.h"
#include "stream/input.h"
#include "stream/lines.h"

/* Batches of the pass that makes the index. */
#define PASS_BYTES (1 << 20)

/* The index without --max-memory. */
#define INDEX_BYTES (1ULL << 30)

/* A supplier that notes how far packed files were read, for --state. */
struct noting {
	struct supplier supplier;
	struct supplier *inner;
	struct state *state;
};

static enum parcel_got noting_next(struct supplier *s, struct parcel *p)
{
	struct noting *n = (struct noting *)s;
	enum parcel_got got = n->inner->next(n->inner, p);

	/* each file is one extent, and one source */
	for (size_t i = 0; got == PARCEL_GOT && i < p->nruns; i++)
		state_saw(n->state, p->runs[i].source, p->runs[i].to);
	return got;
}

static const char *noting_source(struct supplier *s, uint32_t source)
{
	struct supplier *inner = ((struct noting *)s)->inner;

	return inner->source(inner, source);
}

static void noting_progress(struct supplier *s, uint64_t *done,
			    uint64_t *total)
{
	struct supplier *inner = ((struct noting *)s)->inner;

	inner->progress(inner, done, total);
}

static int noting_result(struct supplier *s)
{
	struct supplier *inner = ((struct noting *)s)->inner;

	return inner->result(inner);
}

static void noting_free(struct supplier *s)
{
	struct noting *n = (struct noting *)s;

	n->inner->free(n->inner);
	free(n);
}

static struct supplier *noting_new(struct supplier *inner, struct state *state)
{
	struct noting *n = mem_zalloc(1, sizeof(*n));

	n->supplier = (struct supplier){
		.next = noting_next, .source = noting_source,
		.progress = noting_progress, .result = noting_result,
		.free = noting_free
	};
	n->inner = inner;	/* now owned */
	n->state = state;
	return &n->supplier;
}

/* Is this record to be passed on?  Its watermark counts then. */
static bool select_record(void *arg, const char *record, size_t len)
{
	struct input *in = arg;

	if (in->where && !where_select(in->where, record, len))
		return false;
	if (in->watermark)
		watermark_see(in->watermark, record, len);
	return true;
}

static int open_watermark(struct input *in)
{
	const struct split_opts *o = in->o;
	const struct state *s = &in->state;

	if (!o->watermark)
		return RC_DONE;
	if (s->expr && strcmp(s->expr, o->watermark)) {
		err_msg("%s: remembers the watermark of %s, not of %s (give "
			"each a --state of its own)", o->state, s->expr,
			o->watermark);
		return RC_USAGE;
	}
	in->watermark = watermark_new(o->watermark, s->watermark);
	return in->watermark ? RC_DONE : RC_USAGE;
}

/*
 * Where --where selects by $since, it is that which leaves out what was read,
 * and files are read whole.
 */
static int open_state(struct input *in)
{
	const struct split_opts *o = in->o;

	if (!o->state)
		return RC_DONE;
	if (state_read(&in->state, o->state) || open_watermark(in))
		return RC_USAGE;
	in->by_offset = !o->where || !strstr(o->where, "$since");
	if (in->by_offset && state_plan(&in->state, &o->reader,
					in->names.items, in->names.n, o->final))
		return RC_USAGE;
	return RC_DONE;
}

static struct reader *open_reader(struct input *in,
				  const struct reader_opts *opts)
{
	struct reader_opts ro = *opts;

	if (!in->by_offset)
		return reader_open(&ro, in->names.items, in->names.n, NULL, 0);
	ro.keep_order = true;
	return reader_open(&ro, NULL, 0, in->state.extents,
			   in->state.nextents);
}

/* By the first records, where these can be read twice. */
static int estimate(struct input *in)
{
	const struct split_opts *o = in->o;
	struct memory_sample sample = {0};
	struct reader_opts ro = o->reader;
	struct extent first = {.to = UINT64_MAX};
	struct reader *reader = NULL;
	struct stat st;

	if (in->by_offset && in->state.nextents)
		first = in->state.extents[0];
	else if (!in->by_offset && in->names.n)
		first.source = in->names.items[0];
	if (first.source && !strcmp(first.source, "-"))
		first.source = lseek(STDIN_FILENO, 0, SEEK_CUR) == 0 ?
			       "/proc/self/fd/0" : NULL;
	ro.hints = false;
	ro.range_n = 0;
	if (first.source && !stat(first.source, &st) && S_ISREG(st.st_mode))
		reader = reader_open(&ro, NULL, 0, &first, 1);
	if (reader)
		memory_look(&sample, reader);
	reader_free(reader);
	in->memory.limit = o->max_memory ? o->max_memory : memory_left();
	memory_estimate(&in->memory, &sample, o->common.max_procs,
			o->batch_records, o->batch_bytes);
	if ((!in->memory.average && !o->max_memory) || !o->command || o->plan)
		return RC_DONE;
	return memory_fits(&in->memory, o->common.max_procs,
			   o->batch_records) ? RC_DONE : RC_USAGE;
}

static uint64_t index_bytes(const struct input *in)
{
	uint64_t bytes = in->memory.limit / 2;

	if (in->o->max_memory || bytes < INDEX_BYTES)
		return bytes;
	return INDEX_BYTES;
}

/* The order in place of the cutter. */
static int open_order(struct input *in)
{
	const struct split_opts *o = in->o;
	struct ordered_opts oo = {
		.records = o->batch_records, .bytes = o->batch_bytes,
		.limit = o->limit, .max_bytes = index_bytes(in)
	};
	struct buf why = {0};
	struct orderby *keys = orderby_new(o->order_by, &why);

	if (keys) {
		in->ordered = ordered_new(&oo, keys, in->cutter);
		in->cutter = NULL;
		in->supplier = ordered_supplier(in->ordered);
	} else {
		err_msg("--order-by=%s: %s", o->order_by, buf_cstr(&why));
	}
	buf_release(&why);
	return keys ? RC_DONE : RC_USAGE;
}

static int open_cutter(struct input *in, struct rejects *rejects)
{
	const struct split_opts *o = in->o;
	struct cutter_opts c = {
		.records = o->order_by ? UINT64_MAX : o->batch_records,
		.bytes = o->order_by ? PASS_BYTES : o->batch_bytes,
		.limit = o->order_by ? 0 : o->limit,
		.whole = !o->reader.range_n && !in->state.grown,
		.rejects = rejects
	};
	struct reader *reader = open_reader(in, &o->reader);

	if (!reader)
		return RC_USAGE;
	if (in->where || in->watermark) {
		c.select = select_record;
		c.arg = in;
	}
	in->cutter = cutter_new(&c, reader);
	if (in->by_offset)
		in->cutter = noting_new(in->cutter, &in->state);
	in->supplier = in->cutter;
	return o->order_by ? open_order(in) : RC_DONE;
}

int input_open(struct input *in, const struct split_opts *o, char **operands,
	       size_t n, struct rejects *rejects)
{
	int rc;

	*in = (struct input){.o = o, .calls = 1};
	if (o->calls) {
		in->calls = o->call ? o->call : o->calls;
		in->call = o->call ? o->call - 1 : 0;
	}
	if (names_read(&in->names, o->files0, operands, n))
		return RC_USAGE;
	rc = open_state(in);
	if (!rc && o->where) {
		in->where = where_new(o->where, in->state.watermark);
		rc = in->where ? RC_DONE : RC_USAGE;
	}
	if (!rc && o->by_plan)
		rc = call_plan_check(in, o->by_plan);
	if (!rc)
		rc = estimate(in);
	return rc ? rc : open_cutter(in, rejects);
}

static void tell_order(const struct input *in)
{
	unsigned long long bad = ordered_unjudged(in->ordered);
	unsigned long long inexact = ordered_inexact(in->ordered);

	if (bad)
		err_msg("%llu records could not be judged by --order-by: they "
			"come first", bad);
	if (inexact)
		err_msg("%llu records hold numbers that libjq rounds: their "
			"order by %s is not exact (plain paths are)", inexact,
			in->o->order_by);
}

static void snapshot(void *arg, struct progress_now *now)
{
	struct input *in = arg;

	in->supplier->progress(in->supplier, &now->bytes, &now->total_bytes);
	strcpy(now->note, "looking at the order");
}

static int make_order(struct input *in)
{
	struct progress *p = progress_start(in->o->common.progress,
					    in->o->common.quiet, snapshot, in);
	enum parcel_got got = ordered_index(in->ordered);

	progress_stop(p);
	if (got != PARCEL_END)
		return got == PARCEL_STOPPED ? RC_STOPPED : RC_FAILED;
	in->records = ordered_rows(in->ordered);
	in->counted = true;
	tell_order(in);
	return RC_DONE;
}

/* --rows for one call without an order: the files are read once more. */
static int count(struct input *in)
{
	struct reader_opts ro = in->o->reader;
	struct reader *reader;
	struct batch b;
	struct stat st;

	for (size_t i = 0; i < in->names.n; i++)
		if (stat(in->names.items[i], &st) || !S_ISREG(st.st_mode)) {
			err_msg("%s: --rows is checked against a count first "
				"(give files, or --order-by)",
				in->names.items[i]);
			return RC_USAGE;
		}
	ro.hints = false;
	reader = open_reader(in, &ro);
	if (!reader)
		return RC_USAGE;
	batch_init(&b);
	while (reader_next(reader, &b) == 1)
		in->records += lines_count(b.text, 0, b.len) + b.nfaults;
	batch_release(&b);
	reader_free(reader);
	if (in->o->limit && in->records > in->o->limit)
		in->records = in->o->limit;
	in->counted = true;
	return stop_asked() ? RC_STOPPED : RC_DONE;
}

int input_prepare(struct input *in)
{
	const struct split_opts *o = in->o;
	int rc = RC_DONE;

	if (in->ordered)
		rc = make_order(in);
	else if (o->rows && !o->where)
		rc = count(in);
	if (!rc && in->counted)
		rc = calls_fit(o->calls, o->rows, in->records);
	if (!rc && o->by_plan && in->counted)
		rc = call_plan_check_records(in, o->by_plan);
	return rc;
}

int input_call(struct input *in)
{
	const struct split_opts *o = in->o;
	uint64_t from = in->call * o->rows;
	bool first = in->call == (o->call ? o->call - 1 : 0);

	if (in->call >= in->calls)
		return 0;
	in->call++;
	if (in->ordered && ordered_window(in->ordered, from, o->rows ?
					  from + o->rows : UINT64_MAX))
		return -1;
	if (!first)
		stop_limit(o->time_limit_ms);
	return 1;
}

int input_done(struct input *in, int rc)
{
	const struct buf *value;

	if (!in->o || !in->o->state || (rc != RC_DONE && rc != RC_FINDING))
		return rc;
	value = in->watermark ? watermark_value(in->watermark) : NULL;
	if (value && value->len)
		state_set_watermark(&in->state, in->o->watermark, value->s,
				    value->len);
	return state_write(&in->state) ? rc_join(rc, RC_FAILED) : rc;
}

void input_release(struct input *in)
{
	if (in->cutter)
		in->cutter->free(in->cutter);
	ordered_free(in->ordered);
	where_free(in->where);
	watermark_free(in->watermark);
	state_release(&in->state);
	names_release(&in->names);
}

/*
 * extents -- batches from parts of a plain file.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "stream/delim.h"
#include "stream/extents.h"

/* First step when looking for a record's start or end; they grow by 4. */
#define STEP 4096
#define STEP_MOST (1024 * 1024)

/* One extent being read.  text[0] stands at .start. */
struct job {
	struct plain *plain;
	struct batch *b;
	struct delim d;
	uint64_t from, to, start;
	const char *reason;	/* why reading failed, */
	uint64_t failed;	/* and where */
};

struct plain *plain_new(struct source *s, const struct reader_opts *opts,
			enum input_form form, uint64_t bom)
{
	struct plain *p = mem_zalloc(1, sizeof(*p));

	p->fd = s->fd;
	p->is_stdin = s->is_stdin;
	p->base = s->base;
	p->size = s->size;
	p->bom = bom;
	p->form = form;
	p->opts = opts;
	atomic_init(&p->users, 1);
	atomic_init(&p->broken, false);
	s->fd = -1;
	return p;
}

void plain_put(struct plain *p)
{
	if (!p || atomic_fetch_sub(&p->users, 1) != 1)
		return;
	/* Who shares stdin goes on behind what was read. */
	if (p->is_stdin)
		lseek(p->fd, (off_t)(p->base + p->next), SEEK_SET);
	else
		close(p->fd);
	free(p);
}

/*
 * Reads up to ${want} bytes at ${byte} to text[pos...]; less only at the end
 * of the file or when that fails.
 */
static size_t read_at(struct job *j, size_t pos, size_t want, uint64_t byte)
{
	struct plain *p = j->plain;
	size_t have = 0;
	ssize_t got;

	if (byte >= p->size)
		return 0;
	if (want > p->size - byte)
		want = (size_t)(p->size - byte);
	batch_reserve(j->b, pos, pos + want);
	while (have < want && !j->reason) {
		got = pread(p->fd, j->b->text + pos + have, want - have,
			    (off_t)(p->base + byte + have));
		if (got > 0)
			have += (size_t)got;
		else if (!got)
			j->reason = SOURCE_SHRANK;
		else if (errno != EINTR)
			j->reason = batch_errno_text(errno);
	}
	if (j->reason)
		j->failed = byte + have;
	return have;
}

/* Appends to the text; false when there is nothing more. */
static bool read_more(struct job *j, size_t want)
{
	size_t n = read_at(j, j->b->len, want, j->start + j->b->len);

	j->b->len += n;
	return n > 0;
}

static size_t next_step(size_t step)
{
	return step < STEP_MOST ? 4 * step : step;
}

/*
 * Sets .start to the first record start in the extent, with what was read from
 * there on in the batch; false when there is none.
 */
static bool find_start(struct job *j)
{
	uint64_t byte = j->from - j->d.behind, end = j->to - j->d.behind;
	size_t step = STEP, n, start, look;
	struct batch *b = j->b;

	j->start = j->plain->bom;
	if (j->from <= j->start)
		return j->start < j->to;
	for (; byte < end; byte += n, step = next_step(step)) {
		n = read_at(j, 0, step, byte);
		look = n < end - byte ? n : (size_t)(end - byte);
		start = delim_next(j->d, b->text, j->d.behind, look);
		if (start != DELIM_NONE) {
			j->start = byte + start;
			b->len = n - start;
			memmove(b->text, b->text + start, b->len);
			return true;
		}
		if (!n)
			break;
	}
	j->start = byte;
	return false;
}

/* The record at text[last...] is too long: reads on, keeping nothing. */
static void skip_long(struct job *j, size_t last)
{
	struct batch *b = j->b;
	uint64_t byte = j->start + b->len;
	struct delim_long l;
	size_t n, end = DELIM_NONE, step = STEP;

	delim_long_begin(j->d, &l, b->text + last, b->len - last,
			 j->start + last, j->plain->opts->max_record, ' ');
	for (; end == DELIM_NONE; byte += n, step = next_step(step)) {
		n = read_at(j, last, step, byte);
		if (!n)
			break;
		end = delim_next(j->d, b->text + last, j->d.behind, n);
		delim_long_more(&l, b->text + last, end < n ? end : n);
	}
	delim_long_end(&l, b);
	b->len = last;
}

/* How far behind the extent its last record is looked for at first. */
static size_t first_want(const struct job *j)
{
	return (size_t)(j->to - j->start) + STEP;
}

/*
 * Reads to the end of the last record; the batch then holds whole records, or
 * ends with the file.  Returns the length of the whole ones.
 */
static size_t read_whole(struct job *j)
{
	struct batch *b = j->b;
	size_t bound = (size_t)(j->to - j->start), end, step = STEP;
	size_t last = DELIM_NONE;
	uint64_t max = j->plain->opts->max_record;

	batch_reserve(b, b->len, first_want(j));
	if (b->len < first_want(j))
		read_more(j, first_want(j) - b->len);
	for (;;) {
		end = delim_next(j->d, b->text, bound, b->len);
		if (end != DELIM_NONE) {
			/* What failed behind it is the next one's fault. */
			j->reason = NULL;
			return end;
		}
		/* looked for once: none is in what came since */
		if (last == DELIM_NONE)
			last = delim_last(j->d, b->text, 0, b->len);
		if (last == DELIM_NONE)
			last = 0;
		if (!j->reason && delim_too_long(b->len - last, max)) {
			skip_long(j, last);
			return b->len;
		}
		bound = b->len > bound ? b->len : bound;
		if (!read_more(j, step))
			return j->reason ? last : b->len;
		step = next_step(step);
	}
}

/* [from, to) and where the text stands. */
static void begin(struct job *j)
{
	struct batch *b = j->b;

	b->from = j->from;
	b->to = j->to;
	b->nshifts = 0;
	batch_add_shift(b, 0, j->start);
}

void extent_read(struct plain *p, uint64_t from, uint64_t to, struct batch *b)
{
	struct job j = { .plain = p, .b = b, .d = delim_of(p->form),
			 .from = from, .to = to };
	uint64_t max = p->opts->max_record;
	size_t whole = 0;
	bool ends;

	if (find_start(&j))
		whole = read_whole(&j);
	begin(&j);
	if (j.reason) {
		delim_break(j.d, b, whole, j.failed, j.reason, max);
		atomic_store(&p->broken, true);
	}
	ends = !j.reason && j.start + b->len == p->size;
	b->len = whole;
	delim_finish(j.d, b, max, j.start == p->bom, ends);
}

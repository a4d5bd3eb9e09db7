/*
 * batch -- the memory of batches, and where their bytes came from.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "stream/batch.h"

void batch_init(struct batch *b)
{
	*b = (struct batch){0};
}

void batch_clear(struct batch *b)
{
	for (size_t i = 0; i < b->nfaults; i++)
		free(b->faults[i].raw);
	b->nfaults = 0;
	b->nshifts = 0;
	b->len = 0;
	b->serial = b->from = b->to = 0;
	b->source = 0;
	b->source_start = b->place_known = b->framed = false;
}

/* What a text of ${cap} bytes takes. */
static size_t text_size(size_t cap)
{
	return BATCH_LEAD + cap + 1 + BATCH_PADDING;
}

static void free_text(struct batch *b)
{
	if (!b->text)
		return;
	if (b->mapped)
		mem_pages_free(b->text - BATCH_LEAD, text_size(b->cap));
	else
		free(b->text - BATCH_LEAD);
	b->text = NULL;
}

void batch_release(struct batch *b)
{
	batch_clear(b);
	free_text(b);
	free(b->shifts);
	free(b->faults);
	batch_init(b);
}

/*
 * From here on a text has pages of its own: a record of many megabytes is met
 * in ever longer pieces, and is not to be copied for each of them.  Room that
 * is not used costs nothing there.
 */
#define MAPPED_FROM (4U << 20)

static void reserve_mapped(struct batch *b, size_t keep, size_t cap)
{
	char *memory;

	if (cap < 2 * b->cap)
		cap = 2 * b->cap;
	if (b->mapped) {
		memory = mem_pages(b->text - BATCH_LEAD, text_size(b->cap),
				   text_size(cap));
	} else {
		memory = mem_pages(NULL, 0, text_size(cap));
		if (keep)
			memcpy(memory + BATCH_LEAD, b->text, keep);
		free_text(b);
	}
	b->text = memory + BATCH_LEAD;
	b->cap = cap;
	b->mapped = true;
}

void batch_reserve(struct batch *b, size_t keep, size_t cap)
{
	char *memory;

	if (b->text && b->cap >= cap)
		return;
	if (cap >= MAPPED_FROM) {
		reserve_mapped(b, keep, cap);
		return;
	}
	memory = mem_aligned(64, text_size(cap));
	memset(memory, 0, BATCH_LEAD);
	if (keep)
		memcpy(memory + BATCH_LEAD, b->text, keep);
	free_text(b);
	b->text = memory + BATCH_LEAD;
	b->cap = cap;
}

void batch_add_shift(struct batch *b, size_t pos, uint64_t byte)
{
	mem_grow(&b->shifts, &b->shifts_cap, b->nshifts + 1,
		 sizeof(*b->shifts));
	b->shifts[b->nshifts++] = (struct batch_shift){ pos, byte };
}

uint64_t batch_byte(const struct batch *b, size_t pos)
{
	size_t low = 0, high = b->nshifts, mid;

	if (!high)
		return b->from + pos;
	while (high - low > 1) {
		mid = low + (high - low) / 2;
		if (b->shifts[mid].pos <= pos)
			low = mid;
		else
			high = mid;
	}
	return b->shifts[low].source_byte + (pos - b->shifts[low].pos);
}

struct batch_fault *batch_add_fault(struct batch *b, enum fault_class error,
				    const char *reason, uint64_t byte)
{
	struct batch_fault *fault;

	mem_grow(&b->faults, &b->faults_cap, b->nfaults + 1,
		 sizeof(*b->faults));
	fault = &b->faults[b->nfaults++];
	*fault = (struct batch_fault){ .error = error, .reason = reason,
				       .byte = byte, .column = 1 };
	return fault;
}

void batch_set_raw(struct batch_fault *fault, const char *raw, size_t len,
		   uint64_t max)
{
	if (len > max)
		len = (size_t)max;
	if (!len)
		return;
	fault->raw = mem_dup(raw, len);
	fault->raw_len = len;
}

const char *batch_errno_text(int error)
{
	const char *text;

#ifdef __GLIBC__
	text = strerrordesc_np(error);
#else
	text = strerror(error);
#endif
	return text ? text : "unknown error";
}

size_t skip_blank(const char *text, size_t from, size_t to)
{
	while (from < to && is_blank(text[from]))
		from++;
	return from;
}

size_t trim_blank(const char *text, size_t from, size_t to)
{
	while (to > from && is_blank(text[to - 1]))
		to--;
	return to;
}

static int by_byte(const void *a, const void *b)
{
	const struct batch_fault *x = a, *y = b;

	if (x->byte != y->byte)
		return x->byte < y->byte ? -1 : 1;
	return (x->error > y->error) - (x->error < y->error);
}

/* Line ends of text[from..to). */
static uint64_t count_lines(const char *text, size_t from, size_t to)
{
	uint64_t lines = 0;

	for (; from < to; from++)
		lines += text[from] == '\n';
	return lines;
}

size_t batch_position(const struct batch *b, uint64_t byte)
{
	size_t low = 0, high = b->len, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (batch_byte(b, mid) < byte)
			low = mid + 1;
		else
			high = mid;
	}
	while (low < b->len && batch_byte(b, low + 1) == byte)
		low++;
	return low;
}

void batch_finish(struct batch *b)
{
	size_t pos = 0, next;
	uint64_t lines = 0;

	batch_reserve(b, b->len, b->len);
	memset(b->text + b->len, 0, BATCH_PADDING);
	if (b->nfaults > 1)
		qsort(b->faults, b->nfaults, sizeof(*b->faults), by_byte);
	for (size_t i = 0; i < b->nfaults; i++) {
		next = batch_position(b, b->faults[i].byte);
		lines += count_lines(b->text, pos, next);
		b->faults[i].line = lines;
		pos = next;
	}
}

static void limit_faults(struct batch *b, uint64_t from, uint64_t to)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->nfaults; i++)
		if (b->faults[i].byte >= from && b->faults[i].byte < to)
			b->faults[kept++] = b->faults[i];
		else
			free(b->faults[i].raw);
	b->nfaults = kept;
}

/* Where text[pos...], a line, begins: its first byte that is no blank. */
static uint64_t line_byte(const struct batch *b, size_t pos, size_t end)
{
	size_t first = skip_blank(b->text, pos, end);

	return batch_byte(b, first < end ? first : pos);
}

/* The first ${n} bytes of the text go. */
static void drop_front(struct batch *b, size_t n)
{
	uint64_t byte = batch_byte(b, n);
	size_t kept = 1;

	if (!n)
		return;
	b->len -= n;
	memmove(b->text, b->text + n, b->len);
	if (!b->nshifts)
		batch_add_shift(b, 0, byte);
	for (size_t i = 1; i < b->nshifts; i++)
		if (b->shifts[i].pos > n)
			b->shifts[kept++] = (struct batch_shift){
				b->shifts[i].pos - n, b->shifts[i].source_byte
			};
	b->shifts[0] = (struct batch_shift){0, byte};
	b->nshifts = kept;
}

void batch_limit(struct batch *b, uint64_t from, uint64_t to)
{
	size_t pos = 0, next, front = 0;
	uint64_t byte;

	for (; pos < b->len; pos = next) {
		next = (size_t)((char *)memchr(b->text + pos, '\n',
					       b->len - pos) - b->text) + 1;
		byte = line_byte(b, pos, next);
		if (byte >= to)
			break;
		if (byte < from)
			front = next;
	}
	b->len = pos;
	drop_front(b, front);
	if (b->from < from)
		b->from = from;
	if (b->to > to)
		b->to = to;
	if (b->to < b->from)
		b->to = b->from;
	limit_faults(b, from, to);
	batch_finish(b);
}

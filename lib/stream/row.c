/*
 * row -- an entry of an index, written small.
 *
 * Numbers of seven bits a byte, because most are small and there may be
 * billions of rows.
 */
#include "stream/row.h"

static void put_number(unsigned char **p, uint64_t v)
{
	for (; v > 127; v >>= 7)
		*(*p)++ = (unsigned char)(v | 128);
	*(*p)++ = (unsigned char)v;
}

static uint64_t get_number(const unsigned char **p)
{
	uint64_t v = 0;
	int shift = 0;

	for (; **p > 127; shift += 7)
		v |= (uint64_t)(*(*p)++ & 127) << shift;
	return v | (uint64_t)*(*p)++ << shift;
}

size_t row_write(const struct row *r, unsigned char *out)
{
	const struct place_run *run = &r->run;
	unsigned char *p = out;

	put_number(&p, r->flags);
	put_number(&p, run->source);
	put_number(&p, run->record);
	put_number(&p, run->byte);
	put_number(&p, run->length);
	put_number(&p, r->at);
	if (r->flags & ROW_ODD) {
		put_number(&p, run->from);
		put_number(&p, run->to);
	}
	return (size_t)(p - out);
}

void row_read(struct row *r, const unsigned char *p)
{
	struct place_run *run = &r->run;

	r->flags = (unsigned)get_number(&p);
	run->source = (uint32_t)get_number(&p);
	run->record = get_number(&p);
	run->byte = get_number(&p);
	run->length = get_number(&p);
	r->at = get_number(&p);
	run->stream = r->flags & ROW_STREAM;
	run->from = run->byte;
	run->to = run->byte + run->length;
	if (r->flags & ROW_ODD) {
		run->from = get_number(&p);
		run->to = get_number(&p);
	}
}

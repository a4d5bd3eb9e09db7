/*
 * parcel -- batches on their way to workers.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/pread_all.h"
#include "stream/lines.h"
#include "stream/parcel.h"

void parcel_init(struct parcel *p)
{
	*p = (struct parcel){0};
}

void parcel_release(struct parcel *p)
{
	plain_put(p->file);
	buf_release(&p->text);
	free(p->runs);
	parcel_init(p);
}

struct place_run *parcel_add_run(struct parcel *p)
{
	struct place_run *run;

	mem_grow(&p->runs, &p->runs_cap, p->nruns + 1, sizeof(*p->runs));
	run = &p->runs[p->nruns++];
	*run = (struct place_run){0};
	return run;
}

int parcel_load(struct parcel *p)
{
	size_t len = (size_t)p->bytes - p->line_end;

	if (!p->file)
		return 0;
	buf_clear(&p->text);
	if (pread_all(p->file->fd, buf_reserve(&p->text, (size_t)p->bytes), len,
		     p->offset))
		return -1;
	p->text.len = len;
	if (p->line_end)
		buf_addc(&p->text, '\n');
	plain_put(p->file);
	p->file = NULL;
	p->line_end = false;
	return 0;
}

/* Divides ${run}, which begins at text[start], at text[cut]. */
static void divide_run(const struct parcel *p, struct place_run *run,
		       struct place_run *rest, size_t start, size_t cut)
{
	uint64_t len = cut - start;

	*rest = *run;
	rest->byte += len;
	rest->length -= len;
	rest->from = rest->byte;
	run->length = len;
	run->to = rest->byte;
	if (run->record)
		rest->record += lines_count(p->text.s, start, cut);
}

void parcel_halve(struct parcel *p, struct parcel *rest)
{
	uint64_t half = 0;
	size_t start = 0, i = 0;
	size_t cut = lines_take(p->text.s, 0, p->text.len, p->records / 2,
				UINT64_MAX, &half);

	rest->serial = p->serial;
	rest->records = p->records - half;
	rest->bytes = p->bytes - cut;
	buf_add(&rest->text, p->text.s + cut, p->text.len - cut);
	for (; start + p->runs[i].length <= cut; i++)
		start += p->runs[i].length;
	if (start < cut) {
		divide_run(p, &p->runs[i], parcel_add_run(rest), start, cut);
		i++;
	}
	for (size_t j = i; j < p->nruns; j++)
		*parcel_add_run(rest) = p->runs[j];
	p->nruns = i;
	p->text.len = cut;
	p->bytes = cut;
	p->records = half;
}

uint64_t parcel_place(const struct parcel *p, size_t pos,
		      const struct place_run **run)
{
	size_t i = 0;

	for (; i + 1 < p->nruns && pos >= p->runs[i].length; i++)
		pos -= p->runs[i].length;
	*run = &p->runs[i];
	return p->runs[i].byte + pos;
}

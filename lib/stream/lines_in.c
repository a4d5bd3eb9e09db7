/*
 * lines_in -- one checked record after the other.
 */
#include <errno.h>
#include <string.h>

#include "base/err.h"
#include "stream/lines_in.h"

enum { MAX_DEPTH = 1000 };

int lines_in_open(struct lines_in *in, const struct reader_opts *opts,
		  const struct names *names, struct rejects *rejects)
{
	*in = (struct lines_in){.rejects = rejects};
	in->reader = reader_open(opts, names->items, names->n, NULL, 0);
	if (!in->reader)
		return -1;
	in->feeder = feeder_start(in->reader);
	if (in->feeder)
		return 0;
	err_msg("cannot start a thread: %s", strerror(errno));
	return -1;
}

int lines_in_fd(const struct lines_in *in)
{
	return in->feeder ? feeder_fd(in->feeder) : -1;
}

static const char *source(const struct lines_in *in)
{
	return reader_source(in->reader, in->batch->source);
}

/* Tells what the reader could not make a record of, up to the present line. */
static void tell_faults(struct lines_in *in)
{
	const struct batch *b = in->batch;

	for (; in->fault < b->nfaults &&
	       b->faults[in->fault].line <= in->line; in->fault++) {
		const struct batch_fault *f = &b->faults[in->fault];
		bool io = f->error == FAULT_IO;
		struct error_line e = {
			.error = f->error, .reason = f->reason,
			.source = source(in), .byte = f->byte,
			.record = io ? 0 : ++in->record, .column = f->column,
			.raw = f->raw, .raw_len = f->raw_len,
			.raw_bytes = f->bytes
		};

		in->records += !io;
		rejects_add(in->rejects, &e);
	}
}

/* The next batch, once the present one is used up. */
static bool next_batch(struct lines_in *in)
{
	enum fed got = feeder_take(in->feeder, &in->batch);

	in->ready = got == FEEDER_BATCH;
	in->end = got == FEEDER_END;
	if (got != FEEDER_BATCH) {
		in->batch = NULL;
		return false;
	}
	in->pos = in->fault = 0;
	in->line = 0;
	if (in->batch->source_start)
		in->record = 0;
	tell_faults(in);
	return true;
}

void lines_in_reject(struct lines_in *in, enum fault_class error,
		     const char *reason)
{
	struct error_line e = {
		.error = error, .reason = reason, .source = source(in),
		.record = in->number, .byte = in->byte,
		.raw = in->text.s, .raw_len = in->text.len,
		.raw_bytes = in->text.len
	};

	rejects_add(in->rejects, &e);
}

/* Is the record at hand valid?  Rejects it where not. */
static bool check(struct lines_in *in)
{
	struct json_fault fault;
	struct error_line e;

	if (!json_check(in->text.s, in->text.len, MAX_DEPTH, &fault))
		return true;
	e = (struct error_line){
		.error = fault.error, .reason = fault.reason,
		.source = source(in), .record = in->number, .byte = in->byte,
		.column = fault.at + 1, .raw = in->text.s,
		.raw_len = in->text.len, .raw_bytes = in->text.len
	};
	rejects_add(in->rejects, &e);
	return false;
}

/* The next line of the batch; false when it is blank or no valid record. */
static bool next_line(struct lines_in *in)
{
	const struct batch *b = in->batch;
	const char *start = b->text + in->pos;
	const char *end = memchr(start, '\n', b->len - in->pos);
	size_t len = end ? (size_t)(end - start) : b->len - in->pos;

	in->pos += len + (end != NULL);
	in->line++;
	in->text = value_trim(start, len);
	if (!in->text.len)
		return false;
	in->number = ++in->record;
	in->records++;
	in->byte = batch_byte(b, (size_t)(in->text.s - b->text));
	return check(in);
}

bool lines_in_next(struct lines_in *in, struct span *record)
{
	if (in->end || !in->feeder)
		return false;
	for (;;) {
		if (!in->batch && !next_batch(in))
			return false;
		while (in->pos < in->batch->len) {
			bool good = next_line(in);

			tell_faults(in);
			if (good) {
				*record = in->text;
				return true;
			}
		}
		tell_faults(in);
		in->batch = NULL;
	}
}

uint64_t lines_in_records(const struct lines_in *in)
{
	return in->records;
}

int lines_in_close(struct lines_in *in)
{
	feeder_free(in->feeder);
	in->feeder = NULL;
	return in->reader && reader_failed(in->reader) ? -1 : 0;
}

void lines_in_release(struct lines_in *in)
{
	feeder_free(in->feeder);
	reader_free(in->reader);
	*in = (struct lines_in){0};
}

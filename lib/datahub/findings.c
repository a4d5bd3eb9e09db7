/*
 * findings -- messages and error lines about the input.
 */
#include "datahub/findings.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/err.h"
#include "stream/error_line.h"

#define TOLD 10

void findings_init(struct findings *f, struct out *errors)
{
	*f = (struct findings){.errors = errors, .max_told = TOLD};
}

void findings_release(struct findings *f)
{
	buf_release(&f->text);
	buf_release(&f->line);
}

static void tell(struct findings *f, const struct place *where,
		 const char *text)
{
	f->count++;
	if (f->told >= f->max_told)
		return;
	f->told++;
	if (where && where->source && where->record)
		err_msg("%s:%llu: %s", where->source,
			(unsigned long long)where->record, text);
	else if (where && where->source)
		err_msg("%s: %s", where->source, text);
	else
		err_msg("%s", text);
}

static void write_error(struct findings *f, const struct error_line *e)
{
	if (!f->errors)
		return;
	buf_clear(&f->line);
	error_line_write(&f->line, e, 0);
	out_add(f->errors, f->line.s, f->line.len);
}

void finding(struct findings *f, const struct place *where, const char *fmt,
	     ...)
{
	struct error_line e = {.error = FAULT_CONFIG};
	char text[1000];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	buf_clear(&f->text);
	buf_add_visible(&f->text, text, strlen(text));
	e.reason = buf_cstr(&f->text);
	e.source = where && where->source ? where->source : "<stdin>";
	e.record = where ? where->record : 0;
	e.byte = where ? where->byte : 0;
	tell(f, where, e.reason);
	write_error(f, &e);
}

void finding_reject(struct findings *f, const struct place *where,
		    enum fault_class error, const char *reason,
		    uint64_t column, const char *raw, size_t len)
{
	struct error_line e = {
		.error = error, .reason = reason, .source = where->source,
		.record = where->record, .byte = where->byte, .column = column,
		.raw = raw, .raw_len = len, .raw_bytes = len
	};

	buf_clear(&f->text);
	buf_adds(&f->text, reason);
	if (column)
		buf_addf(&f->text, ", column %llu",
			 (unsigned long long)column);
	if (!f->errors)
		buf_adds(&f->text, " (--errors=FILE keeps it)");
	tell(f, where, buf_cstr(&f->text));
	write_error(f, &e);
}

void findings_end(struct findings *f)
{
	unsigned long long more = f->count - f->told;

	if (more)
		err_msg("%llu more findings (%s)", more, f->errors ?
			"all are in the --errors file" :
			"--errors=FILE lists them");
}

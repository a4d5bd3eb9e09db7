/*
 * rejects -- error lines and messages from several threads.
 */
#include "stream/rejects.h"

#include "base/err.h"

#define MESSAGES 10		/* rejects told one by one */

void rejects_init(struct rejects *r, struct out *errors, uint64_t max_raw)
{
	*r = (struct rejects){ .errors = errors, .max_raw = max_raw };
	atomic_init(&r->n, 0);
	pthread_mutex_init(&r->lock, NULL);
}

void rejects_release(struct rejects *r)
{
	pthread_mutex_destroy(&r->lock);
	buf_release(&r->line);
}

static void tell(const struct error_line *e, const char *hint)
{
	if (e->error == FAULT_IO)
		err_msg("%s: %s", e->source, e->reason);
	else if (e->record)
		err_msg("%s:%llu: %s%s", e->source,
			(unsigned long long)e->record, e->reason, hint);
	else
		err_msg("%s: byte %llu: %s%s", e->source,
			(unsigned long long)e->byte, e->reason, hint);
}

void rejects_add(struct rejects *r, const struct error_line *e)
{
	uint64_t n = e->error == FAULT_IO ? 0 : atomic_fetch_add(&r->n, 1);

	pthread_mutex_lock(&r->lock);
	if (n < MESSAGES)
		tell(e, r->errors ? "" : " (--errors=FILE keeps it)");
	if (r->errors) {
		buf_clear(&r->line);
		error_line_write(&r->line, e, r->max_raw);
		out_add(r->errors, r->line.s, r->line.len);
		if (r->at_once)
			out_flush(r->errors);
	}
	pthread_mutex_unlock(&r->lock);
}

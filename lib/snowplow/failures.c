/*
 * failures -- what could not be fetched: counted, told, and listed.
 */
#include <stdio.h>

#include "base/err.h"
#include "json/str.h"
#include "snowplow/failures.h"

enum { MESSAGES = 10 };

struct fetch_error fetch_error_of(const struct http_answer *a)
{
	return (struct fetch_error){
		.error = http_outcome_name(a->outcome), .status = a->status,
		.url = a->url, .reason = a->reason ? a->reason : ""
	};
}

static const char *remedy(const struct fetch_error *e)
{
	if (e->status == 403)
		return " (the API key may not read this: give it the "
		       "permission, or name the kinds to fetch)";
	if (!strcmp(e->error, "timeout"))
		return " (try again; --timeout and --retries)";
	if (!strcmp(e->error, "offline"))
		return " (run once without --offline)";
	return "";
}

static void tell(enum kind kind, const char *what, const struct fetch_error *e)
{
	char status[24] = "";

	if (e->status && !strcmp(e->error, "http"))
		snprintf(status, sizeof(status), "%ld ", e->status);
	err_msg("%s: %s%s%s: %s%s%s", e->url, kind_name(kind),
		what ? " " : "", what ? what : "", status, e->reason,
		remedy(e));
}

static void list(struct out *out, enum kind kind, const char *what,
		 const struct fetch_error *e)
{
	struct buf b = {0};

	buf_adds(&b, "{\"error\":\"fetch\",\"reason\":");
	str_write(&b, e->reason, strlen(e->reason));
	buf_adds(&b, ",\"source\":");
	str_write(&b, e->url, strlen(e->url));
	object_add_text(&b, "class", e->error, strlen(e->error));
	if (e->status)
		buf_addf(&b, ",\"status\":%ld", e->status);
	object_add_text(&b, "kind", kind_name(kind), strlen(kind_name(kind)));
	if (what)
		object_add_text(&b, "what", what, strlen(what));
	object_close(&b);
	/* A write that failed shows when the file is closed. */
	out_add(out, b.s, b.len);
	buf_release(&b);
}

void failures_add(struct failures *f, enum kind kind, const char *what,
		  const struct fetch_error *e)
{
	if (f->n++ < MESSAGES)
		tell(kind, what, e);
	if (f->errors)
		list(f->errors, kind, what, e);
}

void failures_end(const struct failures *f)
{
	if (f->n > MESSAGES)
		err_msg("%llu more could not be fetched (%s)",
			(unsigned long long)(f->n - MESSAGES),
			f->errors ? "all are in the --errors file"
				  : "--errors=FILE lists them");
}

/*
 * object -- the parts of structs(5) lines, written as that page says.
 *
 * A line is built in a buffer of the caller:
 *
 *	object_begin(&b, KIND_ENRICHMENT);
 *	object_add(&b, "pipelineId", id);
 *	object_members(&b, KIND_ENRICHMENT, item);
 *	object_close(&b);
 *
 * Any thread; no state.
 */
#ifndef SNOWPLOW_OBJECT_H
#define SNOWPLOW_OBJECT_H

#include "base/buf.h"
#include "json/value.h"

/* In the order of the lines. */
enum kind {
	KIND_ORGANIZATION, KIND_DATA_STRUCTURE, KIND_SCHEMA, KIND_EVENT_SPEC,
	KIND_TRACKING_PLAN, KIND_DATA_MODEL, KIND_SOURCE_APP, KIND_PIPELINE,
	KIND_ENRICHMENT, KIND_DESTINATION, KIND_USER, KIND_END,
	KINDS		/* also: a kind that is not known */
};

/* "data_structure" */
const char *kind_name(enum kind);
/* KINDS where there is none of the name. */
enum kind kind_find(const char *name, size_t len);

/* {"kind":"..." */
void object_begin(struct buf *, enum kind);

/* ,"name":${raw} with white space gone; ${raw} is valid JSON. */
void object_add(struct buf *, const char *name, struct span raw);

/* ,"name":"text" with ${text} escaped where needed. */
void object_add_text(struct buf *, const char *name, const char *text,
		   size_t len);

/*
 * The members of the API's ${object} (valid JSON, with its braces), white
 * space gone, those named like ours renamed.
 */
void object_members(struct buf *, enum kind, struct span object);

/* Why something is not there. */
struct fetch_error {
	const char *error;	/* a class of structs(5): "http", "network" */
	long status;		/* 0: none */
	const char *url;
	const char *reason;
};

/* ,"fetch_error":{...} */
void object_fetch_error(struct buf *, const struct fetch_error *);
/* The object alone. */
void fetch_error_write(struct buf *, const struct fetch_error *);

/* } and the line end. */
void object_close(struct buf *);

/*
 * The member ${name} of ${object}, the last one of that name, blanks trimmed;
 * .s is NULL where there is none.  Keys with escapes are met too.
 */
struct span object_member(struct span object, const char *name);

/*
 * The same, unescaped into ${text} (emptied first); false where it is not
 * there or no string.
 */
bool object_text(struct span object, const char *name, struct buf *text);

#endif

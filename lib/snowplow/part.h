/*
 * part -- one answer on its way into structs(5) lines.
 *
 * A part is a request for a listing, or for a single object, and the lines
 * made of it, which wait in a spool until it is their turn.  The items of a
 * listing become lines while the answer comes in; when the answer turns out
 * damaged and is asked for again, they are forgotten and made anew.
 *
 * One thread.
 */
#ifndef SNOWPLOW_PART_H
#define SNOWPLOW_PART_H

#include "snowplow/failures.h"
#include "snowplow/http.h"
#include "snowplow/items.h"
#include "snowplow/object.h"
#include "snowplow/spool.h"

enum part_state {
	PART_ASKED,
	PART_READY,	/* the answer is there, or will not come */
	PART_LEARNT	/* and was looked at: can be written */
};

struct part {
	struct part *next;
	enum part_state state;
	enum kind kind;
	uint64_t lines;		/* in the spool */
	uint64_t bad;		/* of them with a fetch_error */
	struct spool spool;
	bool failed;		/* .error says how */
	bool stopped;		/* the run ended first: nothing is known */
	struct fetch_error error;	/* url and reason are owned */
	/* ,"pipelineId":... as raw JSON, for children; NULL for others */
	const char *parent_name;
	char *parent;		/* owned: raw JSON */
	char *id;		/* owned: the parent's id, unescaped */
	const char *from;	/* of schemas: which registry */
	/*
	 * Of a schema that is asked for by its name "v/n/f/1-0-0"; not owned.
	 * A body with another name is a failure.
	 */
	struct span want_key;
	/* private */
	struct http *http;
	void (*ready)(void *arg, struct part *);
	void *arg;
	struct items items;
	struct buf line;
	const char *why;
	bool single;
};

struct part *part_new(enum kind);
void part_free(struct part *);

/* How a part is asked for. */
struct part_request {
	const char *url;
	const char *endpoint;	/* static */
	enum http_auth auth;
	uint64_t order;
	const char *content_hash;	/* or NULL */
	bool single;		/* one object, no listing */
	/*
	 * The part is ready, or (a 404 and the like) can be asked for anew
	 * with part_submit() from here.
	 */
	void (*ready)(void *arg, struct part *);
	void *arg;
};

void part_submit(struct part *, struct http *, const struct part_request *);

/*
 * Nothing can be asked for it: ready, and failed, without a request.  ${reason}
 * is for people.
 */
void part_refuse(struct part *, const char *reason);

/* The line that stands for what failed.  Appended. */
void part_failure_line(const struct part *, struct buf *);

#endif

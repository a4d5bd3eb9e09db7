/*
 * history -- all deployments of one data structure, and the bodies of their
 * versions.
 *
 * The deployments endpoint answers with at most --size ones (it is asked for
 * HISTORY_PAGE); a full page means that the next one is asked for.  Both shapes
 * are read: a bare array, and {"data":[...]}.  A deployment that comes in while
 * the pages are read moves the others on; what the page before ended with is
 * then not taken twice.
 *
 * One request at a time for the pages, then those of all versions at once.
 * One thread.
 */
#ifndef SNOWPLOW_HISTORY_H
#define SNOWPLOW_HISTORY_H

#include "snowplow/failures.h"
#include "snowplow/http.h"
#include "snowplow/names.h"

#define HISTORY_PAGE 1000

struct history;

struct history_request {
	struct http *http;
	const char *console;	/* base URL with the organisation */
	const char *hash;	/* copied */
	uint64_t order;
	bool versions;		/* bodies too */
	/*
	 * A 404 is an empty history: of a structure that the Console listed
	 * without any deployment.
	 */
	bool may_be_missing;
	/* Exactly once, from http_wait(). */
	void (*done)(void *arg, struct history *);
	void *arg;
};

struct history {
	struct buf deployments;	/* [...] */
	struct buf versions;	/* {...}; empty where not asked for */
	uint64_t bad_versions;	/* of them with a fetch_error */
	bool failed;		/* .error says how; owned texts */
	bool stopped;		/* the run ended first */
	bool planned;		/* --dry-run */
	struct fetch_error error;
	/* private */
	struct history_request r;
	char *hash;
	uint64_t asked;		/* deployments asked for so far */
	struct nameset page, before;	/* deployments of these two pages */
	struct version *list;
	size_t n, cap, open;
};

/* Submits the first request.  The caller frees the result. */
struct history *history_start(const struct history_request *);
void history_free(struct history *);

/* Failures of versions, for messages and --errors. */
void history_tell(const struct history *, struct failures *, const char *what);

#endif

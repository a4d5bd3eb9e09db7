/*
 * structs_in -- what the parts of structs.c share: one run.
 *
 * For each kind there is a queue of parts in the order of the output.  A part
 * goes through it so: asked for, ready (its answer is there), learnt (what
 * follows from it was asked for), written.  Learning and writing go strictly
 * from the head on, so that nothing depends on which answer came first.
 */
#ifndef SNOWPLOW_STRUCTS_IN_H
#define SNOWPLOW_STRUCTS_IN_H

#include "snowplow/part.h"
#include "snowplow/structs.h"
#include "snowplow/wanted.h"

struct queue {
	struct part *head, *tail;	/* not written yet */
	struct part *learn;	/* the first that was not learnt; NULL: none */
	bool closed;		/* no more parts come */
};

struct run {
	struct http *http;
	const struct structs_opts *opts;
	struct out *out;
	struct failures *failures;
	struct tally *tally;
	struct queue queues[KIND_END];
	enum kind writing;	/* the kind whose turn it is */
	struct wanted wanted;
	struct nameset hashes;	/* of data structures seen; with pages */
	uint64_t pages;		/* asked for */
	uint64_t pages_open;	/* of them not learnt */
	uint64_t pages_at_once;
	bool pages_over;
	struct want *missing;	/* versions to fetch */
	size_t nmissing, asked;	/* so many were asked for */
	bool missing_known;
	bool out_failed;
};

/* Adds ${p} to its queue. */
void run_add(struct run *, struct part *);

/* Asks for a part that was added. */
void run_ask(struct run *, struct part *, const char *url,
	     const char *endpoint, enum http_auth, const char *content_hash);

/* Does this run need the kind, to write it or to learn from it? */
bool run_needs(const struct run *, enum kind);

/* A 404 that means that something has to be asked for in another place. */
void run_elsewhere(struct run *, struct part *);

/* Learns from parts that are ready, and asks for what follows. */
void run_learn(struct run *);

/* Asks for more pages, where there may be more. */
void run_pages(struct run *);

/* Asks for more of the missing versions, a few at a time. */
void run_missing(struct run *);

#endif

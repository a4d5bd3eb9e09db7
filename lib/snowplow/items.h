/*
 * items -- the items of a listing, one by one, as its bytes come in.
 *
 * A listing is an array, or an object with the array as its member "data",
 * "pipelines" or "schemas" (the Console's shapes; the first of them counts).
 * So a listing of any length needs memory for its longest item only.
 *
 * Lifecycle: items_start(); items_feed() with pieces of any size; items_end();
 * items_release() always.
 *
 * Each item is checked whole (json/check.h) before it is handed on; what
 * stands around the array is checked for its structure.  A text that is cut or
 * wrong is told by -1 and ${why}; the items before that have been handed on.
 */
#ifndef SNOWPLOW_ITEMS_H
#define SNOWPLOW_ITEMS_H

#include <stdint.h>
#include "base/buf.h"
#include "json/value.h"

struct items {
	/* ${item} is valid during the call; not 0 ends the feeding. */
	int (*item)(void *arg, struct span item);
	void *arg;
	uint64_t count;		/* items handed on */
	/*
	 * The wrapper's "errors" where they are not empty (at most 64 KiB):
	 * the API says that the listing lacks something.
	 */
	struct buf errors;
	const char *why;	/* static; NULL: nothing wrong so far */
	/* private */
	struct buf value, key;
	int state;
	uint32_t depth;
	bool wrapped, inside, seen, keep, quoted, escaped;
	char first;
};

void items_start(struct items *, int (*item)(void *, struct span), void *arg);

/* 0, -1 with .why, or what .item returned. */
int items_feed(struct items *, const char *text, size_t len);

/* The text is over: 0, or -1 with .why. */
int items_end(struct items *);

void items_release(struct items *);

#endif

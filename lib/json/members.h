/*
 * members -- the members of an object in the order of their keys, for jq's
 * order of values (order.c, sortkey.c).
 *
 * Takes valid text; no state, any thread.
 */
#ifndef JSON_MEMBERS_H
#define JSON_MEMBERS_H

#include "json/value.h"

struct member {
	struct span key;	/* unescaped */
	struct span value;
	char *owned;		/* of a key written with escapes, or NULL */
};

struct members {
	struct member *list;
	size_t n;
};

/* By bytes, which for UTF-8 is by code points; then the shorter first. */
int span_order(struct span a, struct span b);

/*
 * The text of a string, ${s} being the bytes between its quotes; by way of
 * ${*owned}, to be freed, where it has escapes, else that is NULL.
 */
struct span span_text(struct span s, char **owned);

/* Sorted by key; of several members of a key only the last. */
struct members members_read(struct span object);
void members_release(struct members *);

#endif

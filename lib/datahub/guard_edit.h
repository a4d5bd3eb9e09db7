/*
 * guard_edit -- a JSON value written with some values in it replaced.
 */
#ifndef DATAHUB_GUARD_EDIT_H
#define DATAHUB_GUARD_EDIT_H

#include "datahub/cap_doc.h"

struct edit {
	struct val v;		/* what is replaced */
	const char *text;	/* by this; NULL: it goes, its key as well */
	size_t len;
};

struct edits {
	struct edit *items;	/* ascending by place */
	size_t n, cap;
};

/* ${text} must live until edits_write(). */
void edits_add(struct edits *, struct val v, const char *text, size_t len);
void edits_release(struct edits *);

/* Puts them into order; then writes ${v} with them. */
void edits_write(struct edits *, const struct doc *, struct val v,
		 struct buf *out);

#endif

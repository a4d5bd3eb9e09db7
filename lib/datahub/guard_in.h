/*
 * guard_in -- what the files of guard share among themselves.
 */
#ifndef DATAHUB_GUARD_IN_H
#define DATAHUB_GUARD_IN_H

#include "datahub/cap_mcp.h"
#include "datahub/guard_edit.h"
#include "base/pool.h"

struct guard {
	const struct mcp *m;
	uint64_t limit;		/* to be less than */
	uint64_t size;		/* with the edits so far; an upper bound */
	struct edits edits;
	struct pool pool;	/* their texts */
	uint64_t dropped;	/* fields, values, subjects or characters */
};

/* Each adds the edits that should make it short enough. */
void guard_schema(struct guard *);
void guard_profile(struct guard *);
void guard_subjects(struct guard *);
void guard_query(struct guard *);

/*
 * Cuts the text of the string ${v}; .s NULL: nothing to cut.  ${statement}:
 * with the words for a query's, else for a definition's.
 */
void guard_text(struct guard *, struct val v, bool statement);

#endif

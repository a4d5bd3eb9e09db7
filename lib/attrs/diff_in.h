/*
 * diff_in -- what the files that implement diff.h share.  Not for others.
 */
#ifndef ATTRS_DIFF_IN_H
#define ATTRS_DIFF_IN_H

#include "attrs/diff.h"
#include "base/buf.h"

struct differ {
	const struct tree *both, *old, *now;
	const struct diff_opts *opts;
	void (*found)(void *arg, const struct drift *);
	void *arg;
	uint32_t *old_of, *now_of;	/* nodes of a node of ${both} */
	struct buf a, b;		/* figures */
	uint32_t node;			/* being looked at */
	const struct facts *old_facts, *now_facts;	/* of it */
};

/* Tells of a change; the figures are in ${d}->a and ${d}->b ("": null). */
void differ_tell(struct differ *, enum drift_change, enum drift_class,
		 enum version, const struct facts *now, bool has_first);

/* What the change asks for; facts that a scan has not are not looked at. */
enum schema_bump drift_bump(const struct drift *, const struct facts *old,
			    const struct facts *now);

/* Clears the figures. */
void differ_clear(struct differ *);

/* Compares the statistics of an attribute that both scans have. */
void diff_values(struct differ *, const struct facts *old,
		 const struct facts *now, bool versions_changed);

#endif

/*
 * cap_cut -- one aspect that may be over a limit: measured, and cut.
 */
#ifndef DATAHUB_CAP_CUT_H
#define DATAHUB_CAP_CUT_H

#include "datahub/cap_lineage.h"
#include "datahub/cap_plan.h"

struct cap_size {
	uint64_t bytes, inputs, outputs, edges, groups;
};

enum cap_action {
	CAP_SAME,		/* goes out as it came */
	CAP_CHANGED,
	CAP_WRONG,		/* is no such aspect: .reason, .at */
	CAP_TOO_LONG		/* nothing makes it short enough */
};

struct outcome {
	enum cap_action action;
	const char *reason;	/* static */
	const char *at;
	struct cap_size before, after;
	uint64_t whole;		/* bytes of all of it, without duplicates and
				   folded, or with --split unfolded; 0: not
				   known */
	unsigned rules;		/* enum cap_rule: what it was over */
	bool cut;		/* something was lost */
	const char *method;	/* "sample", "guard", ...; NULL: fold alone */
	uint64_t edges_folded, groups_folded, duplicates;
	uint64_t edges_lost;	/* different ones */
	uint64_t dropped_fields;	/* of a schema, values of a profile,
					   characters of a text */
	uint64_t no_input, no_output;
	bool lineage;		/* the counts mean something */
};

struct cutter {
	const struct cap_opts *opts;
	struct strata *strata;	/* NULL: not needed */
	struct links lineage;
	struct buf body;	/* the new aspect */
};

void cutter_init(struct cutter *, const struct cap_opts *, struct strata *);
void cutter_release(struct cutter *);

/*
 * Looks at the aspect of ${m} and, where it has to, cuts it: then ${c}->body is
 * what it becomes, and ${c}->lineage says what was kept.
 */
void cutter_cut(struct cutter *c, struct mcp *m, struct place,
		struct outcome *);

/*
 * Can the aspect be over a limit, or is it so long that it is to be measured
 * for the warnings?  From cheap bounds only: false is certain.
 */
bool cutter_needed(const struct cap_opts *, struct mcp *m);

/* The aspect's Python size, with what the guard adds to lineage. */
uint64_t aspect_size(struct mcp *m);

/*
 * No aspect of ASCII alone (pysize.h) is longer, and hardly any is shorter: its
 * bytes, a blank for each comma and colon, less the blanks that are there, and
 * what is added.  For the line that doc_walk() went through last, once
 * cutter_needed() has looked at it.
 */
uint64_t aspect_bound(const struct mcp *m);

#endif

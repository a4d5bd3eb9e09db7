/*
 * cap_plan -- what stays of a lineage that is over a limit.
 */
#ifndef DATAHUB_CAP_PLAN_H
#define DATAHUB_CAP_PLAN_H

#include "datahub/cap_lineage.h"
#include "datahub/cap_rank.h"

/* What one cut did, by rule: which limits asked for it. */
enum cap_rule {
	RULE_BYTES = 1, RULE_INPUTS = 2, RULE_OUTPUTS = 4, RULE_FINE = 8,
	RULE_FIELDS = 16, RULE_TOTAL = 32
};

/* The limits ${l} passes as it is marked now; ${size} is its Python size. */
unsigned plan_over(const struct links *l, const struct cap_limits *,
		   uint64_t size);

/*
 * Marks what is to stay of ${l}, which is over a limit and in which everything
 * is kept so far.  Returns false when even what has to stay is too long.
 */
bool plan_cut(struct links *l, const struct cap_opts *, struct strata *,
	      struct place);

#endif

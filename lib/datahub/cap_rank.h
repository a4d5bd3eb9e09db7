/*
 * cap_rank -- which of many datasets are kept first.
 *
 * The first, the last, the second, the second last ... by the bytes of the URN,
 * ten from each end; then one of each stratum in turn, strata in the order of
 * their bytes, inside one by XXH3-64 (seed 0) of the URN.  A stratum is the
 * container the dataset was put into earlier in the stream, else its name up
 * to the last dot.
 *
 * What is kept is a beginning of this order.  One URN more takes one place, and
 * pushes out at most one: at an end of the sorted list it moves one URN to the
 * strata; there the shares of the strata change by one at most.
 */
#ifndef DATAHUB_CAP_RANK_H
#define DATAHUB_CAP_RANK_H

#include "datahub/cap_urns.h"
#include "datahub/strata.h"

#define RANK_ENDS 10		/* from each end */

/*
 * Puts the ${n} numbers at ${ids}, all different, into the order of their rank.
 * ${strata} may be NULL.
 */
void rank_urns(const struct urns *, uint32_t *ids, size_t n, struct strata *,
	       struct place);

/* The name of the dataset ${urn} up to its last dot; empty without one. */
struct span rank_prefix(struct span urn);

#endif

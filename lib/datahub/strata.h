/*
 * strata -- which container each dataset is in, as the stream has said so far.
 *
 * Batches are looked at by several threads at once, but what a line sees has to
 * be what stood before it.  So each batch's containers are taken up in the
 * order of the batches, with their places, and whoever needs them waits until
 * all earlier batches have been.  Memory: one entry for each time a dataset's
 * container changes.
 *
 * Any thread.
 */
#ifndef DATAHUB_STRATA_H
#define DATAHUB_STRATA_H

#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "json/value.h"

/* A place in the stream: batch, line in it. */
struct place {
	uint64_t serial, line;
};

/* The containers of one batch, in order. */
struct contained {
	uint64_t line;
	size_t urn, urn_len, container, container_len;	/* in .text */
};
struct contained_list {
	struct contained *items;
	size_t n, cap;
	struct buf text;
};
void contained_add(struct contained_list *, uint64_t line, struct span urn,
		   struct span container);
void contained_clear(struct contained_list *);
void contained_release(struct contained_list *);

struct strata;
struct strata *strata_new(void);
void strata_free(struct strata *);

/* Every serial once; waits until those before it have been taken up. */
void strata_put(struct strata *, uint64_t serial,
		const struct contained_list *);

/*
 * The container ${urn} was last put into before ${place}, or .s NULL; the
 * batches before it must have been put.  Good until strata_free().
 */
struct span strata_find(struct strata *, struct span urn, struct place place);

#endif

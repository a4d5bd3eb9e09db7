/*
 * emit_loader -- which destinations and tables a pipeline's loader writes to.
 *
 * Needed by the loader's job and by the tables' own upstreams.  The texts are
 * those of the organisation and of struct emit.
 */
#ifndef DATAHUB_EMIT_LOADER_H
#define DATAHUB_EMIT_LOADER_H

#include "datahub/emit_in.h"

/* What a pipeline's loader loads. */
struct loader {
	const struct org_destination **d;
	struct span *tables;
	size_t n;
	struct span *outputs;	/* tables, by bytes, each once */
	size_t noutputs, cap;
};

void loader_make(struct emit *, const struct pipeline_set *, struct loader *);
void loader_release(struct loader *);

/* One more output; afterwards they are sorted, each once. */
void loader_add_output(struct loader *, struct span urn);
void loader_sort_outputs(struct loader *);

#endif

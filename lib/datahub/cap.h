/*
 * cap -- keeps the aspects of metadata change proposals within limits.
 *
 * Threads.  Each worker takes a batch of lines from the reader and looks at
 * every line once: is it a proposal, which container does it name, can its
 * aspect be over a limit?  Cheap bounds answer the last for nearly all lines
 * (a Python size is at most six times the bytes).  Then the worker hands the
 * containers it saw to strata.h, and only then cuts the lines that need it,
 * since that may wait for the containers of all earlier batches.  What comes
 * out is committed in the order of the batches (stream/fan.h); untouched lines
 * are written from the batch itself, not copied.
 *
 * Memory: the batches in flight, at most 2 a worker (one, where an aspect
 * fills a batch, is being worked on, one waits for its turn), the tokens of one
 * (cap_doc.h), what one cut aspect is made of, and the containers.
 */
#ifndef DATAHUB_CAP_H
#define DATAHUB_CAP_H

#include <stdbool.h>
#include <stdint.h>
#include "base/out.h"
#include "datahub/mcp_out.h"
#include "stream/reader.h"

#define CAP_MAX_BYTES 15728640	/* what DataHub's emitters send at most */
#define CAP_KAFKA_BYTES (2U << 20)
#define CAP_MB (1U << 20)
#define CAP_DEPTH 1000

/* What is warned of beside sizes over 1 and 10 MB. */
#define MANY_INPUTS 100
#define MANY_EDGES 1000

enum cap_policy { CAP_SAMPLE, CAP_FIELDS, CAP_GROUP, CAP_ALL, CAP_TRUNCATE };
enum cap_fold { CAP_FOLD_JOBS, CAP_FOLD_ALL, CAP_FOLD_NONE };
enum cap_oversize { CAP_OVERSIZE_ERROR, CAP_OVERSIZE_DROP, CAP_OVERSIZE_PASS };

/* 0: no limit.  An aspect is kept while its bytes are less than .bytes. */
struct cap_limits {
	uint64_t bytes, inputs, outputs, fine_grained, fields, total;
};

struct cap_opts {
	struct cap_limits limits;
	int policy, fold, oversize;	/* enum cap_... */
	const char *group_urn;
	bool annotate, split, receipts;
};

void cap_opts_init(struct cap_opts *);

/* What happened; all but the maxima are counts. */
struct cap_stats {
	uint64_t records, bytes, rejected;
	uint64_t max_size, max_size_after, over_1mb, over_10mb;
	uint64_t cut, folded, oversize, dropped;
	uint64_t edges_folded, edges_dropped, inputs_dropped, outputs_dropped;
	uint64_t duplicates_dropped, fields_dropped, patches, warnings;
	uint64_t inconsistent;
};

struct cap {
	const struct cap_opts *opts;
	struct reader *reader;
	unsigned threads;
	int kernel;
	struct mcp_out *to;
	struct out *errors, *receipts;	/* NULL: nowhere */
	unsigned max_messages;	/* rejects, and warnings, told one by one */
	bool quiet;		/* warnings are only counted */

	_Atomic uint64_t seen, rejected;	/* for progress */
	struct cap_stats stats;	/* when all is done */
};

/* Everything the reader has.  Write errors are the outs' (out.h). */
void cap_run(struct cap *);

#endif

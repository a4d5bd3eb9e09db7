/*
 * cap_lineage -- dataJobInputOutput and upstreamLineage as lists of numbers.
 *
 * Both are read into the same form: lists of inputs, outputs and fields, and
 * fine-grained lineages (FGLs), groups of upstream and downstream fields that
 * all belong together (u x d edges).  An upstreamLineage has its upstreams as
 * inputs, and no outputs.
 *
 * Reading drops nothing; links_fold() does what loses no edge; cap_plan.h
 * decides what stays; links_write() writes it, with every value as it was
 * written and everything not mentioned here untouched.
 *
 * One thread; everything is good until the next links_read().
 */
#ifndef DATAHUB_CAP_LINEAGE_H
#define DATAHUB_CAP_LINEAGE_H

#include "datahub/cap.h"
#include "datahub/cap_mcp.h"
#include "datahub/cap_urns.h"

enum list {
	LIST_INPUTS, LIST_INPUT_EDGES, LIST_INPUT_FIELDS, LIST_OUTPUTS,
	LIST_OUTPUT_EDGES, LIST_OUTPUT_FIELDS, LIST_UPSTREAMS, LISTS
};

/* urn.role */
enum {
	ROLE_INPUT = 1,		/* is an input dataset */
	ROLE_OUTPUT = 2,
	ROLE_SOURCE = 4,	/* the dataset of an upstream field */
	KEEP_INPUT = 8,		/* stays as input, */
	KEEP_OUTPUT = 16,	/* as output, */
	KEEP_FIELDS = 32	/* and so do edges from its fields */
};

struct item {
	struct val v;
	uint32_t urn;		/* of the string, or the one in the object */
	uint32_t dataset;
	uint32_t size;		/* Python's, with what it adds */
	bool duplicate;		/* the same stands before it */
};

struct items {
	struct item *items;
	size_t n, cap;
	struct val v;		/* the array; no .s: it is missing */
};

struct fgl {
	struct val v;
	uint32_t up, nup;	/* in lineage.ids; after folding without those
				   that stand twice */
	uint32_t down, ndown;
	uint32_t raw_up, raw_down;	/* as written */
	uint32_t whole_up, whole_nup;	/* up and nup before they were narrowed */
	bool narrowed;
	uint32_t type, down_type, operation, rest;	/* numbers of strings */
	struct val score;
	uint32_t fixed;		/* Python's size without the fields */
	bool folded;		/* is part of an earlier one */
	bool dropped;		/* decided by the plan */
	bool added;		/* got downstreams of others */
};

struct links {
	const struct doc *doc;
	struct val body;
	bool job;		/* dataJobInputOutput */
	struct urns urns;
	struct items lists[LISTS];
	struct val fgls_at;
	struct fgl *fgls;
	size_t nfgls, fgls_cap;
	uint32_t *ids;
	size_t nids, ids_cap;
	uint32_t *inputs, *outputs;	/* datasets, each once, in order */
	size_t ninputs, noutputs, inputs_cap, outputs_cap;
	uint64_t base_size;	/* of the members that are none of the above,
				   with their separators */
	size_t base_members;
	struct val group;	/* the one input to write instead (group) */
	const char *group_urn;

	/* what happened; for receipts and the report */
	uint64_t duplicates, edges_folded, groups_folded;
	uint64_t no_input, no_output;	/* fields without a dataset edge */
};

void links_init(struct links *);
void links_release(struct links *);

/*
 * Reads the aspect of ${m} (ASPECT_JOB_IO, ASPECT_UPSTREAMS).  NULL, or what
 * is wrong with it and where.
 */
const char *links_read(struct links *, const struct mcp *m,
			 const char **at);

/*
 * Exact duplicates go; with ${fold}, FGLs that differ in nothing but their
 * downstreams become one.
 */
void links_fold(struct links *, bool fold);

/*
 * A group a downstream, as GMS wants them where PATCHes are to follow: it
 * refuses an aspect that has a group with several (its
 * FineGrainedLineageTemplateHelper).  Before links_fold(l, false).
 */
void links_unfold(struct links *);

/* Edges of all FGLs, of what is marked to be kept. */
uint64_t links_edges(const struct links *);

/* Marks everything as kept. */
void links_keep_all(struct links *);

/* Does this upstream, or downstream, field stay? */
static inline bool keeps_up(const struct links *l, uint32_t id)
{
	return l->urns.items[l->urns.items[id].dataset].role & KEEP_FIELDS;
}

static inline bool keeps_down(const struct links *l, uint32_t id)
{
	uint8_t role = l->urns.items[l->urns.items[id].dataset].role;

	return (role & KEEP_OUTPUT) || !(role & ROLE_OUTPUT);
}

/* Which side a list is of, and whether it is of datasets or of fields. */
static inline bool list_is_input(enum list list)
{
	return list <= LIST_INPUT_FIELDS || list == LIST_UPSTREAMS;
}

static inline bool list_is_fields(enum list list)
{
	return list == LIST_INPUT_FIELDS || list == LIST_OUTPUT_FIELDS;
}

/* Its name, with quotes. */
const char *list_name(enum list);

/* Does the item stay? */
bool item_kept(const struct links *, enum list, const struct item *);

/* The aspect with what is kept, compact where it changes. */
void links_write(const struct links *, struct buf *out);

/* The Python size of that. */
uint64_t links_size(const struct links *);

#endif

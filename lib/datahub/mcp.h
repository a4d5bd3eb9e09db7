/*
 * mcp -- one metadata change proposal after the other.
 *
 *	struct buf *b = mcp_begin(m, "dataset", urn, "status");
 *	put_flag(b, "removed", false);
 *	mcp_end(m);
 *
 * mcp_begin() gives the buffer with "{" of the aspect written; mcp_end() closes
 * it and hands the line on: to the filter of --changed-since, if there is one,
 * and to mcp_out.  Members are written in the order DataHub's own files have.
 *
 * The put_ functions write members and items; they put commas by looking at
 * the byte before (nothing else may end with "{", "[" or ":" outside strings,
 * and strings end with a quote), so that there is no state to carry.
 *
 * Memory: one aspect.  One thread.
 */
#ifndef DATAHUB_MCP_H
#define DATAHUB_MCP_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "datahub/mcp_out.h"
#include "json/value.h"

struct previous;
struct described;

struct mcp {
	struct mcp_out *out;
	const char *run_id;		/* or NULL */
	struct previous *previous;	/* --changed-since, or NULL */
	struct buf body;		/* the aspect being written, behind the
					   head of its line but for a patch */
	size_t head;			/* where it begins */
	struct buf line;		/* of a patch */
	const char *entity, *aspect;	/* of the open one */
	struct buf urn;
	bool patch, keyed;
	bool failed;			/* a write has failed */
	uint64_t written, unchanged, max_bytes, over_1mb, over_10mb;
	struct described *described;	/* hashes of URNs with a status */
	size_t ndescribed, described_cap;
	bool keep_described, described_sorted;
};

void mcp_init(struct mcp *, struct mcp_out *out, const char *run_id);
void mcp_release(struct mcp *);

/* An aspect of an entity; ${entity} and ${aspect} are static texts. */
struct buf *mcp_begin(struct mcp *, const char *entity, struct span urn,
		      const char *aspect);

/*
 * A PATCH of an aspect: a JSON Patch (RFC 6902).  The buffer holds "[": add
 * operations with put_item() and an object each; mcp_end() closes it.
 */
struct buf *mcp_begin_patch(struct mcp *, const char *entity, struct span urn,
			    const char *aspect);

/*
 * The same where paths have keys that the server is to be told, as releases
 * differ in what they take: ${keys} is arrayPrimaryKeys, JSON (as DataHub's
 * patch builders have it emitter/mcp_patch_builder.py).
 */
struct buf *mcp_begin_keyed_patch(struct mcp *, const char *entity,
				  struct span urn, const char *aspect,
				  const char *keys);

void mcp_end(struct mcp *);

/* Whole aspects that many entities have. */
void mcp_status(struct mcp *, const char *entity, struct span urn,
		bool removed);

/*
 * With .keep_described: was a status "not removed" written for ${urn} (or left
 * out as unchanged)?
 */
bool mcp_described(struct mcp *, struct span urn);

/* Writing JSON. */
void put_key(struct buf *, const char *key);		/* ,"key": */
void put_item(struct buf *);				/* , */
void put_string(struct buf *, struct span text);	/* unescaped text */
void put_span(struct buf *, const char *key, struct span text);
void put_text(struct buf *, const char *key, const char *text);
void put_flag(struct buf *, const char *key, bool value);
void put_u64(struct buf *, const char *key, uint64_t value);
/* As put_span(), but nothing where .s is NULL or the text is empty. */
void put_span_if(struct buf *, const char *key, struct span text);
/* "key":{ or "key":[ ; close with buf_addc(). */
void put_open(struct buf *, const char *key, char bracket);

#endif

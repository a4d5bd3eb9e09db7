/*
 * mcp_out -- metadata change proposals on their way out: lines, the array that
 * DataHub's file source reads, or bodies for its REST endpoint.
 *
 *	MCP_LINES	one proposal a line, as given
 *	MCP_ARRAY	"[", the same lines with commas between, "]"
 *	MCP_GMS_BATCH	one body a line for POST
 *			{gms}/aspects?action=ingestProposalBatch: at most
 *			MCP_BATCH_LENGTH proposals and MCP_BATCH_BYTES, both as
 *			the Python emitter has them.  Aspects of the form
 *			{"json":...} become {"value":"...","contentType":...}.
 *
 * Bodies may be posted side by side.  So that the proposals of a URN keep their
 * order, those of one URN that follow each other stay in one body (as long as
 * they fit in one), and a body of structured properties, whose definitions have
 * to be there before their values, has nothing else in it.
 *
 * Lifecycle: mcp_out_init(), mcp_out_add() or mcp_out_lines(), mcp_out_end(),
 * mcp_out_release().  Memory: two bodies.  One thread at a time.  The functions
 * with an int return 0, or -1 once a write has failed (out.h told it).
 */
#ifndef DATAHUB_MCP_OUT_H
#define DATAHUB_MCP_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/buf.h"
#include "base/out.h"

#define MCP_BATCH_LENGTH 200
#define MCP_BATCH_BYTES (15U * 1024 * 1024)

enum mcp_form { MCP_LINES, MCP_ARRAY, MCP_GMS_BATCH };

struct mcp_out {
	struct out *out;
	enum mcp_form form;
	uint64_t count;		/* proposals so far */
	struct buf body;	/* the open body: proposals with commas */
	unsigned in_body;
	struct buf run;		/* the last ones, all of one URN */
	unsigned in_run;
	struct buf urn;		/* its URN, as written */
	bool definitions;	/* the run is of a structured property */
};

/* ${out} is open, and stays the caller's. */
void mcp_out_init(struct mcp_out *, struct out *out, enum mcp_form form);
void mcp_out_release(struct mcp_out *);

/* One proposal: valid JSON, an object without line ends or blanks around. */
int mcp_out_add(struct mcp_out *, const char *mcp, size_t len);

/* Several, each ended by '\n'. */
int mcp_out_lines(struct mcp_out *, const char *text, size_t len);

/* Writes what is left and closes the array; to be called also for none. */
int mcp_out_end(struct mcp_out *);

/*
 * For the programs' tables: the members .array (bool) and .gms (int) of the
 * struct of options, and what they say.
 */
#define MCP_OUT_OPTIONS(at_array, at_gms) \
	{ .name = "array", at_array, \
	  .help = "Write one JSON array, as DataHub's file source reads " \
		  "it." }, \
	{ .name = "gms", .arg = "batch", .kind = OPT_CHOICE, at_gms, \
	  .choices = "none|batch", \
	  .help = "Write bodies for DataHub's REST endpoint " \
		  "(ingestProposalBatch), one a line: at most 200 " \
		  "proposals and 15 MiB." }

/* The form they mean; -1 after a message when both are given. */
int mcp_out_form(bool array, int gms);

#endif

/*
 * cap_mcp -- one metadata change proposal: what it is about, where its aspect
 * is.
 */
#ifndef DATAHUB_CAP_MCP_H
#define DATAHUB_CAP_MCP_H

#include "datahub/cap_doc.h"

enum aspect_kind {
	ASPECT_OTHER, ASPECT_JOB_IO, ASPECT_UPSTREAMS, ASPECT_SCHEMA,
	ASPECT_PROFILE, ASPECT_SUBJECTS, ASPECT_QUERY, ASPECT_VIEW,
	ASPECT_SEMANTIC, ASPECT_CONTAINER
};

struct mcp {
	struct val entity_type, urn, aspect_name;	/* strings */
	enum aspect_kind kind;	/* ASPECT_OTHER for patches */
	bool patch;
	uint64_t added;		/* what Python adds (pysize.h), */
	bool added_known;	/* which cutter_needed() finds out */
	struct val body;	/* the aspect itself; no .s: there is none */
	const struct doc *doc;	/* whose .body is: the line's, or ${inner} */
	struct val written;	/* where it stands in the line: what is to be
				   replaced, with quotes if it is a string */
};

/*
 * Reads the proposal ${line}.  An aspect that is a string is decoded into
 * ${inner}.  Returns NULL, or why it is none (static text), and then ${at} is
 * the place.
 */
const char *mcp_read(struct mcp *, const struct doc *, struct val line,
		     struct doc *inner, const char **at);

#endif

/*
 * mcp_file -- proposals of a file, in any form they are written in: lines, an
 * array, bodies for DataHub's REST endpoint.
 */
#ifndef DATAHUB_MCP_FILE_H
#define DATAHUB_MCP_FILE_H

#include "json/dom.h"

/*
 * Calls ${take} for each; it returns 0, or -1 for what is no proposal.  Returns
 * 0, or -1 when the file could not be read whole (messages say why) or held
 * something else.
 */
int mcp_file_read(const char *path,
		  int (*take)(void *arg, const struct dom *proposal),
		  void *arg);

/* The aspect's value, parsed; NULL where it is none. */
const struct dom *mcp_file_aspect(struct pool *, const struct dom *proposal);

#endif

/*
 * restore -- cap-aspect's output back into its input, with the receipts.
 *
 * A line whose SHA-256 is that of a receipt becomes the line before; the lines
 * that follow it for the same aspect (--annotate, --split) go, and lines that
 * were dropped come back in their place.  A line that was edited since is
 * refused: it stands where a receipt's line should be, or, once lines have been
 * taken out or moved, is of the URN and aspect of one.
 *
 * Memory: some 100 bytes a receipt; the lines stay in the file, which has to be
 * a regular one.
 */
#ifndef DATAHUB_RESTORE_H
#define DATAHUB_RESTORE_H

#include "datahub/cap.h"

/*
 * As cap_run(), with the receipts in ${path}.  Returns an exit status: 1 when
 * lines were refused or receipts have no line, 3 when they cannot be read (2
 * when they are none).
 */
int restore_run(struct cap *, const char *path);

#endif

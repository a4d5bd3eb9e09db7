/*
 * render_cells -- text in the columns of a terminal.
 *
 * How many cells a character takes is decided here, not by the locale, so that
 * the same bytes come out everywhere: two for East Asian wide characters and
 * emoji, none for combining marks, one for the rest.  No state; any thread.
 */
#ifndef ATTRS_RENDER_CELLS_H
#define ATTRS_RENDER_CELLS_H

#include "base/buf.h"

/* Cells of valid UTF-8 without control bytes. */
size_t cells_of(const char *s, size_t len);

/*
 * Appends ${s} in exactly ${width} cells: blanks behind it, or cut with ${dots}
 * (one cell) at its end.
 */
void cells_pad(struct buf *, const char *s, size_t len, size_t width,
	       const char *dots);

/* Appends ${s} cut to at most ${width} cells. */
void cells_cut(struct buf *, const char *s, size_t len, size_t width,
	       const char *dots);

#endif

/*
 * framer_in -- between framer.c and framer_damage.c.
 */
#ifndef STREAM_FRAMER_IN_H
#define STREAM_FRAMER_IN_H

#include "stream/framer.h"

/*
 * The open record is damaged at .pos.  True when it is known where it ends:
 * it is rejected then, and .pos is where to go on.
 */
bool framer_damaged(struct framer *);

/* The same, for a damaged one whose end was not found before .pos. */
bool framer_seek(struct framer *);

/* The open record, up to text[end], is no record; blanks take its place. */
void framer_reject(struct framer *, size_t end);

#endif

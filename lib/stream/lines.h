/*
 * lines -- counting off records in whole lines.
 */
#ifndef STREAM_LINES_H
#define STREAM_LINES_H

#include <stddef.h>
#include <stdint.h>

/*
 * Goes along the lines of text[from..to), each ended by '\n', and stops before
 * the one that would be record ${max} + 1, or with whose end more than ${room}
 * bytes would have been passed.  Lines of blanks are no records.  Returns where
 * it stopped and adds to ${*records}.
 */
size_t lines_take(const char *text, size_t from, size_t to, uint64_t max,
		  uint64_t room, uint64_t *records);

/* Records in text[from..to). */
uint64_t lines_count(const char *text, size_t from, size_t to);

#endif

/*
 * detect -- what form the beginning of a source has (--input=auto).
 */
#ifndef STREAM_DETECT_H
#define STREAM_DETECT_H

#include "stream/reader.h"

/* Bytes that are looked at. */
#define DETECT_BYTES (64 * 1024)

/*
 * The form of a source that begins with ${text}; ${whole} says that nothing
 * follows it.  INPUT_AUTO: more is needed, which is never returned for
 * DETECT_BYTES or a whole source.  ${*lone} is set when it is lines, but seems
 * to be a lone line with an array of objects.
 */
enum input_form detect_form(const char *text, size_t len, bool whole,
			    bool *lone);

#endif

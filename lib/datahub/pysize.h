/*
 * pysize -- how long a JSON value is as DataHub's guard measures it.
 *
 * The guard (EnsureAspectSizeProcessor in DataHub's Python code) takes
 * len(json.dumps(...)) of the aspect: ", " and ": " between tokens, every
 * character outside space to ~ escaped (\uXXXX, two of them above U+FFFF; \" \\
 * \n \r \t \f \b short), members that are null left out.  Numbers count as they
 * are written.  A key that stands twice in an object counts twice.
 *
 * No state; any thread.
 */
#ifndef DATAHUB_PYSIZE_H
#define DATAHUB_PYSIZE_H

#include <stdint.h>
#include "datahub/cap_doc.h"

/*
 * What Python adds to an upstream without auditStamp and to a fine-grained
 * lineage without confidenceScore, with the ", " in front:
 *	"auditStamp": {"time": 0, "actor": "urn:li:corpuser:unknown"}
 *	"confidenceScore": 1.0
 */
#define PYSIZE_NO_STAMP 63
#define PYSIZE_NO_SCORE 24

/* No value of ${len} bytes with ${tokens} tokens is longer than this. */
static inline uint64_t pysize_bound(uint64_t len, uint64_t tokens)
{
	/* DEL makes six of one byte, a separator two, an empty item of
	   lineage ("{}") gets what is above */
	return 6 * len + PYSIZE_NO_STAMP * tokens;
}

/*
 * Are all bytes space to ~, or control bytes (which are white space between
 * tokens)?  Then a value is no longer than its bytes and tokens.
 */
bool pysize_is_ascii(const char *s, size_t len);

/* A string as written, ${len} bytes with its quotes. */
uint64_t pysize_string(const char *s, size_t len);

/* ${len} bytes of unescaped text as a string, with quotes. */
uint64_t pysize_text(const char *s, size_t len);

/* Any value, without what PYSIZE_NO_... is for. */
uint64_t pysize_value(const struct doc *, struct val v);

#endif

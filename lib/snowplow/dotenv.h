/*
 * dotenv -- NAME=value lines, as in the .env files that snowplow-cli reads.
 *
 * "export " before a name, blanks around it, comments (#, behind an unquoted
 * value only after a blank), '...' as written, "..." with \n \r \t \" \\ \$
 * and over several lines.  "NAME: value" is accepted.  Values of other
 * variables ($NAME, ${NAME}) are not put in: a key with a $ in it stays as it
 * is.
 */
#ifndef SNOWPLOW_DOTENV_H
#define SNOWPLOW_DOTENV_H

#include <stdbool.h>
#include "base/buf.h"

/*
 * Sets ${value} to that of the last line of ${name} in ${text}; false where
 * there is none.
 */
bool dotenv_get(const char *text, size_t len, const char *name,
		struct buf *value);

#endif

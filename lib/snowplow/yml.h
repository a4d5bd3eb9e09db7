/*
 * yml -- one value of a YAML file: what stands under a name under a name.
 *
 * By libyaml, because the file is written by people and by Go's YAML library:
 * quotes, comments, several styles.  This is the one file that includes it.
 */
#ifndef SNOWPLOW_YML_H
#define SNOWPLOW_YML_H

#include "base/buf.h"

/*
 * Sets ${value} to the scalar ${name} in the mapping ${section} at the top of
 * ${text}.  Returns 1; 0 where there is none; -1 where the text is no YAML
 * (${line}, from 1, says where).
 */
int yml_get(const char *text, size_t len, const char *section,
	    const char *name, struct buf *value, size_t *line);

#endif

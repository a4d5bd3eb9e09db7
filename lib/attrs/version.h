/*
 * version -- the eight versions of an attribute, as their lines are written and
 * read.
 */
#ifndef ATTRS_VERSION_H
#define ATTRS_VERSION_H

#include <stddef.h>

enum version {
	VERSION_STR, VERSION_INT, VERSION_FLOAT, VERSION_BOOL, VERSION_OBJECT,
	VERSION_ARRAY_PRIMITIVE, VERSION_ARRAY_OBJECT, VERSION_ARRAY_ARRAY,
	VERSIONS
};

/*
 * What stands before the attribute's name, and behind it: in an inactive
 * version, and in an active one up to its count.  Behind an empty name the
 * first byte, "_", is left out.
 */
struct version_text {
	const char *open;
	size_t open_len;
	const char *off;
	size_t off_len;
	const char *on;
	size_t on_len;
};
extern const struct version_text version_texts[VERSIONS];

#endif

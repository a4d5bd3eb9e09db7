/*
 * secret -- a secret from a file: never from argv, never printed.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include "base/buf.h"

/*
 * Reads all of the file ${path}, ${min} to ${max} bytes, into ${b}.  Warns when
 * others can read it.  Returns 0, or -1 after a message; ${what} names the
 * secret in it ("key").
 */
int secret_read(struct buf *b, const char *path, const char *what, size_t min,
		size_t max);

/* Overwrites the bytes, then releases them. */
void secret_release(struct buf *);

#endif

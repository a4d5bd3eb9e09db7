/*
 * seal -- a secret as it may lie in a file: AES-256-GCM (NIST SP 800-38D).
 *
 * The key is made from another secret, so that a file needs none of its own,
 * and who can read the file without having that secret learns nothing but the
 * length.  The cipher is OpenSSL's (digest.h says why); random nonces, of which
 * a token a day uses few.
 */
#ifndef SNOWPLOW_SEAL_H
#define SNOWPLOW_SEAL_H

#include "base/buf.h"

/* Appends the sealed ${text} to ${out}: 0, or -1. */
int seal(struct buf *out, const struct buf *secret, const void *text,
	 size_t len);

/* Appends the text to ${out}: 0, or -1 where it is not ours, or was changed. */
int unseal(struct buf *out, const struct buf *secret, const void *sealed,
	   size_t len);

#endif

/*
 * visible -- bytes as a terminal may safely show them.
 *
 * Control bytes (C0, DEL, and C1 as UTF-8), the characters that turn the
 * direction of text or end a line, and bytes that are no UTF-8 become \xNN each;
 * everything else stays.  For err.c, which may not allocate, and
 * buf.c; others use buf_add_visible().
 */
#ifndef BASE_VISIBLE_H
#define BASE_VISIBLE_H

#include <stddef.h>

/* The most that one step can write: four bytes, each as \xNN. */
#define VISIBLE_STEP 16

/*
 * Takes one character from ${s} (${len} bytes, at least 1), writes what shows
 * it to ${out} (VISIBLE_STEP bytes) and its length to ${out_len}.  Returns the
 * number of bytes taken.  Cannot fail.
 */
size_t visible_step(const char *s, size_t len, char *out, size_t *out_len);

#endif

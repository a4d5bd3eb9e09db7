/*
 * str -- the text of JSON strings: unescaping, counting, writing.
 *
 * A string is handled as the bytes between its quotes, already validated
 * (check.h or the scanner).  Lone surrogates (\ud800 without its partner) have
 * no UTF-8 form; in memory they are the three bytes their code point would
 * have (ED A0 80 .. ED BF BF), which valid UTF-8 never contains, so that they
 * survive and are written back as \uXXXX.
 */
#ifndef JSON_STR_H
#define JSON_STR_H

#include <stdbool.h>
#include "base/buf.h"

/*
 * Appends the unescaped text of ${raw}.  Returns the number of lone
 * surrogates met.
 */
size_t str_unescape(struct buf *out, const char *raw, size_t len);

/*
 * Checks escapes only (everything else was checked by masks).  Returns true
 * when each backslash begins a valid escape, and then sets ${*chars} to the
 * code points after unescaping (a pair is one, a lone surrogate is one) and
 * ${*lone} to the lone surrogates.
 */
bool str_escapes(const char *raw, size_t len, size_t *chars, size_t *lone);

/* Code points of unescaped or escape-free text. */
size_t str_chars(const char *text, size_t len);

/*
 * Appends ${text} as a JSON string with quotes, in the one form that all our
 * output has (attr(5)): raw UTF-8; \" \\ \b \f \n \r \t; \u00xx in lower case
 * for other controls and DEL; lone surrogates as \udxxx.  The only escaper.
 */
void str_write(struct buf *out, const char *text, size_t len);

#endif

/*
 * jqx -- programs run by libjq; the one file that knows jv.h and jq.h.
 *
 * The ownership rule of libjq: every jv_* and jq_* function consumes the jv it
 * is given and returns one of the caller's own, except jv_copy().  (In fact
 * jv_get_kind(), jv_is_valid() and jv_string_value() do not consume either.)
 * A jv must never be seen by two threads, so bytes go in and bytes come out,
 * and a jqx belongs to the thread that compiled it.  Several threads may
 * compile and run at the same time: libjq 1.6 is said to race there, but
 * neither helgrind nor a test of eight threads (tests/unit/expr.c) finds where,
 * so there is no lock.
 *
 * What libjq does itself, as jq does: it reads definitions from ~/.jq when
 * compiling.  import, include and input are refused, stderr is the identity.
 */
#ifndef JSON_JQX_H
#define JSON_JQX_H

#include "base/buf.h"

struct jqx;

/*
 * Compiles ${source}, with ${since} (JSON text) as $since.  NULL on failure,
 * jq's messages added to ${why} on one line.
 */
struct jqx *jqx_compile(const char *source, const char *since,
			struct buf *why);
void jqx_free(struct jqx *);

/*
 * Runs the program on one valid value up to its first output.  Returns 1 when
 * that is true, 0 when it is false or null or there is none, -1 when the
 * program failed or libjq cannot take the record (added to ${why}).  The output
 * is added to ${out}, unless NULL, as JSON text; "null" where there is none.
 */
int jqx_run(struct jqx *, const char *text, size_t len, struct buf *out,
	    struct buf *why);

#endif

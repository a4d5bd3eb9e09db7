/*
 * path -- steps into a value, and the jq path that shows them (attr(5)).
 */
#ifndef JSON_PATH_H
#define JSON_PATH_H

#include "base/buf.h"

enum step_kind {
	STEP_KEY,	/* an object's member, by unescaped key */
	STEP_ITEM,	/* any item of an array: [] */
	STEP_MAP,	/* any value of an object treated as a map: {} */
	STEP_NULL	/* a string decoded as JSON: null */
};

struct step {
	const char *key;	/* STEP_KEY only; not owned */
	size_t len;
	enum step_kind kind;
};

/* Appends the jq path: ".", ".orders[].sku", ".a|fromjson|.[]", ".\"odd key\"". */
void path_write(struct buf *, const struct step *, size_t n);

/* Appends the steps array: ["orders",[],"sku"]. */
void path_write_steps(struct buf *, const struct step *, size_t n);

/*
 * Reads what path_write() writes (and keys in quotes that need none).  ${steps}
 * is grown with mem_grow(), ${*n} set; ${keys} is emptied first, the keys point
 * into it, and it must not be touched while the steps live.  Returns 0, or -1
 * with ${*why} (static) and ${*at} (offset).
 */
int path_parse(const char *text, size_t len, struct buf *keys,
	       struct step **steps, size_t *n, size_t *cap,
	       const char **why, size_t *at);

#endif

/*
 * expr_plain -- the expressions that are evaluated without libjq (expr.h).
 *
 *	pipe:     or ("|" "not")*
 *	or:       and ("or" and)*
 *	and:      compared ("and" compared)*
 *	compared: term (("==" | "!=" | "<" | "<=" | ">" | ">=") term)?
 *	term:     path | literal | "$since" | "(" pipe ")"
 *	path:     "." | ("." NAME | "." STRING | "[" STRING "]" | "[" INT "]")+
 *	literal:  a JSON number, string, true, false, null, [] or {}
 *
 * White space as in jq 1.6.  All of it is jq, and means the same there but for
 * the precision of numbers; what jq reads in another way (".a?", ".[1:]",
 * "1.", comments, "\(...)", a lone "not") is not plain.
 *
 * A plain points into its source and $since and owns the rest.
 */
#ifndef JSON_EXPR_PLAIN_H
#define JSON_EXPR_PLAIN_H

#include <stdint.h>
#include "json/seek.h"

enum node_kind {
	NODE_PATH,	/* .path */
	NODE_TEXT,	/* .text: a literal or $since */
	NODE_NOT,	/* of .left */
	NODE_AND, NODE_OR,
	NODE_EQ, NODE_NE, NODE_LT, NODE_LE, NODE_GT, NODE_GE
};

struct node {
	struct span text;
	uint32_t left, right;	/* nodes */
	uint32_t path;
	enum node_kind kind;
};

/* A path; the same one written twice is there once. */
struct plain_path {
	struct seek_step *steps;	/* their keys are owned */
	struct span *shown;	/* the path up to each step, as written */
	size_t n, cap, shown_cap;
};

struct plain {
	struct node *nodes;
	size_t n, cap;
	struct plain_path *paths;
	size_t n_paths, paths_cap;
	uint32_t root;
};

/*
 * Parses ${source}, which must live as long as ${plain}; ${since} likewise.
 * False, with nothing to release, when it is not of the form above.
 */
bool plain_parse(struct plain *, const char *source, struct span since);
void plain_release(struct plain *);

#endif

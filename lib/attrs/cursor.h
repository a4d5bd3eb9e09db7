/*
 * cursor -- goes through one line of JSON that has a known shape.
 *
 * Our own lines have their members in one order and no white space, so each
 * step first compares with what it expects.  Any other valid JSON of the same
 * shape is read too: other order, white space, members that are not known.
 *
 * The grammar of what is taken in is checked on the way.  Strings that are
 * only stepped over are not; the first one makes the whole line be checked by
 * json_check(), once.
 *
 * One byte behind the line can be read, and is none of a number or a name:
 * '\n' or 0.
 */
#ifndef ATTRS_CURSOR_H
#define ATTRS_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "json/value.h"

struct cursor {
	const char *start, *p, *end;
	const char *why;	/* of a failure; static */
	bool checked;		/* all of the line is valid JSON */
	bool straight;		/* members so far: each one the next of its
				   shape */
	struct span unknown;	/* name of a member that was passed over */
};

enum field_kind {
	FIELD_U64,	/* uint64_t: a count */
	FIELD_STRING,	/* struct span: the bytes between the quotes */
	FIELD_BOOL,	/* bool */
	FIELD_VALUE,	/* struct span: any value, checked */
	FIELD_SHAPE,	/* an object: .shape */
	FIELD_CALL	/* .call reads it */
};

struct shape;
struct field {
	const char *name;	/* "count": with quotes and colon */
	unsigned len;
	enum field_kind kind;
	size_t offset;		/* in the struct that is filled */
	const struct shape *shape;
	int (*call)(struct cursor *, void *base);
};
#define FIELD(text, kind_, offset_) \
	{ .name = "\"" text "\":", .len = sizeof("\"" text "\":") - 1, \
	  .kind = kind_, .offset = offset_ }
#define FIELD_OF(text, offset_, shape_) \
	{ .name = "\"" text "\":", .len = sizeof("\"" text "\":") - 1, \
	  .kind = FIELD_SHAPE, .offset = offset_, .shape = shape_ }
#define FIELD_BY(text, call_) \
	{ .name = "\"" text "\":", .len = sizeof("\"" text "\":") - 1, \
	  .kind = FIELD_CALL, .call = call_ }

struct shape {
	const struct field *fields;	/* at most 32 */
	unsigned n;
	uint32_t needed;		/* one bit a field */
};

void cursor_start(struct cursor *, const char *line, size_t len);

/* All functions with an int return 0, or -1 with ${c}->why. */
int cursor_fail(struct cursor *c, const char *why);
int cursor_check(struct cursor *c);

/* White space between tokens: our lines have none. */
static inline void cursor_blanks(struct cursor *c)
{
	while (c->p < c->end && value_is_blank(*c->p))
		c->p++;
}

/* The next byte that is not blank; 0 at the end. */
static inline char cursor_peek(struct cursor *c)
{
	if (c->p < c->end && (unsigned char)*c->p <= ' ')
		cursor_blanks(c);
	return c->p < c->end ? *c->p : 0;
}

/* Goes over ${text} if that is what follows. */
static inline bool cursor_skip(struct cursor *c, const char *text, size_t len)
{
	if ((size_t)(c->end - c->p) < len || memcmp(c->p, text, len))
		return false;
	c->p += len;
	return true;
}

int cursor_byte(struct cursor *, char byte, const char *why);
int cursor_u64(struct cursor *, uint64_t *);
int cursor_string(struct cursor *, struct span *);
int cursor_bool(struct cursor *, bool *);
int cursor_value(struct cursor *, struct span *);
/* A member's name (between its quotes) and the colon behind it. */
int cursor_name(struct cursor *, struct span *);
/*
 * Behind an item of an array or an object: 1 when a comma was passed, 0 when
 * the bracket ${close} was.
 */
int cursor_more(struct cursor *, char close);

/*
 * Reads an object into ${base}; ${*seen} gets a bit for each field met.
 * cursor_members() goes on in one, behind the value of field ${next} - 1.
 */
int cursor_object(struct cursor *, const struct shape *, void *base,
		  uint32_t *seen);
int cursor_members(struct cursor *, const struct shape *, void *base,
		   uint32_t *seen, unsigned next);

/* An array: ${item} is called at each item. */
int cursor_array(struct cursor *, int (*item)(struct cursor *, void *base),
		 void *base);

/* The line is over. */
int cursor_end(struct cursor *);

#endif

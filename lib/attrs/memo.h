/*
 * memo -- attribute lines known again by their text.
 *
 * The partials of a merge have much the same lines in much the same order.  Of
 * a line that was read once, the text up to the value of `order`, and the text
 * from behind it to the value of `count`, are kept with the node they mean; and
 * with each line the one that followed it last time.  A line that begins with
 * the same bytes means the same node: no path is parsed, no key looked up.
 *
 * Memory is bounded (MEMO_MAX): what is beyond is not kept, and is read the
 * long way each time.
 */
#ifndef ATTRS_MEMO_H
#define ATTRS_MEMO_H

#include "base/buf.h"
#include "json/value.h"

#define MEMO_MAX (64 << 20)	/* bytes of text */
#define MEMO_NONE UINT32_MAX

struct memo_line {
	size_t text;		/* in memo.text: head, then middle */
	uint32_t head, middle;	/* lengths */
	uint32_t name, name_len;	/* in the head */
	uint32_t node;
	uint32_t next;		/* the line that followed it last time */
};

struct memo {
	struct buf text;
	struct memo_line *lines;
	size_t n, cap;
	uint32_t *table;	/* open addressing; line + 1, 0: empty */
	size_t slots;
	uint32_t last;		/* the line before */
	uint32_t first;		/* the line a scan began with */
};

void memo_init(struct memo *);
void memo_release(struct memo *);
/* Forgets all: the numbers of nodes have changed. */
void memo_clear(struct memo *);

/* A scan begins. */
void memo_restart(struct memo *);

struct memo_found {
	uint32_t node;
	uint64_t order;		/* its value */
	size_t count;		/* where the value of count stands */
	struct span name;	/* in the line */
};

/* True when the line is known. */
bool memo_find(struct memo *, const char *line, size_t len,
	       struct memo_found *);

/*
 * Keeps a line that memo_find() did not know: ${head}, ${middle_start} and
 * ${middle_end} as in line.h.
 */
void memo_add(struct memo *, const char *line, size_t head,
	      size_t middle_start, size_t middle_end, struct span name,
	      uint32_t node);

#endif

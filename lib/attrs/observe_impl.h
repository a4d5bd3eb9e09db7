/*
 * observe_impl -- what the parts of the observer share; private to them.
 */
#ifndef ATTRS_OBSERVE_IMPL_H
#define ATTRS_OBSERVE_IMPL_H

#include "attrs/observe.h"
#include "json/expr.h"
#include "json/index.h"

/* A value the walk met: ${at} and ${len} in the text of its level. */
struct value {
	uint32_t node, at, len;
};

/* By first byte; the journals that the walk writes. */
enum { J_WRONG, J_STRING, J_NUMBER, J_LITERAL, JOURNALS };

struct journal {
	struct value *items, *end;	/* end: behind the last one */
	size_t cap;
	size_t good;		/* of accepted records; the rest is pending */
};

/* A number that was checked. */
struct number {
	struct value v;
	enum { NUM_SMALL, NUM_INT, NUM_FLOAT, NUM_LONG_INT, NUM_LONG_FLOAT }
		kind;
	int64_t small;		/* NUM_SMALL: its value */
};

enum { KIND_SCALAR = 1, KIND_OBJECT = 2, KIND_ARRAY = 4, KIND_NULL = 8,
       BOX_IS_OBJECT = 16 };

struct box {
	struct value v;
	uint32_t members, kinds;
};

/* Rare things about keys; counted when their record is accepted. */
enum event_kind { EVENT_DUPLICATE, EVENT_ORDER, EVENT_LONE };
struct event {
	uint32_t node;
	enum event_kind what;
	uint32_t value;
};

struct frame {
	uint32_t node, box, members, kinds, serial, guess, last, item;
};

/* A guess that a record changed, to be put back if the record is bad. */
struct guess {
	uint32_t node, old;
	bool child;		/* hot.child, else hot.next */
};

/*
 * One level of decoding: 0 is the record, 1 JSON in its strings, and so on.
 */
struct level {
	struct observer *o;
	unsigned number;
	uint32_t base_depth;	/* containers around this text */
	struct json_index index;
	const char *text;
	struct journal journals[JOURNALS];
	struct number *numbers;
	size_t nnumbers, numbers_good, numbers_cap;
	struct box *boxes;
	size_t nboxes, boxes_good, boxes_cap;
	struct event *events;
	size_t nevents, events_good, events_cap;
	struct guess *guesses;
	size_t nguesses, guesses_cap;
	struct frame *frames;
	size_t frames_cap;
	size_t line;		/* start of the next record in text */
	uint32_t nodes_mark;	/* tree->nodes when the record began */
	size_t *starts;		/* of accepted records, ascending */
	size_t nstarts, starts_cap;
	struct buf copy;	/* decoded text, or a line looked at alone */
	struct buf scratch;	/* unescaped strings */
};

struct folded_key {		/* keys of objects treated as maps */
	uint64_t hash;
	uint32_t serial, at, len, used;
};

struct observer_fns {		/* of one kernel */
	void (*fill)(struct json_index *, size_t);
	void (*walk)(struct level *);
	bool (*value)(struct level *, uint32_t node);
	bool (*check)(struct level *);
	void (*strings)(struct level *);
	void (*numbers)(struct level *);
};

struct observer {
	struct tree tree;
	struct scan_totals totals;
	const struct scan_opts *opts;
	struct expr *where;
	struct observer_fns fns;
	struct level *levels;	/* max_embedded + 1 */
	size_t nlevels;
	bool extra;		/* --stats=full, --values, --samples */
	uint32_t serial;	/* of objects met; see hot.seen */
	uint32_t source;	/* of the batch */
	/*
	 * A place met now is looked at where first.epoch is greater.  It is
	 * the number of the source, as these are numbered in the order of
	 * their names and each is read upwards; NO_SOURCE: no `first`.  When
	 * .placed it goes down by one whenever the input does not go upwards,
	 * and all places are compared once more.
	 */
	uint32_t epoch;
	bool placed;
	uint64_t place;		/* added to offsets, modulo 2^64 */
	uint32_t last_source;	/* .placed: where the lines before began */
	uint64_t last_byte;
	uint64_t first_byte;	/* of the outer record, inside embedded JSON */
	const struct batch *batch;
	size_t shift;		/* of level 0's text in the batch */
	uint64_t left;		/* records until opts->limit is reached */
	struct observed result;
	char **reasons;		/* texts of rejects; owned */
	size_t nreasons, reasons_cap;
	struct buf key;		/* an unescaped key */
	struct folded_key *folded;
	size_t folded_mask, folded_used;
	bool too_many;		/* max_attrs */
};

/* tokens.c, numbers.c: per kernel */
#define OBSERVE_KERNEL(k) \
	void walk_lines_##k(struct level *); \
	bool walk_value_##k(struct level *, uint32_t node); \
	bool check_record_##k(struct level *);
OBSERVE_KERNEL(portable)
OBSERVE_KERNEL(avx2)
OBSERVE_KERNEL(avx512)

/* record.c: the end of a record */
void record_begin(struct level *);
void record_accept(struct level *, size_t from, size_t to);
void record_reject(struct level *, size_t from, size_t to);
void record_drop(struct level *);	/* forgets what is pending */
void record_keep(struct level *);	/* what is pending will be applied */

/* observe.c: counts what the journals of accepted records hold. */
void observer_apply(struct level *);

/* observe.c: keeps the text of a reason until the next batch. */
const char *observer_keep_reason(struct observer *, const struct buf *why);

/* keys.c: the slow way to a key */
enum { KEY_WRONG, KEY_NONE, KEY_FOUND };
struct key_place {
	uint32_t node;		/* the object */
	uint32_t serial, members, guess, last;
	size_t pos;		/* behind { or , */
	size_t token;		/* position of the token behind that */
};
/*
 * Finds or makes the key at ${k->pos}.  KEY_NONE: the object is empty.
 * KEY_FOUND: ${*child}, and ${*value} is behind its colon.
 */
int key_slow(struct level *, const struct key_place *k, uint32_t *child,
	     size_t *value);
void key_event(struct level *, uint32_t node, enum event_kind what,
	       uint32_t value);
uint32_t key_item(struct level *, uint32_t node);

/* embed.c: JSON inside a string.  ${text} is unescaped. */
enum { EMBED_NOT, EMBED_OBJECT, EMBED_ARRAY };
int embed_scan(struct level *outer, uint32_t node, const char *text,
	       size_t len);

/* Makes room for ${n} more values in each journal. */
void journals_reserve(struct level *, size_t n);

static inline size_t journal_count(const struct journal *j)
{
	return (size_t)(j->end - j->items);
}

static inline bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

#endif

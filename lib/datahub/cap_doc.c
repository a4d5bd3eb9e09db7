/*
 * cap_doc -- the tokens of a text, and stepping over them.
 */
#include "datahub/cap_doc.h"

#include <stdlib.h>

#include "base/mem.h"
#include "json/check.h"
#include "json/str.h"
#include "json/value.h"

/*
 * Bytes indexed at a time: memory is set aside for as many tokens, and at the
 * end of each piece the tokens are looked through for a line end, so that long
 * texts have few of them.
 */
#define PIECE (1 << 18)
#define PIECES 8
#define BEFORE 64		/* readable bytes around a text, see index.h */
#define BEHIND 128

void doc_init(struct doc *d, int kernel)
{
	*d = (struct doc){.kernel = kernel};
}

void doc_release(struct doc *d)
{
	index_release(&d->index);
	free(d->jump);
	buf_release(&d->own);
	doc_init(d, d->kernel);
}

static void fill(struct doc *d, size_t bytes)
{
#if defined(__x86_64__)
	if (d->kernel == KERNEL_avx512_id) {
		index_fill_avx512(&d->index, bytes);
		return;
	}
	if (d->kernel == KERNEL_avx2_id) {
		index_fill_avx2(&d->index, bytes);
		return;
	}
#endif
	index_fill_portable(&d->index, bytes);
}

bool doc_index(struct doc *d, const char *text, size_t from, size_t to)
{
	struct json_index *x = &d->index;
	size_t piece = (to - from) / PIECES + 64;

	index_start(x, text, to, from);
	while (x->pos < x->len && !x->fault)
		fill(d, piece > PIECE ? piece : PIECE);
	if (x->fault)
		return false;
	if (d->jump_cap < x->n)
		mem_grow(&d->jump, &d->jump_cap, x->n, sizeof(*d->jump));
	/* an open string at the end would have hidden the line end */
	return x->n && x->at[x->n - 1] == to - 1;
}

/* Reads the ${len} bytes behind the first BEFORE of d->own. */
static bool read_own(struct doc *d, size_t len, uint32_t max_depth,
		     struct val *value)
{
	uint32_t tok = 0;

	d->own.len = BEFORE + len;
	memset(buf_reserve(&d->own, BEHIND + 1), 0, BEHIND + 1);
	d->own.s[BEFORE + len] = '\n';
	return doc_index(d, d->own.s + BEFORE, 0, len + 1) &&
	       doc_walk(d, &tok, 0, max_depth, value) && tok == d->index.n;
}

static void start_own(struct doc *d, size_t room)
{
	buf_clear(&d->own);
	memset(buf_reserve(&d->own, BEFORE + room + BEHIND + 1), 0, BEFORE);
	d->own.len = BEFORE;
}

bool doc_read_string(struct doc *d, struct val v, uint32_t max_depth,
		     struct val *value)
{
	struct json_fault fault;
	size_t len;
	char *p, *end;

	start_own(d, v.len);
	str_unescape(&d->own, v.s + 1, v.len - 2);
	len = d->own.len - BEFORE;
	p = d->own.s + BEFORE;
	end = p + len;
	/* one line is what is read; line ends are right only between tokens */
	if (memchr(p, '\n', len) && json_check(p, len, max_depth, &fault))
		return false;
	while ((p = memchr(p, '\n', (size_t)(end - p))))
		*p++ = ' ';
	return read_own(d, len, max_depth, value);
}

bool doc_read_text(struct doc *d, const char *text, size_t len,
		   uint32_t max_depth, struct val *value)
{
	start_own(d, len);
	buf_add(&d->own, text, len);
	return read_own(d, len, max_depth, value);
}

void doc_iter(struct doc_iter *it, const struct doc *d, struct val container)
{
	it->doc = d;
	it->tok = container.tok;
	it->object = *container.s == '{';
	/* an empty one is closed by the next token, with nothing before it */
	it->more = d->jump[it->tok] != it->tok + 1 ||
		   doc_scalar(d, it->tok + 1).len;
}

/*
 * Between the brackets of an array of scalars there are only commas; with
 * containers in it, they are stepped over.  Scalars at both ends are enough to
 * go by: mixed arrays are no lineage's, and an upper bound does for them.
 */
size_t doc_count(const struct doc *d, struct val container)
{
	uint32_t open = container.tok, close = d->jump[open];
	struct doc_iter it;
	struct val v;
	size_t n = 0;

	if (close == open + 1)
		return doc_scalar(d, close).len != 0;
	if (*container.s == '[' && doc_token(d, open + 1) == ',' &&
	    doc_token(d, close - 1) == ',')
		return close - open;
	doc_iter(&it, d, container);
	while (doc_next(&it, NULL, &v))
		n++;
	return n;
}

struct val doc_member(const struct doc *d, struct val object, const char *name)
{
	size_t len = strlen(name);
	struct doc_iter it;
	struct val key, value, found = {0};

	if (!val_is(object, '{'))
		return found;
	doc_iter(&it, d, object);
	while (doc_next(&it, &key, &value))
		if (key.len == len + 2 && !memcmp(key.s + 1, name, len))
			found = value;
	if (val_null(found))
		found.s = NULL;
	return found;
}

void doc_compact(const struct doc *d, struct val v, struct buf *out)
{
	const char *text = d->index.text, *from, *end;
	uint32_t last;

	if (*v.s != '{' && *v.s != '[') {
		buf_add(out, v.s, v.len);
		return;
	}
	last = d->jump[v.tok];
	buf_reserve(out, v.len);
	buf_addc(out, *v.s);
	for (uint32_t i = v.tok; i < last; i++) {
		struct span slot;

		from = text + d->index.at[i] + 1;
		end = text + d->index.at[i + 1];
		slot = value_trim_one(from, (size_t)(end - from));
		buf_add(out, slot.s, slot.len);
		buf_addc(out, *end);
	}
}

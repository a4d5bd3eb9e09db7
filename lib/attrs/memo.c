/*
 * memo -- attribute lines known again by their text.
 */
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>
#include "base/mem.h"
#include "attrs/memo.h"

#define HEAD_MAX 4096	/* longer ones are not worth the room */
static const char opening[] = "{\"path\":\"";

void memo_init(struct memo *m)
{
	*m = (struct memo){.last = MEMO_NONE, .first = MEMO_NONE};
}

void memo_release(struct memo *m)
{
	buf_release(&m->text);
	free(m->lines);
	free(m->table);
	memo_init(m);
}

void memo_clear(struct memo *m)
{
	buf_clear(&m->text);
	m->n = 0;
	m->last = m->first = MEMO_NONE;
	if (m->slots)
		memset(m->table, 0, m->slots * sizeof(*m->table));
}

void memo_restart(struct memo *m)
{
	m->last = MEMO_NONE;
}

/* The guess for what follows; who finds better writes it there. */
static uint32_t *guess(struct memo *m)
{
	return m->last == MEMO_NONE ? &m->first : &m->lines[m->last].next;
}

/*
 * A hash of the path, whose end need not be found exactly: up to a quote with
 * no backslash before it.  False when there is no path at the start, or no end
 * within ${len}.
 */
static bool hash_path(const char *line, size_t len, uint64_t *hash)
{
	const char *p = line + sizeof(opening) - 1, *end = line + len, *quote;

	if (len < sizeof(opening) || memcmp(line, opening, sizeof(opening) - 1))
		return false;
	do {
		quote = memchr(p, '"', (size_t)(end - p));
		if (!quote)
			return false;
		p = quote + 1;
	} while (quote[-1] == '\\');
	*hash = XXH3_64bits(line, (size_t)(quote - line));
	return true;
}

/* Does ${line} begin as ${k} did?  The byte behind the line is no digit. */
static bool match(const struct memo *m, const struct memo_line *k,
		  const char *line, size_t len, struct memo_found *f)
{
	const char *text = m->text.s + k->text, *p;
	uint64_t order = 0;

	/* one byte at least for each number */
	if (len < k->head + k->middle + 2UL || memcmp(line, text, k->head))
		return false;
	for (p = line + k->head; *p >= '0' && *p <= '9'; p++)
		order = 10 * order + (uint64_t)(*p - '0');
	f->count = (size_t)(p - line) + k->middle;
	/* ten digits and more, or none: somebody else's business */
	if (p == line + k->head || p > line + k->head + 9 ||
	    f->count >= len || memcmp(p, text + k->head, k->middle))
		return false;
	if (line[k->head] == '0' && p > line + k->head + 1)
		return false;
	f->node = k->node;
	f->order = order;
	f->name = (struct span){line + k->name, k->name_len};
	return true;
}

bool memo_find(struct memo *m, const char *line, size_t len,
	       struct memo_found *f)
{
	uint32_t *next = guess(m);
	uint64_t hash;

	if (*next != MEMO_NONE && match(m, &m->lines[*next], line, len, f)) {
		m->last = *next;
		return true;
	}
	if (!m->n || !hash_path(line, len, &hash))
		return false;
	for (size_t i = hash & (m->slots - 1); m->table[i];
	     i = (i + 1) & (m->slots - 1)) {
		uint32_t at = m->table[i] - 1;

		if (match(m, &m->lines[at], line, len, f)) {
			m->last = *next = at;
			return true;
		}
	}
	return false;
}

static void put(struct memo *m, uint64_t hash, uint32_t line)
{
	size_t i = hash & (m->slots - 1);

	while (m->table[i])
		i = (i + 1) & (m->slots - 1);
	m->table[i] = line + 1;
}

/* At most half full. */
static void grow(struct memo *m)
{
	uint64_t hash;

	if (m->n < m->slots / 2)
		return;
	m->slots = m->slots ? 2 * m->slots : 1024;
	free(m->table);
	m->table = mem_zalloc(m->slots, sizeof(*m->table));
	for (size_t i = 0; i < m->n; i++) {
		const struct memo_line *k = &m->lines[i];

		if (hash_path(m->text.s + k->text, k->head, &hash))
			put(m, hash, (uint32_t)i);
	}
}

void memo_add(struct memo *m, const char *line, size_t head,
	      size_t middle_start, size_t middle_end, struct span name,
	      uint32_t node)
{
	size_t middle = middle_end - middle_start;
	uint32_t new = (uint32_t)m->n;
	uint64_t hash;

	if (head + middle > HEAD_MAX ||
	    m->text.len + head + middle > MEMO_MAX ||
	    !hash_path(line, head, &hash))
		return;
	grow(m);
	mem_grow(&m->lines, &m->cap, m->n + 1, sizeof(*m->lines));
	m->lines[m->n++] = (struct memo_line){
		.text = m->text.len, .head = (uint32_t)head,
		.middle = (uint32_t)middle, .name = (uint32_t)(name.s - line),
		.name_len = (uint32_t)name.len, .node = node, .next = MEMO_NONE
	};
	buf_add(&m->text, line, head);
	buf_add(&m->text, line + middle_start, middle);
	put(m, hash, new);
	*guess(m) = new;
	m->last = new;
}

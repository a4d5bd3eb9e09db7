/*
 * members -- the members of an object in the order of their keys.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/members.h"
#include "json/str.h"

int span_order(struct span a, struct span b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int r = n ? memcmp(a.s, b.s, n) : 0;

	return r ? r : (a.len > b.len) - (a.len < b.len);
}

struct span span_text(struct span s, char **owned)
{
	struct buf text = {0};

	*owned = NULL;
	if (!memchr(s.s, '\\', s.len))
		return s;
	str_unescape(&text, s.s, s.len);
	*owned = text.s;
	return (struct span){text.s, text.len};
}

void members_release(struct members *m)
{
	for (size_t i = 0; i < m->n; i++)
		free(m->list[i].owned);
	free(m->list);
	*m = (struct members){0};
}

/* By key; of the same key the one written first comes first. */
static int order_members(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	int r = span_order(x->key, y->key);

	return r ? r : (x->value.s > y->value.s) - (x->value.s < y->value.s);
}

struct members members_read(struct span object)
{
	struct members m = {0};
	struct value_iter it;
	struct span key, value;
	size_t cap = 0, n = 0;

	value_iter_start(&it, object);
	while (value_next(&it, &key, &value)) {
		struct member *to;

		mem_grow(&m.list, &cap, m.n + 1, sizeof(*m.list));
		to = &m.list[m.n++];
		to->key = span_text(key, &to->owned);
		to->value = value;
	}
	if (m.n)
		qsort(m.list, m.n, sizeof(*m.list), order_members);
	for (size_t i = 0; i < m.n; i++) {
		if (n && !span_order(m.list[n - 1].key, m.list[i].key))
			free(m.list[--n].owned);
		m.list[n++] = m.list[i];
	}
	m.n = n;
	return m;
}

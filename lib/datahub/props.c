/*
 * props -- customProperties being put together (emit_in.h).
 */
#include <stdlib.h>

#include "base/mem.h"
#include "datahub/emit_in.h"

void props_set(struct props *p, struct span name, struct span value)
{
	for (size_t i = 0; i < p->n; i++)
		if (!span_compare(p->items[i].name, name)) {
			p->items[i].value = value;
			return;
		}
	mem_grow(&p->items, &p->cap, p->n + 1, sizeof(*p->items));
	p->items[p->n++] = (struct prop){name, value};
}

void props_text(struct props *p, const char *name, struct span value)
{
	props_set(p, span_of(name), value.s ? value : span_of(""));
}

void props_text_if(struct props *p, const char *name, struct span value)
{
	if (value.s && value.len)
		props_text(p, name, value);
}

void props_count(struct props *p, const char *name, uint64_t value)
{
	struct buf b = {0};

	buf_addu(&b, value);
	props_text(p, name, (struct span){pool_dup(&p->pool, b.s, b.len),
		b.len});
	buf_release(&b);
}

void props_joined(struct props *p, const char *name, const struct span *texts,
		  size_t n)
{
	struct buf b = {0};

	if (!n)
		return;
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_adds(&b, ", ");
		buf_add(&b, texts[i].s, texts[i].len);
	}
	props_text(p, name, (struct span){pool_dup(&p->pool, b.s, b.len),
		b.len});
	buf_release(&b);
}

void props_put(struct buf *b, const struct props *p)
{
	put_open(b, "customProperties", '{');
	for (size_t i = 0; i < p->n; i++) {
		put_item(b);
		put_string(b, p->items[i].name);
		buf_addc(b, ':');
		put_string(b, p->items[i].value);
	}
	buf_addc(b, '}');
}

void props_release(struct props *p)
{
	free(p->items);
	pool_release(&p->pool);
	*p = (struct props){0};
}

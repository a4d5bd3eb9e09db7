#include "datahub/shredded.h"

#include "base/mem.h"
#include "datahub/urn.h"

/* Is the field i spread over the columns of its members? */
static bool is_spread(const struct fields *f, size_t i)
{
	const struct field *next = i + 1 < f->n ? &f->items[i + 1] : NULL;

	return f->items[i].type == FIELD_RECORD && next &&
	       next->parent == (int32_t)i && next->levels == 0;
}

static struct span one(struct pool *pool, enum warehouse w,
		       const struct span *names, size_t n)
{
	struct buf name = {0}, b = {0};
	struct span column;

	while (n-- > 0) {
		column_of_field(&name, w, names[n].s, names[n].len);
		if (n)
			buf_addc(&name, '.');
	}
	urn_encode(&b, (struct span){name.s, name.len});
	column = (struct span){pool_dup(pool, b.s ? b.s : "", b.len), b.len};
	buf_release(&name);
	buf_release(&b);
	return column;
}

struct span *shredded_columns(struct pool *pool, enum warehouse w,
			      const struct fields *f)
{
	struct span *columns = pool_zero(pool, f->n + 1, sizeof(*columns));
	struct span names[FIELDS_DEPTH + 2];
	size_t n;

	for (size_t i = 0; i < f->n; i++) {
		int32_t parent = f->items[i].parent;

		if (parent >= 0 && columns[parent].s) {
			columns[i] = columns[parent];
			continue;
		}
		if (is_spread(f, i))
			continue;
		n = 0;
		for (int32_t k = (int32_t)i; k >= 0 && n < FIELDS_DEPTH + 2;
		     k = f->items[k].parent)
			names[n++] = f->items[k].name;
		columns[i] = one(pool, w, names, n);
	}
	return columns;
}

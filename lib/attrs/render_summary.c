/*
 * render_summary -- a scan in a dozen figures.
 *
 * The names are those of DataPancake's schema summary where it has them.  Its
 * complexity score is not published; ours is on the page.
 */
#include <stdlib.h>
#include "base/err.h"
#include "base/mem.h"
#include "attrs/render.h"

static void count_one(struct render_totals *n, const struct facts *f)
{
	n->attributes++;
	n->keys += f->attr->kind == STEP_KEY;
	n->polymorphic += facts_polymorphic(f);
	n->more_versions += f->versions ? f->versions - 1 : 0;
	n->arrays += f->box->arrays > 0;
	n->object_arrays += facts_has(f, VERSION_ARRAY_OBJECT);
	n->objects += facts_has(f, VERSION_OBJECT);
	n->embedded += f->embedded > 0;
	n->maps += f->attr->kind == STEP_MAP;
	n->optional += !facts_required(f);
	n->nullable += f->nulls > 0;
}

/* level of attr(5), but 0 for the record */
static uint64_t level_of(const struct view *v, uint32_t i,
			 const uint64_t *levels)
{
	const struct attr *a = view_attr(v, i);
	uint32_t parent = v->nodes[i].parent;

	if (parent == VIEW_NONE)
		return 0;
	return levels[parent] + (a->kind == STEP_KEY || a->kind == STEP_MAP);
}

void render_count(const struct view *v, struct render_totals *n)
{
	uint64_t *levels = mem_alloc((v->n + 1UL) * sizeof(*levels));
	uint64_t keys = 0;
	struct facts f;

	*n = (struct render_totals){0};
	for (uint32_t i = 0; i < v->n; i++) {
		view_facts(v, i, &f);
		count_one(n, &f);
		levels[i] = level_of(v, i, levels);
		keys = levels[i] > keys ? levels[i] : keys;
	}
	n->max_level = keys ? keys - 1 : 0;
	n->complexity = (int64_t)(n->attributes + 2 * n->more_versions +
				  5 * n->object_arrays + 10 * n->embedded +
				  10 * keys);
	free(levels);
}

static void line(struct buf *b, const char *name, uint64_t value)
{
	buf_addf(b, "%-22s %llu\n", name, (unsigned long long)value);
}

int render_summary(struct render *r)
{
	const struct scan_totals *t = &r->scan->totals;
	struct render_totals n;
	struct buf *b = &r->text;

	render_count(r->view, &n);
	line(b, "records", t->records);
	line(b, "record bytes", t->bytes);
	line(b, "rejected records", t->rejected);
	line(b, "attributes", n.attributes);
	line(b, "polymorphic", n.polymorphic);
	line(b, "objects", n.objects);
	line(b, "arrays", n.arrays);
	line(b, "arrays of objects", n.object_arrays);
	line(b, "embedded JSON", n.embedded);
	line(b, "maps", n.maps);
	line(b, "optional", n.optional);
	line(b, "with nulls", n.nullable);
	line(b, "maximum level", n.max_level);
	line(b, "complexity score", (uint64_t)n.complexity);
	buf_addf(b, "%-22s %s\n", "complete",
		 r->scan->pending.n ? "no" : "yes");
	return render_flush(r) ? RC_FAILED : RC_DONE;
}

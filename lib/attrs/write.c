/*
 * write -- attribute lines out (attr(5)).
 *
 * Every scan ends here, so it is written for speed: a line is put together by
 * copies of known lengths in one buffer that was made large enough before.
 */
#include <stdlib.h>
#include "base/mem.h"
#include "json/str.h"
#include "attrs/lines.h"
#include "attrs/scan_line.h"
#include "attrs/write_in.h"
#include "stream/source_name.h"

static void prepare_sources(struct writer *w)
{
	const struct tree *t = w->tree;

	if (w->opts->no_first)
		return;
	w->source_ends = mem_alloc((t->nsources + 1) * sizeof(size_t));
	w->source_ends[0] = 0;
	for (uint32_t i = 0; i < t->nsources; i++) {
		source_name_write(&w->sources, t->sources[i]);
		w->source_ends[i + 1] = w->sources.len;
	}
}

/* The path of a parent, of which ${len} bytes are the current path's. */
static char *put_parent(char *p, const struct writer *w, size_t len)
{
	if (!len)
		return put_lit(p, "null");
	*p++ = '"';
	p = put_mem(p, w->place.path.s, len);
	*p++ = '"';
	return p;
}

/* From the path to parent_array. */
static void put_place(struct writer *w, const struct path_frame *f,
		      const struct attr *a)
{
	const char *name = f->name_len ? w->place.steps.s + f->name : "";
	char *p;

	w->name = name;
	w->name_len = f->name_len;
	p = room(w, 3 * f->path + f->steps + f->name_len);
	p = put_lit(p, "{\"path\":\"");
	p = put_mem(p, w->place.path.s, f->path);
	p = put_lit(p, "\",\"steps\":[");
	if (f->steps)
		p = put_mem(p, w->place.steps.s, f->steps);
	p = put_lit(p, "],\"name\":\"");
	p = put_mem(p, name, f->name_len);
	p = put_lit(p, "\",\"level\":");
	if (f->level < 0)
		p = put_lit(p, "-1");
	else
		p = put_u64(p, (uint64_t)f->level);
	p = put_lit(p, ",\"order\":");
	p = put_u64(p, a->order);
	p = put_lit(p, ",\"parent_object\":");
	p = put_parent(p, w, f->object);
	p = put_lit(p, ",\"parent_array\":");
	p = put_parent(p, w, f->array);
	ends_at(w, p);
}

static char *put_items(char *p, const struct box_stat *b)
{
	p = put_lit(p, ",\"items\":{\"min\":");
	p = put_u64(p, b->items_min);
	p = put_lit(p, ",\"max\":");
	p = put_u64(p, b->items_max);
	p = put_lit(p, ",\"sum\":");
	p = put_u64(p, b->items_sum);
	*p++ = '}';
	return p;
}

/* What the attribute has beside its versions. */
static void put_counts(struct writer *w, uint32_t node)
{
	const struct tree *t = w->tree;
	const struct attr *a = &t->attrs[node];
	uint32_t box = t->hot[node].box;
	const struct box_stat *b = box ? &t->boxes[box] : NULL;
	char *p = room(w, 0);

	p = put_lit(p, ",\"count\":");
	p = put_u64(p, tree_count(t, node));
	if (a->duplicates) {
		p = put_lit(p, ",\"duplicates\":");
		p = put_u64(p, a->duplicates);
	}
	p = put_lit(p, ",\"nulls\":");
	p = put_u64(p, b ? b->nulls : 0);
	if (b && b->arrays_empty) {
		p = put_lit(p, ",\"empty_arrays\":");
		p = put_u64(p, b->arrays_empty);
	}
	p = put_lit(p, ",\"bytes\":");
	p = put_u64(p, tree_bytes(t, node));
	if (b && b->arrays)
		p = put_items(p, b);
	ends_at(w, p);
	if (a->map_reason) {
		buf_adds(&w->line, ",\"map_reason\":");
		str_write(&w->line, a->map_reason, strlen(a->map_reason));
	}
}

/* With keys and values, tabs stand between the lines: in them there are none. */
static void end_line(struct writer *w)
{
	if (--w->left && w->keyed)
		w->line.s[w->line.len - 1] = '\t';
	if (out_add(w->out, w->line.s, w->line.len))
		w->failed = true;
}

static void visit(void *arg, const struct tree *t, uint32_t node)
{
	struct writer *w = arg;

	if (w->failed)
		return;
	buf_clear(&w->line);
	put_place(w, pathtext_enter(&w->place, t, node), &t->attrs[node]);
	put_counts(w, node);
	ends_at(w, put_lit(room(w, 0), ",\"versions\":"));
	write_versions(w, &t->hot[node]);
	ends_at(w, put_lit(room(w, 0), "}}\n"));
	end_line(w);
}

static int write_all(struct out *out, const struct scan *scan,
		     const struct scan_opts *opts, bool keyed)
{
	struct writer w = {.out = out, .tree = &scan->tree, .opts = opts,
			   .keyed = keyed};
	uint64_t n = tree_walk(&scan->tree, NULL, NULL);

	w.left = n + 1;
	if (keyed)
		buf_adds(&w.line, LINES_KEY);
	scan_line_write(&w.line, scan, opts, n);
	end_line(&w);
	prepare_sources(&w);
	if (!w.failed)
		tree_walk(&scan->tree, visit, &w);
	pathtext_release(&w.place);
	buf_release(&w.line);
	buf_release(&w.sources);
	free(w.source_ends);
	extra_free(w.no_extra);
	return w.failed ? -1 : 0;
}

int attr_write(struct out *out, const struct scan *scan,
	       const struct scan_opts *opts)
{
	return write_all(out, scan, opts, false);
}

int attr_write_keyed(struct out *out, const struct scan *scan,
		     const struct scan_opts *opts)
{
	return write_all(out, scan, opts, true);
}

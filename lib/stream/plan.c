/*
 * plan -- which sources are to be read, and which parts of them.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "stream/plan.h"

/* Identity of a file, to find one named twice. */
struct file_id {
	dev_t dev;
	ino_t ino;
	size_t source;
};

static char *shown_name(const char *name, const char *shown,
			const char *prefix)
{
	struct buf b = {0};

	if (!strcmp(name, "-")) {
		buf_adds(&b, "<stdin>");
	} else {
		buf_adds(&b, prefix ? prefix : "");
		buf_adds(&b, shown ? shown : name);
	}
	return buf_cstr(&b);	/* now owned by the plan */
}

static uint32_t add_source(struct plan *p, const char *name, const char *shown,
			   const char *prefix)
{
	mem_grow(&p->sources, &p->sources_cap, p->nsources + 1,
		 sizeof(*p->sources));
	p->sources[p->nsources] = (struct plan_source){
		.name = name, .shown = shown_name(name, shown, prefix)
	};
	return (uint32_t)p->nsources++;
}

void plan_add(struct plan *p, uint32_t source, uint64_t from, uint64_t to)
{
	mem_grow(&p->parts, &p->parts_cap, p->nparts + 1, sizeof(*p->parts));
	p->parts[p->nparts++] = (struct plan_part){ source, from, to };
}

/* Fills in size and kind; true when it is a named regular file. */
static bool stat_source(struct plan_source *s, struct file_id *id)
{
	bool in = !strcmp(s->name, "-");
	struct stat st;
	off_t at = 0;

	if ((in ? fstat(STDIN_FILENO, &st) : stat(s->name, &st)) ||
	    !S_ISREG(st.st_mode))
		return false;
	if (in)
		at = lseek(STDIN_FILENO, 0, SEEK_CUR);
	s->regular = at >= 0;
	s->size = at >= 0 && st.st_size > at ? (uint64_t)(st.st_size - at) : 0;
	id->dev = st.st_dev;
	id->ino = st.st_ino;
	return !in;
}

static int by_id(const void *a, const void *b)
{
	const struct file_id *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	return (x->source > y->source) - (x->source < y->source);
}

/* -1 after a message when a file is there under two names. */
static int refuse_twice(const struct plan *p, struct file_id *ids, size_t n)
{
	if (n)
		qsort(ids, n, sizeof(*ids), by_id);
	for (size_t i = 1; i < n; i++) {
		const struct file_id *a = &ids[i - 1], *b = &ids[i];

		if (a->dev != b->dev || a->ino != b->ino)
			continue;
		err_msg("%s: the same file as %s; its records would count twice"
			" (name it once)", p->sources[b->source].name,
			p->sources[a->source].name);
		return -1;
	}
	return 0;
}

/* Sizes; the same file twice is a fault unless parts of it are asked for. */
static int stat_sources(struct plan *p, bool twice)
{
	struct file_id *ids = mem_alloc(p->nsources * sizeof(*ids));
	bool known = true;
	size_t n = 0;
	int rc;

	for (size_t i = 0; i < p->nsources; i++) {
		ids[n].source = i;
		n += stat_source(&p->sources[i], &ids[n]);
		p->total += p->sources[i].size;
		known = known && p->sources[i].regular;
	}
	if (!known)
		p->total = 0;
	rc = twice ? 0 : refuse_twice(p, ids, n);
	free(ids);
	return rc;
}

/* Indexes of sources with the names they are sorted by. */
struct ranked {
	const char *shown;
	uint32_t source;
};

static int by_shown(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	int c = strcmp(x->shown, y->shown);

	return c ? c : (x->source > y->source) - (x->source < y->source);
}

static void rank_sources(struct plan *p)
{
	struct ranked *list = mem_alloc(p->nsources * sizeof(*list));

	for (uint32_t i = 0; i < p->nsources; i++)
		list[i] = (struct ranked){ p->sources[i].shown, i };
	if (p->nsources)
		qsort(list, p->nsources, sizeof(*list), by_shown);
	for (uint32_t i = 0; i < p->nsources; i++)
		p->sources[list[i].source].rank = i;
	free(list);
}

static int by_place(const void *a, const void *b)
{
	const struct extent *x = a, *y = b;
	int c = strcmp(x->source, y->source);

	return c ? c : (x->from > y->from) - (x->from < y->from);
}

/* Sources are then in the order of their names, but for .keep_order. */
static void take_extents(struct plan *p, const struct reader_opts *opts,
			 const struct extent *extents, size_t n)
{
	struct extent *list = mem_alloc(n * sizeof(*list));
	uint32_t source = 0;

	if (n) {
		memcpy(list, extents, n * sizeof(*list));
		if (!opts->keep_order)
			qsort(list, n, sizeof(*list), by_place);
	}
	for (size_t i = 0; i < n; i++) {
		if (!i || strcmp(list[i - 1].source, list[i].source))
			source = add_source(p, list[i].source, list[i].shown,
					    opts->prefix);
		plan_add(p, source, list[i].from, list[i].to);
	}
	free(list);
}

/* Of files read in parts, the stored bytes those have (if not packed). */
static void sum_parts(struct plan *p)
{
	uint64_t size;

	if (!p->total)
		return;
	p->total = 0;
	for (size_t i = 0; i < p->nparts; i++) {
		const struct plan_part *part = &p->parts[i];

		size = p->sources[part->source].size;
		if (part->to < size)
			size = part->to;
		p->total += size > part->from ? size - part->from : 0;
	}
}

int plan_make(struct plan *p, const struct reader_opts *opts, char **names,
	      size_t n, const struct extent *extents, size_t nextents)
{
	*p = (struct plan){0};
	if (extents) {
		take_extents(p, opts, extents, nextents);
	} else {
		for (size_t i = 0; i < n; i++)
			add_source(p, names[i], NULL, opts->prefix);
	}
	rank_sources(p);
	if (stat_sources(p, extents || opts->allow_overlap))
		return -1;
	if (opts->range_n && plan_range(p, opts))
		return -1;
	for (uint32_t i = 0; !extents && !opts->range_n && i < p->nsources; i++)
		plan_add(p, i, 0, UINT64_MAX);
	sum_parts(p);
	return 0;
}

void plan_release(struct plan *p)
{
	for (size_t i = 0; i < p->nsources; i++)
		free(p->sources[i].shown);
	free(p->sources);
	free(p->parts);
	*p = (struct plan){0};
}

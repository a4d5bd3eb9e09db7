/*
 * versions -- in which version each field was added (marks.h).
 */
#include <stdlib.h>
#include <strings.h>
#include <xxhash.h>

#include "base/mem.h"
#include "datahub/marks.h"
#include "datahub/pick.h"

/*
 * A field is the same in two versions when the names on the way to it are:
 * known by a hash (XXH3, 128 bits) of them.
 */
struct identity {
	XXH128_hash_t hash;
	size_t field;		/* of the version described; SIZE_MAX: none */
};

struct deployed {
	struct schemaver ver;
	struct span version;
};

static void identify(const struct fields *f, struct identity *to)
{
	for (size_t i = 0; i < f->n; i++) {
		XXH128_hash_t seed = {0, 0};
		struct buf b = {0};

		if (f->items[i].parent >= 0)
			seed = to[f->items[i].parent].hash;
		buf_add(&b, &seed, sizeof(seed));
		buf_add(&b, f->items[i].name.s, f->items[i].name.len);
		to[i].hash = XXH3_128bits(b.s, b.len);
		to[i].field = i;
		buf_release(&b);
	}
}

static int by_hash(const void *va, const void *vb)
{
	const struct identity *a = va, *b = vb;

	return XXH128_cmp(&a->hash, &b->hash);
}

static int by_number(const void *va, const void *vb)
{
	const struct deployed *a = va, *b = vb;
	int order = schemaver_compare(a->ver, b->ver);

	return order ? order : span_compare(a->version, b->version);
}

/* The environment described: as asked for, else production if there is one. */
static const char *environment(const struct settings *s,
			       const struct org_structure *x)
{
	if (s->upstream)
		return NULL;
	if (s->deployment_env)
		return s->deployment_env;
	for (size_t i = 0; i < x->nhistory; i++)
		if (span_is(x->history[i].env, "PROD"))
			return "PROD";
	return NULL;
}

/* Different versions of the history, by number. */
static struct deployed *deployed(const struct settings *s,
				 const struct org_structure *x, size_t *n)
{
	struct deployed *all = mem_alloc((x->nhistory + 1) * sizeof(*all));
	const char *env = environment(s, x);
	size_t kept = 0;

	*n = 0;
	for (size_t i = 0; i < x->nhistory; i++) {
		const struct org_deployment *d = &x->history[i];

		if (d->version.s &&
		    (!env || (d->env.s && d->env.len == strlen(env) &&
			      !strncasecmp(d->env.s, env, d->env.len))))
			all[(*n)++] = (struct deployed){d->ver, d->version};
	}
	if (*n)
		qsort(all, *n, sizeof(*all), by_number);
	for (size_t i = 0; i < *n; i++)
		if (!kept || span_compare(all[kept - 1].version,
					  all[i].version))
			all[kept++] = all[i];
	*n = kept;
	return all;
}

struct search {
	const struct schema_set *x;
	struct identity *known;	/* of the version described, by hash */
	bool *seen;
	struct span *added;
	bool upstream;
};

/* Credits ${version} with the fields of ${body} that are new. */
static void credit(struct search *s, struct span body, struct span version,
		   bool doubtful, enum field_paths style)
{
	struct pool scratch = {0};
	struct fields f = fields_read(&scratch, body, style);
	struct identity *ids = pool_zero(&scratch, f.n, sizeof(*ids));

	identify(&f, ids);
	for (size_t i = 0; i < f.n; i++) {
		const struct identity *k;

		if (s->upstream && f.items[i].parent >= 0)
			continue;
		k = bsearch(&ids[i], s->known, s->x->fields.n, sizeof(*k),
			    by_hash);
		if (!k || s->seen[k->field])
			continue;
		s->seen[k->field] = true;
		if (!doubtful)
			s->added[k->field] = version;
	}
	pool_release(&scratch);
}

/*
 * The connector looks a field up by its path among names at the top: nested
 * ones and paths with a prefix have the version described.
 */
static void fall_back(struct search *s)
{
	const struct fields *f = &s->x->fields;

	for (size_t i = 0; i < f->n; i++)
		if (!s->added[i].s || f->items[i].parent >= 0 ||
		    span_compare(f->items[i].path, f->items[i].name))
			s->added[i] = s->x->version;
}

const struct span *marks_versions(struct lineage *l, const struct schema_set *x)
{
	struct search s = {.x = x, .upstream = l->settings->upstream};
	struct deployed *all;
	bool missing = false;
	size_t n;

	if (!l->settings->field_versions || !x->structure || !x->fields.n)
		return NULL;
	s.added = pool_zero(&l->pool, x->fields.n, sizeof(*s.added));
	s.seen = mem_zalloc(x->fields.n, sizeof(*s.seen));
	s.known = mem_alloc(x->fields.n * sizeof(*s.known));
	identify(&x->fields, s.known);
	qsort(s.known, x->fields.n, sizeof(*s.known), by_hash);
	all = deployed(l->settings, x->structure, &n);
	for (size_t i = 0; i < n; i++) {
		const struct org_schema *from;
		struct span body = pick_body(l->org, x->structure,
					     all[i].version, &from);

		if (body.s)
			credit(&s, body, all[i].version,
			       missing && !s.upstream, l->settings->paths);
		missing = !body.s;
	}
	if (s.upstream)
		fall_back(&s);
	free(all);
	free(s.known);
	free(s.seen);
	return s.added;
}

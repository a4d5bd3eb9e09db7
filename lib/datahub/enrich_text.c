/* Descriptions of enrichments, and the fields that PII enrichments name. */
#include "datahub/enrich.h"

#include "base/mem.h"
#include "datahub/enrich_rules.h"

static const char *text_of(struct pool *pool, struct span s)
{
	return s.s ? pool_dup(pool, s.s, s.len) : NULL;
}

static void bullets(struct buf *b, const char *head, const char **names,
		    size_t n)
{
	buf_addf(b, "\n**%s:**", head);
	for (size_t i = 0; i < n; i++) {
		buf_adds(b, "\n- `");
		buf_adds(b, names[i]);
		buf_addc(b, '`');
	}
}

/* The form is the connector's, so that a page looks the same from both. */
void enrich_description(struct lineage *l, const struct org_enrichment *e,
			struct buf *b)
{
	struct enrich_listing list;
	struct enrich_rules rules;
	struct pool pool = {0};
	const char *schema = text_of(&pool, e->schema);

	if (l->settings->upstream) {
		enrich_listing_upstream(&list, &pool, schema, e->parameters);
	} else {
		enrich_rules(&rules, &pool, schema, e->parameters);
		enrich_listing(&list, &pool, &rules);
	}
	if (list.input_count || list.output_count)
		buf_adds(b, "## ");
	buf_add(b, e->name.s, e->name.len);
	buf_adds(b, " enrichment");
	if (!list.input_count && !list.output_count) {
		pool_release(&pool);
		return;
	}
	buf_addc(b, '\n');
	if (list.what) {
		buf_adds(b, "\n*");
		buf_adds(b, list.what);
		buf_adds(b, "*\n");
	}
	if (list.output_count) {
		bullets(b, "Adds fields", list.outputs, list.output_count);
		buf_addc(b, '\n');
	}
	if (list.input_count)
		bullets(b, "From source fields", list.inputs,
			list.input_count);
	pool_release(&pool);
}

/* The last name of what is pseudonymised. */
static const char *leaf(const struct enrich_end *e)
{
	const struct enrich_step *s = e->path;

	if (e->kind == ENRICH_ATOMIC)
		return e->name;
	while (s && s->next)
		s = s->next;
	return s ? s->name : NULL;
}

void enrich_pii_fields(struct lineage *l, const struct org_enrichment *e,
		       struct span **list, size_t *n, size_t *cap)
{
	const char *schema = text_of(&l->pool, e->schema), *name;
	struct enrich_rules rules;

	/* The connector looks for a schema that there never was. */
	if (l->settings->upstream || !schema ||
	    !strstr(schema, "/pii_enrichment_config/"))
		return;
	enrich_rules(&rules, &l->pool, schema, e->parameters);
	for (const struct enrich_rule *r = rules.first; r; r = r->next) {
		name = leaf(r->from);
		if (!name)
			continue;
		mem_grow(list, cap, *n + 1, sizeof(**list));
		(*list)[(*n)++] = span_of(name);
	}
}

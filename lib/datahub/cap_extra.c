/*
 * cap_extra -- PATCH proposals that follow a cut aspect: a note for people, and
 * the rest of it.
 *
 * Paths are those of DataHub's patch builders (datahub/specific): an edge by
 * its dataset, a field edge as operation / downstream / query / upstream.
 * GMS has no path into inputDatasets and outputDatasets, so what was there goes
 * to inputDatasetEdges and outputDatasetEdges.
 */
#include "datahub/cap_job.h"

#include <stdlib.h>

#include "base/mem.h"
#include "json/str.h"

static void start_line(const struct job *j, const char *aspect, size_t len,
		       struct buf *out)
{
	buf_adds(out, "{\"entityType\":");
	buf_add(out, j->m.entity_type.s, j->m.entity_type.len);
	buf_adds(out, ",\"entityUrn\":");
	buf_add(out, j->m.urn.s, j->m.urn.len);
	buf_adds(out, ",\"changeType\":\"PATCH\",\"aspectName\":");
	buf_add(out, aspect, len);
	buf_adds(out, ",\"aspect\":{\"value\":");
}

#define END_OF_LINE ",\"contentType\":\"application/json-patch+json\"}}\n"

bool job_annotate(const struct job *j, struct buf *out)
{
	const struct cap_size *b = &j->o.before, *a = &j->o.after;
	struct buf patch = {0};
	const char *aspect;

	if (!j->m.urn.s)
		return false;
	if (VAL_IS(j->m.entity_type, "dataJob"))
		aspect = "\"dataJobInfo\"";
	else if (VAL_IS(j->m.entity_type, "dataset"))
		aspect = "\"datasetProperties\"";
	else
		return false;
	buf_adds(&patch, "[{\"op\":\"add\",\"path\":\"/customProperties/"
		 "penstock.capped.");
	buf_add(&patch, j->m.aspect_name.s + 1, j->m.aspect_name.len - 2);
	buf_addf(&patch, "\",\"value\":\"%s", j->o.method);
	if (j->o.lineage)
		buf_addf(&patch, ": %llu of %llu inputs, %llu of %llu field "
			 "edges", (unsigned long long)a->inputs,
			 (unsigned long long)b->inputs,
			 (unsigned long long)a->edges,
			 (unsigned long long)b->edges);
	buf_addf(&patch, "%s %llu of %llu bytes\"}]", j->o.lineage ? "," : ":",
		 (unsigned long long)a->bytes, (unsigned long long)b->bytes);
	start_line(j, aspect, strlen(aspect), out);
	str_write(out, patch.s, patch.len);
	buf_adds(out, END_OF_LINE);
	buf_release(&patch);
	return true;
}

/* The patches under way. */
struct split {
	const struct job *j;
	const struct links *l;
	struct buf ops;		/* operations with commas */
	struct buf op, path;
	unsigned n;
	uint64_t lines;
	struct buf *out;
};

static void end_patch(struct split *s)
{
	if (!s->n)
		return;
	buf_addc(&s->ops, ']');
	start_line(s->j, s->j->m.aspect_name.s, s->j->m.aspect_name.len,
		   s->out);
	str_write(s->out, s->ops.s, s->ops.len);
	buf_adds(s->out, END_OF_LINE);
	buf_clear(&s->ops);
	s->n = 0;
	s->lines++;
}

/* The next part of s->path, as a JSON pointer has it (RFC 6901). */
static void add_part(struct split *s, const char *text, size_t len)
{
	buf_addc(&s->path, '/');
	for (size_t i = 0; i < len; i++) {
		if (text[i] == '~')
			buf_adds(&s->path, "~0");
		else if (text[i] == '/')
			buf_adds(&s->path, "~1");
		else
			buf_addc(&s->path, text[i]);
	}
}

static void add_urn(struct split *s, uint32_t id)
{
	const struct urn *u = &s->l->urns.items[id];

	add_part(s, u->s, u->len);
}

/* Adds s->path with the value that was appended to s->op. */
static void add_op(struct split *s)
{
	struct buf b = {0};

	buf_adds(&b, "{\"op\":\"add\",\"path\":");
	str_write(&b, s->path.s, s->path.len);
	buf_adds(&b, ",\"value\":");
	buf_add(&b, s->op.s, s->op.len);
	buf_addc(&b, '}');
	/* in the line, quotes have backslashes */
	if (s->n == JOB_CHUNK ||
	    (s->n && 2 * (s->ops.len + b.len) > CAP_MB))
		end_patch(s);
	buf_addc(&s->ops, s->n++ ? ',' : '[');
	buf_add(&s->ops, b.s, b.len);
	buf_release(&b);
	buf_clear(&s->path);
	buf_clear(&s->op);
}

static void split_list(struct split *s, enum list list, const char *to)
{
	const struct items *items = &s->l->lists[list];

	for (size_t i = 0; i < items->n; i++) {
		const struct item *item = &items->items[i];
		const struct urn *u = &s->l->urns.items[item->urn];

		if (item->duplicate || item_kept(s->l, list, item))
			continue;
		add_part(s, to, strlen(to));
		add_urn(s, item->urn);
		if (*item->v.s == '{') {
			buf_add(&s->op, item->v.s, item->v.len);
		} else {
			buf_adds(&s->op, "{\"destinationUrn\":");
			str_write(&s->op, u->s, u->len);
			buf_addc(&s->op, '}');
		}
		add_op(s);
	}
}

/* GMS takes a group for one of fields where no operation says otherwise. */
static void add_type(struct split *s, const struct fgl *f)
{
	const struct urn *type = &s->l->urns.items[f->type];

	if (!type->len || (type->len == 9 && !memcmp(type->s, "FIELD_SET", 9)))
		return;
	buf_adds(&s->op, ",\"upstreamType\":");
	str_write(&s->op, type->s, type->len);
}

static void split_edge(struct split *s, const struct fgl *f, uint32_t up,
		       uint32_t down)
{
	const struct val query = doc_member(s->l->doc, f->v, "query");
	struct buf q = {0};

	if (val_is(query, '"'))
		str_unescape(&q, query.s + 1, query.len - 2);
	else
		buf_adds(&q, "NONE");
	add_part(s, "fineGrainedLineages", 19);
	add_urn(s, f->operation);
	add_urn(s, down);
	add_part(s, q.s, q.len);
	add_urn(s, up);
	buf_adds(&s->op, "{\"confidenceScore\":");
	if (f->score.s)
		buf_add(&s->op, f->score.s, f->score.len);
	else
		buf_adds(&s->op, "1.0");
	add_type(s, f);
	buf_addc(&s->op, '}');
	add_op(s);
	buf_release(&q);
}

/* The pairs of one group that did not stay. */
static void split_group(struct split *s, const struct fgl *f, uint8_t *stays)
{
	const struct links *l = s->l;
	uint32_t from = f->narrowed ? f->whole_up : f->up;
	uint32_t n = f->narrowed ? f->whole_nup : f->nup;

	for (uint32_t i = f->up; !f->dropped && i < f->up + f->nup; i++)
		stays[l->ids[i]] = keeps_up(l, l->ids[i]) != 0;
	for (uint32_t i = from; i < from + n; i++)
		for (uint32_t k = f->down; k < f->down + f->ndown; k++)
			if (!stays[l->ids[i]] || !keeps_down(l, l->ids[k]))
				split_edge(s, f, l->ids[i], l->ids[k]);
	for (uint32_t i = f->up; i < f->up + f->nup; i++)
		stays[l->ids[i]] = 0;
}

uint64_t job_split(const struct job *j, const struct links *l,
		   struct buf *out)
{
	struct split s = {.j = j, .l = l, .out = out};
	uint8_t *stays;

	if (!j->m.urn.s)
		return 0;
	stays = mem_zalloc(l->urns.n + 1, 1);
	split_list(&s, LIST_INPUTS, "inputDatasetEdges");
	split_list(&s, LIST_INPUT_EDGES, "inputDatasetEdges");
	split_list(&s, LIST_OUTPUTS, "outputDatasetEdges");
	split_list(&s, LIST_OUTPUT_EDGES, "outputDatasetEdges");
	split_list(&s, LIST_UPSTREAMS, "upstreams");
	for (size_t i = 0; i < l->nfgls; i++)
		if (!l->fgls[i].folded)
			split_group(&s, &l->fgls[i], stays);
	end_patch(&s);
	free(stays);
	buf_release(&s.ops);
	buf_release(&s.op);
	buf_release(&s.path);
	return s.lines;
}

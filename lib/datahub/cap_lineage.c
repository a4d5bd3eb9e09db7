/*
 * cap_lineage -- reading dataJobInputOutput and upstreamLineage.
 */
#include "datahub/cap_lineage.h"

#include <stdlib.h>

#include "base/mem.h"
#include "datahub/pysize.h"
#include "json/num.h"

/* What the lists are called; where an item that is an object has its URN. */
static const struct {
	const char *name;
	const char *member;	/* NULL: items are strings */
	bool job;
} lists[LISTS] = {
	[LIST_INPUTS] = {"\"inputDatasets\"", NULL, true},
	[LIST_INPUT_EDGES] = {"\"inputDatasetEdges\"", "destinationUrn", true},
	[LIST_INPUT_FIELDS] = {"\"inputDatasetFields\"", NULL, true},
	[LIST_OUTPUTS] = {"\"outputDatasets\"", NULL, true},
	[LIST_OUTPUT_EDGES] = {"\"outputDatasetEdges\"", "destinationUrn", true},
	[LIST_OUTPUT_FIELDS] = {"\"outputDatasetFields\"", NULL, true},
	[LIST_UPSTREAMS] = {"\"upstreams\"", "dataset", false}
};

const char *list_name(enum list list)
{
	return lists[list].name;
}

void links_init(struct links *l)
{
	*l = (struct links){0};
}

void links_release(struct links *l)
{
	urns_release(&l->urns);
	for (int i = 0; i < LISTS; i++)
		free(l->lists[i].items);
	free(l->fgls);
	free(l->ids);
	free(l->inputs);
	free(l->outputs);
	links_init(l);
}

/* Empties everything but keeps the memory. */
static void clear(struct links *l)
{
	struct links kept = *l;

	*l = (struct links){0};
	urns_clear(&kept.urns);
	l->urns = kept.urns;
	for (int i = 0; i < LISTS; i++) {
		l->lists[i].items = kept.lists[i].items;
		l->lists[i].cap = kept.lists[i].cap;
	}
	l->fgls = kept.fgls;
	l->fgls_cap = kept.fgls_cap;
	l->ids = kept.ids;
	l->ids_cap = kept.ids_cap;
	l->inputs = kept.inputs;
	l->inputs_cap = kept.inputs_cap;
	l->outputs = kept.outputs;
	l->outputs_cap = kept.outputs_cap;
}

/* The dataset ${id} is an input (or output) from now on. */
static void add_role(struct links *l, uint32_t id, bool input)
{
	struct urn *u = &l->urns.items[id];
	uint8_t role = input ? ROLE_INPUT : ROLE_OUTPUT;

	if (u->role & role)
		return;
	u->role |= role;
	if (input) {
		mem_grow(&l->inputs, &l->inputs_cap, l->ninputs + 1,
			 sizeof(*l->inputs));
		l->inputs[l->ninputs++] = id;
	} else {
		mem_grow(&l->outputs, &l->outputs_cap, l->noutputs + 1,
			 sizeof(*l->outputs));
		l->outputs[l->noutputs++] = id;
	}
}

static const char *read_item(struct links *l, enum list list, struct val v)
{
	struct items *to = &l->lists[list];
	const char *member = lists[list].member;
	struct item item = {.v = v};
	struct val urn = member ? doc_member(l->doc, v, member) : v;

	if (!val_is(urn, '"'))
		return member ? "an edge without the URN of its dataset" :
				"an item that is no string";
	item.urn = urns_string(&l->urns, urn);
	item.dataset = urns_dataset(&l->urns, item.urn);
	item.size = member ? (uint32_t)pysize_value(l->doc, v) :
			     l->urns.items[item.urn].size;
	if (list == LIST_UPSTREAMS &&
	    !doc_member(l->doc, v, "auditStamp").s)
		item.size += PYSIZE_NO_STAMP;
	if (!list_is_fields(list))
		add_role(l, item.dataset, list_is_input(list));
	mem_grow(&to->items, &to->cap, to->n + 1, sizeof(*to->items));
	to->items[to->n++] = item;
	return NULL;
}

static const char *read_list(struct links *l, enum list list, struct val v,
			     const char **at)
{
	struct doc_iter it;
	struct val item;
	const char *why;

	*at = v.s;
	if (*v.s != '[')
		return "not an array";
	if (l->lists[list].v.s)
		return "an array that stands twice";
	l->lists[list].v = v;
	doc_iter(&it, l->doc, v);
	while (doc_next(&it, NULL, &item)) {
		*at = item.s;
		why = read_item(l, list, item);
		if (why)
			return why;
	}
	return NULL;
}

/* Fields of an FGL into ids; their number, or UINT32_MAX. */
static uint32_t read_fields(struct links *l, struct val v, bool up)
{
	struct doc_iter it;
	struct val item;
	size_t from = l->nids;

	if (!v.s)
		return 0;
	if (*v.s != '[')
		return UINT32_MAX;
	mem_grow(&l->ids, &l->ids_cap, l->nids + doc_count(l->doc, v),
		 sizeof(*l->ids));
	doc_iter(&it, l->doc, v);
	while (doc_next(&it, NULL, &item)) {
		uint32_t id, dataset;

		if (*item.s != '"')
			return UINT32_MAX;
		id = urns_string(&l->urns, item);
		dataset = urns_dataset(&l->urns, id);
		if (up)
			l->urns.items[dataset].role |= ROLE_SOURCE;
		l->ids[l->nids++] = id;
	}
	return (uint32_t)(l->nids - from);
}

/* The members of an FGL. */
struct fgl_members {
	struct val type, ups, down_type, downs, operation, score;
	struct buf rest;	/* the other ones, compact */
	bool twice;		/* one of the first six stands twice */
	uint64_t size;		/* Python's, of all but the fields */
};

static void take_member(const struct doc *d, struct fgl_members *m,
			struct val key, struct val v)
{
	struct val *to = VAL_IS(key, "upstreams") ? &m->ups :
			 VAL_IS(key, "downstreams") ? &m->downs :
			 VAL_IS(key, "upstreamType") ? &m->type :
			 VAL_IS(key, "downstreamType") ? &m->down_type :
			 VAL_IS(key, "transformOperation") ? &m->operation :
			 VAL_IS(key, "confidenceScore") ? &m->score : NULL;

	if (to) {
		m->twice |= to->s != NULL;
		*to = v;
		return;
	}
	buf_add(&m->rest, key.s, key.len);
	buf_addc(&m->rest, ':');
	doc_compact(d, v, &m->rest);
	buf_addc(&m->rest, ',');
}

static void take_members(const struct doc *d, struct fgl_members *m,
			 struct val v)
{
	struct doc_iter it;
	struct val key, value;
	uint64_t members = 0;

	m->size = 2;
	doc_iter(&it, d, v);
	while (doc_next(&it, &key, &value)) {
		bool fields = VAL_IS(key, "upstreams") ||
			      VAL_IS(key, "downstreams");

		if (val_null(value))
			continue;
		take_member(d, m, key, value);
		members++;
		m->size += pysize_string(key.s, key.len) + 2 +
			   (fields ? 2 : pysize_value(d, value));
	}
	m->size += (members ? 2 * (members - 1) : 0) +
		   (m->score.s ? 0 : PYSIZE_NO_SCORE);
}

/* The number of the string ${v}; of ${otherwise} where there is none. */
static uint32_t word(struct links *l, struct val v, const char *otherwise)
{
	return v.s ? urns_string(&l->urns, v) :
		     urns_text(&l->urns, otherwise, strlen(otherwise));
}

static const char *fill_fgl(struct links *l, struct fgl *f,
			    const struct fgl_members *m)
{
	const struct fgl *before = l->nfgls ? &l->fgls[l->nfgls - 1] : NULL;
	struct val ups = before ? doc_member(l->doc, before->v, "upstreams") :
				  (struct val){0};

	if (m->twice)
		return "a member that stands twice";
	if (m->score.s && !num_length(m->score.s, m->score.len))
		return "a score that is no number";
	if ((m->type.s && *m->type.s != '"') ||
	    (m->down_type.s && *m->down_type.s != '"') ||
	    (m->operation.s && *m->operation.s != '"'))
		return "a type or operation that is no string";
	f->type = word(l, m->type, "");
	f->down_type = word(l, m->down_type, "");
	f->operation = word(l, m->operation, "NONE");
	f->rest = urns_text(&l->urns, pool_dup(&l->urns.pool, m->rest.s ?
					       m->rest.s : "", m->rest.len),
			    m->rest.len);
	f->score = m->score;
	f->fixed = (uint32_t)m->size;
	/* the groups of an enrichment all have the same ones */
	if (ups.s && m->ups.s && ups.len == m->ups.len &&
	    !memcmp(ups.s, m->ups.s, ups.len)) {
		f->up = before->up;
		f->nup = before->nup;
	} else {
		f->up = (uint32_t)l->nids;
		f->nup = read_fields(l, m->ups, true);
	}
	f->down = (uint32_t)l->nids;
	f->ndown = read_fields(l, m->downs, false);
	f->raw_up = f->nup;
	f->raw_down = f->ndown;
	return f->nup == UINT32_MAX || f->ndown == UINT32_MAX ?
		"fields that are no array of strings" : NULL;
}

static const char *read_fgls(struct links *l, struct val v, const char **at)
{
	struct fgl_members m = {0};
	struct doc_iter it;
	struct val item;
	const char *why = NULL;

	*at = v.s;
	if (*v.s != '[')
		return "not an array";
	if (l->fgls_at.s)
		return "an array that stands twice";
	l->fgls_at = v;
	doc_iter(&it, l->doc, v);
	while (!why && doc_next(&it, NULL, &item)) {
		struct fgl f = {.v = item};
		struct buf rest = m.rest;

		*at = item.s;
		if (*item.s != '{') {
			why = "a fine-grained lineage that is no object";
			break;
		}
		buf_clear(&rest);
		m = (struct fgl_members){.rest = rest};
		take_members(l->doc, &m, item);
		why = fill_fgl(l, &f, &m);
		mem_grow(&l->fgls, &l->fgls_cap, l->nfgls + 1,
			 sizeof(*l->fgls));
		l->fgls[l->nfgls++] = f;
	}
	buf_release(&m.rest);
	return why;
}

static const char *read_member(struct links *l, struct val key, struct val v,
			       const char **at)
{
	if (val_null(v))
		return NULL;
	for (int i = 0; i < LISTS; i++)
		if (lists[i].job == l->job &&
		    val_same(key, lists[i].name, strlen(lists[i].name)))
			return read_list(l, (enum list)i, v, at);
	if (VAL_IS(key, "fineGrainedLineages"))
		return read_fgls(l, v, at);
	l->base_members++;
	l->base_size += pysize_string(key.s, key.len) + 2 +
			pysize_value(l->doc, v);
	return NULL;
}

/* Fields whose dataset is no input or output: said, not mended. */
static void find_inconsistent(struct links *l)
{
	for (size_t i = 0; i < l->nfgls; i++) {
		const struct fgl *f = &l->fgls[i];
		const struct urn *u = l->urns.items;

		for (uint32_t k = f->up; k < f->up + f->nup; k++)
			l->no_input += !(u[u[l->ids[k]].dataset].role &
					 ROLE_INPUT);
		for (uint32_t k = f->down; l->job && k < f->down + f->ndown;
		     k++)
			l->no_output += !(u[u[l->ids[k]].dataset].role &
					  ROLE_OUTPUT);
	}
}

const char *links_read(struct links *l, const struct mcp *m,
			 const char **at)
{
	struct doc_iter it;
	struct val key, value;
	const char *why = NULL;

	clear(l);
	l->doc = m->doc;
	l->body = m->body;
	l->job = m->kind == ASPECT_JOB_IO;
	*at = m->body.s;
	if (*m->body.s != '{')
		return "the aspect is no object";
	doc_iter(&it, l->doc, l->body);
	while (!why && doc_next(&it, &key, &value))
		why = read_member(l, key, value, at);
	if (!why)
		find_inconsistent(l);
	return why;
}

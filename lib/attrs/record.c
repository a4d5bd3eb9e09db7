/*
 * record -- the end of a record: accepted, filtered out or refused.
 *
 * Until here nothing of the record is counted: its values are the tails of the
 * journals, its new attributes the last nodes of the tree.  A record that is
 * not kept loses both.
 */
#include "attrs/observe_impl.h"

#include "base/mem.h"

void record_begin(struct level *l)
{
	l->nodes_mark = l->o->tree.nodes;
	l->nguesses = 0;
	if (l->o->folded_used) {
		memset(l->o->folded, 0, (l->o->folded_mask + 1) *
		       sizeof(*l->o->folded));
		l->o->folded_used = 0;
	}
}

void record_drop(struct level *l)
{
	struct hot *hot = l->o->tree.hot;

	while (l->nguesses > 0) {
		struct guess *g = &l->guesses[--l->nguesses];

		*(g->child ? &hot[g->node].child : &hot[g->node].next) = g->old;
	}
	for (int j = 0; j < JOURNALS; j++)
		if (l->journals[j].items)
			l->journals[j].end = l->journals[j].items +
				l->journals[j].good;
	l->nnumbers = l->numbers_good;
	l->nboxes = l->boxes_good;
	l->nevents = l->events_good;
	tree_undo(&l->o->tree, l->nodes_mark);
}

void record_keep(struct level *l)
{
	for (int j = 0; j < JOURNALS; j++)
		l->journals[j].good = journal_count(&l->journals[j]);
	l->numbers_good = l->nnumbers;
	l->boxes_good = l->nboxes;
	l->events_good = l->nevents;
}

/* From the first to the last byte that is not blank. */
static void trim(const char *text, size_t *from, size_t *to)
{
	while (*from < *to && is_space(text[*from]))
		++*from;
	while (*to > *from && is_space(text[*to - 1]))
		--*to;
}

static void add_reject(struct level *l, const struct json_fault *f, size_t from,
		       size_t to)
{
	struct observer *o = l->o;
	struct observed *r = &o->result;

	mem_grow(&r->rejects, &r->cap, r->nrejects + 1, sizeof(*r->rejects));
	r->rejects[r->nrejects++] = (struct reject){
		.error = f->error, .reason = f->reason, .record = r->records,
		.pos = from + o->shift, .len = to - from, .column = f->at + 1
	};
	o->left--;
}

/*
 * --where on a record that is valid: 1 keep, 0 not wanted, -1 failed and
 * rejected.
 */
static int wanted(struct level *l, size_t from, size_t to)
{
	struct observer *o = l->o;
	struct json_fault fault = {.error = FAULT_EXPR};
	struct buf why = {0};
	int want;

	if (!o->where)
		return 1;
	want = expr_test(o->where, l->text + from, to - from, &why);
	if (want < 0) {
		fault.reason = observer_keep_reason(o, &why);
		add_reject(l, &fault, from, to);
	}
	buf_release(&why);
	return want;
}

void record_accept(struct level *l, size_t from, size_t to)
{
	struct observer *o = l->o;

	trim(l->text, &from, &to);
	o->result.records++;
	if (wanted(l, from, to) != 1) {
		record_drop(l);
		return;
	}
	record_keep(l);
	o->left--;
	o->totals.records++;
	o->totals.bytes += to - from;
	mem_grow(&l->starts, &l->starts_cap, l->nstarts + 1,
		 sizeof(*l->starts));
	l->starts[l->nstarts++] = from;
	if (o->tree.max_attrs && o->tree.nodes - o->tree.dead > o->tree.max_attrs)
		o->too_many = true;
}

void record_reject(struct level *l, size_t from, size_t to)
{
	struct json_fault fault;

	record_drop(l);
	trim(l->text, &from, &to);
	l->o->result.records++;
	if (!json_check(l->text + from, to - from,
			(uint32_t)l->o->opts->max_depth, &fault))
		fault = (struct json_fault){FAULT_JSON, "the scanner refused "
			"this record and its checker did not: please report "
			"it as a bug", 0};
	add_reject(l, &fault, from, to);
}

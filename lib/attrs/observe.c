/*
 * observe -- the observer: stretches of a batch through the three steps.
 */
#include "attrs/apply.h"

#include <stdlib.h>

#include "base/mem.h"
#include "json/path.h"

/*
 * Bytes indexed at a time.  Text, tokens and journals of a stretch stay in the
 * second cache; less (16 KiB was tried, for the first one) costs up to 9 % for
 * beginning and ending the loops more often.
 */
#define STRETCH (256 << 10)
#define BEFORE 64
#define SERIAL_MAX 0xF0000000U

static const struct observer_fns kernels[KERNELS] = {
#define OBSERVER_KERNEL(k) [KERNEL_##k##_id] = { \
	index_fill_##k, walk_lines_##k, walk_value_##k, check_record_##k, \
	apply_strings_##k, apply_numbers_##k }
	OBSERVER_KERNEL(portable),
#ifdef __x86_64__
	OBSERVER_KERNEL(avx2),
	OBSERVER_KERNEL(avx512),
#endif
};

void journals_reserve(struct level *l, size_t n)
{
	for (int i = 0; i < JOURNALS; i++) {
		struct journal *j = &l->journals[i];
		size_t used = journal_count(j);

		mem_grow(&j->items, &j->cap, used + n, sizeof(*j->items));
		j->end = j->items + used;
	}
}

void observer_apply(struct level *l)
{
	const struct observer_fns *f = &l->o->fns;

	if (l->numbers_good)
		f->numbers(l);
	if (l->journals[J_STRING].good)
		f->strings(l);
	apply_rest(l);
}

const char *observer_keep_reason(struct observer *o, const struct buf *why)
{
	mem_grow(&o->reasons, &o->reasons_cap, o->nreasons + 1,
		 sizeof(*o->reasons));
	o->reasons[o->nreasons] = mem_dup(why->s, why->len);
	return o->reasons[o->nreasons++];
}

static void drop_reasons(struct observer *o)
{
	while (o->nreasons)
		free(o->reasons[--o->nreasons]);
}

/* One valid line [from, end), in a copy with room around it. */
static void scan_alone(struct level *l, size_t from, size_t end)
{
	const char *text = l->text;
	size_t len = end - from + 1;
	char *copy;

	buf_clear(&l->copy);
	copy = buf_reserve(&l->copy, BEFORE + len + BATCH_PADDING);
	memset(copy, 0, BEFORE);
	memcpy(copy + BEFORE, text + from, len);
	memset(copy + BEFORE + len, 0, BATCH_PADDING);
	l->text = copy + BEFORE;
	l->line = 0;
	l->o->shift += from;
	index_start(&l->index, l->text, len, 0);
	l->o->fns.fill(&l->index, len);
	if (l->index.fault) {
		record_begin(l);
		record_reject(l, 0, len - 1);
	} else {
		l->o->fns.walk(l);
		observer_apply(l);
	}
	l->o->shift -= from;
	l->text = text;
}

static void scan_checked(struct level *l, size_t from, size_t end)
{
	struct json_fault fault;
	size_t i = from;

	while (i < end && is_space(l->text[i]))
		i++;
	if (i == end) {
		l->o->totals.blank++;
	} else if (json_check(l->text + from, end - from,
			      (uint32_t)l->o->opts->max_depth, &fault)) {
		record_begin(l);
		record_reject(l, from, end);
	} else {
		scan_alone(l, from, end);
	}
}

/*
 * A mask found something wrong in the stretch: its lines are looked at one by
 * one, and indexing begins anew behind them.
 */
static void scan_faulty(struct level *l)
{
	size_t from = l->line, stop = l->index.pos, len = l->index.len;
	const char *end;

	while (from < stop && l->o->left) {
		end = memchr(l->text + from, '\n', len - from);
		scan_checked(l, from, (size_t)(end - l->text));
		from = (size_t)(end - l->text) + 1;
	}
	l->line = from;
}

static void scan_text(struct level *l, const char *text, size_t len)
{
	l->text = text;
	l->line = 0;
	index_start(&l->index, text, len, 0);
	while (l->line < len && l->o->left) {
		l->o->fns.fill(&l->index, STRETCH);
		if (l->index.fault) {
			scan_faulty(l);
			index_start(&l->index, text, len, l->line);
			continue;
		}
		l->o->fns.walk(l);
		observer_apply(l);
	}
}

/* The counter of objects must not meet a mark that hot.seen still holds. */
static void renew_serials(struct observer *o)
{
	if (o->serial < SERIAL_MAX)
		return;
	for (uint32_t i = 0; i < o->tree.nodes; i++)
		o->tree.hot[i].seen = 0;
	o->serial = 0;
}

void observer_place(struct observer *o, uint64_t shift)
{
	if (!o->placed) {
		o->epoch = UINT32_MAX;
		o->last_source = NO_SOURCE;
	}
	o->placed = true;
	o->place = shift;
}

/* What follows begins at ${byte}. */
static void begin_source(struct observer *o, const char *source, uint64_t byte)
{
	struct first was = {o->last_byte, o->last_source, 0};
	struct first now = {byte + o->place, 0, 0};

	if (o->opts->no_first) {
		o->epoch = NO_SOURCE;
		return;
	}
	now.source = o->source = tree_source(&o->tree, source);
	if (!o->placed)
		o->epoch = o->source;
	else if (o->last_source == NO_SOURCE ||
		 first_less(&o->tree, &now, &was))
		o->epoch--;
	o->last_source = now.source;
	o->last_byte = now.byte;
}

int observer_lines(struct observer *o, const struct batch *b,
		   const char *source, size_t from, size_t to,
		   const struct observed **result)
{
	drop_reasons(o);
	o->result.records = 0;
	o->result.nrejects = 0;
	o->batch = b;
	o->shift = from;
	begin_source(o, source, batch_byte(b, from));
	renew_serials(o);
	scan_text(&o->levels[0], b->text + from, to - from);
	if (o->tree.fold_due)
		tree_fold_wide(&o->tree);
	o->result.end = from + o->levels[0].line;
	*result = &o->result;
	return o->too_many ? -1 : 0;
}

void observer_reject(struct observer *o)
{
	o->left -= o->left > 0;
}

bool observer_done(const struct observer *o)
{
	return o->left == 0;
}

/* Marks the node of one --map path. */
static int force_map(struct observer *o, const char *text, struct buf *why)
{
	struct buf keys = {0};
	struct step *steps = NULL;
	size_t n = 0, cap = 0, at;
	uint32_t node = NODE_ROOT;
	const char *reason;
	int rc = path_parse(text, strlen(text), &keys, &steps, &n, &cap,
			    &reason, &at);

	if (rc)
		buf_addf(why, "--map=%s: %s at character %zu "
			 "(give a path as in the output, like .users)", text,
			 reason, at + 1);
	for (size_t i = 0; !rc && i < n; i++)
		node = tree_child(&o->tree, node, steps[i].kind, steps[i].key,
				  steps[i].len);
	if (!rc)
		tree_force(&o->tree, node);
	buf_release(&keys);
	free(steps);
	return rc;
}

static int observer_setup(struct observer *o, struct buf *why)
{
	const struct scan_opts *opts = o->opts;

	for (size_t i = 0; i < opts->nmap; i++)
		if (force_map(o, opts->map[i], why))
			return -1;
	tree_fold_wide(&o->tree);
	if (!opts->where)
		return 0;
	o->where = expr_compile(opts->where, NULL, why);
	return o->where ? 0 : -1;
}

struct observer *observer_new(const struct scan_opts *opts, int kernel,
			      struct buf *why)
{
	struct observer *o = mem_zalloc(1, sizeof(*o));

	o->opts = opts;
	o->fns = kernels[kernel];
	o->extra = extra_wanted(&opts->extra);
	o->left = opts->limit ? opts->limit : UINT64_MAX;
	tree_init(&o->tree, (uint32_t)opts->max_keys,
		  (uint32_t)opts->max_attrs);
	o->tree.extra = o->extra ? &opts->extra : NULL;
	o->nlevels = (size_t)opts->max_embedded + 1;
	o->levels = mem_zalloc(o->nlevels, sizeof(*o->levels));
	for (size_t i = 0; i < o->nlevels; i++) {
		o->levels[i].o = o;
		o->levels[i].number = (unsigned)i;
	}
	if (observer_setup(o, why)) {
		observer_free(o);
		return NULL;
	}
	return o;
}

void observer_sources(struct observer *o, const struct reader *r)
{
	uint32_t n = reader_sources(r);
	uint32_t *by_rank = mem_zalloc(n + 1ULL, sizeof(*by_rank));

	for (uint32_t i = 0; i < n; i++)
		by_rank[reader_rank(r, i)] = i;
	for (uint32_t i = 0; i < n; i++)
		tree_source(&o->tree, reader_source(r, by_rank[i]));
	free(by_rank);
}

static void level_release(struct level *l)
{
	index_release(&l->index);
	for (int i = 0; i < JOURNALS; i++)
		free(l->journals[i].items);
	free(l->numbers);
	free(l->boxes);
	free(l->events);
	free(l->guesses);
	free(l->frames);
	free(l->starts);
	buf_release(&l->copy);
	buf_release(&l->scratch);
}

void observer_free(struct observer *o)
{
	if (!o)
		return;
	for (size_t i = 0; i < o->nlevels; i++)
		level_release(&o->levels[i]);
	free(o->levels);
	drop_reasons(o);
	free(o->reasons);
	free(o->result.rejects);
	free(o->folded);
	buf_release(&o->key);
	expr_free(o->where);
	tree_release(&o->tree);
	free(o);
}

struct tree *observer_tree(struct observer *o)
{
	return &o->tree;
}

void observer_take_tree(struct observer *o, struct tree *to)
{
	*to = o->tree;
	tree_init(&o->tree, 0, 0);
}

const struct scan_totals *observer_totals(struct observer *o)
{
	if (o->where)
		o->totals.inexact = expr_inexact(o->where);
	return &o->totals;
}

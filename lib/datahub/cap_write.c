/*
 * cap_write -- a lineage with what is kept of it, as JSON and as a length.
 *
 * An array nothing is taken from goes out as it was written.
 */
#include "datahub/cap_lineage.h"

#include "datahub/pysize.h"
#include "json/str.h"

bool item_kept(const struct links *l, enum list list, const struct item *i)
{
	uint8_t role = l->urns.items[i->dataset].role;
	uint8_t is = list_is_input(list) ? ROLE_INPUT : ROLE_OUTPUT;
	uint8_t keep = list_is_input(list) ? KEEP_INPUT : KEEP_OUTPUT;

	if (i->duplicate)
		return false;
	return (role & keep) || (list_is_fields(list) && !(role & is));
}

void links_keep_all(struct links *l)
{
	for (size_t i = 0; i < l->urns.n; i++)
		l->urns.items[i].role |=
			KEEP_INPUT | KEEP_OUTPUT | KEEP_FIELDS;
	for (size_t i = 0; i < l->nfgls; i++)
		l->fgls[i].dropped = false;
}

/* How many fields of an FGL stay, and their Python size with ", ". */
struct kept {
	uint32_t n;
	uint64_t size;
};

static struct kept kept_fields(const struct links *l, uint32_t from,
			       uint32_t n, bool up)
{
	struct kept k = {0};

	for (uint32_t i = from; i < from + n; i++) {
		uint32_t id = l->ids[i];

		if (up ? !keeps_up(l, id) : !keeps_down(l, id))
			continue;
		k.n++;
		k.size += l->urns.items[id].size + 2;
	}
	return k;
}

/* Does it stay, and with what? */
static bool kept_fgl(const struct links *l, const struct fgl *f,
		     struct kept *up, struct kept *down)
{
	if (f->folded || f->dropped)
		return false;
	*up = kept_fields(l, f->up, f->nup, true);
	*down = kept_fields(l, f->down, f->ndown, false);
	return (up->n || !f->nup) && (down->n || !f->ndown);
}

uint64_t links_edges(const struct links *l)
{
	struct kept up, down;
	uint64_t n = 0;

	for (size_t i = 0; i < l->nfgls; i++)
		if (kept_fgl(l, &l->fgls[i], &up, &down))
			n += (uint64_t)up.n * down.n;
	return n;
}

/* ---- lengths ---- */

/* A list of ${n} items, whose sizes with ", " add up to ${size}. */
static uint64_t array_size(uint64_t n, uint64_t size)
{
	return n ? size : 2;
}

static bool required(const struct links *l, enum list list)
{
	return l->job ? list == LIST_INPUTS || list == LIST_OUTPUTS :
			list == LIST_UPSTREAMS;
}

/* What stands in the place of all inputs; empty when nothing does. */
static void group_item(const struct links *l, enum list list, struct buf *b)
{
	const struct items *items = &l->lists[list];

	if (!l->group_urn || !list_is_input(list) || list_is_fields(list))
		return;
	if (list == LIST_INPUT_EDGES ? !items->n :
	    list == LIST_INPUTS && !items->n && l->lists[LIST_INPUT_EDGES].n)
		return;
	if (list == LIST_INPUT_EDGES)
		buf_adds(b, "{\"destinationUrn\":");
	else if (list == LIST_UPSTREAMS)
		buf_adds(b, "{\"dataset\":");
	str_write(b, l->group_urn, strlen(l->group_urn));
	if (list == LIST_INPUT_EDGES)
		buf_addc(b, '}');
	else if (list == LIST_UPSTREAMS)
		buf_adds(b, ",\"type\":\"TRANSFORMED\"}");
}

/* Its Python size: that of the text and a blank a separator. */
static uint64_t group_size(const struct links *l, enum list list)
{
	struct buf b = {0};
	struct doc d;
	struct val v;
	uint64_t n = 0;

	group_item(l, list, &b);
	doc_init(&d, KERNEL_portable_id);
	if (b.len && doc_read_text(&d, b.s, b.len, 4, &v))
		n = 2 + pysize_value(&d, v) +
		    (list == LIST_UPSTREAMS ? PYSIZE_NO_STAMP : 0);
	doc_release(&d);
	buf_release(&b);
	return n;
}

static uint64_t list_size(const struct links *l, enum list list)
{
	const struct items *items = &l->lists[list];
	uint64_t n = 0, size = group_size(l, list);

	n += size != 0;
	for (size_t i = 0; i < items->n; i++) {
		if (!item_kept(l, list, &items->items[i]))
			continue;
		n++;
		size += items->items[i].size + 2;
	}
	return strlen(list_name(list)) + 2 + array_size(n, size);
}

static uint64_t fgls_size(const struct links *l)
{
	struct kept up, down;
	uint64_t n = 0, size = 0;

	for (size_t i = 0; i < l->nfgls; i++) {
		const struct fgl *f = &l->fgls[i];

		if (!kept_fgl(l, f, &up, &down))
			continue;
		n++;
		size += f->fixed + (up.n ? up.size - 2 : 0) +
			(down.n ? down.size - 2 : 0) + 2;
	}
	return n || (l->fgls_at.s && !l->nfgls) ?
		sizeof("\"fineGrainedLineages\": ") - 1 + array_size(n, size) :
		0;
}

uint64_t links_size(const struct links *l)
{
	uint64_t members = l->base_members, n = l->base_size, fgls;

	for (int i = 0; i < LISTS; i++) {
		if (!l->lists[i].v.s && !required(l, (enum list)i))
			continue;
		n += list_size(l, (enum list)i);
		members++;
	}
	fgls = fgls_size(l);
	n += fgls;
	members += fgls != 0;
	return 2 + n + (members ? 2 * (members - 1) : 0);
}

/* ---- text ---- */

static void add_comma(struct buf *b)
{
	char last = b->s[b->len - 1];

	if (last != '[' && last != '{')
		buf_addc(b, ',');
}

static void write_list(const struct links *l, enum list list, struct buf *b)
{
	const struct items *items = &l->lists[list];
	size_t kept = 0;

	for (size_t i = 0; i < items->n; i++)
		kept += item_kept(l, list, &items->items[i]);
	if (kept == items->n && items->v.s && !l->group_urn) {
		buf_add(b, items->v.s, items->v.len);
		return;
	}
	buf_addc(b, '[');
	group_item(l, list, b);
	for (size_t i = 0; i < items->n; i++) {
		const struct item *item = &items->items[i];

		if (!item_kept(l, list, item))
			continue;
		add_comma(b);
		buf_add(b, item->v.s, item->v.len);
	}
	buf_addc(b, ']');
}

static void write_fields(const struct links *l, uint32_t from, uint32_t n,
			 bool up, struct buf *b)
{
	bool first = true;

	buf_addc(b, '[');
	for (uint32_t i = from; i < from + n; i++) {
		const struct urn *u = &l->urns.items[l->ids[i]];

		if (up ? !keeps_up(l, l->ids[i]) : !keeps_down(l, l->ids[i]))
			continue;
		if (!first)
			buf_addc(b, ',');
		first = false;
		buf_add(b, u->raw, u->raw_len);
	}
	buf_addc(b, ']');
}

static void write_fgl(const struct links *l, const struct fgl *f,
		      struct kept up, struct kept down, struct buf *b)
{
	struct doc_iter it;
	struct val key, v;

	if (up.n == f->raw_up && down.n == f->raw_down && !f->added) {
		buf_add(b, f->v.s, f->v.len);
		return;
	}
	buf_addc(b, '{');
	doc_iter(&it, l->doc, f->v);
	while (doc_next(&it, &key, &v)) {
		add_comma(b);
		buf_add(b, key.s, key.len);
		buf_addc(b, ':');
		if (VAL_IS(key, "upstreams") && *v.s == '[')
			write_fields(l, f->up, f->nup, true, b);
		else if (VAL_IS(key, "downstreams") && *v.s == '[')
			write_fields(l, f->down, f->ndown, false, b);
		else
			buf_add(b, v.s, v.len);
	}
	buf_addc(b, '}');
}

/* The member with its key; nothing when nothing of it stays. */
static void write_fgls(const struct links *l, struct buf *b)
{
	struct kept up, down;
	bool any = false;

	for (size_t i = 0; i < l->nfgls; i++) {
		if (!kept_fgl(l, &l->fgls[i], &up, &down))
			continue;
		if (any) {
			buf_addc(b, ',');
		} else {
			add_comma(b);
			buf_adds(b, "\"fineGrainedLineages\":[");
		}
		any = true;
		write_fgl(l, &l->fgls[i], up, down, b);
	}
	if (any)
		buf_addc(b, ']');
}

static void write_member(const struct links *l, struct val key, struct val v,
			 struct buf *b)
{
	if (VAL_IS(key, "fineGrainedLineages") && l->nfgls) {
		write_fgls(l, b);
		return;
	}
	add_comma(b);
	buf_add(b, key.s, key.len);
	buf_addc(b, ':');
	for (int i = 0; i < LISTS; i++) {
		if (l->lists[i].v.s && l->lists[i].v.s == v.s) {
			write_list(l, (enum list)i, b);
			return;
		}
	}
	buf_add(b, v.s, v.len);
}

void links_write(const struct links *l, struct buf *b)
{
	struct doc_iter it;
	struct val key, v;

	buf_addc(b, '{');
	doc_iter(&it, l->doc, l->body);
	while (doc_next(&it, &key, &v)) {
		/* null: as it is, or in the place of a required array */
		if (!val_null(v))
			write_member(l, key, v, b);
	}
	for (int i = 0; i < LISTS; i++) {
		if (l->lists[i].v.s || !required(l, (enum list)i))
			continue;
		add_comma(b);
		buf_adds(b, list_name((enum list)i));
		buf_addc(b, ':');
		write_list(l, (enum list)i, b);
	}
	buf_addc(b, '}');
}

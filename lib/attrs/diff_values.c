/*
 * diff_values -- what changed in the values of an attribute that both scans
 * have: presence, nulls, formats, lengths, numbers, sizes.
 *
 * What has to be told of a version is told only where both scans have it.
 */
#include "json/num.h"
#include "attrs/diff_in.h"

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

static bool moved(const struct differ *d, uint64_t a, uint64_t of_a, uint64_t b,
		  uint64_t of_b)
{
	return distance(share_of(a, of_a, 1000000), share_of(b, of_b, 1000000))
		> d->opts->threshold;
}

static void pair(struct buf *b, const char *first, uint64_t x,
		 const char *second, uint64_t y)
{
	buf_addf(b, "{\"%s\":%llu,\"%s\":%llu}", first, (unsigned long long)x,
		 second, (unsigned long long)y);
}

static void diff_presence(struct differ *d, const struct facts *old,
			  const struct facts *now)
{
	bool was = facts_required(old), is = facts_required(now);
	enum drift_change change = DRIFT_PRESENCE;
	enum drift_class class = DRIFT_PATCH;

	if (was && !is) {
		change = DRIFT_REQUIRED_LOST;
		class = DRIFT_BREAKING;
	} else if (!was && is && !d->opts->partial) {
		change = DRIFT_REQUIRED_GAINED;
	} else if (was == is && !moved(d, old->present, old->objects,
				       now->present, now->objects)) {
		return;
	} else if (was != is) {
		return;			/* partial */
	}
	pair(&d->a, "present", old->present, "objects", old->objects);
	pair(&d->b, "present", now->present, "objects", now->objects);
	differ_tell(d, change, class, NO_VERSION, now, false);
}

static void diff_nulls(struct differ *d, const struct facts *old,
		       const struct facts *now, bool versions_changed)
{
	enum drift_change change = DRIFT_NULL_RATE;
	enum drift_class class = DRIFT_PATCH;

	if (!old->nulls && now->nulls) {
		change = DRIFT_NULLS_APPEARED;
		class = DRIFT_BREAKING;
	} else if (versions_changed) {
		return;			/* that moves the share of nulls */
	} else if (old->nulls && !now->nulls) {
		if (d->opts->partial)
			return;
		change = DRIFT_NULLS_GONE;
	} else if (!moved(d, old->nulls, old->count, now->nulls, now->count)) {
		return;
	}
	pair(&d->a, "nulls", old->nulls, "count", old->count);
	pair(&d->b, "nulls", now->nulls, "count", now->count);
	differ_tell(d, change, class, NO_VERSION, now, false);
}

/* Formats that all strings have but the empty ones; JSON is the last bit. */
static uint64_t full_formats(const struct facts *f)
{
	uint64_t want = f->str->count - f->str->empty, mask = 0;

	if (!want)
		return 0;
	for (unsigned i = 0; f->str->formats && i < format_count(); i++)
		if (f->str->formats[i] == want)
			mask |= 1ULL << i;
	if (f->embedded == want)
		mask |= 1ULL << 63;
	return mask;
}

static void add_formats(struct buf *b, const struct facts *f, uint64_t mask)
{
	const char *comma = "";

	buf_addf(b, "{\"strings\":%llu,\"formats\":{",
		 (unsigned long long)(f->str->count - f->str->empty));
	for (unsigned i = 0; i < format_count(); i++) {
		uint64_t n = f->str->formats ? f->str->formats[i] : 0;

		if (!(mask & 1ULL << i))
			continue;
		buf_addf(b, "%s\"%s\":%llu", comma, format_names[i],
			 (unsigned long long)n);
		comma = ",";
	}
	if (mask & 1ULL << 63)
		buf_addf(b, "%s\"json\":%llu", comma,
			 (unsigned long long)f->embedded);
	buf_adds(b, "}}");
}

static void diff_formats(struct differ *d, const struct facts *old,
			 const struct facts *now)
{
	uint64_t was = full_formats(old), is = full_formats(now);
	bool lost = was & ~is, gained = is & ~was;

	if (old->str->count == old->str->empty ||
	    now->str->count == now->str->empty || was == is)
		return;
	if (!lost && (!gained || d->opts->partial))
		return;
	add_formats(&d->a, old, was ^ is);
	add_formats(&d->b, now, was ^ is);
	differ_tell(d, lost ? DRIFT_FORMAT_LOST : DRIFT_FORMAT_GAINED,
		    lost ? DRIFT_BREAKING : DRIFT_PATCH, VERSION_STR, now,
		    false);
}

static void diff_length(struct differ *d, const struct facts *old,
			const struct facts *now)
{
	const struct str_stat *a = old->str, *b = now->str;
	bool grew = b->chars_max > a->chars_max;

	if (!grew && b->chars_min == a->chars_min &&
	    b->chars_max == a->chars_max)
		return;
	if (!grew && d->opts->partial && b->chars_min >= a->chars_min)
		return;
	pair(&d->a, "min", a->chars_min, "max", a->chars_max);
	pair(&d->b, "min", b->chars_min, "max", b->chars_max);
	differ_tell(d, DRIFT_LENGTH, grew ? DRIFT_ADDITIVE : DRIFT_PATCH,
		    VERSION_STR, now, false);
}

struct numbers {		/* of an int or a float version */
	const struct extreme *min, *max;
	uint32_t whole, scale;	/* digits before and behind the point */
};

/* Digits before the point of the larger of |min| and |max|. */
static uint32_t whole_digits(const struct extreme *e)
{
	char small[24];
	size_t len, n = 0;
	const char *s = extreme_string(e, small, &len);
	struct num_shape shape;

	if (!s)
		return 0;
	num_shape(s, len, &shape);
	if (shape.exponent)
		return shape.digits;
	for (size_t i = s[0] == '-'; i < len && s[i] != '.'; i++)
		n++;
	return (uint32_t)n;
}

static struct numbers numbers_of(const struct facts *f, enum version v)
{
	struct numbers n = {&f->i->min, &f->i->max, 0, 0};
	uint32_t other;

	if (v == VERSION_FLOAT)
		n = (struct numbers){&f->f->min, &f->f->max, 0, f->f->scale};
	n.whole = whole_digits(n.min);
	other = whole_digits(n.max);
	if (other > n.whole)
		n.whole = other;
	return n;
}

static int compare(const struct extreme *a, const struct extreme *b)
{
	char sa[24], sb[24];
	size_t la, lb;
	const char *ta = extreme_string(a, sa, &la);
	const char *tb = extreme_string(b, sb, &lb);

	return ta && tb ? num_compare(ta, la, tb, lb) : 0;
}

static void add_extreme(struct buf *b, const char *name,
			const struct extreme *e)
{
	char small[24];
	size_t len;
	const char *s = extreme_string(e, small, &len);

	buf_addf(b, "\"%s\":", name);
	if (s)
		buf_addc(b, '"');
	buf_add(b, s ? s : "null", s ? len : 4);
	if (s)
		buf_addc(b, '"');
}

static void add_numbers(struct buf *b, const struct numbers *n)
{
	buf_addc(b, '{');
	add_extreme(b, "min", n->min);
	buf_addc(b, ',');
	add_extreme(b, "max", n->max);
	buf_addf(b, ",\"integer_digits\":%u,\"scale\":%u}", n->whole, n->scale);
}

/*
 * Minimum and maximum; where a column that was made for the old figures is too
 * narrow for the new ones it is `precision`.
 */
static void diff_numbers(struct differ *d, const struct facts *old,
			 const struct facts *now, enum version v)
{
	struct numbers a = numbers_of(old, v), b = numbers_of(now, v);
	int low = compare(b.min, a.min), high = compare(b.max, a.max);
	bool wider = b.whole > a.whole || b.scale > a.scale;
	bool shape = wider || b.whole < a.whole || b.scale < a.scale;

	if (!low && !high && !shape)
		return;
	if (d->opts->partial && low >= 0 && high <= 0 && !wider)
		return;
	add_numbers(&d->a, &a);
	add_numbers(&d->b, &b);
	differ_tell(d, shape ? DRIFT_PRECISION : DRIFT_RANGE,
		    wider ? DRIFT_ADDITIVE : DRIFT_PATCH, v, now, false);
}

static void diff_items(struct differ *d, const struct facts *old,
		       const struct facts *now)
{
	const struct box_stat *a = old->box, *b = now->box;

	if (a->items_min == b->items_min && a->items_max == b->items_max)
		return;
	if (d->opts->partial && b->items_min >= a->items_min &&
	    b->items_max <= a->items_max)
		return;
	pair(&d->a, "min", a->items_min, "max", a->items_max);
	pair(&d->b, "min", b->items_min, "max", b->items_max);
	differ_tell(d, DRIFT_ITEMS, DRIFT_PATCH, NO_VERSION, now, false);
}

void diff_values(struct differ *d, const struct facts *old,
		 const struct facts *now, bool versions_changed)
{
	unsigned both = old->active & now->active;

	if (old->attr->kind == STEP_KEY)
		diff_presence(d, old, now);
	diff_nulls(d, old, now, versions_changed);
	if (both & 1u << VERSION_STR) {
		diff_formats(d, old, now);
		diff_length(d, old, now);
	}
	if (both & 1u << VERSION_INT)
		diff_numbers(d, old, now, VERSION_INT);
	if (both & 1u << VERSION_FLOAT)
		diff_numbers(d, old, now, VERSION_FLOAT);
	if (old->box->arrays && now->box->arrays)
		diff_items(d, old, now);
}

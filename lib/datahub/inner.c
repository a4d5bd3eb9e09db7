#include "datahub/inner.h"

#include "datahub/urn.h"

bool inner_is_listed(enum warehouse w)
{
	return w == WAREHOUSE_BIGQUERY || w == WAREHOUSE_BIGQUERY_V1 ||
	       w == WAREHOUSE_DATABRICKS;
}

/* Text of JSON: BigQuery has a type for it since loader 2. */
static const char *json_type(enum warehouse w)
{
	return w == WAREHOUSE_BIGQUERY ? "null" : "string";
}

/* The types it says, null apart: the one, NULL for none or several. */
static const struct dom *one_type(const struct dom *schema)
{
	const struct dom *type = dom_get(schema, "type"), *one = NULL, *d;

	if (dom_is(type, VALUE_STRING))
		return type;
	for (d = dom_is(type, VALUE_ARRAY) ? dom_first(type) : NULL; d;
	     d = d->next) {
		if (dom_equals(d, "null"))
			continue;
		if (one)
			return NULL;
		one = d;
	}
	return one;
}

/* Is every type that it says, null apart, a number? */
static bool only_numbers(const struct dom *schema)
{
	const struct dom *type = dom_get(schema, "type"), *d;
	bool any = false;

	for (d = dom_is(type, VALUE_ARRAY) ? dom_first(type) : NULL; d;
	     d = d->next) {
		if (dom_equals(d, "null"))
			continue;
		if (!dom_equals(d, "number") && !dom_equals(d, "integer"))
			return false;
		any = true;
	}
	return any || dom_equals(type, "number");
}

/*
 * Bits of a bound: 32 up to 2147483647 and down to -2147483648, 64 for a plain
 * integer of up to 18 digits, 0 for others and for none.
 */
static int bound_bits(const struct dom *d)
{
	static const char *const limits[] = {"2147483647", "2147483648"};
	const char *s;
	size_t len;
	bool minus;

	if (!dom_is(d, VALUE_NUMBER))
		return 0;
	s = d->text.s;
	len = d->text.len;
	minus = *s == '-';
	s += minus;
	len -= minus;
	if (len > 18)
		return 0;
	for (size_t i = 0; i < len; i++)
		if (s[i] < '0' || s[i] > '9')
			return 0;
	return len < 10 || (len == 10 && memcmp(s, limits[minus], 10) <= 0)
		       ? 32 : 64;
}

/* Without both bounds it is a long one; BigQuery has no other. */
static const char *integer_type(enum warehouse w, const struct dom *schema)
{
	const struct dom *min = dom_get(schema, "minimum");
	const struct dom *max = dom_get(schema, "maximum");
	int low = bound_bits(min), high = bound_bits(max);

	if (!min || !max)
		return "long";
	if (!low || !high)
		return NULL;	/* perhaps a decimal */
	return w == WAREHOUSE_DATABRICKS && low == 32 && high == 32 ? "int"
								   : "long";
}

static const char *string_type(const struct dom *schema)
{
	const struct dom *format = dom_get(schema, "format");

	return dom_equals(format, "date") || dom_equals(format, "date-time")
		       ? "int" : "string";
}

/* The Avro type of what is no array; NULL where it cannot be told. */
static const char *avro_type(enum warehouse w, const struct dom *schema)
{
	static const char *const others[] = {"$ref", "oneOf", "anyOf", "allOf"};
	const struct dom *type = one_type(schema);

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (dom_get(schema, others[i]))
			return NULL;
	if (dom_equals(type, "object"))
		return dom_first(dom_get(schema, "properties"))
			       ? "struct" : json_type(w);
	if (dom_equals(type, "string"))
		return string_type(schema);
	if (dom_equals(type, "boolean"))
		return "boolean";
	if (dom_equals(type, "integer"))
		return integer_type(w, schema);
	if (only_numbers(schema))
		return dom_get(schema, "multipleOf") ? NULL : "double";
	return dom_is_null(dom_get(schema, "type")) ? NULL : json_type(w);
}

/* Appends the types of ${*schema}, which becomes what its arrays hold. */
static bool add_types(struct buf *b, enum warehouse w,
		      const struct dom **schema)
{
	const char *type;

	while (dom_equals(one_type(*schema), "array")) {
		buf_adds(b, ".[type=array]");
		*schema = dom_get(*schema, "items");
		if (!dom_is(*schema, VALUE_OBJECT)) {
			buf_addf(b, ".[type=%s]", json_type(w));
			*schema = NULL;
			return true;
		}
	}
	type = avro_type(w, *schema);
	if (type)
		buf_addf(b, ".[type=%s]", type);
	return type;
}

struct span *inner_paths(struct pool *pool, enum warehouse w,
			 struct span column, const struct dom *body,
			 const struct fields *f)
{
	struct span *paths = pool_zero(pool, f->n + 1, sizeof(*paths));
	const struct dom **inside = pool_zero(pool, f->n + 1, sizeof(*inside));
	struct buf b = {0}, name = {0};

	for (size_t i = 0; i < f->n; i++) {
		int32_t parent = f->items[i].parent;
		struct span above = parent < 0 ? column : paths[parent];
		const struct dom *schema = parent < 0 ? body : inside[parent];

		schema = dom_get_span(dom_get(schema, "properties"),
				      f->items[i].name);
		if (!above.s || !schema)
			continue;
		buf_clear(&b);
		buf_clear(&name);
		buf_add(&b, above.s, above.len);
		if (!add_types(&b, w, &schema))
			continue;
		inside[i] = schema;
		column_of_field(&name, w, f->items[i].name.s,
				f->items[i].name.len);
		buf_addc(&b, '.');
		urn_encode(&b, (struct span){name.s, name.len});
		paths[i] = (struct span){pool_dup(pool, b.s, b.len), b.len};
	}
	buf_release(&b);
	buf_release(&name);
	return paths;
}

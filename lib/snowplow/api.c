/*
 * api -- where things are.
 */
#include "base/mem.h"
#include "snowplow/api.h"

/* RFC 3986: all but unreserved characters. */
static void add_segment(struct buf *b, const char *s)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789-._~";

	for (; *s; s++) {
		if (strchr(plain, *s))
			buf_addc(b, *s);
		else
			buf_addf(b, "%%%02X", (unsigned char)*s);
	}
}

void api_url(struct buf *b, const char *base, const char *path,
	     const char *const *parts)
{
	buf_adds(b, base);
	for (; *path; path++) {
		if (path[0] == '%' && path[1] == 's') {
			add_segment(b, *parts++);
			path++;
		} else {
			buf_addc(b, *path);
		}
	}
}

char *api_iglu_base(const char *url)
{
	size_t len = strlen(url);

	while (len && url[len - 1] == '/')
		len--;
	if (len > 4 && !memcmp(url + len - 4, "/api", 4))
		len -= 4;
	return mem_dup(url, len);
}

bool schema_ref_parse(struct schema_ref *ref, const char *text, size_t len)
{
	struct span part[4];
	const char *p = text, *end = text + len, *q;
	int i;

	if (len > 5 && !memcmp(p, "iglu:", 5))
		p += 5;
	for (i = 0; i < 4; i++) {
		q = i < 3 ? memchr(p, '/', (size_t)(end - p)) : end;
		if (!q || q == p)
			return false;
		part[i] = (struct span){p, (size_t)(q - p)};
		p = q + 1;
	}
	*ref = (struct schema_ref){part[0], part[1], part[2], part[3]};
	return !memchr(part[3].s, '/', part[3].len);
}

void schema_ref_key(struct buf *b, const struct schema_ref *ref)
{
	buf_add(b, ref->vendor.s, ref->vendor.len);
	buf_addc(b, '/');
	buf_add(b, ref->name.s, ref->name.len);
	buf_addc(b, '/');
	buf_add(b, ref->format.s, ref->format.len);
	buf_addc(b, '/');
	buf_add(b, ref->version.s, ref->version.len);
}

/* The next number of a version; false where there is none. */
static bool next_number(struct span *v, uint64_t *n)
{
	size_t i = 0;

	for (*n = 0; i < v->len && v->s[i] >= '0' && v->s[i] <= '9'; i++)
		*n = *n * 10 + (uint64_t)(v->s[i] - '0');
	if (!i || i > 18 || (i < v->len && v->s[i] != '-'))
		return false;
	i += i < v->len;
	v->s += i;
	v->len -= i;
	return true;
}

static bool numbers(struct span v, uint64_t n[3])
{
	return next_number(&v, &n[0]) && next_number(&v, &n[1]) &&
	       next_number(&v, &n[2]) && !v.len;
}

static int by_bytes(struct span a, struct span b)
{
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len ? memcmp(a.s, b.s, len) : 0;

	return order ? order : (a.len > b.len) - (a.len < b.len);
}

int version_order(struct span a, struct span b)
{
	uint64_t x[3], y[3];
	bool is_a = numbers(a, x), is_b = numbers(b, y);

	for (int i = 0; is_a && is_b && i < 3; i++)
		if (x[i] != y[i])
			return x[i] < y[i] ? -1 : 1;
	if (is_a != is_b)
		return is_a ? -1 : 1;
	return by_bytes(a, b);
}

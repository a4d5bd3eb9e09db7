/*
 * urn -- DataHub's names for things.
 */
#include "datahub/urn.h"

/*
 * MD5 comes from libcrypto (Debian: libssl-dev): a guid of DataHub, not a
 * protection of anything.
 */
#include <openssl/evp.h>
#include <stdlib.h>

#include "base/err.h"

int span_compare(struct span a, struct span b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.s, b.s, n) : 0;

	return order ? order : a.len < b.len ? -1 : a.len > b.len;
}

void urn_encode(struct buf *b, struct span t)
{
	for (size_t i = 0; i < t.len; i++) {
		switch (t.s[i]) {
		case ',':
			buf_adds(b, "%2C");
			break;
		case '(':
			buf_adds(b, "%28");
			break;
		case ')':
			buf_adds(b, "%29");
			break;
		default:
			if (t.len - i >= 3 &&
			    !memcmp(t.s + i, "\xe2\x90\x9f", 3)) {
				buf_adds(b, "%E2%90%9F");
				i += 2;
			} else {
				buf_addc(b, t.s[i]);
			}
		}
	}
}

static bool is_reserved(char c)
{
	return c == ',' || c == '(' || c == ')' || c == '\xe2';
}

int urn_compare(struct span a, struct span b)
{
	size_t n = a.len < b.len ? a.len : b.len, i = 0;
	struct buf x = {0}, y = {0};
	int order;

	while (i < n && a.s[i] == b.s[i] && a.s[i] != '\xe2')
		i++;
	if (i == n || (!is_reserved(a.s[i]) && !is_reserved(b.s[i])))
		return span_compare(a, b);
	urn_encode(&x, a);
	urn_encode(&y, b);
	order = span_compare((struct span){x.s, x.len},
			     (struct span){y.s, y.len});
	buf_release(&x);
	buf_release(&y);
	return order;
}

static void open_dataset(struct buf *b, struct span platform,
			 struct span instance)
{
	buf_adds(b, "urn:li:dataset:(urn:li:dataPlatform:");
	buf_add(b, platform.s, platform.len);
	buf_addc(b, ',');
	if (instance.len) {
		urn_encode(b, instance);
		buf_addc(b, '.');
	}
}

static void close_dataset(struct buf *b, struct span env)
{
	buf_addc(b, ',');
	buf_add(b, env.s, env.len);
	buf_addc(b, ')');
}

void urn_dataset(struct buf *b, struct span platform, struct span instance,
		 struct span name, struct span env)
{
	open_dataset(b, platform, instance);
	urn_encode(b, name);
	close_dataset(b, env);
}

static struct span instance_of(const struct settings *s)
{
	return span_of(s->instance ? s->instance : "");
}

static void open_own(struct buf *b, const struct settings *s)
{
	open_dataset(b, span_of("snowplow"), instance_of(s));
}

/* "/" in a name becomes ".", as in the connector. */
static void add_dotted(struct buf *b, struct span t)
{
	size_t from = b->len;

	urn_encode(b, t);
	for (; from < b->len; from++)
		if (b->s[from] == '/')
			b->s[from] = '.';
}

void urn_schema(struct buf *b, const struct settings *s, struct span vendor,
		struct span name, struct span version)
{
	open_own(b, s);
	add_dotted(b, vendor);
	buf_addc(b, '.');
	add_dotted(b, name);
	if (s->version_in_urn) {
		buf_addc(b, '.');
		add_dotted(b, version);
	}
	close_dataset(b, span_of(s->env));
}

void urn_spec(struct buf *b, const struct settings *s, struct span id)
{
	open_own(b, s);
	buf_adds(b, "event_spec.");
	urn_encode(b, id);
	close_dataset(b, span_of(s->env));
}

void urn_atomic(struct buf *b, const struct settings *s)
{
	open_own(b, s);
	buf_adds(b, "atomic_event");
	close_dataset(b, span_of(s->env));
}

void urn_field(struct buf *b, struct span dataset_urn, struct span path)
{
	buf_adds(b, "urn:li:schemaField:(");
	buf_add(b, dataset_urn.s, dataset_urn.len);
	buf_addc(b, ',');
	urn_encode(b, path);
	buf_addc(b, ')');
}

void urn_flow(struct buf *b, const struct settings *s, struct span id)
{
	buf_adds(b, "urn:li:dataFlow:(snowplow,");
	if (s->instance) {
		urn_encode(b, instance_of(s));
		buf_addc(b, '.');
	}
	urn_encode(b, id);
	close_dataset(b, span_of(s->env));
}

void urn_job(struct buf *b, struct span flow_urn, struct span job_id)
{
	buf_adds(b, "urn:li:dataJob:(");
	buf_add(b, flow_urn.s, flow_urn.len);
	buf_addc(b, ',');
	urn_encode(b, job_id);
	buf_addc(b, ')');
}

/* A code point as Python's json.dumps writes it outside ASCII. */
static void add_u(struct buf *b, unsigned code)
{
	if (code > 0xffff) {
		code -= 0x10000;
		buf_addf(b, "\\u%04x\\u%04x", 0xd800 + (code >> 10),
			 0xdc00 + (code & 0x3ff));
	} else {
		buf_addf(b, "\\u%04x", code);
	}
}

/* ${t} is UTF-8; surrogates as in str.h. */
static void add_python(struct buf *b, struct span t)
{
	static const char plain[] = "\"\\\b\f\n\r\t", shown[] = "\"\\bfnrt";

	buf_addc(b, '"');
	for (size_t i = 0; i < t.len; i++) {
		unsigned c = (unsigned char)t.s[i], more = 0;
		const char *p = c ? strchr(plain, (int)c) : NULL;

		if (p) {
			buf_addc(b, '\\');
			buf_addc(b, shown[p - plain]);
			continue;
		}
		if (c >= 0x20 && c < 0x7f) {
			buf_addc(b, (char)c);
			continue;
		}
		if (c >= 0xc0) {
			more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
			c &= 0x3fU >> more;
		}
		while (more-- && i + 1 < t.len)
			c = c << 6 | ((unsigned char)t.s[++i] & 0x3f);
		if (c == 0x7f)
			buf_addc(b, (char)c);
		else
			add_u(b, c);
	}
	buf_addc(b, '"');
}

static void add_md5(struct buf *b, const struct buf *text)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	size_t len = 0;

	if (!EVP_Q_digest(NULL, "MD5", NULL, text->s, text->len, digest,
			  &len))
		err_die(RC_FAILED, "libcrypto has no MD5, which DataHub's "
			"container ids are made with (is this machine in "
			"FIPS mode?)");
	for (size_t i = 0; i < len; i++)
		buf_addf(b, "%02x", digest[i]);
}

/* The key's members are in the order of their names: json.dumps sorts. */
void urn_container(struct buf *b, const struct settings *s, struct span org_id,
		   const char *key, struct span value)
{
	struct buf text = {0};

	buf_addc(&text, '{');
	if (s->instance) {
		buf_adds(&text, "\"instance\":");
		add_python(&text, instance_of(s));
		buf_addc(&text, ',');
	}
	buf_adds(&text, "\"organization_id\":");
	add_python(&text, org_id);
	if (key && !strcmp(key, "plan_id")) {
		buf_adds(&text, ",\"plan_id\":");
		add_python(&text, value);
	}
	buf_adds(&text, ",\"platform\":\"snowplow\"");
	if (key && strcmp(key, "plan_id")) {
		buf_addf(&text, ",\"%s\":", key);
		add_python(&text, value);
	}
	buf_addc(&text, '}');
	buf_adds(b, "urn:li:container:");
	add_md5(b, &text);
	buf_release(&text);
}

void urn_tag(struct buf *b, struct span name)
{
	buf_adds(b, "urn:li:tag:");
	buf_add(b, name.s, name.len);
}

void urn_user(struct buf *b, struct span name)
{
	buf_adds(b, "urn:li:corpuser:");
	buf_add(b, name.s, name.len);
}

void urn_instance(struct buf *b, const struct settings *s)
{
	buf_adds(b, "urn:li:dataPlatformInstance:(" URN_PLATFORM ",");
	urn_encode(b, instance_of(s));
	buf_addc(b, ')');
}

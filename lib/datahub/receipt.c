/*
 * receipt -- one line for each aspect that was changed.
 *
 * libzstd's level 3 and one frame; the frame knows its length.  base64 is RFC
 * 4648's with padding: OpenSSL's EVP_EncodeBlock().
 */
#include "datahub/receipt.h"

#include <openssl/evp.h>
#include <zstd.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/mem.h"
#include "json/value.h"

#define LEVEL 3

static void add_packed(struct buf *out, const char *line, size_t len)
{
	size_t bound = ZSTD_compressBound(len), n;
	char *packed = mem_alloc(bound);
	char *to;

	n = ZSTD_compress(packed, bound, line, len, LEVEL);
	if (ZSTD_isError(n))
		err_die(RC_FAILED, "libzstd: %s", ZSTD_getErrorName(n));
	/* in pieces that are a multiple of three: lengths are int there */
	for (size_t at = 0; at < n; at += 3 << 20) {
		size_t piece = n - at < 3 << 20 ? n - at : 3 << 20;

		to = buf_reserve(out, piece / 3 * 4 + 8);
		out->len += (size_t)EVP_EncodeBlock((unsigned char *)to,
			(const unsigned char *)packed + at, (int)piece);
	}
	free(packed);
}

/* Three bytes less for each '=' at the end of ${text}, of four. */
static bool from_base64(const char *text, size_t len, struct buf *out)
{
	if (len % 4 || !len)
		return false;
	for (size_t at = 0; at < len; at += 4 << 20) {
		size_t piece = len - at < 4 << 20 ? len - at : 4 << 20;
		char *to = buf_reserve(out, piece / 4 * 3 + 4);
		int n = EVP_DecodeBlock((unsigned char *)to,
			(const unsigned char *)text + at, (int)piece);

		if (n < 0)
			return false;
		out->len += (size_t)n;
	}
	out->len -= (size_t)(text[len - 1] == '=') +
		    (size_t)(text[len - 2] == '=');
	return true;
}

bool receipt_unpack(const char *text, size_t len, struct buf *line)
{
	struct buf packed = {0};
	unsigned long long n = 0;
	bool good = from_base64(text, len, &packed);

	if (good)
		n = ZSTD_getFrameContentSize(packed.s, packed.len);
	/* not more than a line can have, whatever the frame says */
	good = good && n && n < (1ULL << 32);
	if (good) {
		buf_clear(line);
		buf_reserve(line, (size_t)n);
		line->len = ZSTD_decompress(line->s, (size_t)n, packed.s,
					    packed.len);
		good = !ZSTD_isError(line->len) && line->len == n;
	}
	buf_release(&packed);
	return good;
}

static void add_pair(struct buf *out, const char *name, uint64_t before,
		     uint64_t after)
{
	buf_addf(out, ",\"%s\":[%llu,%llu]", name, (unsigned long long)before,
		 (unsigned long long)after);
}

static void add_over(struct buf *out, unsigned rules)
{
	static const char *const names[] = {
		"bytes", "inputs", "outputs", "fine-grained", "fields",
		"total-edges"
	};
	bool first = true;

	buf_adds(out, ",\"over\":[");
	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (!(rules & 1U << i))
			continue;
		buf_addf(out, "%s\"max-%s\"", first ? "" : ",", names[i]);
		first = false;
	}
	buf_addc(out, ']');
}

static void add_counts(struct buf *out, const struct outcome *o, bool gone)
{
	const struct cap_size *b = &o->before, *a = &o->after;

	add_pair(out, "bytes", b->bytes, gone ? 0 : a->bytes);
	if (o->lineage) {
		add_pair(out, "inputs", b->inputs, gone ? 0 : a->inputs);
		add_pair(out, "outputs", b->outputs, gone ? 0 : a->outputs);
		add_pair(out, "edges", b->edges, gone ? 0 : a->edges);
		add_pair(out, "groups", b->groups, gone ? 0 : a->groups);
	}
	buf_addf(out, ",\"edges_folded\":%llu,\"duplicates\":%llu,"
		 "\"items_dropped\":%llu",
		 (unsigned long long)o->edges_folded,
		 (unsigned long long)o->duplicates,
		 (unsigned long long)o->dropped_fields);
}

void receipt_write(struct buf *out, const struct job *j, const char *action,
		   const char *after, size_t after_len, uint64_t extra)
{
	const struct outcome *o = &j->o;
	char sum[SHA256_HEX];

	buf_adds(out, "\"entityUrn\":");
	if (j->m.urn.s)
		buf_add(out, j->m.urn.s, j->m.urn.len);
	else
		buf_adds(out, "null");
	buf_adds(out, ",\"aspectName\":");
	buf_add(out, j->m.aspect_name.s, j->m.aspect_name.len);
	buf_addf(out, ",\"action\":\"%s\",\"policy\":", action);
	if (o->method)
		buf_addf(out, "\"%s\"", o->method);
	else
		buf_adds(out, "null");
	add_over(out, o->rules);
	add_counts(out, o, !after);
	buf_addf(out, ",\"extra\":%llu", (unsigned long long)extra);
	digest_sha256(j->text, j->len, sum);
	buf_addf(out, ",\"sha256\":[\"%s\",", sum);
	if (after) {
		struct span line = value_trim(after, after_len);

		digest_sha256(line.s, line.len, sum);
		buf_addf(out, "\"%s\"],\"before\":\"", sum);
	} else {
		buf_adds(out, "null],\"before\":\"");
	}
	add_packed(out, j->text, j->len);
	buf_adds(out, "\"}\n");
}

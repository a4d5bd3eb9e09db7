/*
 * receipts -- a file of receipts, to look lines up in.
 */
#include "datahub/receipts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/digest.h"
#include "base/pread_all.h"
#include "base/err.h"
#include "base/mem.h"
#include "datahub/receipt.h"
#include "json/check.h"
#include "json/value.h"

static bool key_is(struct span key, const char *name)
{
	return key.len == strlen(name) && !memcmp(key.s, name, key.len);
}

static uint64_t key_of(struct span urn, struct span aspect)
{
	return XXH3_64bits(urn.s, urn.len) ^
	       XXH3_64bits_withSeed(aspect.s, aspect.len, 1);
}

uint64_t receipts_key_of(const char *line, size_t len)
{
	struct span all = value_trim(line, len), key, v;
	struct span urn = {"null", 4}, aspect = {0};
	struct json_fault fault;
	struct value_iter it;

	if (!all.len || *all.s != '{' ||
	    json_check(all.s, all.len, CAP_DEPTH, &fault))
		return 0;
	value_iter_start(&it, all);
	while (value_next(&it, &key, &v)) {
		if (key_is(key, "entityUrn"))
			urn = v;
		else if (key_is(key, "aspectName"))
			aspect = v;
	}
	return aspect.s ? key_of(urn, aspect) : 0;
}

static bool read_u64(struct span v, uint64_t *n)
{
	*n = 0;
	for (size_t i = 0; i < v.len; i++) {
		if (v.s[i] < '0' || v.s[i] > '9' || i > 18)
			return false;
		*n = 10 * *n + (uint64_t)(v.s[i] - '0');
	}
	return v.len != 0;
}

static bool read_sum(struct span v, char *sum)
{
	if (v.len != SHA256_HEX + 1 || *v.s != '"')
		return false;
	memcpy(sum, v.s + 1, SHA256_HEX - 1);
	sum[SHA256_HEX - 1] = '\0';
	return true;
}

static bool read_sums(struct span v, struct receipt *x)
{
	struct value_iter it;
	struct span before, after;

	if (*v.s != '[')
		return false;
	value_iter_start(&it, v);
	if (!value_next(&it, NULL, &before) || !value_next(&it, NULL, &after) ||
	    !read_sum(before, x->sum_before))
		return false;
	x->dropped = *after.s == 'n';
	return x->dropped || read_sum(after, x->sum);
}

/* One line of the file, which stands at ${at} in it. */
static bool read_receipt(struct receipt *x, const char *line, size_t len,
			 uint64_t at)
{
	struct span all = value_trim(line, len), key, v, urn = {0}, aspect = {0};
	struct json_fault fault;
	struct value_iter it;
	unsigned seen = 0;

	*x = (struct receipt){0};
	if (!all.len || *all.s != '{' ||
	    json_check(all.s, all.len, CAP_DEPTH, &fault))
		return false;
	value_iter_start(&it, all);
	while (value_next(&it, &key, &v)) {
		if (key_is(key, "output")) {
			seen |= read_u64(v, &x->output) ? 1 : 0;
		} else if (key_is(key, "extra")) {
			seen |= read_u64(v, &x->extra) ? 2 : 0;
		} else if (key_is(key, "sha256")) {
			seen |= read_sums(v, x) ? 4 : 0;
		} else if (key_is(key, "before") && *v.s == '"') {
			x->at = at + (uint64_t)(v.s + 1 - line);
			x->len = v.len - 2;
			seen |= 8;
		} else if (key_is(key, "entityUrn")) {
			urn = v;
		} else if (key_is(key, "aspectName")) {
			aspect = v;
		}
	}
	x->key = aspect.s && urn.s ? key_of(urn, aspect) : 0;
	return seen == 15 && x->key;
}

static void fill_slots(struct receipts *r)
{
	r->mask = 1023;
	while (r->mask < 2 * r->n)
		r->mask = 2 * r->mask + 1;
	r->slots = mem_zalloc(r->mask + 1, sizeof(*r->slots));
	for (size_t i = 0; i < r->n; i++) {
		size_t at = XXH3_64bits(r->items[i].sum, 64) & r->mask;

		if (r->items[i].dropped)
			continue;
		while (r->slots[at])
			at = (at + 1) & r->mask;
		r->slots[at] = (uint32_t)i + 1;
	}
}

static int read_all(struct receipts *r, FILE *f)
{
	char *line = NULL;
	size_t cap = 0;
	uint64_t at = 0;
	ssize_t n;
	int rc = RC_DONE;

	while (!rc && (n = getline(&line, &cap, f)) > 0) {
		mem_grow(&r->items, &r->cap, r->n + 1, sizeof(*r->items));
		if (!read_receipt(&r->items[r->n], line, (size_t)n, at)) {
			err_msg("%s:%zu: not a receipt of cap-aspect", r->path,
				r->n + 1);
			rc = RC_USAGE;
		}
		r->n++;
		at += (uint64_t)n;
	}
	free(line);
	if (!rc && ferror(f)) {
		err_msg("%s: %s", r->path, strerror(errno));
		rc = RC_FAILED;
	}
	return rc;
}

int receipts_open(struct receipts *r, const char *path)
{
	struct stat st;
	FILE *f;
	int rc;

	*r = (struct receipts){.path = path, .fd = -1};
	f = fopen(path, "re");
	if (!f || fstat(fileno(f), &st)) {
		err_msg("%s: %s", path, strerror(errno));
		if (f)
			fclose(f);
		return RC_FAILED;
	}
	if (!S_ISREG(st.st_mode)) {
		err_msg("%s: not a regular file (receipts are read more than "
			"once)", path);
		fclose(f);
		return RC_USAGE;
	}
	rc = read_all(r, f);
	r->fd = fcntl(fileno(f), F_DUPFD_CLOEXEC, 3);
	if (r->fd < 0 && !rc) {
		err_msg("%s: %s", path, strerror(errno));
		rc = RC_FAILED;
	}
	fclose(f);
	fill_slots(r);
	if (rc)
		receipts_close(r);
	return rc;
}

void receipts_close(struct receipts *r)
{
	if (r->fd >= 0)
		close(r->fd);
	free(r->items);
	free(r->slots);
	*r = (struct receipts){.fd = -1};
}

struct receipt *receipts_find(struct receipts *r, const char *sum)
{
	size_t at = XXH3_64bits(sum, 64) & r->mask;

	for (; r->slots[at]; at = (at + 1) & r->mask) {
		struct receipt *x = &r->items[r->slots[at] - 1];

		if (!x->used && !memcmp(x->sum, sum, 64))
			return x;
	}
	return NULL;
}

bool receipts_waiting(const struct receipts *r, uint64_t key)
{
	for (size_t i = 0; key && i < r->n; i++)
		if (!r->items[i].used && !r->items[i].dropped &&
		    r->items[i].key == key)
			return true;
	return false;
}

int receipts_line(const struct receipts *r, const struct receipt *x,
		  struct buf *line)
{
	char *text = mem_alloc(x->len + 1), sum[SHA256_HEX];
	bool good = !pread_all(r->fd, text, x->len, x->at) &&
		    receipt_unpack(text, x->len, line);

	free(text);
	if (good) {
		digest_sha256(line->s, line->len, sum);
		good = !memcmp(sum, x->sum_before, sizeof(sum));
	}
	if (good)
		return 0;
	err_msg("%s: a receipt is damaged: its line does not come back whole",
		r->path);
	return -1;
}

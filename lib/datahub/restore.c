/*
 * restore -- cap-aspect's output back into its input, with the receipts.
 */
#include "datahub/restore.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/err.h"
#include "base/mem.h"
#include "datahub/receipt.h"
#include "datahub/receipts.h"
#include "stream/batch.h"

struct restore {
	struct cap *cap;
	struct receipts receipts;
	struct buf line;	/* one that comes back */
	uint64_t k;		/* number of the output's line at hand */
	size_t next;		/* first receipt whose place may still come */
	uint64_t skip;		/* lines of --annotate and --split to come */
	bool moved;		/* lines are not where the receipts say */
	int rc;
};

static void put_back(struct restore *s, struct receipt *x)
{
	x->used = true;
	if (receipts_line(&s->receipts, x, &s->line)) {
		s->rc = rc_join(s->rc, RC_FAILED);
		return;
	}
	mcp_out_add(s->cap->to, s->line.s, s->line.len);
}

/* Lines that were dropped in front of line s->k. */
static void put_dropped(struct restore *s)
{
	struct receipts *all = &s->receipts;

	for (; s->next < all->n; s->next++) {
		struct receipt *x = &all->items[s->next];

		if (x->output > s->k || (x->output == s->k && !x->dropped))
			break;
		if (x->dropped && !x->used)
			put_back(s, x);
	}
}

static void refuse(struct restore *s, const struct batch *b, const char *line,
		   size_t len)
{
	struct error_line e = {
		.error = FAULT_JSON, .record = s->k, .raw = line,
		.reason = "edited since its receipt was written (it is left "
			  "out; restore from cap-aspect's own output)",
		.source = reader_source(s->cap->reader, b->source),
		.byte = batch_byte(b, (size_t)(line - b->text)),
		.raw_len = len, .raw_bytes = len
	};
	struct buf text = {0};

	if (s->cap->rejected++ < s->cap->max_messages)
		err_msg("%s:%llu: %s", e.source, (unsigned long long)e.record,
			e.reason);
	if (s->cap->errors) {
		error_line_write(&text, &e, 0);
		out_add(s->cap->errors, text.s, text.len);
		buf_release(&text);
	}
	s->rc = rc_join(s->rc, RC_FINDING);
}

/* Does the line say that it is what a receipt is of, but is not? */
static bool edited(struct restore *s, const char *line, size_t len)
{
	struct receipts *all = &s->receipts;
	uint64_t key = receipts_key_of(line, len);
	struct receipt *here = s->next < all->n ? &all->items[s->next] : NULL;

	if (!s->moved && here && here->output == s->k) {
		if (here->key == key) {
			here->used = true;
			return true;
		}
		s->moved = true;
	}
	return s->moved && receipts_waiting(all, key);
}

static void restore_line(struct restore *s, const struct batch *b,
			 const char *line, size_t len)
{
	struct span trimmed = value_trim(line, len);
	struct receipt *x;
	char sum[SHA256_HEX];

	s->k++;
	s->cap->seen++;
	if (s->skip) {
		s->skip--;
		if (memmem(line, len, "\"changeType\":\"PATCH\"", 20))
			return;
		s->moved = true;
	}
	put_dropped(s);
	digest_sha256(trimmed.s, trimmed.len, sum);
	x = receipts_find(&s->receipts, sum);
	if (x) {
		s->moved |= x->output != s->k;
		s->skip = x->extra;
		put_back(s, x);
	} else if (edited(s, line, len)) {
		refuse(s, b, line, len);
	} else {
		mcp_out_add(s->cap->to, line, len);
	}
}

static void restore_batch(struct restore *s, const struct batch *b)
{
	const char *p = b->text, *end = p + b->len, *stop;

	for (size_t i = 0; i < b->nfaults; i++) {
		err_msg("%s: byte %llu: %s",
			reader_source(s->cap->reader, b->source),
			(unsigned long long)b->faults[i].byte,
			b->faults[i].reason);
		s->rc = rc_join(s->rc, RC_FINDING);
	}
	for (; p < end; p = stop + 1) {
		struct span line;

		stop = memchr(p, '\n', (size_t)(end - p));
		line = value_trim(p, (size_t)(stop - p));
		if (!line.len)
			continue;
		if (!b->framed)
			line = (struct span){p, (size_t)(stop - p)};
		restore_line(s, b, line.s, line.len);
		s->cap->stats.records++;
		s->cap->stats.bytes += line.len;
	}
}

static void finish(struct restore *s)
{
	struct receipts *all = &s->receipts;
	uint64_t left = 0;

	s->k++;
	put_dropped(s);
	for (size_t i = 0; i < all->n; i++)
		left += !all->items[i].used;
	s->cap->stats.rejected = s->cap->rejected;
	if (!left)
		return;
	err_msg("%llu receipts have no line (lines are missing or edited)",
		(unsigned long long)left);
	s->rc = rc_join(s->rc, RC_FINDING);
}

int restore_run(struct cap *cap, const char *path)
{
	struct restore s = {.cap = cap};
	struct batch b;

	s.rc = receipts_open(&s.receipts, path);
	if (s.rc)
		return s.rc;
	batch_init(&b);
	while (reader_next(cap->reader, &b) == 1)
		restore_batch(&s, &b);
	finish(&s);
	batch_release(&b);
	buf_release(&s.line);
	receipts_close(&s.receipts);
	return s.rc;
}

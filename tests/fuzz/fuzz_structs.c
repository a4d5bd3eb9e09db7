/*
 * fuzz_structs -- what the reader of structs(5) lines takes, and what is built
 * of it.
 *
 * The first byte chooses settings, the rest is lines.  Promises that are
 * checked:
 *   every proposal is valid JSON on one line, an UPSERT or a PATCH;
 *   the same lines give the same bytes again;
 *   against its own output nothing has changed, and nothing is gone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/err.h"
#include "datahub/emit.h"
#include "datahub/settings_opts.h"
#include "datahub/stale.h"
#include "json/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void choose(struct settings *s, struct settings_opts *o, uint8_t byte)
{
	settings_defaults(o);
	o->compat = byte & 1;
	o->plain.field_versions = byte & 2;
	o->marks = byte >> 2 & 3;
	o->paths = o->compat ? 0 : byte >> 4 & 1;
	o->plain.instance = byte & 32 ? "in,st" : NULL;
	o->plain.data_models = byte & 64;
	o->patch = byte & 64 ? "ownership,tags" : NULL;
	o->columns = byte & 128 ? COLUMNS_PATCH : COLUMNS_JOB;
	if (settings_make(s, o))
		abort();
}

static void read_lines(struct org *o, const char *p, const char *end)
{
	struct place place = {.source = "fuzz"};
	struct json_fault fault;
	const char *why;

	while (p < end) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));
		struct span t = value_trim(p, (size_t)((eol ? eol : end) - p));

		place.record++;
		place.byte++;
		if (t.len && !json_check(t.s, t.len, 1000, &fault))
			org_add(o, t.s, t.len, &place, &why);
		p = eol ? eol + 1 : end;
	}
	org_finish(o);
}

/* What is written, in a file in memory. */
static int build(const struct settings *s, struct span text,
		 struct previous *previous, uint64_t *removed)
{
	struct out out = {.fd = memfd_create("out", MFD_CLOEXEC)};
	struct findings findings;
	struct mcp_out mcp_out;
	struct org org;
	struct mcp mcp;
	struct emit_counts counts = {0};
	struct lineage l = {
		.settings = s, .org = &org, .findings = &findings, .mcp = &mcp
	};

	org_init(&org);
	read_lines(&org, text.s, text.s + text.len);
	findings_init(&findings, NULL);
	findings.max_told = 0;
	mcp_out_init(&mcp_out, &out, MCP_LINES);
	mcp_init(&mcp, &mcp_out, NULL);
	mcp.previous = previous;
	mcp.keep_described = true;
	lineage_prepare(&l);
	emit_all(&l, &counts);
	if (previous)
		*removed = stale_remove(&l, previous, 100);
	lineage_release(&l);
	if (mcp_out_end(&mcp_out) || out_flush(&out))
		abort();
	mcp_out_release(&mcp_out);
	mcp_release(&mcp);
	findings_release(&findings);
	org_release(&org);
	buf_release(&out.pending);
	return out.fd;
}

static void slurp(int fd, struct buf *b)
{
	off_t size = lseek(fd, 0, SEEK_END);

	if (pread(fd, buf_reserve(b, (size_t)size + 1), (size_t)size, 0) !=
	    size)
		abort();
	b->len = (size_t)size;
}

static void check_lines(const struct buf *b)
{
	const char *p = b->s, *end = p + b->len;
	struct json_fault fault;

	while (p < end) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));

		if (!eol || *p != '{' ||
		    json_check(p, (size_t)(eol - p), 2000, &fault))
			abort();
		if (!memmem(p, (size_t)(eol - p), "\"changeType\":\"UPSERT\"",
			    21) &&
		    !memmem(p, (size_t)(eol - p), "\"changeType\":\"PATCH\"",
			    20))
			abort();
		p = eol + 1;
	}
}

/* --compat=upstream says some aspects twice: then the last one counts. */
static void check_again(const struct settings *s, struct span text,
			const struct buf *first, int fd)
{
	char path[64];
	struct previous *previous;
	struct buf second = {0};
	uint64_t removed = 0;
	int again = build(s, text, NULL, NULL);

	slurp(again, &second);
	close(again);
	if (second.len != first->len ||
	    (first->len && memcmp(second.s, first->s, first->len)))
		abort();
	buf_clear(&second);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	previous = previous_read(path);
	if (!previous)
		abort();
	again = build(s, text, previous, &removed);
	slurp(again, &second);
	close(again);
	if (removed || (!s->upstream && second.len))
		abort();
	previous_free(previous);
	buf_release(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct settings_opts opts;
	struct settings s;
	struct buf first = {0};
	struct span text;
	int fd;

	if (!size)
		return 0;
	text = (struct span){(const char *)data + 1, size - 1};
	choose(&s, &opts, data[0]);
	fd = build(&s, text, NULL, NULL);
	slurp(fd, &first);
	check_lines(&first);
	check_again(&s, text, &first, fd);
	close(fd);
	buf_release(&first);
	settings_release(&s, &opts);
	return 0;
}

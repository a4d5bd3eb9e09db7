/*
 * mcp -- one metadata change proposal after the other.
 */
#include "datahub/mcp.h"

#include <stdlib.h>
#include <xxhash.h>

#include "base/mem.h"
#include "datahub/previous.h"
#include "json/str.h"

struct described {
	XXH128_hash_t hash;
};

void mcp_init(struct mcp *m, struct mcp_out *out, const char *run_id)
{
	*m = (struct mcp){.out = out, .run_id = run_id};
}

void mcp_release(struct mcp *m)
{
	buf_release(&m->body);
	buf_release(&m->line);
	buf_release(&m->urn);
	free(m->described);
}

/* What stands before the aspect itself. */
static void put_head(const struct mcp *m, struct buf *l)
{
	buf_addf(l, "{\"entityType\":\"%s\",\"entityUrn\":", m->entity);
	str_write(l, m->urn.s, m->urn.len);
	buf_addf(l, ",\"changeType\":\"%s\",\"aspectName\":\"%s\",\"aspect\":"
		 "{\"%s\":", m->patch ? "PATCH" : "UPSERT", m->aspect,
		 m->patch ? "value" : "json");
}

static struct buf *begin(struct mcp *m, const char *entity, struct span urn,
			 const char *aspect, bool patch)
{
	m->entity = entity;
	m->aspect = aspect;
	m->patch = patch;
	m->keyed = false;
	buf_clear(&m->urn);
	buf_add(&m->urn, urn.s, urn.len);
	buf_clear(&m->body);
	if (!patch)
		put_head(m, &m->body);
	m->head = m->body.len;
	buf_addc(&m->body, patch ? '[' : '{');
	return &m->body;
}

struct buf *mcp_begin(struct mcp *m, const char *entity, struct span urn,
		      const char *aspect)
{
	return begin(m, entity, urn, aspect, false);
}

struct buf *mcp_begin_patch(struct mcp *m, const char *entity, struct span urn,
			    const char *aspect)
{
	return begin(m, entity, urn, aspect, true);
}

struct buf *mcp_begin_keyed_patch(struct mcp *m, const char *entity,
				  struct span urn, const char *aspect,
				  const char *keys)
{
	struct buf *b = begin(m, entity, urn, aspect, true);

	buf_clear(b);
	buf_addf(b, "{\"arrayPrimaryKeys\":%s,\"patch\":[", keys);
	m->keyed = true;
	return b;
}

/* A patch is a string in its line; other aspects are in theirs already. */
static struct buf *whole_line(struct mcp *m)
{
	struct buf *l = m->patch ? &m->line : &m->body;

	if (m->patch) {
		buf_clear(l);
		put_head(m, l);
		str_write(l, m->body.s, m->body.len);
		buf_adds(l, ",\"contentType\":"
			 "\"application/json-patch+json\"");
	}
	buf_addc(l, '}');
	if (m->run_id) {
		buf_adds(l, ",\"systemMetadata\":{\"lastObserved\":0,"
			 "\"runId\":");
		str_write(l, m->run_id, strlen(m->run_id));
		buf_adds(l, ",\"lastRunId\":\"no-run-id-provided\"}");
	}
	buf_addc(l, '}');
	return l;
}

/* Kept for the next aspect; longer ones are rare. */
#define KEPT_BYTES (8U << 20)

static void write_line(struct mcp *m)
{
	const struct buf *l = whole_line(m);

	if (mcp_out_add(m->out, l->s, l->len))
		m->failed = true;
	m->written++;
}

void mcp_end(struct mcp *m)
{
	struct span aspect;

	buf_adds(&m->body, m->keyed ? "]}" : m->patch ? "]" : "}");
	aspect = (struct span){m->body.s + m->head, m->body.len - m->head};
	if (m->previous &&
	    previous_same(m->previous,
			  (struct span){m->urn.s, m->urn.len}, m->aspect,
			  m->patch, aspect)) {
		m->unchanged++;
	} else {
		if (aspect.len > m->max_bytes)
			m->max_bytes = aspect.len;
		m->over_1mb += aspect.len > 1000000;
		m->over_10mb += aspect.len > 10000000;
		write_line(m);
	}
	if (m->body.cap > KEPT_BYTES)
		buf_release(&m->body);
}

static void note(struct mcp *m, struct span urn)
{
	mem_grow(&m->described, &m->described_cap, m->ndescribed + 1,
		 sizeof(*m->described));
	m->described[m->ndescribed++].hash = XXH3_128bits(urn.s, urn.len);
	m->described_sorted = false;
}

static int by_hash(const void *a, const void *b)
{
	return XXH128_cmp(a, b);
}

bool mcp_described(struct mcp *m, struct span urn)
{
	XXH128_hash_t h = XXH3_128bits(urn.s, urn.len);

	if (!m->described_sorted && m->ndescribed)
		qsort(m->described, m->ndescribed, sizeof(*m->described),
		      by_hash);
	m->described_sorted = true;
	return m->ndescribed && bsearch(&h, m->described, m->ndescribed,
					sizeof(*m->described), by_hash);
}

void mcp_status(struct mcp *m, const char *entity, struct span urn,
		bool removed)
{
	if (m->keep_described && !removed && strcmp(entity, "schemaField"))
		note(m, urn);
	put_flag(mcp_begin(m, entity, urn, "status"), "removed", removed);
	mcp_end(m);
}

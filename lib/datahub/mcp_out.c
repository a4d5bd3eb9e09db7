/*
 * mcp_out -- metadata change proposals on their way out.
 */
#include "datahub/mcp_out.h"

#include "base/err.h"
#include "json/value.h"

#define HEAD "{\"proposals\":["
/* The emitter's own spelling: a string, and not to be queued. */
#define TAIL "],\"async\":\"false\"}\n"
/* Of an entity that has to be there before others refer to it. */
#define DEFINITION "\"urn:li:structuredProperty:"
#define FRAME (sizeof(HEAD) + sizeof(TAIL))

void mcp_out_init(struct mcp_out *m, struct out *out, enum mcp_form form)
{
	*m = (struct mcp_out){.out = out, .form = form};
}

void mcp_out_release(struct mcp_out *m)
{
	buf_release(&m->body);
	buf_release(&m->run);
	buf_release(&m->urn);
}

int mcp_out_form(bool array, int gms)
{
	if (!array)
		return gms ? MCP_GMS_BATCH : MCP_LINES;
	if (!gms)
		return MCP_ARRAY;
	err_msg("--array and --gms exclude each other (leave one of them out)");
	return -1;
}

/* The text of ${json} as the text of a string: it has no control bytes. */
static void add_quoted(struct buf *b, struct span json)
{
	const char *p = json.s, *end = p + json.len, *from = p;

	for (; p < end; p++) {
		if (*p != '"' && *p != '\\')
			continue;
		buf_add(b, from, (size_t)(p - from));
		buf_addc(b, '\\');
		from = p;
	}
	buf_add(b, from, (size_t)(end - from));
}

/* The aspect ${v} in the form the endpoint takes. */
static void add_aspect(struct buf *b, struct span v)
{
	struct value_iter it;
	struct span key, value;

	value_iter_start(&it, v);
	while (v.len && *v.s == '{' && value_next(&it, &key, &value)) {
		if (key.len != 4 || memcmp(key.s, "json", 4))
			continue;
		buf_adds(b, "{\"value\":\"");
		add_quoted(b, value);
		buf_adds(b, "\",\"contentType\":\"application/json\"}");
		return;
	}
	buf_add(b, v.s, v.len);
}

static bool key_is(struct span key, const char *name)
{
	return key.len == strlen(name) && !memcmp(key.s, name, key.len);
}

/* What says whether a proposal goes with the ones before it. */
struct about {
	struct span urn;
	bool definition;
};

/* The proposal with its aspect as value, behind ${b}. */
static struct about add_proposal(struct buf *b, const char *mcp, size_t len)
{
	struct about about = {.urn = {mcp, 0}};
	struct value_iter it;
	struct span key, value;
	bool first = true;

	value_iter_start(&it, (struct span){mcp, len});
	buf_addc(b, '{');
	while (value_next(&it, &key, &value)) {
		if (!first)
			buf_addc(b, ',');
		first = false;
		buf_addc(b, '"');
		buf_add(b, key.s, key.len);
		buf_adds(b, "\":");
		if (key_is(key, "aspect")) {
			add_aspect(b, value);
			continue;
		}
		if (key_is(key, "entityUrn"))
			about.urn = value;
		buf_add(b, value.s, value.len);
	}
	buf_addc(b, '}');
	about.definition = about.urn.len > sizeof(DEFINITION) &&
		!memcmp(about.urn.s, DEFINITION, sizeof(DEFINITION) - 1);
	return about;
}

static int write_body(struct mcp_out *m)
{
	int failed;

	if (!m->in_body)
		return 0;
	failed = out_add(m->out, HEAD, sizeof(HEAD) - 1);
	failed |= out_add(m->out, m->body.s, m->body.len);
	failed |= out_add(m->out, TAIL, sizeof(TAIL) - 1);
	buf_clear(&m->body);
	m->in_body = 0;
	return failed ? -1 : 0;
}

/* The run goes into the open body, or, where it does not fit, a new one. */
static int close_run(struct mcp_out *m)
{
	int failed = 0;

	if (!m->in_run)
		return 0;
	if (m->in_body + m->in_run > MCP_BATCH_LENGTH ||
	    m->body.len + m->run.len + FRAME > MCP_BATCH_BYTES)
		failed = write_body(m);
	if (m->in_body)
		buf_addc(&m->body, ',');
	buf_add(&m->body, m->run.s, m->run.len);
	m->in_body += m->in_run;
	buf_clear(&m->run);
	m->in_run = 0;
	return failed;
}

static int add_to_batch(struct mcp_out *m, const char *mcp, size_t len)
{
	struct buf one = {0};
	struct about about = add_proposal(&one, mcp, len);
	bool same = m->in_run && about.urn.len == m->urn.len &&
		    !memcmp(about.urn.s, m->urn.s, m->urn.len);
	int failed = 0;

	if (!same || m->in_run == MCP_BATCH_LENGTH ||
	    m->run.len + one.len + FRAME > MCP_BATCH_BYTES) {
		failed = close_run(m);
		/* not to be overtaken by what comes behind */
		if (m->in_body && (same || m->definitions != about.definition))
			failed |= write_body(m);
	}
	m->definitions = about.definition;
	buf_clear(&m->urn);
	buf_add(&m->urn, about.urn.s, about.urn.len);
	if (m->in_run++)
		buf_addc(&m->run, ',');
	buf_add(&m->run, one.s, one.len);
	buf_release(&one);
	return failed;
}

int mcp_out_add(struct mcp_out *m, const char *mcp, size_t len)
{
	int failed = 0;

	if (m->form == MCP_GMS_BATCH) {
		m->count++;
		return add_to_batch(m, mcp, len);
	}
	if (m->form == MCP_ARRAY)
		failed = m->count ? out_add(m->out, ",\n", 2) :
				    out_add(m->out, "[\n", 2);
	m->count++;
	failed |= out_add(m->out, mcp, len);
	if (m->form == MCP_LINES)
		failed |= out_add(m->out, "\n", 1);
	return failed ? -1 : 0;
}

int mcp_out_lines(struct mcp_out *m, const char *text, size_t len)
{
	const char *end = text + len, *line_end;

	if (m->form == MCP_LINES) {
		m->count++;
		return out_add(m->out, text, len);
	}
	for (; text < end; text = line_end + 1) {
		line_end = memchr(text, '\n', (size_t)(end - text));
		if (!line_end)
			line_end = end;
		if (mcp_out_add(m, text, (size_t)(line_end - text)))
			return -1;
	}
	return 0;
}

int mcp_out_end(struct mcp_out *m)
{
	int failed = 0;

	if (m->form == MCP_GMS_BATCH) {
		failed = close_run(m);
		failed |= write_body(m);
	} else if (m->form == MCP_ARRAY) {
		failed = m->count ? out_add(m->out, "\n]\n", 3) :
				    out_add(m->out, "[\n]\n", 4);
	}
	return failed ? -1 : 0;
}

/*
 * fetchtool -- the engine of the fetchers alone: URLs in, outcomes out.
 *
 * A line of input is "AUTH URL [HASH]": AUTH is plain, console or iglu; a URL
 * that begins with / is behind the organisation's.  A line of output is
 * "OUTCOME STATUS BYTES FNV1A URL REASON", as they come.  --stream takes bodies
 * as streams, --body writes bodies and nothing else, --twice submits each
 * twice.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/common_opts.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/stop.h"
#include "snowplow/http.h"

struct opts {
	struct common_opts common;
	struct http_opts http;
	bool stream, body, twice;
	uint64_t ahead;
	const char *iglu;
};

static const struct opt table[] = {
	HTTP_OPTIONS(struct opts, http),
	{ .kind = OPT_HEADING, .help = "Test" },
	{ .name = "stream", .offset = offsetof(struct opts, stream),
	  .help = "Take streams." },
	{ .name = "body", .offset = offsetof(struct opts, body),
	  .help = "Write bodies." },
	{ .name = "twice", .offset = offsetof(struct opts, twice),
	  .help = "Each URL twice." },
	{ .name = "ahead", .arg = "N", .kind = OPT_COUNT,
	  .offset = offsetof(struct opts, ahead), .help = "Queue N." },
	{ .name = "iglu", .arg = "URL", .kind = OPT_TEXT,
	  .offset = offsetof(struct opts, iglu),
	  .help = "An Iglu server; its key is IGLU_KEY." },
	COMMON_OUTPUT,
	COMMON_REPORT,
	OPTS_END
};

static const struct opts_spec spec = {
	.usage = "[OPTION]...", .summary = "Fetches URLs.",
	.examples = "echo plain http://localhost/ | fetchtool\n",
	.see = "nothing", .table = table
};

struct tool {
	struct opts o;
	struct http *http;
	struct credentials credentials;
	struct buf iglu_key;
	struct out out;
};

struct one {
	struct tool *tool;
	uint64_t bytes, hash, skip, at;
	struct buf text;
};

static void add(struct one *one, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		one->hash = (one->hash ^ (unsigned char)s[i]) *
			    0x100000001b3;
	one->bytes += len;
	if (one->tool->o.body)
		buf_add(&one->text, s, len);
}

/* What was seen before a restart is skipped. */
static const char *on_stream(void *arg, const char *text, size_t len)
{
	struct one *one = arg;
	size_t skip;

	if (!text)
		return one->at < one->bytes ? "cut" : NULL;
	skip = one->at < one->bytes ? (size_t)(one->bytes - one->at) : 0;
	if (skip > len)
		skip = len;
	one->at += len;
	add(one, text + skip, len - skip);
	return NULL;
}

static void on_restart(void *arg)
{
	struct one *one = arg;

	one->at = 0;
}

static void on_done(void *arg, struct http_answer *a)
{
	struct one *one = arg;
	struct tool *t = one->tool;
	struct buf line = {0};

	if (a->body)
		add(one, a->body->s, a->body->len);
	if (t->o.body && a->outcome == HTTP_OK)
		buf_addf(&line, "%.*s\n", (int)one->text.len, one->text.s);
	else
		buf_addf(&line, "%s %d %" PRIu64 " %016" PRIx64 " %s %s\n",
			 http_outcome_name(a->outcome), a->status, one->bytes,
			 one->hash, a->url, a->reason);
	if (out_add(&t->out, line.s, line.len))
		http_stop(t->http, RC_FAILED);
	buf_release(&line);
	buf_release(&one->text);
	free(one);
}

static void submit(struct tool *t, enum http_auth auth, const char *url,
		   const char *hash)
{
	struct one *one = mem_zalloc(1, sizeof(*one));
	struct http_request r = { .endpoint = "test", .auth = auth,
		.content_hash = hash, .done = on_done, .arg = one };
	struct buf whole = {0};

	one->tool = t;
	one->hash = 0xcbf29ce484222325;
	buf_addf(&whole, "%s%s", *url == '/' ? t->credentials.base : "", url);
	r.url = buf_cstr(&whole);
	if (t->o.stream) {
		r.stream = on_stream;
		r.restart = on_restart;
	}
	http_submit(t->http, &r);
	buf_release(&whole);
}

static void one_line(struct tool *t, char *line)
{
	char *auth = strtok(line, " \n"), *url = strtok(NULL, " \n");
	char *hash = strtok(NULL, " \n");
	enum http_auth is;

	if (!auth || !url)
		return;
	is = !strcmp(auth, "console") ? HTTP_CONSOLE :
	     !strcmp(auth, "iglu") ? HTTP_IGLU : HTTP_PLAIN;
	for (int i = 0; i < (t->o.twice ? 2 : 1); i++)
		submit(t, is, url, hash);
}

static int run(struct tool *t)
{
	char line[8192];
	uint64_t ahead = t->o.ahead ? t->o.ahead : 4 * t->o.http.max_procs;
	struct report report;
	struct buf plan = {0};
	int rc;

	report_begin(&report);
	while (http_rc(t->http) == RC_DONE &&
	       fgets(line, sizeof(line), stdin)) {
		one_line(t, line);
		while (http_pending(t->http) >= ahead)
			http_wait(t->http, NULL, 0, -1);
	}
	while (!http_idle(t->http))
		http_wait(t->http, NULL, 0, -1);
	rc = http_rc(t->http);
	if (t->o.http.dry_run) {
		http_plan(t->http, &plan);
		out_add(&t->out, plan.s, plan.len);
		buf_release(&plan);
	}
	http_report(t->http, &report);
	report_write(&report, t->o.common.report);
	return out_close(&t->out, rc);
}

int main(int argc, char **argv)
{
	struct tool t = { .o.http = HTTP_OPTS_DEFAULT };
	struct http_settings s = { .opts = &t.o.http };
	const char *key = getenv("IGLU_KEY");
	int status;

	err_init(argv[0]);
	if (opts_parse(&spec, &t.o, argc, argv, &status) < 0)
		return status;
	if (http_opts_check(&t.o.http) || stop_watch(t.o.http.time_limit_ms))
		return RC_USAGE;
	if (getenv("FETCH_CONSOLE")) {
		if (t.o.http.offline ? credentials_place(&t.credentials) :
		    credentials_read(&t.credentials, t.o.http.api_key_file))
			return RC_USAGE;
		s.credentials = &t.credentials;
	}
	if (key)
		buf_adds(&t.iglu_key, key);
	s.iglu = t.o.iglu;
	s.iglu_key = key ? &t.iglu_key : NULL;
	t.http = http_new(&s);
	if (!t.http || out_open(&t.out, t.o.common.output))
		return RC_USAGE;
	status = run(&t);
	http_free(t.http);
	credentials_release(&t.credentials);
	buf_release(&t.iglu_key);
	return status;
}

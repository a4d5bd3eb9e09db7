/*
 * http_token -- who may have which header, and the request for the token.
 */
#include "base/err.h"
#include "base/mem.h"
#include "base/secret.h"
#include "snowplow/http_in.h"

/* First of all that is ready: serial numbers of others begin at 1. */
static void push_token_job(struct http *h)
{
	const char *base = h->settings.credentials->base;
	struct job *j = mem_zalloc(1, sizeof(*j));
	struct buf url = {0};

	buf_addf(&url, "%s/credentials/v3/token", base);
	j->http = h;
	j->is_token = true;
	j->request = (struct http_request){ .url = buf_cstr(&url),
		.endpoint = "token", .auth = HTTP_CONSOLE };
	j->endpoint = endpoint_of(h, "token");
	j->host = host_of(h, base);
	j->seen = -1;
	j->prepared = true;
	ready_push(h, j);
}

static enum auth key_headers(const struct credentials *c, struct buf *header,
			     struct buf *second)
{
	buf_addf(header, "X-API-Key-ID: %s", c->key_id.s);
	buf_addf(second, "X-API-Key: %s", c->key.s);
	buf_cstr(header);
	buf_cstr(second);
	return AUTH_READY;
}

static enum auth not_for(struct http *h, struct job *j, const char *base,
			 const char *why)
{
	if (base && j->host == host_of(h, base))
		return AUTH_READY;
	finish(h, j, HTTP_NETWORK, why);
	return AUTH_OVER;
}

static enum auth console(struct http *h, struct job *j, struct buf *header)
{
	const struct credentials *c = h->settings.credentials;

	if (not_for(h, j, c ? c->base : NULL, "this is not the Console, and "
		    "gets no token") == AUTH_OVER)
		return AUTH_OVER;
	switch (token_ask(&h->token)) {
	case TOKEN_READY:
		buf_addf(header, "Authorization: Bearer %s", h->token.text.s);
		buf_cstr(header);
		j->token_number = h->token.number;
		return AUTH_READY;
	case TOKEN_FETCH:
		push_token_job(h);
		return AUTH_FIRST;
	case TOKEN_WAIT:
		break;
	}
	return AUTH_WAIT;
}

enum auth auth_header(struct http *h, struct job *j, struct buf *header,
		      struct buf *second)
{
	const struct buf *key = h->settings.iglu_key;

	if (j->is_token)
		return key_headers(h->settings.credentials, header, second);
	if (j->request.auth == HTTP_CONSOLE)
		return console(h, j, header);
	if (j->request.auth == HTTP_PLAIN || !key || !key->len)
		return AUTH_READY;
	buf_addf(header, "apikey: %.*s", (int)key->len, key->s);
	buf_cstr(header);
	return not_for(h, j, h->settings.iglu, "this is not the Iglu server, "
		       "and gets no key");
}

void token_done(struct http *h, struct job *j, const struct http_answer *a)
{
	const char *origin = j->host->origin;

	if (a->outcome == HTTP_OK) {
		if (token_set(&h->token, j->body.s, j->body.len)) {
			err_msg("%s: its answer has no access token", origin);
			http_over(h, RC_FAILED);
		}
		secret_release(&j->body);
		return;
	}
	token_failed(&h->token);
	if (a->outcome == HTTP_STOPPED)
		return;
	if (a->status == 401 || a->status == 403)
		err_msg("%s: the API key was refused: %d %s (check the key, "
			"its id and the organisation)", origin, a->status,
			a->reason);
	else
		err_msg("%s: no access token: %s", origin, a->reason);
	http_over(h, RC_FAILED);
}

void job_refused(struct http *h, struct job *j)
{
	bool present = j->token_number == h->token.number;

	if (present && j->refusals++ >= MAX_REFUSALS) {
		finish(h, j, HTTP_STATUS, NULL);
		return;
	}
	token_refused(&h->token, j->token_number);
	job_reset(j);
	ready_push(h, j);
}

/*
 * token -- the Console's access token, one for all requests and processes.
 *
 * GET BASE/credentials/v3/token gives it for the API key; it lives 24 hours
 * (Snowplow's documentation) and is then refused with 401.  Each token has a
 * number, and each request remembers the number that it was sent with: a 401 on
 * an older one is only repeated, a 401 on the present one makes this the one
 * request that fetches the next, while the others wait.
 *
 * With a cache the token is shared through the file "token" in it, which holds
 * it encrypted with a key made from the API key (seal.h): who does not have the
 * API key learns nothing from the file.  The file is locked (flock) by who
 * fetches, so that of several processes one does; who dies loses the lock.
 *
 * No requests are made here: http.c asks what to do next.
 */
#ifndef SNOWPLOW_TOKEN_H
#define SNOWPLOW_TOKEN_H

#include <stdbool.h>
#include <stdint.h>
#include "base/buf.h"
#include "snowplow/credentials.h"

enum token_next {
	TOKEN_READY,	/* .text, .number are it */
	TOKEN_FETCH,	/* the caller fetches: token_set() or token_failed() */
	TOKEN_WAIT	/* somebody does: ask again in a while (50 ms) */
};

struct token {
	struct buf text;	/* with a NUL behind */
	uint64_t number;	/* from 1; 0: none yet */
	/* private */
	const struct credentials *credentials;
	char *path;		/* NULL: not shared */
	int lock;		/* descriptor of the lock held, or -1 */
	bool refused;		/* .number was refused */
	bool fetching;
};

/* ${folder} of the cache, or NULL. */
void token_init(struct token *, const struct credentials *,
		const char *folder);
void token_release(struct token *);

enum token_next token_ask(struct token *);

/* 401 came back for token ${number}. */
void token_refused(struct token *, uint64_t number);

/* The answer to TOKEN_FETCH: 0, or -1 when it has no "accessToken". */
int token_set(struct token *, const char *json, size_t len);
void token_failed(struct token *);

#endif

/*
 * token -- the Console's access token.
 *
 * The file is: the seal of "NUMBER TOKEN", NUMBER in decimal.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/mem.h"
#include "base/opts.h"
#include "base/pool.h"
#include "base/secret.h"
#include "json/dom.h"
#include "snowplow/seal.h"
#include "snowplow/token.h"

enum { MAX_TOKEN = 64 * 1024, NAME_HEX = 16 };

/* Each pair of organisation and key has its own. */
static char *file_name(const struct credentials *c, const char *folder)
{
	char hex[SHA256_HEX];
	struct buf b = {0};

	buf_addf(&b, "%s\n%s", c->base, c->key_id.s);
	digest_sha256(b.s, b.len, hex);
	buf_clear(&b);
	buf_addf(&b, "%s/token-%.*s", folder, NAME_HEX, hex);
	return buf_cstr(&b);
}

void token_init(struct token *t, const struct credentials *c,
		const char *folder)
{
	*t = (struct token){ .credentials = c, .lock = -1 };
	if (folder)
		t->path = file_name(c, folder);
}

static void unlock(struct token *t)
{
	if (t->lock >= 0)
		close(t->lock);
	t->lock = -1;
}

void token_release(struct token *t)
{
	unlock(t);
	secret_release(&t->text);
	free(t->path);
}

/* Takes "NUMBER TOKEN" where it is newer than what there is. */
static bool adopt(struct token *t, const struct buf *text)
{
	const char *blank = memchr(text->s, ' ', text->len);
	char digits[24];
	uint64_t number;
	size_t n = blank ? (size_t)(blank - text->s) : 0;

	if (!n || n >= sizeof(digits))
		return false;
	memcpy(digits, text->s, n);
	digits[n] = '\0';
	if (opt_number(digits, &number) || number <= t->number)
		return false;
	secret_release(&t->text);
	buf_add(&t->text, blank + 1, text->len - n - 1);
	buf_cstr(&t->text);
	t->number = number;
	t->refused = false;
	return true;
}

static bool adopt_file(struct token *t)
{
	struct buf sealed = {0}, text = {0};
	ssize_t n = pread(t->lock, buf_reserve(&sealed, MAX_TOKEN), MAX_TOKEN,
			  0);
	bool newer = n > 0 &&
		     !unseal(&text, &t->credentials->key, sealed.s,
			     (size_t)n) && adopt(t, &text);

	buf_release(&sealed);
	secret_release(&text);
	return newer;
}

/* The lock: 1 ours, 0 somebody else's, -1 there is none to be had. */
static int lock(struct token *t)
{
	t->lock = open(t->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		       0600);
	if (t->lock < 0)
		return -1;
	if (!flock(t->lock, LOCK_EX | LOCK_NB))
		return 1;
	if (errno == EWOULDBLOCK || errno == EINTR) {
		unlock(t);
		return 0;
	}
	unlock(t);
	return -1;
}

enum token_next token_ask(struct token *t)
{
	int got;

	if (t->number && !t->refused)
		return TOKEN_READY;
	if (t->fetching)
		return TOKEN_WAIT;
	got = t->path ? lock(t) : -1;
	if (!got)
		return TOKEN_WAIT;
	if (got > 0 && adopt_file(t)) {
		unlock(t);
		return TOKEN_READY;
	}
	t->fetching = true;
	return TOKEN_FETCH;
}

void token_refused(struct token *t, uint64_t number)
{
	if (number == t->number)
		t->refused = true;
}

/* What cannot be written is not shared, and nothing more. */
static void share(struct token *t)
{
	struct buf text = {0}, sealed = {0};

	buf_addf(&text, "%" PRIu64 " %s", t->number, t->text.s);
	if (seal(&sealed, &t->credentials->key, text.s, text.len) ||
	    pwrite(t->lock, sealed.s, sealed.len, 0) != (ssize_t)sealed.len ||
	    ftruncate(t->lock, (off_t)sealed.len))
		(void)!ftruncate(t->lock, 0);
	secret_release(&text);
	buf_release(&sealed);
}

static bool fits_header(const struct span *s)
{
	for (size_t i = 0; i < s->len; i++)
		if (s->s[i] < 0x21 || s->s[i] > 0x7e)
			return false;
	return s->s && s->len && s->len < MAX_TOKEN / 2;
}

int token_set(struct token *t, const char *json, size_t len)
{
	struct pool pool = {0};
	struct span s = dom_string(&pool, dom_get(dom_parse(&pool, json, len),
						  "accessToken"));
	int rc = -1;

	if (fits_header(&s)) {
		secret_release(&t->text);
		buf_add(&t->text, s.s, s.len);
		buf_cstr(&t->text);
		t->number++;
		t->refused = false;
		if (t->lock >= 0)
			share(t);
		rc = 0;
	}
	pool_release(&pool);
	t->fetching = false;
	unlock(t);
	return rc;
}

void token_failed(struct token *t)
{
	t->fetching = false;
	unlock(t);
}

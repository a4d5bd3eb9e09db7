/*
 * fetched -- what the fetchers keep in files: cache, token, shared state; and
 * the files they read access from.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>

#include "base/secret.h"
#include "snowplow/cache.h"
#include "snowplow/dotenv.h"
#include "snowplow/seal.h"
#include "snowplow/shared.h"
#include "snowplow/token.h"
#include "snowplow/yml.h"
#include "unit.h"

static char folder[] = "/tmp/penstock-fetched-XXXXXX";

/* ---- cache ---- */

static void put(struct cache *c, const char *url, const char *etag,
		const char *body, size_t len, size_t piece)
{
	struct buf key = {0};
	struct cache_writer *w;

	cache_key(&key, url, NULL);
	w = cache_write_begin(c, &key, etag);
	for (size_t at = 0; at < len; at += piece)
		cache_write(w, body + at, len - at < piece ? len - at : piece);
	cache_write_end(w, true);
	buf_release(&key);
}

static struct cache_entry *get(struct cache *c, const char *url,
			       const char *hash)
{
	struct buf key = {0};
	struct cache_entry *e;

	cache_key(&key, url, hash);
	e = cache_find(c, &key);
	buf_release(&key);
	return e;
}

static bool holds(struct cache_entry *e, const char *body, size_t len)
{
	char *got = malloc(len + 1);
	size_t n = 0;
	long more = 0;
	bool ok;

	while (e && n < len && (more = cache_read(e, got + n, len - n)) > 0)
		n += (size_t)more;
	ok = e && n == len && cache_length(e) == len &&
	     !memcmp(got, body, len) && !cache_read(e, got, 1);
	free(got);
	return ok;
}

static void test_sizes(struct cache *c)
{
	static const size_t sizes[] = { 0, 1, 100, 65536, 65537, 300000 };
	static const size_t pieces[] = { 1, 1000, 65536, 1000000 };
	char *body = malloc(300000);
	struct cache_entry *e;

	for (size_t i = 0; i < 300000; i++)
		body[i] = (char)(i * 7 + i / 256);
	for (size_t i = 0; i < 6; i++)
		for (size_t k = i < 3 ? 0 : 1; k < 4; k++) {
			put(c, "http://a/b", k & 1 ? "\"tag\"" : NULL, body,
			    sizes[i], pieces[k]);
			e = get(c, "http://a/b", NULL);
			CHECK(holds(e, body, sizes[i]));
			CHECK(e && (k & 1 ? !strcmp(cache_etag(e), "\"tag\"")
				    : !cache_etag(e)));
			CHECK(e && cache_age_ms(e) < 60000);
			cache_release(e);
		}
	free(body);
}

/* ${path}: the one file there is under the cache. */
static void only_file(char *path, size_t size)
{
	struct buf command = {0};
	FILE *f;

	buf_addf(&command, "find %s -type f | head -n 1", folder);
	f = popen(buf_cstr(&command), "r");
	CHECK(f && fgets(path, (int)size, f));
	path[strcspn(path, "\n")] = '\0';
	if (f)
		pclose(f);
	buf_release(&command);
}

/* Each byte of a file in turn is wrong, and each length too short. */
static void test_damage(struct cache *c)
{
	char path[300], byte;
	struct cache_entry *e;
	struct stat st;
	int fd;

	put(c, "http://a/b", "\"t\"", "[1,2,3]", 7, 7);
	only_file(path, sizeof(path));
	CHECK(!stat(path, &st) && (st.st_mode & 0777) == 0600);
	for (off_t i = 0; i < st.st_size; i++) {
		put(c, "http://a/b", "\"t\"", "[1,2,3]", 7, 7);
		fd = open(path, O_RDWR);
		CHECK(pread(fd, &byte, 1, i) == 1);
		byte ^= 0x40;
		CHECK(pwrite(fd, &byte, 1, i) == 1);
		close(fd);
		e = get(c, "http://a/b", NULL);
		/* a wrong ETag gets the body again, and does no harm */
		CHECK(!e || holds(e, "[1,2,3]", 7));
		cache_release(e);
		put(c, "http://a/b", "\"t\"", "[1,2,3]", 7, 7);
		CHECK(!truncate(path, i));
		CHECK(!get(c, "http://a/b", NULL));
		CHECK(access(path, F_OK));	/* removed */
	}
}

static void test_cache(void)
{
	struct cache *c = cache_open(folder);
	struct cache_writer *w;
	struct cache_entry *e;
	struct buf key = {0};
	struct timespec old[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };
	char path[300];

	CHECK(c != NULL);
	CHECK(!get(c, "http://a/b", NULL));
	test_sizes(c);
	CHECK(!get(c, "http://a/c", NULL) && !get(c, "http://a/b", "h"));
	only_file(path, sizeof(path));
	CHECK(!utimensat(AT_FDCWD, path, old, 0));
	e = get(c, "http://a/b", NULL);
	CHECK(e && cache_age_ms(e) > 1000000000);
	if (e)
		cache_confirm(e);
	cache_release(e);
	e = get(c, "http://a/b", NULL);
	CHECK(e && cache_age_ms(e) < 60000);
	cache_release(e);
	test_damage(c);
	/* what is not kept leaves nothing */
	cache_key(&key, "http://a/d", NULL);
	w = cache_write_begin(c, &key, NULL);
	cache_write(w, "x", 1);
	cache_write_end(w, false);
	CHECK(!cache_find(c, &key));
	cache_write_end(NULL, true);
	CHECK(cache_lost(c) == 0);
	buf_release(&key);
	cache_close(c);
}

/* ---- seal and token ---- */

static void test_seal(void)
{
	struct buf secret = {0}, other = {0}, sealed = {0}, text = {0};

	buf_adds(&secret, "a secret");
	buf_adds(&other, "a secreT");
	CHECK(!seal(&sealed, &secret, "hello", 5));
	CHECK(!memmem(sealed.s, sealed.len, "hello", 5));
	CHECK(!unseal(&text, &secret, sealed.s, sealed.len));
	CHECK(same(&text, "hello"));
	CHECK(unseal(&text, &other, sealed.s, sealed.len));
	for (size_t i = 0; i < sealed.len; i++) {
		sealed.s[i] ^= 1;
		CHECK(unseal(&text, &secret, sealed.s, sealed.len));
		sealed.s[i] ^= 1;
		CHECK(unseal(&text, &secret, sealed.s, i));
	}
	CHECK(same(&text, "hello"));
	buf_release(&secret);
	buf_release(&other);
	buf_release(&sealed);
	buf_release(&text);
}

static struct credentials someone(const char *key)
{
	struct credentials c = { .base = strdup("http://h/o"),
		.org = strdup("o") };

	buf_adds(&c.key_id, "id");
	buf_adds(&c.key, key);
	buf_cstr(&c.key_id);
	buf_cstr(&c.key);
	return c;
}

static int set(struct token *t, const char *json)
{
	return token_set(t, json, strlen(json));
}

static void test_token_shared(const struct credentials *c)
{
	struct token a, b;

	token_init(&a, c, folder);
	token_init(&b, c, folder);
	CHECK(token_ask(&a) == TOKEN_FETCH && token_ask(&a) == TOKEN_WAIT);
	CHECK(token_ask(&b) == TOKEN_WAIT);	/* a fetches it */
	CHECK(!set(&a, "{\"accessToken\":\"one\"}"));
	CHECK(token_ask(&b) == TOKEN_READY && same(&b.text, "one"));
	CHECK(b.number == 1 && a.number == 1);
	/* an old one is refused: nothing; the present one: the next */
	token_refused(&a, 0);
	CHECK(token_ask(&a) == TOKEN_READY);
	token_refused(&a, 1);
	CHECK(token_ask(&a) == TOKEN_FETCH);
	CHECK(!set(&a, "{\"x\":1,\"accessToken\":\"two\"}"));
	token_refused(&b, 1);
	CHECK(token_ask(&b) == TOKEN_READY && same(&b.text, "two"));
	CHECK(b.number == 2);
	/* who dies while fetching loses the lock */
	token_refused(&b, 2);
	token_refused(&a, 2);
	CHECK(token_ask(&b) == TOKEN_FETCH && token_ask(&a) == TOKEN_WAIT);
	token_release(&b);
	CHECK(token_ask(&a) == TOKEN_FETCH);
	token_failed(&a);
	token_release(&a);
}

static void test_token(void)
{
	struct credentials c = someone("key"), other = someone("other");
	struct token t;

	test_token_shared(&c);
	token_init(&t, &other, folder);		/* sealed with another key */
	CHECK(token_ask(&t) == TOKEN_FETCH);
	CHECK(set(&t, "{\"accessToken\":7}") && t.number == 0);
	CHECK(token_ask(&t) == TOKEN_FETCH);
	CHECK(set(&t, "{\"accessToken\":\"a\\r\\nX: 1\"}"));
	CHECK(token_ask(&t) == TOKEN_FETCH && set(&t, "[]"));
	token_release(&t);
	token_init(&t, &c, NULL);
	CHECK(token_ask(&t) == TOKEN_FETCH && token_ask(&t) == TOKEN_WAIT);
	CHECK(!set(&t, "{\"accessToken\":\"mine\"}"));
	CHECK(token_ask(&t) == TOKEN_READY && same(&t.text, "mine"));
	token_release(&t);
	credentials_release(&c);
	credentials_release(&other);
}

/* ---- what processes share ---- */

static void test_shared(void)
{
	bool common1, common2, common3;
	struct shared *a = shared_open(folder, "http://h:80", &common1);
	struct shared *b = shared_open(folder, "http://h:80", &common2);
	struct shared *c = shared_open(folder, "http://i:80", &common3);

	CHECK(common1 && common2 && common3);
	shared_pause(a, 1000);
	shared_pause(b, 500);
	CHECK(b->pause_until == 1000 && c->pause_until == 0);
	a->bucket = 77;
	CHECK(b->bucket == 77);
	memset(b->boot, 'x', 36);		/* of another boot */
	shared_close(b, common2);
	b = shared_open(folder, "http://h:80", &common2);
	CHECK(b->pause_until == 0 && b->bucket == 0);
	shared_close(a, common1);
	shared_close(b, common2);
	shared_close(c, common3);
	a = shared_open(NULL, "http://h:80", &common1);
	CHECK(!common1 && a->pause_until == 0);
	shared_close(a, common1);
}

/* ---- the files of snowplow-cli ---- */

static bool env(const char *text, const char *want)
{
	struct buf b = {0};
	bool met = dotenv_get(text, strlen(text), "KEY", &b);
	bool ok = want ? met && same(&b, want) : !met;

	buf_release(&b);
	return ok;
}

static void test_dotenv(void)
{
	CHECK(env("KEY=a", "a") && env("\n# x\n export KEY = a b # c\n", "a b"));
	CHECK(env("KEY=a#b\n", "a#b") && env("KEY=#b\n", ""));
	CHECK(env("KEY='a # \\n'\n", "a # \\n"));
	CHECK(env("KEY=\"a\\n\\\"b\\\\ $X\" # c\n", "a\n\"b\\ $X"));
	CHECK(env("KEY=\"two\nlines\"\nKEY2=x\n", "two\nlines"));
	CHECK(env("OTHER=\"\nKEY=no\n\"\n", NULL));
	CHECK(env("KEY=1\nKEY=2\n", "2") && env("KEY: y\r\n", "y"));
	CHECK(env("KEYS=a\nAKEY=b\n", NULL) && env("KEY", NULL));
	CHECK(env("", NULL) && env("=x\nKEY=\"", ""));
}

static int yml(const char *text, const char *want)
{
	struct buf b = {0};
	size_t line;
	int rc = yml_get(text, strlen(text), "console", "key", &b, &line);

	if (rc == 1 && !same(&b, want))
		rc = 9;
	buf_release(&b);
	return rc < 0 ? -(int)line : rc;
}

static void test_yml(void)
{
	CHECK(yml("console:\n  key: a b\n", "a b") == 1);
	CHECK(yml("# c\nconsole: {other: 1, key: \"x\\ty\"}\n", "x\ty") == 1);
	CHECK(yml("console:\n  key: 'a''b' # c\nkey: no\n", "a'b") == 1);
	CHECK(yml("key: no\nconsole: text\n", "") == 0);
	CHECK(yml("console:\n  key: [1]\n", "") == 0);
	CHECK(yml("", "") == 0 && yml("[1,2]", "") == 0);
	CHECK(yml("a: 1\nb: [\n", "") < -1);
}

int main(void)
{
	struct buf command = {0};

	CHECK(mkdtemp(folder) != NULL);
	test_cache();
	test_seal();
	test_token();
	test_shared();
	test_dotenv();
	test_yml();
	buf_addf(&command, "rm -rf %s", folder);
	CHECK(!system(buf_cstr(&command)));
	buf_release(&command);
	return unit_end("fetched");
}

/*
 * credentials -- who asks the Console.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/secret.h"
#include "snowplow/credentials.h"
#include "snowplow/dotenv.h"
#include "snowplow/yml.h"

static const char default_host[] = "https://console.snowplowanalytics.com";
static const char api[] = "/api/msc/v1";

enum { HOST, ORG, KEY_ID, KEY, VALUES, MAX_FILE = 1 << 20 };

static const struct {
	const char *env, *yml, *old_yml;
} names[VALUES] = {
	[HOST] = { "SNOWPLOW_CONSOLE_HOST", "host", NULL },
	[ORG] = { "SNOWPLOW_CONSOLE_ORG_ID", "org-id", NULL },
	[KEY_ID] = { "SNOWPLOW_CONSOLE_API_KEY_ID", "api-key-id", NULL },
	[KEY] = { "SNOWPLOW_CONSOLE_API_KEY", "api-key", "api-key-secret" }
};

/* What was read, while it is looked for. */
struct sources {
	struct buf env_file, yml_file;
	char *env_path, *yml_path;	/* NULL: there is none */
	int wanted;		/* so many of the values */
	struct buf values[VALUES];
};

/* NULL where there is no such folder. */
static char *config_path(bool xdg, const char *name)
{
	const char *top = getenv(xdg ? "XDG_CONFIG_HOME" : "HOME");
	struct buf b = {0};

	if (!top || !*top)
		return NULL;
	buf_addf(&b, "%s%s/snowplow/%s", top, xdg ? "" : "/.config", name);
	return buf_cstr(&b);
}

static int take_file(const char *path, struct buf *text)
{
	struct stat st;

	if (stat(path, &st))
		return errno == ENOENT || errno == ENOTDIR ? 0 : -1;
	if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode))
		return 0;	/* a folder .env is somebody's Python */
	return secret_read(text, path, "configuration", 0, MAX_FILE) ? -1 : 1;
}

/*
 * Reads the first file there is of ${local} (or NULL) and ${name} in the two
 * folders of configuration.  0, or -1 after a message.
 */
static int first_file(const char *local, const char *name, struct buf *text,
		      char **path)
{
	char *paths[3];
	int rc = 0;

	paths[0] = local ? mem_dup(local, strlen(local)) : NULL;
	paths[1] = config_path(false, name);
	paths[2] = config_path(true, name);
	*path = NULL;
	for (int i = 0; i < 3; i++) {
		if (paths[i] && !rc)
			rc = take_file(paths[i], text);
		if (rc > 0 && !*path)
			*path = paths[i];
		else
			free(paths[i]);
	}
	return rc < 0 ? -1 : 0;
}

static int from_yml(struct sources *s, int i)
{
	size_t line;
	int rc;

	if (!s->yml_path)
		return 0;
	rc = yml_get(s->yml_file.s ? s->yml_file.s : "", s->yml_file.len,
		     "console", names[i].yml, &s->values[i], &line);
	if (!rc && names[i].old_yml)
		rc = yml_get(s->yml_file.s ? s->yml_file.s : "",
			     s->yml_file.len, "console", names[i].old_yml,
			     &s->values[i], &line);
	if (rc >= 0)
		return 0;
	err_msg("%s:%zu: this is no YAML (mend it, or set %s)", s->yml_path,
		line, names[i].env);
	return -1;
}

static int find(struct sources *s, int i)
{
	const char *env = getenv(names[i].env);

	if (env && *env) {
		buf_adds(&s->values[i], env);
		return 0;
	}
	if (s->env_path && dotenv_get(s->env_file.s, s->env_file.len,
				      names[i].env, &s->values[i]) &&
	    s->values[i].len)
		return 0;
	buf_clear(&s->values[i]);
	return from_yml(s, i);
}

static void trim(struct buf *b)
{
	while (b->len && strchr(" \t\r\n", b->s[b->len - 1]))
		b->len--;
}

static int key_from_file(struct sources *s, const char *path)
{
	buf_clear(&s->values[KEY]);
	if (secret_read(&s->values[KEY], path, "key", 1, 4096))
		return -1;
	trim(&s->values[KEY]);
	return 0;
}

static int complain_missing(const struct sources *s)
{
	struct buf list = {0};

	for (int i = 0; i < s->wanted; i++)
		if (!s->values[i].len)
			buf_addf(&list, "%s%s", list.len ? ", " : "",
				 names[i].env);
	if (!list.len)
		return 0;
	err_msg("missing: %s (set it in the environment, in .env, or in %s "
		"as snowplow-cli does)", buf_cstr(&list),
		s->yml_path ? s->yml_path : "~/.config/snowplow/snowplow.yml");
	buf_release(&list);
	return -1;
}

/* Printable ASCII only: a line end would begin another header. */
static bool fits_header(const struct buf *b)
{
	for (size_t i = 0; i < b->len; i++)
		if (b->s[i] < 0x21 || b->s[i] > 0x7e)
			return false;
	return true;
}

static bool fits_path(const struct buf *b)
{
	for (size_t i = 0; i < b->len; i++)
		if (!((b->s[i] >= 'a' && b->s[i] <= 'z') ||
		      (b->s[i] >= 'A' && b->s[i] <= 'Z') ||
		      (b->s[i] >= '0' && b->s[i] <= '9') ||
		      strchr("-._", b->s[i])))
			return false;
	return true;
}

static bool starts(const struct buf *b, const char *text)
{
	return b->len > strlen(text) && !memcmp(b->s, text, strlen(text));
}

/* No query, no user in it, nothing that no URL has. */
static bool is_base(const struct buf *b)
{
	if (!starts(b, "https://") && !starts(b, "http://"))
		return false;
	return fits_header(b) && !memchr(b->s, '?', b->len) &&
	       !memchr(b->s, '#', b->len) && !memchr(b->s, '@', b->len);
}

/* Plain HTTP to this machine alone: tests, and tunnels that begin here. */
static bool is_local(const struct buf *host)
{
	return starts(host, "http://127.") || starts(host, "http://[::1]") ||
	       starts(host, "http://localhost");
}

static int check(struct sources *s)
{
	struct buf *host = &s->values[HOST];

	while (host->len && host->s[host->len - 1] == '/')
		host->len--;
	if (!is_base(host)) {
		err_msg("%s is no URL like %s (http or https, without user and "
			"query)", names[HOST].env, default_host);
		return -1;
	}
	if (starts(host, "http://") && !is_local(host))
		err_msg("%s begins with http: the key and all answers can be "
			"read on the way (use https)", names[HOST].env);
	if (!fits_path(&s->values[ORG])) {
		err_msg("%s is no organisation's id (letters, digits, - . _)",
			names[ORG].env);
		return -1;
	}
	for (int i = KEY_ID; i <= KEY; i++)
		if (!fits_header(&s->values[i])) {
			err_msg("%s has bytes that no key has (blanks or "
				"control bytes; look at where it is set)",
				names[i].env);
			return -1;
		}
	return 0;
}

static void build(struct credentials *c, struct sources *s)
{
	struct buf base = {0}, *host = &s->values[HOST];
	size_t n = strlen(api);

	buf_add(&base, host->s, host->len);
	if (host->len < n || memcmp(host->s + host->len - n, api, n))
		buf_adds(&base, api);
	buf_adds(&base, "/organizations/");
	buf_add(&base, s->values[ORG].s, s->values[ORG].len);
	c->base = buf_cstr(&base);
	c->org = mem_dup(s->values[ORG].s, s->values[ORG].len);
	c->key_id = s->values[KEY_ID];
	c->key = s->values[KEY];
	buf_cstr(&c->key_id);
	buf_cstr(&c->key);
	s->values[KEY_ID] = s->values[KEY] = (struct buf){0};
}

static int read_sources(struct sources *s, const char *key_file)
{
	if (first_file(".env", ".env", &s->env_file, &s->env_path) ||
	    first_file(NULL, "snowplow.yml", &s->yml_file, &s->yml_path))
		return -1;
	for (int i = 0; i < s->wanted; i++) {
		if (i == KEY && key_file ? key_from_file(s, key_file)
					 : find(s, i))
			return -1;
		trim(&s->values[i]);
	}
	if (!s->values[HOST].len)
		buf_adds(&s->values[HOST], default_host);
	return complain_missing(s) || check(s) ? -1 : 0;
}

static int read_values(struct credentials *c, const char *key_file, int wanted)
{
	struct sources s = { .wanted = wanted };
	int rc = read_sources(&s, key_file);

	*c = (struct credentials){0};
	if (!rc)
		build(c, &s);
	secret_release(&s.env_file);
	secret_release(&s.yml_file);
	for (int i = 0; i < VALUES; i++)
		secret_release(&s.values[i]);
	free(s.env_path);
	free(s.yml_path);
	return rc;
}

int credentials_read(struct credentials *c, const char *key_file)
{
	return read_values(c, key_file, VALUES);
}

int credentials_place(struct credentials *c)
{
	return read_values(c, NULL, KEY_ID);
}

void credentials_release(struct credentials *c)
{
	free(c->base);
	free(c->org);
	secret_release(&c->key_id);
	secret_release(&c->key);
	*c = (struct credentials){0};
}
